/**
 * sample, compare, sweep and merge through the built binary. Seeds are fixed, so that each outcome is the same on every
 * run.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readArrayFile, writeNpy } from '../../../src/store/formats/index.js';
import { commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-regimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { limitlaw, expectUsageError } = commandLineIn(folder);

const file = (name: string, content: Uint8Array | string) => {
  writeFileSync(join(folder, name), content);
  return name;
};

/** Cross-entropy at d = 150, N = 300, C = 5: one draw, everything saved. */
const SAMPLE = [
  'sample',
  '--model',
  'linear',
  '--dimension',
  '150',
  '--samples',
  '300',
  '--classes',
  '5',
  '--replicates',
  '1',
  '--backend',
  'wasm',
  '--seed',
  'round trip',
];

describe('sample, and compare with what it wrote', () => {
  test('sample --json: one object on stdout, and the files it names with the shapes it names', () => {
    const { status, stdout } = limitlaw(...SAMPLE, '--save-weights', '--save-blocks', '--json', '--out', 'draws');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as {
      kind: string;
      seed: string;
      replicates: number;
      files: { name: string; shape: number[] }[];
    };
    expect(report).toMatchObject({ kind: 'sample', seed: 'round trip', replicates: 1, interrupted: false });
    expect(readdirSync(join(folder, 'draws')).sort()).toEqual(
      [...report.files.map(({ name }) => name), 'manifest.json', 'journal.jsonl', 'journal.bin'].sort(),
    );
    for (const { name, shape } of report.files) expect(readArrayFile(join(folder, 'draws', name)).shape).toEqual(shape);
    expect(report.files.find(({ name }) => name === 'directions_0000.npy')!.shape).toEqual([5, 150]);
  });

  test('one hidden unit has no off-diagonal block: the others are written', () => {
    const { status, stdout } = limitlaw(
      'sample',
      '--model',
      'hidden',
      '--width',
      '1',
      '--dimension',
      '6',
      '--samples',
      '9',
      '--classes',
      '3',
      '--replicates',
      '2',
      '--backend',
      'wasm',
      '--json',
      '--out',
      'narrow',
    );
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { name: string; shape: number[] }[] };
    expect(files.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['hidden-diagonal_eigenvalues.npy', 2, 6],
      ['output-diagonal_eigenvalues.npy', 2, 1],
      ['output-off-diagonal_eigenvalues.npy', 2, 1],
    ]);
    expectUsageError(
      [...SAMPLE, '--activation', 'tanh', '--out', 'narrow2'],
      /--activation is for --model hidden or --model deep: leave it out/,
    );
  });

  test('a folder that holds files is refused, and left as it was', () => {
    const before = readdirSync(join(folder, 'draws')).map((name) =>
      readFileSync(join(folder, 'draws', name)).toString('base64'),
    );
    expectUsageError(
      [...SAMPLE, '--out', 'draws'],
      /'draws\/journal\.jsonl' must be of the same run.*other settings|must be of the same run/,
    );
    expect(
      readdirSync(join(folder, 'draws')).map((name) => readFileSync(join(folder, 'draws', name)).toString('base64')),
    ).toEqual(before);
  });

  const block = [
    'compare',
    '--matrix',
    'draws/output-off-diagonal_0000.npy',
    '--directions',
    'draws/directions_0000.npy',
    '--backend',
    'wasm',
    '--null-replicates',
    '99',
    '--json',
  ];
  interface Report {
    verdict: string;
    pValue: number;
    distances: Record<string, number>;
    nullReplicates: number;
    tests: { id: string; pValue: number }[];
    powers: { required: boolean; probability: number }[];
  }

  // An exact null at level 0.01: a false alarm for one seed in a hundred.
  test('with the drawn weights and their directions nothing is rejected, and it exits 0', () => {
    const { status, stdout } = limitlaw(...block, '--weights-file', 'draws/output-off-diagonal_weights.npy');
    const report = JSON.parse(stdout) as Report;
    expect(status).toBe(0);
    const required = report.powers.filter((power) => power.required).map(({ probability }) => probability);
    expect(report.verdict).toBe(Math.min(...required) >= 0.95 ? 'agree' : 'undecided');
    expect(report).toMatchObject({ kind: 'compare', nullReplicates: 99, dimension: 145 });
    expect(Object.keys(report.distances)).toEqual(expect.arrayContaining(['kolmogorov', 'wasserstein1']));
    expect(report.tests.map(({ id }) => id)).toEqual(['kolmogorov', 'traces', 'below', 'above']);
    expect(report.pValue).toBeGreaterThan(0.01);
  });

  test('with weights 5 % too large it disagrees, and exits 1', () => {
    const wrong = readArrayFile(join(folder, 'draws/output-off-diagonal_weights.npy')).data.map((a) => 1.05 * a);
    const { status, stdout } = limitlaw(...block, '--weights-file', file('wrong.npy', writeNpy(wrong)));
    const report = JSON.parse(stdout) as Report;
    expect({ status, verdict: report.verdict }).toEqual({ status: 1, verdict: 'disagree' });
  });

  test('against the law of the model at 1.3 times the aspect ratio the spectrum disagrees, exits 1, and a person can read why', () => {
    const { status, stdout, stderr } = limitlaw(
      'compare',
      '--eigenvalues',
      'draws/output-diagonal_eigenvalues.npy',
      '--model',
      'linear',
      '--loss',
      'ce',
      '--block',
      'diagonal',
      '--classes',
      '5',
      '--aspect-ratio',
      '0.65',
      '--backend',
      'wasm',
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/verdict\s+disagree\. \d of \d tests rejected/);
    expect(stdout).toMatch(/textbook Kolmogorov p-value/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('compare with the spectra of several draws, as sample writes them', () => {
  const rows = [
    'compare',
    '--eigenvalues',
    'many/output-diagonal_eigenvalues.npy',
    '--backend',
    'wasm',
    '--null-replicates',
    '99',
  ];
  const model = ['--model', 'linear', '--loss', 'ce', '--block', 'diagonal', '--classes', '5'];
  test('all of them together do not contradict the law of the model, but one of 1.2 times the aspect ratio', () => {
    limitlaw(
      'sample',
      '--model',
      'linear',
      '--dimension',
      '30',
      '--samples',
      '60',
      '--classes',
      '5',
      '--replicates',
      '20',
      '--save-weights',
      '--backend',
      'wasm',
      '--out',
      'many',
    );
    const right = limitlaw(...rows, ...model, '--aspect-ratio', '0.5');
    expect(right.status).toBe(0);
    expect(right.stdout).toMatch(/^spectrum\s+20 draws of 30 eigenvalues from/);
    expect(limitlaw(...rows, ...model, '--aspect-ratio', '0.6').status).toBe(1);
  });
  test('--row compares one of them, with its own weights', () => {
    const { status, stdout } = limitlaw(
      ...rows,
      '--weights-file',
      'many/output-diagonal_weights.npy',
      '--row',
      '19',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: '30 eigenvalues from output-diagonal_eigenvalues.npy, row 19',
      draws: 1,
      samples: 60,
    });
    expectUsageError([...rows, '--row', '20'], /--row must be below the number of rows.*Choose one from 0 to 19/);
    expectUsageError([...rows, '--row', '-1'], /--row must be a whole number from 0/);
  });
});

describe('compare with a spectrum alone', () => {
  // NumPy draw of seed 102, d = 120, N = 240, variances 200, 3, 3, 3 and 1 (fixtures/numpy/bulkSpectra.py).
  const { eigenvalues } = (
    JSON.parse(readFileSync(new URL('../../fixtures/numpy/bulkSpectra.json', import.meta.url), 'utf8')) as {
      name: string;
      eigenvalues: number[];
    }[]
  ).find(({ name }) => name === 'mode')!;
  const words = (samples: string) => [
    'compare',
    '--eigenvalues',
    file('mode.npy', writeNpy(Float64Array.from(eigenvalues))),
    '--samples',
    samples,
    '--null-replicates',
    '199',
  ];
  test('a person reads the variance, its interval and the spikes within 80 columns', () => {
    const { status, stdout, stderr } = limitlaw(...words('240'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/noise variance σ²\s+0\.97285 {3}95 % interval 0\.9\d+ … 0\.99\d+/);
    expect(stdout).toMatch(/spikes above\s+4, eigenvalue \(strength\): 192\.37 \(197\.24 σ²\)/);
    expect(stdout).toMatch(/may be uncounted/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
  test('a wrong N is not this law, exits 1, and no count is quoted', () => {
    const { status, stdout } = limitlaw(...words('180'), '--json');
    const report = JSON.parse(stdout) as { kind: string; verdict: string; fit: object };
    expect(status).toBe(1);
    expect(report).toMatchObject({ kind: 'bulk', verdict: 'disagree', fit: { status: 'not this law' } });
    expect(Object.keys(report.fit)).not.toEqual(expect.arrayContaining(['above']));
  });
  test.each([
    [['--samples', '240', '--aspect-ratio', '0.5'], /--samples and --aspect-ratio both tell N/],
    [['--noise-variance', '2', '--weights', '1:1', '--samples', '240'], /--noise-variance is for one spectrum/],
    [['--noise-variance', '-1'], /--noise-variance/],
    [['--samples', 'many'], /--samples must be a whole number/],
    [['--samples', '240', '--fit', 'aspect-ratio'], /contradict each other: it is fitted or given/],
  ])('refused: %p', (more, message) => {
    expectUsageError(
      ['compare', '--eigenvalues', file('mode.npy', writeNpy(Float64Array.from(eigenvalues))), ...more],
      message,
    );
  });
});

describe('compare refuses what it cannot use', () => {
  const symmetric = Float64Array.from([2, 0.5, 0.25, 0.5, 3, 0.125, 0.25, 0.125, 4]);
  test('an asymmetric matrix, with the largest asymmetry and where it is', () => {
    // Off by 0.1 at (1, 0) and by 0.75 at (2, 1).
    const matrix = symmetric.map((value, k) => (k === 3 ? value + 0.1 : k === 7 ? value + 0.75 : value));
    expectUsageError(
      ['compare', '--matrix', file('asymmetric.npy', writeNpy(matrix, [3, 3]))],
      /entries \(2, 1\) and \(1, 2\) are 0\.875 and 0\.125: they differ by 0\.750/,
    );
  });
  test('NaN, with its index', () => {
    expectUsageError(
      [
        'compare',
        '--matrix',
        file(
          'nan.npy',
          writeNpy(
            symmetric.map((value, k) => (k === 5 ? NaN : value)),
            [3, 3],
          ),
        ),
      ],
      /entry \(1, 2\) is NaN/,
    );
  });
});

/**
 * Classes in proportion to the dimension, against the law of a fixed C: the distance grows, so that every sweep of it
 * exits 1.
 */
const SWEEP =
  'model: linear\nloss: ce\nd: [16, 32, 64]\nN: "2*d"\nC: "round(0.25*d)"\nclaimedClasses: 4\nreplicates: 4\nblocks: [output-diagonal]\ncompare: [law]\n';
const sweep = (spec: string, ...words: string[]) => ['sweep', spec, '--workers', '1', '--backend', 'wasm', ...words];

describe('sweep and merge', () => {
  test('--print-spec is accepted by sweep once its sizes are small', () => {
    const printed = limitlaw('sweep', '--print-spec');
    expect(printed.status).toBe(0);
    const small = printed.stdout
      .replace(/^d: .*$/m, 'd: [12, 24]')
      .replace(/^m: .*$/m, 'm: 3')
      .replace(/^C: .*$/m, 'C: 3')
      .replace(/^replicates: .*$/m, 'replicates: 2')
      .replace(/^nullReplicates: .*$/m, 'nullReplicates: 19');
    const { status, stdout, stderr } = limitlaw(...sweep(file('printed.yaml', small), '--out', 'printed', '--json'));
    const report = JSON.parse(stdout) as {
      kind: string;
      rows: unknown[];
      summary: { groups: { block: string }[]; verdicts: Record<string, number> };
    };
    expect(status).toBe(report.summary.verdicts['disagree']! > 0 ? 1 : 0);
    expect(report.kind).toBe('sweep');
    expect(report.rows).toHaveLength(4);
    expect(report.summary.groups.map((group) => group.block)).toEqual(['hidden-diagonal', 'hidden-off-diagonal']);
    expect(JSON.parse(readFileSync(join(folder, 'printed/results.json'), 'utf8'))).toEqual(report);
    expect(stderr).toMatch(/wrote .*results\.json/);
  });

  test('two shards merge into the bytes of the whole, whose law fails: exit 1. An option given twice counts the last time', () => {
    file('growing.yaml', SWEEP);
    const whole = limitlaw(...sweep('growing.yaml', '--out', 'whole'));
    expect(whole.status).toBe(1);
    expect(whole.stdout).toMatch(/limit law\s+DISAGREE/);
    const shard = (k: number) =>
      limitlaw(...sweep('growing.yaml', '--shard', `${k}/2`, '--out', 'elsewhere', '--out', 'shared'));
    expect(shard(2)).toMatchObject({ status: 0, stdout: '' });
    expectUsageError(
      ['merge', 'shared'],
      /6 of 12 tasks of 'shared' are not drawn: draw shards 1 of 2 again, or join what there is with --partial/,
    );
    expect(existsSync(join(folder, 'shared/results.json'))).toBe(false);
    const partial = limitlaw('merge', 'shared', '--partial', '--json');
    expect(JSON.parse(partial.stdout)).toMatchObject({
      interrupted: true,
      rows: [],
      caveats: ['Partial: 6 of 12 tasks are drawn; the others are left out.'],
    });
    expect(shard(1).status).toBe(0);
    const merged = limitlaw('merge', 'shared');
    expect(merged.stdout).toBe(whole.stdout);
    expect(merged.status).toBe(1);
    expect(readFileSync(join(folder, 'shared/results.json'))).toEqual(readFileSync(join(folder, 'whole/results.json')));
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    for (const run of ['whole', 'shared'])
      expect(limitlaw('show', run)).toMatchObject({ status: 0, stdout: whole.stdout });
  });

  test('shards of different backends are joined with --mixed only, which every output says; auto takes what others have', () => {
    const draw = (...words: string[]) =>
      limitlaw(...'sample --model linear --dimension 16 --samples 32 --classes 3 --replicates 3'.split(' '), ...words);
    const shard = (k: number, backend: string) =>
      draw('--backend', backend, '--shard', `${k}/3`, '--out', 'mixed').stderr;
    draw('--backend', 'wasm', '--out', 'of one backend');
    shard(1, 'wasm');
    expect(shard(2, 'auto')).toMatch(/, backend wasm\n/);
    expect(shard(3, 'reference')).toMatch(/, backend reference\n/);
    expectUsageError(
      ['merge', 'mixed'],
      /0003-of-0003\.jsonl' has other backend, kernels than '.*0001-of-0003\.jsonl'/,
    );
    const { stdout, status } = limitlaw('merge', 'mixed', '--mixed');
    const caveat =
      'Joined of shards with different backend, kernels: numbers may differ from those of one machine by 1e-12.';
    expect(status).toBe(0);
    expect(stdout).toContain(caveat);
    expect(limitlaw('show', 'mixed').stdout).toContain(caveat);
    expect(JSON.parse(readFileSync(join(folder, 'mixed/manifest.json'), 'utf8'))).toMatchObject({ caveats: [caveat] });
    const [mixed, whole] = ['mixed', 'of one backend'].map(
      (run) => readArrayFile(join(folder, run, 'output-diagonal_eigenvalues.npy')).data,
    );
    expect(mixed).toHaveLength(3 * 16);
    const errors = mixed!.map((value, k) => Math.abs(value - whole![k]!));
    expect(Math.max(...errors)).toBeLessThan(1e-12);
    // They are not those of one backend: what is joined is what was drawn.
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  test('--seed comes before the seed of the specification, which comes before 1', () => {
    const seeds = [['--seed', 'mine'], []].map(
      (words, k) =>
        (
          JSON.parse(
            limitlaw(...sweep(file('seeded.yaml', `${SWEEP}seed: theirs\n`), '--json', '--out', `seeded${k}`, ...words))
              .stdout,
          ) as { seed: string }
        ).seed,
    );
    expect(seeds).toEqual(['mine', 'theirs']);
  });

  test('nothing is overwritten: a finished run, another one, shards of another one, a folder of something else', () => {
    const before = readFileSync(join(folder, 'whole/results.json'));
    expectUsageError(
      sweep('growing.yaml', '--out', 'whole'),
      /'whole' holds this run and it is finished: limitlaw show/,
    );
    expectUsageError(sweep('growing.yaml', '--seed', '2', '--out', 'whole'), /it has seed 1 instead of 2/);
    expectUsageError(sweep('growing.yaml', '--out', 'shared'), /must name a new or empty folder/);
    limitlaw(...sweep('growing.yaml', '--seed', '2', '--shard', '1/3', '--out', 'shared'));
    expectUsageError(['merge', 'shared'], /has other seed, number of shards than/);
    expectUsageError(['merge', 'whole'], /'whole' was not drawn in shards: limitlaw show 'whole' prints it/);
    expectUsageError(['show', folder], /must be the folder of a run, but no draw is kept there/);
    expect(readFileSync(join(folder, 'whole/results.json'))).toEqual(before);
  });

  test('--resume has the settings of its run', () => {
    expectUsageError(
      ['check', '--resume', 'whole'],
      /'whole' is a run of sweep: limitlaw sweep --resume 'whole' goes on/,
    );
    expectUsageError(['sweep', '--resume', 'whole', '--seed', '2'], /--resume .* 'whole': leave out --seed/);
    expectUsageError(['sweep', '--resume', 'shared'], /is drawn in 2 shards: give --shard k\/2/);
    expectUsageError(sweep('growing.yaml', '--shard', '1/2'), /--shard needs --out/);
  });

  test('a mistake in a specification: line, field, rule and remedy, and nothing is drawn', () => {
    expectUsageError(
      sweep(file('mistake.yaml', SWEEP.replace('replicates: 4', 'replicates: 1')), '--out', 'mistake'),
      /mistake\.yaml, line 7, replicates: the value must be >= 2, got 1\. Change/,
    );
    expectUsageError(
      sweep(file('variance.yaml', `${SWEEP}logitVariance: 100\n`), '--out', 'mistake'),
      /variance\.yaml, line 10, logitVariance: .* must be a positive number of at most 4 when compared with the limit law, got 100/,
    );
    expectUsageError(
      sweep(file('symbol.yaml', SWEEP.replace('2*d', '2*dd')), '--out', 'mistake'),
      /symbol\.yaml, line 4, N: .*dd.*/,
    );
    expect(existsSync(join(folder, 'mistake'))).toBe(false);
  });
});
