import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface ImportLine {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** All import and re-export lines of a source text: static, side-effect and dynamic. */
function importsOf(file: string, text: string): ImportLine[] {
  const found: ImportLine[] = [];
  const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/g;
  for (const match of text.matchAll(statement)) {
    found.push({ file, target: resolveTarget(file, match[2] as string), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.\w+)?/g)) {
    found.push({ file, target: resolveTarget(file, match[1] as string), typeOnly: false });
  }
  return found;
}

function resolveTarget(file: string, target: string): string {
  return target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return name === 'assembly' ? [] : sourceFiles(path);
    return name.endsWith('.ts') && !name.endsWith('.generated.ts') ? [path] : [];
  });
}

const files = ['theory', 'simulations', 'figures', 'src'].flatMap(sourceFiles);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const imports = files.flatMap((file) => importsOf(file, textOf(file)));
const within = (path: string, ...folders: string[]) =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const describeLine = (line: ImportLine) => `${line.file} imports ${line.target}`;
/** Errors are vocabulary, not mathematics: both sides throw them. */
const vocabulary = (target: string) => target === 'theory/errors.js';

function offences(rule: (line: ImportLine) => boolean): string[] {
  return imports.filter(rule).map(describeLine);
}

describe('who may import whom', () => {
  test('the reader of import lines sees values, types, re-exports and dynamic imports', () => {
    const text = `import { a } from '../theory/a.js';\nimport type { B } from './b.js';\nexport * from './c.js';\nconst d = await import('./d.js');\nimport 'node:fs';`;
    expect(importsOf('src/x.ts', text).map((line) => [line.target, line.typeOnly])).toEqual([
      ['theory/a.js', false],
      ['src/b.js', true],
      ['src/c.js', false],
      ['node:fs', false],
      ['src/d.js', false],
    ]);
  });

  test('theory and simulations never import each other’s values: a shared formula would agree with itself', () => {
    expect(
      offences((line) => {
        if (line.typeOnly || vocabulary(line.target)) return false;
        return (
          (within(line.file, 'theory') && within(line.target, 'simulations', 'src', 'figures')) ||
          (within(line.file, 'simulations') && within(line.target, 'theory', 'src', 'figures'))
        );
      }),
    ).toEqual([]);
  });

  test('figures import neither simulations nor the pipeline: any figure is redrawn without a simulation', () => {
    expect(
      offences(
        (line) =>
          !line.typeOnly &&
          within(line.file, 'figures') &&
          within(line.target, 'simulations', 'src/pipeline', 'src/claims', 'src/cli'),
      ),
    ).toEqual([]);
  });

  test('theory uses no Node built-in, so that it runs in a browser', () => {
    expect(offences((line) => within(line.file, 'theory') && line.target.startsWith('node:'))).toEqual([]);
  });

  test('the command line imports pipeline, store, report and errors only', () => {
    const allowed = [
      'src/cli',
      'src/pipeline',
      'src/store',
      'src/report',
      'src/explore',
      'src/spec',
      'src/version.js',
      'theory/errors.js',
    ];
    const projectFolders = ['theory', 'simulations', 'figures', 'src'];
    expect(
      offences(
        (line) =>
          !line.typeOnly &&
          within(line.file, 'src/cli') &&
          within(line.target, ...projectFolders) &&
          !within(line.target, ...allowed),
      ),
    ).toEqual([]);
  });

  test('only pipeline and claims know both theory and simulations', () => {
    const joins = (file: string) => {
      const targets = imports
        .filter((line) => line.file === file && !line.typeOnly && !vocabulary(line.target))
        .map((line) => line.target);
      return (
        targets.some((target) => within(target, 'theory')) && targets.some((target) => within(target, 'simulations'))
      );
    };
    expect(
      files.filter((file) => joins(file) && !within(file, 'src/pipeline', 'src/claims') && file !== 'src/index.ts'),
    ).toEqual([]);
  });

  test('process, console, clocks and Math.random stay in src/cli, src/report, src/store and the entries of workers and pages', () => {
    const forbidden =
      /\bprocess\.(?!versions)|\bconsole\.|\bDate\.now\b|\bnew Date\(|\bperformance\.now\b|\bMath\.random\b/;
    const allowed = (file: string) =>
      within(file, 'src/cli', 'src/report', 'src/store', 'src/explore/browser') ||
      /[wW]orker(Entry)?\.ts$/.test(file) ||
      file === 'src/explore/browser/page.ts';
    const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    expect(files.filter((file) => !allowed(file) && forbidden.test(withoutComments(textOf(file))))).toEqual([]);
  });
});
