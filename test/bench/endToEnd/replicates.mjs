// The workload of the end-to-end benchmark, through the built library: per replicate one draw, one diagonal and one
// off-diagonal block, all eigenvalues of each, and their Kolmogorov distance to the law given the drawn weights. Prints
// one JSON object. usage: node replicates.mjs linear-ce|hidden-ce D N C REPLICATES [backend] [folder for the first
// replicate's arrays] [--width M] [--logit-precision single] [--draws-only: no laws; seconds of processor of each replicate after the first]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBackend } from '../../../dist/simulations/linalg/index.js';
import { drawReplicate } from '../../../dist/simulations/models/index.js';
import { hiddenBlockWeights, linearBlockWeights } from '../../../dist/simulations/blocks/index.js';
import { kolmogorovDistance } from '../../../dist/simulations/comparisons/index.js';
import { discreteMeasure } from '../../../dist/theory/measures/index.js';
import { generalisedMarchenkoPastur } from '../../../dist/theory/gmp/index.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '8' },
    'logit-precision': { type: 'string' },
    'draws-only': { type: 'boolean', default: false },
  },
});
const [kind, d, n, c, replicates, backendName = 'auto', folder] = positionals;
const [dimension, samples, classes] = [d, n, c].map(Number);
if (kind !== 'linear-ce' && kind !== 'hidden-ce') throw new Error(`kind must be linear-ce or hidden-ce, got ${kind}`);
const model = kind === 'hidden-ce' ? 'hidden' : 'linear';
const settings = {
  model,
  loss: 'ce',
  activation: 'relu',
  initialisation: 'lecun',
  dimension,
  samples,
  classes,
  width: Number(options.width),
  logitPrecision: options['logit-precision'],
};
const wanted =
  model === 'hidden'
    ? {
        hidden: [
          [0, 0],
          [0, 1],
        ],
      }
    : {
        output: [
          [0, 0],
          [0, 1],
        ],
      };
const blockWeights = model === 'hidden' ? hiddenBlockWeights : linearBlockWeights;

/** Of all threads of this process. */
const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const processor = [];
const seconds = { draw: 0, eigenvalues: 0, distance: 0 };
const timed = (part, work) => {
  const started = performance.now();
  const result = work();
  seconds[part] += (performance.now() - started) / 1000;
  return result;
};

const backend = await createBackend(backendName);
const workspace = backend.createWorkspace(dimension, samples);
const distances = [];
for (let replicate = 0; replicate < Number(replicates); replicate += 1) {
  const started = processorSeconds();
  const weights = timed('draw', () => {
    const draw = drawReplicate(settings, workspace, 'benchmark', replicate, { wanted });
    return [blockWeights(draw, 0, 0), blockWeights(draw, 0, 1)];
  });
  weights.forEach((a, block) => {
    const eigenvalues = timed('eigenvalues', () => workspace.eigenvalues(a));
    if (options['draws-only']) return;
    const distance = timed('distance', () =>
      kolmogorovDistance(
        eigenvalues,
        generalisedMarchenkoPastur(discreteMeasure(a), dimension / samples, { compression: 1e-9 }),
      ),
    );
    distances.push(distance);
    if (folder !== undefined && replicate === 0) {
      if (block === 0) writeFileSync(join(folder, 'inputs.f64'), workspace.inputs);
      writeFileSync(join(folder, `weights${block}.f64`), a);
      writeFileSync(join(folder, `eigenvalues${block}.f64`), eigenvalues);
    }
  });
  processor.push(processorSeconds() - started);
}
console.log(
  JSON.stringify({
    kind,
    dimension,
    samples,
    classes,
    replicates: Number(replicates),
    backend: backend.description,
    seconds,
    processor: processor.length > 1 ? processor.slice(1) : processor,
    distances,
  }),
);
