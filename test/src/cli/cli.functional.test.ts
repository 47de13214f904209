import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { binary, commandLineIn, expectRefusal } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const { limitlaw, expectUsageError } = commandLineIn(folder);

describe('the command line', () => {
  test('--help lists the commands and the exit codes', () => {
    const { status, stdout } = limitlaw('--help');
    expect(status).toBe(0);
    for (const command of ['check', 'law', 'ratio', 'figures', 'explore', 'doctor'])
      expect(stdout).toContain(`limitlaw ${command}`);
    expect(stdout).toContain('2 usage error');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('alone it prints its help and does not exit as if laws agreed', () => {
    const { status, stdout, stderr } = limitlaw();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(limitlaw('--help').stdout);
  });

  test('bash completes with what it prints', () => {
    const line = (...words: string[]) =>
      spawnSync(
        'bash',
        [
          '-c',
          `limitlaw() { '${process.execPath}' '${binary}' "$@"; }
          source <(limitlaw completion bash)
          COMP_WORDS=(limitlaw "$@"); COMP_CWORD=$#; _limitlaw; echo "\${COMPREPLY[*]}"`,
          'bash',
          ...words,
        ],
        { encoding: 'utf8' },
      ).stdout.trim();
    expect(line('check', '--preset', '')).toBe('quick paper full');
    expect(line('check', '--preset', 'x')).toBe('');
  });

  test('--config and LIMITLAW_CONFIG give what the command line leaves open, checked like it', () => {
    const config = join(folder, 'limitlaw.json');
    writeFileSync(config, JSON.stringify({ ratio: { model: 'linear', loss: 'ce', classes: '2' }, json: true }));
    const rows = (...words: string[]) =>
      (JSON.parse(limitlaw('ratio', '--aspect-ratio', '1', ...words).stdout) as { rows: { classes: number }[] }).rows;
    expect(rows('--config', config)).toHaveLength(1);
    expect(rows('--config', config, '--classes', '3,4').map(({ classes }) => classes)).toEqual([3, 4]);
    const { stdout } = spawnSync(process.execPath, [binary, 'ratio', '--aspect-ratio', '1'], {
      env: { LIMITLAW_CONFIG: config },
      encoding: 'utf8',
    });
    expect((JSON.parse(stdout) as { rows: object[] }).rows).toHaveLength(1);
    writeFileSync(config, '{"ratio": {"modle": "linear"}}');
    expectUsageError(
      ['ratio', '--aspect-ratio', '1', '--config', config],
      /there is no option ratio\.modle \(did you mean ratio\.model\?\)/,
    );
    expectUsageError(['doctor', '--config', join(folder, 'none.json')], /cannot be \(ENOENT\)/);
  });

  test('--version prints the version of package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(limitlaw('--version').stdout.trim()).toBe(manifest.version);
  });

  test.each([
    [['chek'], /check/],
    [['--json'], /command is needed/],
    [['frobnicate'], /there is no command 'frobnicate'; see limitlaw --help/],
    [['law', '--modle', 'linear'], /there is no option --modle \(did you mean --model\?\)/],
    [['doctor', '--seed', '1'], /there is no option --seed/],
    [['completion', 'ksh'], /limitlaw: shell must be one of bash, zsh, fish, got 'ksh'/],
    [['check', '--colour'], /there is no option --colour; see limitlaw check --help/],
    [['check', '--worker=2'], /there is no option --worker \(did you mean --workers\?\)/],
    [['check', 'fast'], /'fast' belongs to no option/],
    [['check', '--preset'], /--preset must be followed by a value/],
    [['check', '--out'], /--out must be followed by a value/],
    [
      ['sample', '--model', 'linear', '--samples', '3'],
      /--dimension, --classes, --out must be given; see limitlaw sample --help/,
    ],
    [['merge', '--partial'], /a word is missing: write limitlaw merge <run>/],
    [['check', '--claims', 'linear-mse', '--out', ''], /--out must name a folder, got ''/],
    [['check', '--preset', 'huge'], /--preset must be one of quick, paper, full, got 'huge'/],
    [['check', '--workers', '0'], /--workers must be a whole number from 1 to 1024, got '0'/],
    [['check', '--workers', '1.5'], /--workers must be a whole number.*'1.5'/],
    [['check', '--workers', 'NaN'], /--workers must be a whole number.*'NaN'/],
    [['check', '--claims', 'linear'], /--claims must list claims among linear-mse.*'linear'/],
    [['check', '--level', '2'], /--level must lie between 0 and 0.5.*'2'/],
    [['check', '--perturb', 'gamma=2'], /--perturb must list aspect-ratio.*'gamma=2'/],
    [['check', '--perturb', 'aspect-ratio=-1'], /--perturb aspect-ratio must be a positive factor, got '-1'/],
    [
      ['law', '--model', 'linear', '--loss', 'mse', '--block', 'diagonal', '--aspect-ratio', '-1'],
      /--aspect-ratio must be a finite number above 0, got '-1'/,
    ],
    [['law', '--weights=1:0.5,2:0.2', '--aspect-ratio', '0.5'], /--weights/],
    [['law', '--dynamics', 'residual', '--aspect-ratio', '1'], /--samples-per-class must be given/],
    [
      ['law', '--dynamics', 'one-step', '--aspect-ratio', '1', '--classes', '4', '--block', 'diagonal'],
      /--learning-rate/,
    ],
    [['ratio', '--model', 'linear', '--loss', 'ce', '--aspect-ratio', '0.5'], /--classes must be given/],
    [['ratio', '--model', 'linear', '--loss', 'ce', '--aspect-ratio', '0.5', '--classes', '1'], /classes/],
    [['figures', '--blocks', '2x3'], /--blocks is of a matrix of your own: give it with --matrix/],
    [['figures', '--matrix', 'H.npy', '--from', 'nowhere'], /give either --from or --matrix/],
    [['figures', '--from', 'nowhere'], /'nowhere' must be a run folder/],
  ] as [string[], RegExp][])('limitlaw %j is a usage error', (words, message) => expectRefusal(words, message));

  test('a run folder that holds files is refused before anything is drawn, and left as it was', () => {
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'mine.txt'), 'mine');
    expectUsageError(
      ['check', '--claims', 'linear-mse', '--out', taken],
      /--out must name a new or empty folder.*nothing is overwritten/,
    );
    expect(readdirSync(taken)).toEqual(['mine.txt']);
  });

  test.each([
    'null',
    '{"kind":"check"}',
    '{"kind":"check","version":"1","seed":"1","settings":{},"claims":[{"id":3}]}',
  ])('figures from a damaged run are refused: %s', (content) => {
    const damaged = mkdtempSync(join(folder, 'damaged-'));
    writeFileSync(join(damaged, 'results.json'), content);
    expectUsageError(
      ['figures', '--from', damaged, '--out', join(damaged, 'figures')],
      /must be a run folder, but its results\.json is/,
    );
    expect(readdirSync(damaged)).toEqual(['results.json']);
  });

  test('--out that is a file is refused', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    expectUsageError(['check', '--claims', 'linear-mse', '--out', file], /--out must name a folder.*is a file/);
  });

  test('a folder that cannot be made is refused at once, where mkdir -p would not return', () => {
    const file = join(folder, 'no folder');
    writeFileSync(file, 'mine');
    const refused = join(file, 'below');
    for (const out of [refused, ...(existsSync('/proc/self') ? ['/proc/limitlaw'] : [])]) {
      expectUsageError(
        ['check', '--claims', 'linear-mse', '--out', out],
        /--out must be writable, but .* is not \(\w+\): name another folder/,
      );
      expectUsageError(['explore', '--out', join(out, 'page.html')], /--out must be writable/);
    }
  });

  test('a reader that goes away is no failure: no stack, the exit code of the work', async () => {
    const child = spawn(
      process.execPath,
      [
        binary,
        'law',
        '--weights',
        '1:1',
        '--aspect-ratio',
        '0.5',
        '--moments',
        '20',
        '--csv',
        '--at',
        Array.from({ length: 8000 }, (_, k) => k / 1000).join(','),
      ],
      { cwd: folder },
    );
    child.stdout.destroy();
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, log }).toEqual({ status: 0, log: '' });
  });

  const fullDisk = existsSync('/dev/full') ? test : test.skip;
  fullDisk('output that cannot be written is a failure, in one sentence', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(
      process.execPath,
      [binary, 'law', '--weights', '1:1', '--aspect-ratio', '0.5'],
      { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] },
    );
    closeSync(full);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^limitlaw: the output cannot be written: ENOSPC.*\n$/);
  });

  test('law --dynamics training --csv: least squares before and after all steps, 3/2 and σ²(1 − γ)/2', () => {
    const words = '--dynamics training --aspect-ratio 0.5 --learning-rate 0.3 --steps 0,inf --noise 1 --csv';
    const { status, stdout } = limitlaw('law', ...words.split(' '));
    expect(status).toBe(0);
    const [head, ...rows] = stdout.trim().split('\n');
    expect(head).toBe('steps,training_loss,fresh_loss,gradient_power');
    const numbers = rows.map((row) => row.split(',').slice(1).map(Number));
    // ‖v_0‖² = ‖v*‖² = σ² = 1: halves of 3, 3 and of 0.5, 2; gradient 2(1 + γ) + γ at the start.
    [1.5, 1.5, 3.5].forEach((expected, k) => expect(numbers[0]![k]).toBeCloseTo(expected, 12));
    [0.25, 1, 0].forEach((expected, k) => expect(numbers[1]![k]).toBeCloseTo(expected, 12));
  });

  test('law --json is the closed form of Marčenko–Pastur at aspect ratio 1/2, edges (1 ± √½)²', () => {
    const { status, stdout } = limitlaw(
      'law',
      '--model',
      'linear',
      '--loss',
      'mse',
      '--block',
      'diagonal',
      '--aspect-ratio',
      '0.5',
      '--at',
      '1',
      '--moments',
      '2',
      '--json',
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as {
      support: [number, number][];
      points: { density: number }[];
      moments: number[];
    };
    const [lower, upper] = [(1 - Math.SQRT1_2) ** 2, (1 + Math.SQRT1_2) ** 2];
    expect(report.support[0]![0]).toBeCloseTo(lower, 13);
    expect(report.support[0]![1]).toBeCloseTo(upper, 13);
    expect(report.points[0]!.density).toBeCloseTo(Math.sqrt((upper - 1) * (1 - lower)) / (2 * Math.PI * 0.5), 12);
    expect(report.moments[1]).toBeCloseTo(1.5, 12);
  });

  test('ratio --json is 4/C² at C = 2, where H_12 = −H_11, and has the limit of the linear model', () => {
    const { stdout } = limitlaw(
      'ratio',
      '--model',
      'linear',
      '--loss',
      'ce',
      '--aspect-ratio',
      '0.5',
      '--classes',
      '2,inf',
      '--json',
    );
    const { rows } = JSON.parse(stdout) as { rows: { ratio: number; scaled: number; limit: number }[] };
    expect(rows[0]!.ratio).toBeCloseTo(1, 10);
    // (1 + γ e^{2s²}) / (1 + γ e^{s²}), paper-notes.md.
    expect(rows[1]!.limit).toBeCloseTo((1 + 0.5 * Math.exp(2)) / (1 + 0.5 * Math.E), 10);
  });

  test('a width at which the constant is infinite says why, and is no error', () => {
    const { status, stdout } = limitlaw(
      'ratio',
      '--model',
      'hidden',
      '--loss',
      'ce',
      '--layer',
      'hidden',
      '--width',
      '2',
      '--aspect-ratio',
      '0.5',
      '--classes',
      'inf',
      '--json',
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { note: string; rows: { limit: unknown }[] };
    expect(report.rows[0]!.limit).toBe('inf');
    expect(report.note).toMatch(/m ≥ 3/);
  });

  // The command that docs/start.md shows.
  test('a wrong law exits 1 with its results saved; --json is one object on stdout', () => {
    const out = join(folder, 'wrong');
    const { status, stdout } = limitlaw(
      'check',
      '--claims',
      'linear-mse',
      '--perturb',
      'aspect-ratio=1.05',
      '--backend',
      'wasm',
      '--json',
      '--out',
      out,
    );
    expect(status).toBe(1);
    const report = JSON.parse(stdout) as {
      kind: string;
      claims: { id: string; verdict: string; evidence: object[] }[];
    };
    expect(report.kind).toBe('check');
    expect(report.claims.map(({ id, verdict }) => [id, verdict])).toEqual([['linear-mse', 'disagree']]);
    // Names are for readers; those of streams and files are not.
    expect(JSON.stringify(report.claims)).not.toContain('/lecun/');
    expect(Object.keys(report.claims[0]!.evidence[0]!)).toEqual(
      expect.arrayContaining(['statistic', 'null', 'pValue', 'replicates', 'seed']),
    );
    for (const name of ['manifest.json', 'results.json', 'report.html']) expect(existsSync(join(out, name))).toBe(true);
    expect(readdirSync(join(out, 'spectra')).every((name) => name.endsWith('.npy'))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ seed: '1', preset: 'quick', interrupted: false });
  });

  test('Ctrl-C saves what is done and exits 130', async () => {
    const out = join(folder, 'interrupted');
    const child = spawn(
      process.execPath,
      [binary, 'check', '--claims', 'hidden-ce', '--backend', 'wasm', '--out', out],
      { cwd: folder },
    );
    let log = '';
    let stop: NodeJS.Timeout | undefined;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('draws on')) stop ??= setTimeout(() => child.kill('SIGINT'), 3000);
    });
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(status).toBe(130);
    expect(log).toMatch(/interrupted; \d+ of \d+ tasks are kept, and limitlaw check --resume 'interrupted' goes on/);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { interrupted: boolean };
    expect(manifest.interrupted).toBe(true);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { claims: { verdict: string }[] };
    expect(results.claims[0]!.verdict).toBe('undecided');
  }, 240_000);
});
