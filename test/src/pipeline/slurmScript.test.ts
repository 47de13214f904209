import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { shellWord, slurmScript } from '../../../src/pipeline/run/slurmScript.js';
import type { SlurmJob } from '../../../src/pipeline/run/slurmScript.js';

const job: SlurmJob = {
  name: "limitlaw-my run's",
  shardWords: ['limitlaw', 'check', '--shard', 'auto/30', '--out', "/data/my run's"],
  mergeWords: ['limitlaw', 'merge', "/data/my run's"],
  environment: {},
  shards: 30,
  seconds: 90_061,
  warningSeconds: 60,
  memory: 300.5 * 2 ** 20,
  mergeMemory: 2 ** 30,
  reasons: ['Why so.'],
};
const directive = (name: string, text = slurmScript(job)) =>
  new RegExp(`^#SBATCH --${name}=(.*)$`, 'm').exec(text)?.[1];

test('directives: whole mebibytes, days-hours:minutes:seconds, a name without spaces', () => {
  expect(directive('array')).toBe('1-30');
  expect(directive('mem')).toBe('301M');
  // 90061 s are 1 day, 1 h, 1 min and 1 s.
  expect(directive('time')).toBe('1-01:02:00');
  expect(directive('signal')).toBe('B:USR1@60');
  expect(directive('cpus-per-task')).toBe('1');
  expect(directive('output')).toBe('limitlaw-my-run-s-%A_%a.log');
});

test('no directive stands after a command, where Slurm does not read it', () => {
  const lines = slurmScript(job).split('\n');
  const firstCommand = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  expect(lines.slice(firstCommand).join('\n')).not.toMatch(/#SBATCH/);
});

test.each(['', 'a b', "it's", '$HOME `id` "x" \\', '--seed=ä;b', 'plain-word_1.2/3'])(
  'a shell gives %j back as one word',
  (word) => {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
    expect(stdout).toBe(word);
  },
);

/** As Slurm would: runs the script with a stand-in for the shard, and sends the shell a signal. */
function runWith(shard: string, signal?: string) {
  const text = slurmScript({ ...job, shardWords: ['bash', '-c', shard] });
  const send = signal === undefined ? '' : `sleep 0.5; kill -${signal} $!; `;
  const { stdout, status } = spawnSync(
    'bash',
    [
      '-c',
      `scontrol() { echo "$@"; }; export -f scontrol; bash -c "$1" & ${send}wait $!; wait $!`,
      'x',
      text.replace('exec scontrol', 'scontrol'),
    ],
    { encoding: 'utf8', env: { ...process.env, SLURM_JOB_ID: '17' } },
  );
  return { stdout: stdout.trim(), status };
}
/** Ends as a shard does that is interrupted. */
const stoppable = 'trap "exit 130" TERM; for k in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.1; done; exit 0';

test.each([
  ['draws', 'exit 0', undefined, { status: 0, stdout: '' }],
  ['fails', 'exit 3', undefined, { status: 3, stdout: '' }],
  ['runs out of time: it is queued again', stoppable, 'USR1', { status: 130, stdout: 'requeue 17' }],
  ['is cancelled: it is not queued again', stoppable, 'TERM', { status: 130, stdout: '' }],
  ['ends by itself as its time is up', stoppable.replace('exit 130', ''), 'USR1', { status: 0, stdout: '' }],
])('a shard %s', (_, shard, signal, expected) => {
  expect(runWith(shard, signal)).toEqual(expected);
});
