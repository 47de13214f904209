// How often the cause of a disagreement is named right: writes docs/tables/causes.md.
// Usage: npm run build && node scripts/causes.mjs [--out FILE] [--seed TEXT] [--runs 20] [--sizes 100x300,200x400,300x250] [--kinds …]
//
// Data of each kind is drawn with its rows, columns or entries changed, at each size; the law stated is white noise of
// variance 1 and N samples. About 6 minutes on one core.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { whiteCauses } from '../dist/src/draws/causes/whiteCauses.js';
import { clopperPearsonInterval } from '../dist/simulations/comparisons/index.js';
import { inputSampler } from '../dist/simulations/inputs/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { randomStream } from '../dist/simulations/random/index.js';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/tables/causes.md' },
    seed: { type: 'string', default: 'causes' },
    runs: { type: 'string', default: '20' },
    sizes: { type: 'string', default: '100x300,200x400,300x250' },
    kinds: { type: 'string', default: '' },
  },
});
const LEVEL = 0.01;
const CLASSES = 10;
const sizes = options.sizes.split(',').map((size) => size.split('x').map(Number));
const backend = await createBackend('wasm');
const workspaces = new Map();
const tables = new Map();

function workspaceFor(d, rows) {
  const key = `${d} ${rows}`;
  if (!workspaces.has(key)) workspaces.set(key, backend.createWorkspace(d, rows));
  return workspaces.get(key);
}

/** Ascending eigenvalues of XᵀX/N of inputs that `change` has filled. */
function spectrumOf(d, samples, stream, change) {
  const workspace = workspaceFor(d, samples);
  change(workspace, stream);
  const values = workspace.eigenvalues(new Float64Array(samples).fill(1)).slice();
  // Rank is at most N: what rounding leaves there is nothing.
  return values.map((value, i) => (i < d - samples ? 0 : value));
}

const white = (workspace, stream) => workspace.drawInputs(stream);
const sampled = (distribution) => (workspace, stream) =>
  inputSampler(distribution, workspace.dimension)(workspace, stream);
const columns = (factorOf) => (workspace, stream) => {
  workspace.drawInputs(stream);
  const { inputs, dimension, samples } = workspace;
  for (let i = 0; i < dimension; i++) {
    const factor = factorOf(stream, i, workspace);
    for (let n = 0; n < samples; n++) inputs[n * dimension + i] *= factor;
  }
};
const rows = (factorOf) => (workspace, stream) => {
  workspace.drawInputs(stream);
  const { inputs, dimension, samples } = workspace;
  for (let n = 0; n < samples; n++) {
    const factor = factorOf(stream);
    for (let i = 0; i < dimension; i++) inputs[n * dimension + i] *= factor;
  }
};
const correlatedRows = (correlation) => (workspace, stream) => {
  workspace.drawInputs(stream);
  const { inputs, dimension } = workspace;
  for (let at = dimension; at < inputs.length; at++)
    inputs[at] = correlation * inputs[at - dimension] + Math.sqrt(1 - correlation ** 2) * inputs[at];
};
/** ×3 to ×50 of the threshold. */
const mode = columns((stream, i, { dimension, samples }) =>
  i > 0
    ? 1
    : Math.sqrt(1 + Math.exp(Math.log(3) + stream.uniform() * Math.log(50 / 3)) * Math.sqrt(dimension / samples)),
);
const times = (factor) => (d, samples, stream) =>
  spectrumOf(d, samples, stream, white).map((value) => value * factor(d, samples));

