/** The parts that hold documents to the program: each finds what is wrong, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const load = async (name: string) =>
  (await import(new URL(`../../scripts/documents/${name}.mjs`, import.meta.url).href)) as never;

interface Stale {
  readonly line: number;
  readonly sentence: string;
  readonly written?: boolean;
}
interface Block {
  readonly line: number;
  readonly language: string;
  readonly file?: string;
  readonly text: string;
  readonly comments: readonly string[];
}
interface Tree {
  readonly folder: string;
  readonly files: readonly string[];
  readonly words: ReadonlySet<string>;
}

const { compareText, sameNumber } = (await load('compareText')) as {
  compareText(shown: string, actual: string): string[];
  sameNumber(shown: string, actual: string): boolean;
};
const { parseDocument, commandsOf, unknownBlock } = (await load('parseDocument')) as {
  parseDocument(text: string): { text: string; blocks: (Block & { start: number; end: number })[] };
  commandsOf(block: Partial<Block>): { command: string; exitCode: number; shown: string }[];
  unknownBlock(block: Partial<Block>): string | undefined;
};
const { anchorsOf, staleReferences, staleCommands, staleTopics, topicsOf, treeAt } = (await load('references')) as {
  anchorsOf(text: string): string[];
  staleReferences(path: string, text: string, tree: Tree): Stale[];
  staleCommands(text: string, options: Record<string, string[]>): Stale[];
  staleTopics(tree: Tree, notes: string): object[];
  topicsOf(text: string): string[];
  treeAt(folder: string): Tree;
};
const { staleCaptions, unsupported } = (await load('captions')) as {
  staleCaptions(text: string, gallery: string): Stale[];
  unsupported(caption: string, origin: string): string[];
};
const { missingFacts } = (await load('facts')) as { missingFacts(text: string, sentences: string[]): string[] };
const { markdownOf } = (await load('docComments')) as { markdownOf(body: string): string };
const { runDocument } = (await load('runDocument')) as {
  runDocument(text: string): { problems: Stale[]; text: string };
};

describe('outputs are compared line by line', () => {
  const shown =
    'moment 1   -0.008947917848\nsolver     converged, residual 6.5e-17, 87 nodes\n\n   p   verdict\n0.05   agree\n';

  test('the same output, white space at the ends apart', () => {
    expect(compareText(shown, `${shown.replace('nodes', 'nodes  ')}\n\n`)).toEqual([]);
  });

  test.each([
    ['a changed digit', '-0.008947917848', '-0.008947817848'],
    ['a changed digit of a short number', '0.05', '0.06'],
    ['a changed whole number', '87', '88'],
    ['a changed sign', '-0.0089', '0.0089'],
    ['a changed word', 'agree', 'disagree'],
    ['changed white space', '   p', '    p'],
    ['a residual that is one', '6.5e-17', '6.5e-7'],
  ])('%s is found', (_what, before, after) => {
    expect(compareText(shown, shown.replace(before, after))).toHaveLength(1);
  });

  test('a line too many and a line too few are found, with their text', () => {
    expect(compareText('a\nb', 'a')).toEqual(['line 2 is no longer written: b']);
    expect(compareText('a', 'a\nb')).toEqual(['line 2 is missing: b']);
    expect(compareText('a', '')).toHaveLength(1);
  });

  test('numbers of six and more digits may differ by one unit of the last, and by no more', () => {
    expect(sameNumber('0.123456', '0.123457')).toBe(true);
    expect(sameNumber('0.123456', '0.123458')).toBe(false);
    expect(sameNumber('1.987516211e-8', '1.987516212e-8')).toBe(true);
    expect(sameNumber('0.12345', '0.12346')).toBe(false);
    expect(sameNumber('123456', '123457')).toBe(false);
    // A last digit that is zero is not printed, and the columns move.
    expect(compareText('x  0.1234560  y', 'x   0.123457  y')).toEqual([]);
    expect(sameNumber('6.5e-17', '1.1e-16')).toBe(true);
    expect(sameNumber('6.5e-17', '0')).toBe(false);
  });
});

describe('blocks of a document', () => {
  const text =
    '# A\n\n<!-- not run: long -->\n\n```sh\nnpm ci\n```\n\nwords\n\n```console\n$ a \\\n  b   # exit code 1\nout\n\n$ c\n```\n';

  test('each has its place, its language and the comments right before it', () => {
    const { blocks } = parseDocument(text);
    expect(blocks.map(({ line, language, comments }) => [line, language, comments])).toEqual([
      [5, 'sh', ['not run: long']],
      [11, 'console', []],
    ]);
    for (const { start, end, text: inside } of blocks) expect(text.slice(start, end)).toBe(inside);
  });

  test('commands have their exit codes and the outputs below them', () => {
    expect(commandsOf(parseDocument(text).blocks[1]!)).toMatchObject([
      { command: 'a \\\n  b   # exit code 1', exitCode: 1, shown: 'out' },
      { command: 'c', exitCode: 0, shown: '' },
    ]);
  });

  test('a block that would not be run is told', () => {
    expect(unknownBlock({ language: 'ruby', text: 'puts' })).toMatch(/'ruby' is not checked/);
    expect(unknownBlock({ language: '', text: 'limitlaw check' })).toMatch(/console or sh/);
    expect(unknownBlock({ language: '', text: 'z = −1/m(z)' })).toBeUndefined();
  });
});

describe('what a document shows is run', () => {
  const block = (language: string, body: string, before = '') => `${before}\`\`\`${language}\n${body}\n\`\`\`\n`;

  test('a drifted output is found and written; a right one is left alone', () => {
    const right = block('console', '$ cat a.txt\n1.25\n\n$ false   # exit code 1');
    const document = (shown: string) => `${block('text a.txt', '1.25')}\n${shown}`;
    expect(runDocument(document(right))).toEqual({ problems: [], text: document(right) });
    const drifted = runDocument(document(right.replace('1.25\n', '1.24\n')));
    expect(drifted.problems).toMatchObject([{ line: 5, written: true }]);
    expect(drifted.text).toBe(document(right));
  });

  test('an exit code that is not the one stated is found, and the output kept', () => {
    const document = block('console', '$ exit 3\nshown');
    const { problems, text } = runDocument(document);
    expect(problems).toMatchObject([{ sentence: expect.stringContaining('exit code 3, expected 0'), written: false }]);
    expect(text).toBe(document);
  });

  test('commands that are not run are parsed: a wrong option, script and file are found', () => {
    const parsed = (command: string) => runDocument(block('sh', command, '<!-- not run: test -->\n\n')).problems;
    expect(parsed('limitlaw check --preset full')).toEqual([]);
    expect(parsed('limitlaw check --preset huge')[0]!.sentence).toMatch(/--preset must be one of/);
    expect(parsed('npm ci && npm run check')).toEqual([]);
    expect(parsed('npm run chek')[0]!.sentence).toMatch(/no script 'chek'/);
    expect(parsed('node scripts/nothing.mjs')[0]!.sentence).toMatch(/there is no file/);
  });

  test('a snippet is type-checked and run, and its stated values compared', () => {
    const snippet = (value: string, aspectRatio = '0.5') =>
      block(
        'ts',
        `import { marchenkoPastur } from 'limitlaw';\nconst law = marchenkoPastur(${aspectRatio});\nlaw.support; // → [[0.08579, ${value}]]`,
      );
    // Edges (1 ± √½)².
    expect(runDocument(snippet('2.914')).problems).toEqual([]);
    const drifted = runDocument(snippet('2.915'));
    expect(drifted.problems[0]!.sentence).toMatch(/law\.support/);
    expect(drifted.text).toBe(snippet('2.914'));
    expect(runDocument(snippet('2.914', "'half'")).problems[0]!.sentence).toMatch(/not assignable/);
  });

  test('an example of a doc comment is a document of its own', () => {
    expect(markdownOf('\n * Adds.\n * @example\n * ```ts\n * 1; // → 1\n * ```\n ')).toBe(
      'Adds.\n\n```ts\n1; // → 1\n```\n',
    );
    expect(runDocument(markdownOf(' @example add(1, 2)')).problems).toHaveLength(1);
  });
});

describe('references', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-tree-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'theory'));
  writeFileSync(
    join(folder, 'theory', 'law.ts'),
    '/** m(z) (notes: paper-notes.md, the law). */\nexport const spectralLaw = 1;\n',
  );
  writeFileSync(join(folder, 'notes.md'), '# The law\n\n## The law\n');
  const tree = treeAt(folder);
  const stale = (text: string) => staleReferences('README.md', text, tree).map(({ sentence }) => sentence);

  test('links and anchors that lead somewhere, files and names that exist', () => {
    expect(
      stale('[a](notes.md#the-law-1), [b](https://example.org), `theory/law.ts`, `law.ts`, `spectralLaw`'),
    ).toEqual([]);
  });

  test.each([
    '[a](note.md)',
    '![a](picture.svg)',
    '[a](notes.md#no-law)',
    '[a](#nowhere)',
    '`theory/laws.ts`',
    '`laws.ts`',
    '`theory/gone/`',
    '`spectralLaws`',
    '| a |\n| --- |\n| `laws.ts` |',
  ])('%j is found', (text) => {
    expect(stale(text)).toHaveLength(1);
  });

  test('anchors are those of GitHub', () => {
    expect(anchorsOf('# Generalised Marčenko–Pastur law\n\n# `a`, b\n\n# a b\n')).toEqual([
      'generalised-marčenkopastur-law',
      'a-b',
      'a-b-1',
    ]);
    expect(anchorsOf('# a\n\n<a id="b-c"></a>Words.\n')).toEqual(['a', 'b-c']);
  });

  test('commands and options that do not exist', () => {
    const options = { check: ['json', 'preset'] };
    const of = (text: string) => staleCommands(text, options).map(({ sentence }) => sentence);
    expect(of('`limitlaw check --preset paper`, `--json`, `limitlaw`, `x --y`')).toEqual([]);
    expect(of('`limitlaw chek`')).toHaveLength(1);
    expect(of('`limitlaw check --presets`')).toHaveLength(1);
    expect(of('`--jsn`')).toHaveLength(1);
  });

  test('topics that doc comments name', () => {
    expect(topicsOf('a (paper-notes.md, hidden MSE ratio). b paper-notes.md, outliers; c')).toEqual([
      'hidden MSE ratio',
      'outliers',
    ]);
    expect(staleTopics(tree, '# The law\n')).toEqual([]);
    expect(staleTopics(tree, '# A law\n')).toHaveLength(1);
  });
});

