// The short version of `npm run mutants`: the tool itself, on a few changes and their fastest tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-mutants-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function mutants(...words: string[]) {
  return spawnSync(process.execPath, [join(root, 'scripts/mutants.mjs'), ...words], { cwd: folder, encoding: 'utf8' });
}

/** A list of the real changes named, asked of one test file each, and of others. */
function listFile(name: string, tests: Record<string, string>, others: object[]): string {
  const path = join(folder, name);
  const list = new URL('../../scripts/mutants/list.mjs', import.meta.url).href;
  writeFileSync(
    path,
    `import { mutants as all } from ${JSON.stringify(list)};
const tests = ${JSON.stringify(tests)};
const chosen = all.filter(({ id }) => id in tests).map(({ claims, pattern, ...rest }) => ({ ...rest, tests: [tests[rest.id]] }));
export const mutants = [...chosen, ...${JSON.stringify(others)}];
`,
  );
  return path;
}

/** Twice the same number: nobody can notice. */
const harmless = {
  id: 'harmless',
  file: 'gmp/tailMasses.ts',
  find: 'return sum / (Math.PI * aspectRatio);',
  replace: 'return sum / (aspectRatio * Math.PI);',
  what: 'two factors exchanged',
  tests: ['test/theory/gmp/gmpMpmath.test.ts'],
};

test('every change of the list fits the source once and parses, and there are changes in every folder of theory/', () => {
  const { status, stdout, stderr } = mutants('--list');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(60);
  const folders = readdirSync(join(root, 'theory'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect(lines.filter((line) => line.includes(` theory/${name}/`))).not.toEqual([]);
});

test('a change whose text is gone or stands twice is named, and nothing is run', () => {
  const gone = { ...harmless, id: 'gone', find: 'no such text' };
  const twice = { ...harmless, id: 'twice', find: 'aspectRatio' };
  const list = listFile('stale.mjs', {}, [harmless, gone, twice]);
  const { status, stdout, stderr } = mutants('--mutants', list, '--journal', join(folder, 'stale.jsonl'));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^gone: .* 0 times/m);
  expect(stderr).toMatch(/^twice: .* [1-9]\d* times/m);
  expect(stderr).not.toMatch(/harmless|\n\s+at /);
});

test('wrong changes are noticed, one that changes nothing survives, and a second run takes all from its journal', () => {
  const list = listFile(
    'few.mjs',
    {
      'gmp-tail-mass': 'test/theory/gmp/gmpMpmath.test.ts',
      'gmp-density': 'test/theory/gmp/gmpMpmath.test.ts',
      'ratio-control': 'test/theory/ratios/ratioEstimate.test.ts',
      'power-sums': 'test/theory/fluctuations/fluctuationsTraceMoments.test.ts',
    },
    [harmless],
  );
  const [journal, out] = [join(folder, 'few.jsonl'), join(folder, 'few.md')];
  const words = ['--mutants', list, '--journal', journal, '--out', out, '--tests-only', '--workers', '1'];
  const first = mutants(...words);
  expect(first.status).toBe(1);
  for (const id of ['gmp-tail-mass', 'gmp-density', 'ratio-control', 'power-sums'])
    expect(first.stderr).toMatch(new RegExp(`${id}, tests: noticed`));
  expect(first.stderr).toMatch(/harmless, tests: NOT NOTICED/);
  const table = readFileSync(out, 'utf8');
  expect(table).toContain('Survivors: `harmless`.');
  expect(table.split('\n').filter((line) => line.startsWith('| ') && line.includes('theory/') === false)).toHaveLength(
    6,
  );
  expect(table).not.toContain(folder);

  const again = mutants(...words);
  expect({ status: again.status, ran: /tests: /.test(again.stderr) }).toEqual({ status: 1, ran: false });
  expect(readFileSync(out, 'utf8')).toBe(table);
}, 240_000);
