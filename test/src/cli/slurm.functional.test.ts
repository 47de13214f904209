/** A job array on a real Slurm, started for this test where slurmctld is installed and this process is root. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../../scripts/slurm.mjs', import.meta.url));
const slurm = (word: string) => spawnSync(process.execPath, [script, word], { encoding: 'utf8' });

const { status, stderr } = slurm('whether');
const started = status === 0;
if (!started) console.warn(`Not tested: ${stderr.trim()}`);

// The shard is held when it has drawn something, so that its time is up before its end however fast it is.
(started ? test : test.skip)(
  `the printed job: a shard out of time queues itself again, and the merge has the bytes and the exit code of the whole${started ? '' : ` (skipped: ${stderr.trim()})`}`,
  () => {
    const run = slurm('small');
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/shard 2: its time was up, it queued itself again \| ([1-9]|10) draws kept then/);
    expect(run.stdout).toMatch(/\| tasks that ended with exit code 0 \| 3 \|/);
    expect(run.stdout).toMatch(/\| times that one was queued again \| 1 \|/);
    expect(run.stdout).toMatch(/\| the same bytes \|/);
    expect(run.stdout).toMatch(/\| exit code of the merge \| 1, as of the whole \|/);
    expect(run.status).toBe(0);
  },
  180_000,
);