describe('captions', () => {
  const origin = 'Hessian. $d = 500$, N = 5000; losses. Settings: dimensions d = 48, 96; C = 2, 10000. Seed: 1.';

  test('the size under the heat map that was never drawn is found', () => {
    expect(unsupported('*Hessian (d = 500, N = 5000)*', origin)).toEqual([]);
    expect(unsupported('*Hessian (d = C = 64, N = 640)*', origin)).toEqual(['d = 64', 'C = 64', 'N = 640']);
    expect(unsupported('from 2 to 10 000 at d = 48 and 96, seed 1', origin)).toEqual([]);
    expect(unsupported('at d = 48 and 97, seed 3', origin)).toEqual(['d = 97', '3']);
  });

  test('a picture without a caption in the gallery is found', () => {
    expect(staleCaptions('![a](gallery/a.svg)\n\n*d = 1*\n', `![a](a.svg)\n\n${origin}\n`)).toHaveLength(1);
    expect(staleCaptions('![b](gallery/b.svg)\n', `![a](a.svg)\n\n${origin}\n`)).toHaveLength(1);
  });
});

describe('sentences of README with numbers of the program', () => {
  test('one with another number is found, one that is broken over lines is not', () => {
    expect(missingFacts('Node 20.19\nor newer.', ['Node 20.19 or newer'])).toEqual([]);
    expect(missingFacts('Node 18 or newer.', ['Node 20.19 or newer'])).toHaveLength(1);
  });
});
