// A sweep drawn by a job array on a real Slurm (started here, as root), one task killed and queued again, one out of time, a node
// drained for a while; then merged, and compared with the sweep drawn at once: `node scripts/slurm.mjs` prints the table of
// docs/tables/slurm.md, with `small` that of three shards of which one runs out of time. Exit code 1 when a byte differs, 3
// with the reason where no Slurm can be started; `whether` tells that alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runArray } from './slurm/arrayRun.mjs';
import { whyNoSlurm } from './slurm/cluster.mjs';

/** Of a law that fails: shards exit 0 all the same, and the merge exits 1. */
const specification = (dimensions, replicates, nulls) => `model: linear
loss: ce
d: [${dimensions}]
N: "2*d"
C: "round(0.25*d)"
claimedClasses: 4
replicates: ${replicates}
nullReplicates: ${nulls * replicates}
blocks: [output-diagonal]
`;
const runs = {
  whole: [specification('128, 192', 240, 10), 120, { killed: [7], warned: [23], drained: 'n2' }],
  small: [specification('96, 128', 16, 20), 3, { warned: [2] }],
};

const asked = process.argv[2] ?? 'whole';
const reason = whyNoSlurm();
if (reason !== undefined) console.error(`no Slurm can be started here: ${reason}`);
process.exitCode = reason === undefined ? 0 : 3;
if (reason === undefined && asked !== 'whether') {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-slurm-'));
  const [text, shards, disturb] = runs[asked];
  const run = await runArray(folder, text, shards, disturb);
  rmSync(folder, { recursive: true });
  console.log(tableOf(run));
  process.exitCode = run.equal && run.sameExitCode && run.completed === shards ? 0 : 1;
}

function tableOf({ events, tasks, completed, restarts, nodes, seconds, equal, sameExitCode, mergeExitCode }) {
  const ended = Object.entries(nodes).map(([node, count]) => `${node} ${count}`);
  const rows = [
    ['tasks of the array', tasks],
    ...events.map(({ what, kept }) => [what, kept === undefined ? '' : `${kept} draws kept then`]),
    ['tasks that ended with exit code 0', completed],
    ['times that one was queued again', restarts],
    ['ended on each node', ended.join(', ')],
    ['seconds from submission to the end of the merge', Math.round(seconds)],
    ['results.json, merged and drawn at once', equal ? 'the same bytes' : 'DIFFERENT'],
    ['exit code of the merge', `${mergeExitCode}, ${sameExitCode ? 'as of the whole' : 'NOT that of the whole'}`],
  ];
  return ['| | |', '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}
