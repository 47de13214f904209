/** The job script of a run, the limits that it and every run keep, and what --resume takes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { binary, commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-job-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { limitlaw, expectUsageError } = commandLineIn(folder);
writeFileSync(
  join(folder, 'spec.yaml'),
  'model: linear\nloss: ce\nd: [8, 12]\nN: "2*d"\nC: 3\nreplicates: 2\nblocks: [output-diagonal]\ncompare: [law]\n',
);
const sampling = 'sample --model linear --dimension 8 --samples 16 --classes 3 --replicates 4'.split(' ');

describe('--print-job slurm', () => {
  test.each([
    ['sweep', ['sweep', 'spec.yaml'], [`${folder}/spec.yaml`], 4],
    ['sample', [...sampling, '--seed', 'it is $mine'], ['--dimension=8', "'--seed=it is $mine'"], 4],
  ])('of %s: shards, limits and words that draw the run from anywhere', (kind, words, stated, draws) => {
    const { status, stdout, stderr } = limitlaw(...words, '--print-job', 'slurm', '--shards', '3', '--out', 'a run');
    expect(status).toBe(0);
    expect(stderr).toMatch(/trial draw/);
    expect(stdout).toMatch(/^#!\/bin\/bash\n/);
    expect(stdout).toContain(`${draws} draws of a ${kind}`);
    expect(stdout).toMatch(/^#SBATCH --array=1-3$/m);
    expect(stdout).toMatch(/^#SBATCH --mem=\d+M$/m);
    // Ten minutes at least.
    expect(stdout).toMatch(/^#SBATCH --time=00:10:00$/m);
    expect(stdout).toMatch(/^# Time: trial draws of \d kinds?, on .*, backend (wasm|native);$/m);
    const line = stdout.split('\n').find((text) => text.endsWith(' &'))!;
    for (const word of [binary, ` ${kind} `, ...stated, '--workers 1', '--shard auto/3', `--out '${folder}/a run'`])
      expect(line).toContain(word);
    expect(line).toMatch(/--backend (wasm|native) /);
    expect(stdout).toContain('--dependency=afterany:$draws');
    // It is printed and nothing else.
    expect(existsSync(join(folder, 'a run'))).toBe(false);
  });

  test('its shards, drawn by hand in another folder, merge into the whole run', () => {
    const { stdout } = limitlaw(...sampling, '--print-job', 'slurm', '--shards', '2', '--out', 'shared');
    const merge = /--wrap '(.*)'$/m.exec(stdout)![1]!;
    for (const task of ['2', '1']) {
      const environment = { ...process.env, SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_MIN: '1' };
      expect(spawnSync('bash', ['-s'], { cwd: tmpdir(), input: stdout, env: environment }).status).toBe(0);
    }
    expect(spawnSync('bash', ['-c', merge], { cwd: tmpdir() }).status).toBe(0);
    limitlaw(...sampling, '--out', 'whole');
    const arrays = ['output-diagonal_eigenvalues.npy', 'output-off-diagonal_eigenvalues.npy'];
    for (const name of arrays)
      expect(readFileSync(join(folder, 'shared', name))).toEqual(readFileSync(join(folder, 'whole', name)));
  });

  test('--json has the script and what it rests on; of a quick run there is one shard', () => {
    const { stdout } = limitlaw('sweep', 'spec.yaml', '--seed', '7', '--print-job', 'slurm', '--json');
    const report = JSON.parse(stdout) as { script: string; pilot: { seconds: number } };
    expect(report).toMatchObject({ kind: 'job', scheduler: 'slurm', shards: 1, seconds: 600 });
    expect(report).toMatchObject({
      pilot: {
        kinds: [
          { tasks: 2, tried: true },
          { tasks: 2, tried: true },
        ],
      },
    });
    expect(report.pilot.seconds).toBeGreaterThan(0);
    expect(report.script).toMatch(/spec\.yaml --seed=7 --backend .* --out \S*limitlaw-runs/);
  });

  test('what would be ignored is refused', () => {
    for (const words of [
      ['--shard', '1/2'],
      ['--workers', '2'],
    ])
      expectUsageError(
        [...sampling, '--out', 'x', '--print-job', 'slurm', ...words],
        new RegExp(`leave out ${words[0]!}`),
      );
    expectUsageError([...sampling, '--out', 'x', '--shards', '2'], /--shards is the number .* --print-job/);
    expectUsageError([...sampling, '--out', 'x', '--print-job', 'slurm', '--shards', '5'], /--shards must be .*4/);
    expectUsageError([...sampling, '--print-job', 'pbs'], /--print-job must be one of slurm/);
  });
});

describe('limits', () => {
  test('of the job: refused before drawing, with the sum and where the limit comes from', () => {
    const run = (environment: Record<string, string>, ...words: string[]) =>
      spawnSync(process.execPath, [binary, ...sampling, '--out', 'refused', ...words], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, ...environment },
      });
    for (const [{ status, stderr }, says] of [
      [run({ SLURM_MEM_PER_NODE: '100' }), 'SLURM_MEM_PER_NODE allows 0\\.1'],
      [run({}, '--memory', '64M'), '--memory allows 0\\.1'],
    ] as const) {
      expect(status).toBe(2);
      expect(stderr).toMatch(
        new RegExp(
          `^limitlaw: sample with .*worker.*d = 8, N = 16.* needs 0\\.2 GiB and ${says}: draw smaller ones\n$`,
        ),
      );
    }
    expect(existsSync(join(folder, 'refused'))).toBe(false);
    expectUsageError([...sampling, '--out', 'x', '--memory', '4'], /--memory must be an amount with its unit.*4G/);
  });

  test('of processors: workers follow the allocation', () => {
    const { stderr } = spawnSync(process.execPath, [binary, 'sweep', 'spec.yaml', '--out', 'one'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SLURM_CPUS_PER_TASK: '1' },
    });
    expect(stderr).toMatch(/4 draws on 1 worker, seed 1, backend (wasm|native)/);
  });
});

test('--resume takes no setting, though it be the one that the run has', () => {
  limitlaw(...sampling, '--out', 'drawn');
  expectUsageError(['sample', '--resume', 'drawn', '--replicates', '10'], /leave out --replicates/);
  expectUsageError(['sample', '--resume', 'drawn', '--seed=1'], /leave out --seed/);
  expectUsageError(['sample', '--resume', 'drawn', '--no-save-weights'], /leave out --save-weights/);
  expectUsageError(['sample', '--resume', 'drawn', '--logitVariance', '1'], /leave out --logit-variance/);
  limitlaw('sweep', 'spec.yaml', '--out', 'swept', '--shard', '1/2');
  expectUsageError(['sweep', 'other.yaml', '--resume', 'swept', '--shard', '1/2'], /leave out other\.yaml/);
  // It is finished, and that is all there is to say.
  expectUsageError(['sample', '--resume', 'drawn'], /it is finished/);
});