const ofData = (change) => (d, samples, stream) => spectrumOf(d, samples, stream, change);
const kinds = [
  { name: 'agree', right: '', draw: ofData(white) },
  { name: 'factor 2', right: 'factor 2', draw: times(() => 2) },
  { name: 'factor N', right: 'factor N', draw: times((_, samples) => samples) },
  { name: 'factor 1/C', right: 'factor 1/C', draw: times(() => 1 / CLASSES) },
  { name: 'factor 2/C', right: 'factor 2/C', draw: times(() => 2 / CLASSES) },
  {
    name: 'N/d for d/N',
    right: 'swapped ratio',
    draw: ofData(white),
    state: (d, samples) => ({ samples: Math.round((d * d) / samples), aspectRatio: samples / d }),
  },
  { name: 'a mode, ×3 … ×50', right: 'modes', draw: ofData(mode) },
  {
    name: 'a mode and a factor 2',
    right: 'factor 2, modes',
    draw: (d, samples, stream) => spectrumOf(d, samples, stream, mode).map((value) => 2 * value),
  },
  {
    name: 'dead columns (d < N) or rows, 5 %',
    right: 'zeros',
    draw: (d, samples, stream) =>
      spectrumOf(
        d,
        samples,
        stream,
        (d <= samples ? columns : rows)((own) => (own.uniform() < 0.05 ? 0 : 1)),
      ),
    clean: true,
  },
  {
    name: 'another N, 20 % fewer',
    right: (d, samples) => (d <= samples ? 'other N' : 'zeros'),
    draw: (d, samples, stream) => spectrumOf(d, Math.round(0.8 * samples), stream, white),
  },
  { name: 'rows AR(.5)', right: 'rows or columns', draw: ofData(correlatedRows(0.5)) },
  {
    name: 'columns AR(.3)',
    right: 'rows or columns',
    draw: ofData(sampled({ kind: 'toeplitz', correlation: 0.3 })),
  },
  {
    name: 'columns of variance .6 and 1.4',
    right: 'rows or columns',
    draw: ofData(columns((stream) => Math.sqrt(stream.uniform() < 0.5 ? 0.6 : 1.4))),
  },
  {
    name: 't3 entries',
    right: 'heavy tails',
    draw: ofData(sampled({ kind: 'student', degrees: 3, radius: 'independent' })),
  },
  {
    name: 't4 lengths of rows',
    right: 'heavy tails',
    draw: ofData(sampled({ kind: 'student', degrees: 4, radius: 'shared' })),
  },
].filter(({ name }) => options.kinds === '' || options.kinds.split(',').includes(name));

/** What rounding leaves of a dead direction is 0. */
function withZeros(values) {
  const tolerance = 1e-12 * values.at(-1);
  return values.map((value) => (value < tolerance ? 0 : value));
}

const labelOf = (cause) =>
  cause.name === 'factor' ? `factor ${cause.named[0]?.text ?? 'without a name'}` : cause.name;

const cells = [];
for (const kind of kinds) {
  const found = new Map();
  const perSize = [];
  let [right, runs] = [0, 0];
  for (const [d, samples] of sizes) {
    let rightHere = 0;
    const expected = typeof kind.right === 'string' ? kind.right : kind.right(d, samples);
    for (let r = 0; r < Number(options.runs); r++) {
      const stream = randomStream(options.seed, `${kind.name} ${d} ${samples}`, r);
      const values = withZeros(kind.draw(d, samples, stream));
      const stated = { samples, variance: 1, classes: CLASSES, ...kind.state?.(d, samples) };
      const causes = whiteCauses(values, stated, { backend, level: LEVEL, seed: '1', tables });
      const label = causes.map(labelOf).join(', ');
      runs++;
      if (label === expected) {
        right++;
        rightHere++;
      } else found.set(label || 'no cause', (found.get(label || 'no cause') ?? 0) + 1);
    }
    perSize.push(rightHere);
  }
  const [low, high] = clopperPearsonInterval(right, runs);
  cells.push(
    `| ${kind.name} | ${right} of ${runs} (${low.toFixed(2)} … ${high.toFixed(2)}) | ${perSize.join(', ')} | ${[...found].map(([label, count]) => `${label} ${count}`).join('; ')} |`,
  );
  process.stderr.write(`${cells.at(-1)}\n`);
}
