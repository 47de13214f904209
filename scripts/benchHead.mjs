// Sums over all blocks of a language model's head, ours and NumPy's, each on one thread: `node scripts/benchHead.mjs [--tiny] [--rounds 3]`
// after a build. Whole processes in turns, seconds of processor; answers are compared first, exit code 1 where they differ.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { tiny: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});
/** N, C, D: GPT-2's head at 512 positions. */
const [samples, classes, dimension] = values.tiny ? [40, 900, 24] : [512, 50257, 768];
const TOLERANCE = 1e-11;
const here = (name) => fileURLToPath(new URL(`../test/bench/endToEnd/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-bench-head-'));
const [h, V] = [join(folder, 'h.npy'), join(folder, 'V.npy')];

/** numpy.float32 as numpy.save writes it; entries by a congruential generator, uniform with the variance of normal ones. */
function save(path, rows, columns, size, seed) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const start = Math.ceil((header.length + 11) / 64) * 64;
  const bytes = new Uint8Array(start + 4 * rows * columns);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  bytes.set(Buffer.from(`${header.padEnd(start - 11)}\n`), 10);
  const entries = new Float32Array(bytes.buffer, start);
  let state = seed;
  for (let k = 0; k < entries.length; k += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    entries[k] = size * Math.sqrt(12) * (state / 2 ** 32 - 0.5);
  }
  writeFileSync(path, bytes);
}

const environment = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
const programs = {
  numpy: ['python3', here('headBaseline.py'), h, V],
  wasm: [process.execPath, here('head.mjs'), h, V, 'wasm'],
  native: [process.execPath, here('head.mjs'), h, V, 'native'],
};

/** The program's answer with seconds of processor and megabytes; undefined where it cannot run here. */
function run(name) {
  const found = spawnSync('python3', [here('measure.py'), ...programs[name]], { env: environment, encoding: 'utf8' });
  if (found.status !== 0) {
    console.error(`${name} does not run here: ${found.stderr?.trim().split('\n').at(-2) ?? found.error}`);
    return undefined;
  }
  const { cpu, peakBytes } = JSON.parse(found.stderr.trim().split('\n').at(-1));
  return { answer: JSON.parse(found.stdout), cpu, megabytes: peakBytes / 1e6 };
}

/** Whether every program that runs has the same answer. */
function main() {
  const rounds = Array.from({ length: values.tiny ? 1 : Number(values.rounds) }, () =>
    Object.fromEntries(Object.keys(programs).map((name) => [name, run(name)])),
  );
  const [first] = rounds;
  const known = Object.keys(programs).filter((name) => first[name] !== undefined);
  const reference = first[known[0]].answer;
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
  const times = Object.fromEntries(known.map((name) => [name, median(rounds.map((round) => round[name].cpu))]));
  console.log(
    `C = ${classes}, D = ${dimension}, N = ${samples}, ${cpus()[0].model} (${arch()}), Node ${process.versions.node}`,
  );
  let same = true;
  for (const name of known) {
    const { answer, megabytes } = first[name];
    const error = Math.max(...Object.keys(reference).map((sum) => Math.abs(answer[sum] / reference[sum] - 1)));
    same &&= error <= TOLERANCE;
    const ratio = times.numpy === undefined ? '' : `, ${(times[name] / times.numpy).toFixed(2)} of NumPy's`;
    console.log(
      `${name}: ${times[name].toFixed(2)} s${ratio}, ${megabytes.toFixed(0)} MB, answers within ${error.toExponential(0)}`,
    );
  }
  return same;
}

save(h, samples, dimension, 1, 1);
save(V, classes, dimension, 0.02, 2);
try {
  process.exitCode = main() ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
