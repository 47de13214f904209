import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { limitlaw, expectUsageError } = commandLineIn(folder);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return name;
};
const compare = (name: string) => ['compare', '--eigenvalues', name, '--weights', '1:1', '--aspect-ratio', '0.5'];
const SWEEP = 'model: linear\nloss: ce\nd: [8, 12]\nN: 16\nC: 3\nreplicates: 2\nnullReplicates: 19\n';
const HIDDEN = SWEEP.replace('linear', 'hidden') + 'm: 2\n';

describe('hostile files end in one sentence', () => {
  /** A packed text of `megabytes`, from members of 1 MB each. */
  const packed = (piece: string, megabytes: number) =>
    Buffer.concat(new Array<Buffer>(megabytes).fill(gzipSync(Buffer.alloc(2 ** 20, piece))));
  test('one line of 230 million fields, in 450 kB', () => {
    expectUsageError(
      compare(file('bomb.csv.gz', packed('1,', 439))),
      /bomb\.csv\.gz, gzip stream: it unpacks to more than/,
    );
  });
  test('300 million lines, in 600 kB', () => {
    expectUsageError(
      compare(file('long.csv.gz', packed('1\n', 572))),
      /long\.csv\.gz, gzip stream: it unpacks to more than/,
    );
  });
  test('a list with decimal commas', () => {
    expectUsageError(compare(file('commas.csv', '0,5\n1,25\n1,75\n')), /"0,5" may be one number with a decimal comma/);
  });
  test('an activation whose second derivative would take hours', () => {
    const spec = file('erf.yaml', `${HIDDEN}activation: "${'erf(x)*'.repeat(59)}1"\n`);
    expectUsageError(['sweep', spec], /derivative of the expression takes too many steps/);
  });
  test('two documents in one file, twenty thousand keys', () => {
    expectUsageError(['sweep', file('two.yaml', `${SWEEP}---\n${SWEEP}`)], /line 8: a second document begins here/);
    const keys = Array.from({ length: 20_000 }, (_, k) => `k${k}: 1\n`).join('');
    expectUsageError(['sweep', file('keys.yaml', keys)], /characters is too long/);
  });
  test('ten million draws in one run, whose list alone would fill the memory', () => {
    const spec = SWEEP.replace('[8, 12]', `[${Array.from({ length: 100 }, (_, k) => k + 8).join(', ')}]`);
    expectUsageError(
      ['sweep', file('many.yaml', spec.replace('replicates: 2', 'replicates: 100000'))],
      /line 6, replicates: 100 grid points of 100000 draws are 10000000 draws, more than 1000000\. Lower replicates/,
    );
  });
  test('results of a check from which a part was taken', () => {
    const path = mkdtempSync(join(folder, 'check-'));
    const results = { kind: 'check', version: '1', seed: '1', settings: {}, claims: [], phaseMaps: [{}] };
    writeFileSync(join(path, 'results.json'), JSON.stringify(results));
    expectUsageError(
      ['figures', '--from', path, '--out', join(folder, 'figures')],
      /its results\.json is damaged or of another version/,
    );
  });
});

describe('what a user wrote', () => {
  test('a title and a seed with terminal sequences are shown, in the table and in JSON', () => {
    const spec = file('esc.yaml', `name: "\\e[31mRED\\e]0;title\\a"\nseed: "\\e[2J"\n${SWEEP}`);
    const table = limitlaw('sweep', spec, '--out', 'table', '--workers', '1');
    expect(table.stdout).toContain('\\u001b[31mRED\\u001b]0;title\\u0007: 2 grid points, seed \\u001b[2J');
    const json = limitlaw('sweep', spec, '--out', 'json', '--workers', '1', '--json');
    for (const { stdout, stderr } of [table, json]) expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(json.stdout)).toMatchObject({ title: '\x1b[31mRED\x1b]0;title\x07', seed: '\x1b[2J' });
  });
  test('a seed beyond 2^53 keeps its digits on every way', () => {
    const seed = '9007199254740993';
    const spec = file('seed.yaml', `seed: ${seed}\n${SWEEP}`);
    limitlaw('sweep', spec, '--out', 'seeded', '--workers', '1');
    limitlaw('sweep', spec, '--seed', `1${seed}`, '--out', 'asked', '--workers', '1');
    const seedOf = (run: string) =>
      (JSON.parse(readFileSync(join(folder, run, 'results.json'), 'utf8')) as { seed: unknown }).seed;
    expect([seedOf('seeded'), seedOf('asked')]).toEqual([seed, `1${seed}`]);
  });
});
