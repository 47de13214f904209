// A sweep drawn by an array of 120 tasks on a real Slurm (started here, as root), one of them killed and queued again, one out of
// time, a node drained for a while; then merged, and compared with the sweep drawn at once: `node scripts/slurm.mjs`
// prints the table of docs/tables/slurm.md. Exit code 1 when a byte differs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runArray } from './slurm/arrayRun.mjs';
import { whyNoSlurm } from './slurm/cluster.mjs';

const shards = 120;
const specification = `model: linear
loss: ce
d: [64, 128]
N: "2*d"
C: 4
replicates: 360
nullReplicates: 3600
blocks: [output-diagonal]
`;

const reason = whyNoSlurm();
if (reason !== undefined) {
  console.error(`no Slurm can be started here: ${reason}`);
  process.exit(3);
}
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-slurm-'));
const run = await runArray(folder, specification, shards, { killed: [7], warned: [23], drained: 'n2' });
rmSync(folder, { recursive: true });
const { events, tasks, completed, restarts, nodes, seconds, equal, sameExitCode } = run;
const rows = [
  ['tasks of the array', tasks],
  ...events.map(({ what, kept }) => [what, kept === undefined ? '' : `${kept} draws kept then`]),
  ['tasks that ended well, after so many were queued again', `${completed}, ${restarts}`],
  [
    'ended on each node',
    Object.entries(nodes)
      .map(([node, count]) => `${node} ${count}`)
      .join(', '),
  ],
  ['seconds from submission to the merge', Math.round(seconds)],
  ['results.json, merged and drawn at once', equal ? 'the same bytes' : 'DIFFERENT'],
  ['exit code', sameExitCode ? 'the same' : 'DIFFERENT'],
];
console.log(['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n'));
process.exitCode = equal && sameExitCode && completed === shards ? 0 : 1;
