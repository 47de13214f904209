/** The package as `npm pack` makes it, and as programs of others meet it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  version: string;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const shipped = (
  JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8' })) as [
    { files: { path: string }[] },
  ]
)[0].files.map(({ path }) => path);

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-consumer-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'limitlaw'), 'dir');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the archive', () => {
  test('holds what is built, documents and terms, and nothing that only a build or a test reads', () => {
    expect(shipped).toEqual(
      expect.arrayContaining([
        'README.md',
        'CITATION.cff',
        'LICENSE',
        'dist/src/cli/limitlaw.js',
        'dist/src/index.d.ts',
      ]),
    );
    const known =
      /^dist\/.*\.(js|d\.ts|gz)$|^dist\/notices\/\w+\.txt$|\.(md|cff|ipynb)$|^python\/(limitlaw\/(\w+\.py|py\.typed)|limitlaw_export\.py|pyproject\.toml)$|^(figures\/gallery|docs\/pictures)\/|^(package|bench\/results)\.json$|^LICENSE$/;
    expect(shipped.filter((path) => !known.test(path) || /\.test\.|^test\//.test(path))).toEqual([]);
  });

  test('has a file behind each link and picture of the documents in it', () => {
    const broken = shipped
      .filter((path) => /^(README|docs\/[\w-]+)\.md$/.test(path))
      .flatMap((document) =>
        [...read(document).matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
          .map(([, target]) => normalize(join(dirname(document), target!)))
          .filter((target) => !shipped.some((path) => path === target || path.startsWith(`${target}/`))),
      );
    expect(broken).toEqual([]);
  });

  test('imports its dependencies, all of them, and no other package', () => {
    const imported = new Set(
      shipped
        .filter((path) => path.endsWith('.js') && !path.startsWith('dist/assets/'))
        .flatMap((path) => packagesOf(read(path))),
    );
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)];
    expect([...imported].sort()).toEqual(declared.sort());
  });

  test('is cited by the version that it has', () => {
    expect(read('CITATION.cff')).toContain(`\nversion: ${manifest.version}\n`);
    expect(read('README.md').includes(`version = {${manifest.version}}`)).toBe(true);
  });
});

/** Of import statements and calls; not of words in the text of a bundle. */
function packagesOf(source: string): string[] {
  return ts
    .preProcessFile(source, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^[./]|^node:/.test(name) && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

const theory = `import { generalisedMarchenkoPastur, softmaxWeights, type SpectralLaw } from 'limitlaw/theory';
const weights = softmaxWeights({ classes: 10, logitVariance: 1, block: 'diagonal' });
const law: SpectralLaw = generalisedMarchenkoPastur(weights, 0.5);
export const edge: number = law.support[0]![1];
`;
const whole = `import { fitBulk, presets, runCheck, type BulkFit } from 'limitlaw';
export type Fitted = BulkFit;
export const [fit, check, dimensions] = [fitBulk, runCheck, presets.quick.dimensions];
`;

const moduleKinds = [
  ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
] as const;

describe('a program of another', () => {
  const complaints = (files: Readonly<Record<string, string>>, options: ts.CompilerOptions) => {
    const paths = Object.entries(files).map(([name, source]) => {
      writeFileSync(join(folder, name), source);
      return join(folder, name);
    });
    const strict = { strict: true, noEmit: true, types: [], lib: ['lib.es2022.d.ts'], target: ts.ScriptTarget.ES2022 };
    const program = ts.createProgram(paths, { ...strict, skipLibCheck: false, ...options });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  };

  test.each(moduleKinds)('has types of the theory under %s, with none of Node or of a browser', (kind, options) => {
    const wrong = theory.replace('law: SpectralLaw', 'law: string');
    // A script can require a module under nodenext alone.
    const files = { 'theory.mts': theory, 'wrong.mts': wrong };
    const scripts: Record<string, string> = kind === 'nodenext' ? { 'theory.cts': theory } : {};
    expect(complaints({ ...files, ...scripts }, options)).toEqual([
      expect.stringMatching(/is not assignable to type 'string'/),
      expect.stringMatching(/support/),
    ]);
  });

  // Under nodenext the snippets of the documents are checked.
  test('has types of all of it under bundler, beside those of Node', () => {
    const [, [, options]] = moduleKinds;
    const ofNode = { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')], skipLibCheck: true };
    expect(complaints({ 'whole.mts': whole }, { ...options, ...ofNode })).toEqual([]);
  });

  test('can require it: nothing in it awaits at the top', () => {
    const script =
      'const { marchenkoPastur, version } = require("limitlaw"); console.log(version, marchenkoPastur(1).cdf(4));';
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    // The upper edge of the law at d/N = 1 is 4. Node 20 and 22 may warn that this way of requiring is new.
    expect({ stdout, failed: /ERR_/.test(stderr) }).toEqual({ stdout: `${manifest.version} 1\n`, failed: false });
  });
});
