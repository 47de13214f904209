// Processor time of the shards of a sweep: 5 dimensions × 3 numbers of classes, 60 draws each, in 30 shards, one after
// the other, and at once: `node scripts/shardTimes.mjs` prints the table of docs/tables/shard-times.md. Exit code 1 when the
// largest shard takes more than a twentieth of the whole.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../dist/src/cli/limitlaw.js', import.meta.url));
const shards = 30;
const largestShare = 1 / 20;
const specification = `model: linear
loss: ce
d: [200, 300, 400, 500, 600]
N: "2*d"
C: [4, 8, 16]
replicates: 60
nullReplicates: 240
blocks: [output-diagonal, output-off-diagonal]
`;

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-shards-'));
const spec = join(folder, 'spec.yaml');
writeFileSync(spec, specification);

/** Seconds of processor time of the processes that this one has started and that have ended (Linux: /proc). */
function secondsOfChildren() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  // The name stands in brackets and may hold anything; times are the 16th and 17th field, in hundredths.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) / 100;
}

/** Of one command line, all its threads and the start of Node included. */
function processorSeconds(...words) {
  const before = secondsOfChildren();
  const { status, stderr } = spawnSync(process.execPath, [binary, ...words], { encoding: 'utf8' });
  if (status > 1) throw new Error(stderr);
  return secondsOfChildren() - before;
}

const words = ['sweep', spec, '--backend', 'wasm', '--workers', '1', '--out'];
const whole = processorSeconds(...words, join(folder, 'whole'));
const each = Array.from({ length: shards }, (_, k) =>
  processorSeconds(...words, join(folder, 'shared'), '--shard', `${k + 1}/${shards}`),
);
const merge = processorSeconds('merge', join(folder, 'shared'));
const equal = ['whole', 'shared'].map((run) => readFileSync(join(folder, run, 'results.json'), 'utf8'));
rmSync(folder, { recursive: true });
const largest = Math.max(...each);
const rows = [
  ['whole', whole],
  ['smallest shard', Math.min(...each)],
  ['largest shard', largest],
  ['all shards', each.reduce((sum, seconds) => sum + seconds, 0)],
  ['merge', merge],
];
console.log(
  [
    '| | processor time, s | whole / it |',
    '| --- | --- | --- |',
    ...rows.map(([name, seconds]) => `| ${name} | ${seconds.toFixed(2)} | ${(whole / seconds).toFixed(1)} |`),
  ].join('\n'),
);
console.log(`\nresults.json: ${equal[0] === equal[1] ? 'the same bytes' : 'DIFFERENT'}`);
process.exitCode = largest <= largestShare * whole && equal[0] === equal[1] ? 0 : 1;
