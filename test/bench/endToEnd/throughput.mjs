// Draws per second of the worker pool that `check` uses, in a process of its own: the linear cross-entropy model, both
// blocks' spectra, the twin's, their laws given the drawn weights and the null draws of `check`. Prints one JSON object
// with a digest of the distances, which must not depend on the number of workers. usage: node throughput.mjs D N C
// DRAWS WORKERS
import { createHash } from 'node:crypto';
import { runTasks } from '../../../dist/simulations/runner/index.js';
import { unperturbed } from '../../../dist/src/draws/perturbation.js';

const [dimension, samples, classes, draws, workers] = process.argv.slice(2).map(Number);
const settings = {
  model: 'linear',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'lecun',
  dimension,
  samples,
  classes,
  width: 1,
};
const task = (replicate) => ({
  kind: 'law',
  purpose: 'law',
  experiment: 'throughput',
  settings,
  inputs: { kind: 'gaussian' },
  seed: 'benchmark',
  replicate,
  blocks: [
    { i: 0, j: 0 },
    { i: 0, j: 1 },
  ],
  claimed: [
    { law: 'stated', perturbation: unperturbed, distances: true, levels: false, statistics: true, weights: false },
  ],
  nulls: 4,
  band: 0,
  keepWeights: false,
});
const started = performance.now();
const { results } = await runTasks({
  workerUrl: new URL('../../../dist/src/draws/check/checkWorker.bundle.js', import.meta.url),
  workerData: { backend: 'wasm' },
  workers,
  tasks: Array.from({ length: draws }, (_, replicate) => task(replicate)),
});
const seconds = (performance.now() - started) / 1000;
const distances = results.flatMap(({ blocks }) =>
  blocks.flatMap(({ claims: [claim], fresh }) => [...claim.distances, ...fresh.distances]),
);
const digest = createHash('sha256').update(Float64Array.from(distances)).digest('hex').slice(0, 16);
console.log(JSON.stringify({ workers, draws, seconds, drawsPerSecond: draws / seconds, digest }));
