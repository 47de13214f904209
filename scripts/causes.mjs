// How often the cause of a disagreement is named right: writes docs/tables/causes.md.
// Usage: npm run build && node scripts/causes.mjs [--out FILE] [--seed TEXT] [--runs 20] [--sizes 100x300,200x400,300x250] [--kinds …]
//
// Data of each kind is drawn with its rows, columns or entries changed, at each size; the law stated is white noise of
// variance 1 and N samples. About 4 minutes on one core.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { familyDraws } from '../dist/src/draws/causes/familyFits.js';
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
/** As where a law is stated. */
const REPLICATES = 999;
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
  {
    name: 'singular values of the data',
    right: 'square roots',
    draw: (d, samples, stream) => spectrumOf(d, samples, stream, white).map((value) => Math.sqrt(samples * value)),
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

/** CPU seconds of one disagreement, with its draws and without. */
function timeOf(d, samples) {
  const stream = randomStream(options.seed, `time ${d}`, 0);
  const values = spectrumOf(d, samples, stream, correlatedRows(0.5));
  const seconds = (work) => {
    const { user, system } = process.cpuUsage();
    work();
    const after = process.cpuUsage();
    return (after.user - user + after.system - system) / 1e6;
  };
  const own = new Map();
  const settings = { backend, level: LEVEL, seed: 'time', replicates: REPLICATES, tables: own };
  const draws = seconds(() => familyDraws({ backend, dimension: d, samples, seed: 'time' }));
  const all = draws + seconds(() => whiteCauses(values, { samples, variance: 1 }, settings));
  const again = seconds(() => whiteCauses(values, { samples, variance: 1 }, settings));
  return { d, samples, all, again };
}

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
      const causes = whiteCauses(values, stated, {
        backend,
        level: LEVEL,
        seed: '1',
        replicates: REPLICATES,
        tables,
      });
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

const { user, system } = process.cpuUsage();
const calls =
  options.kinds === ''
    ? [
        [100, 300],
        [200, 400],
        [400, 800],
      ].map(([d, samples]) => timeOf(d, samples))
    : [];
writeFileSync(
  options.out,
  `# Causes of a disagreement

By \`scripts/causes.mjs\` (seed "${options.seed}", ${((user + system) / 1e6).toFixed(0)} s of one core): spectra of data of each kind, ${options.runs} at each of d×N = ${sizes.map(([d, samples]) => `${d}×${samples}`).join(', ')}. Stated is
white noise of variance 1, N samples and C = ${CLASSES} classes; each test has the level ${LEVEL}/3. Right is the name alone, or the two that hold
together: a cause too many counts as wrong. Shares with 95 % binomial intervals (Clopper and Pearson).

| data | right | of ${options.runs} at each size | else |
| --- | --- | --- | --- |
${cells.join('\n')}

CPU time of one call for a bulk that has not the shape of the law, the dearest: ${calls.map(({ d, samples, all, again }) => `${all.toFixed(1)} s at ${d}×${samples}, ${again.toFixed(2)} s when its draws are there`).join('; ')}.
Beyond 250 eigenvalues the kind of a bulk is asked of 250 of its quantiles, and costs no more.

${causesExplained()}`,
);

function causesExplained() {
  return `## What a cause means

- **factor**: the bulk has the shape of the law at another scale. Named are products of 2 (the ½ of a loss), N (sum or mean over samples) and C (sum or
  mean over outputs) within four standard deviations; PyTorch's MSELoss has 2/C times the Hessian of \`mse\`. Beside modes, or a fitted N, the scale must be off by 3.5
  of its standard deviations in place of 2.6. N/(N − 1) is half a standard deviation of one spectrum at d/N = ½: it is asked about, never found.
- **swapped ratio**: N/d was given as d/N; the zeros say so, and the fit at the other ratio passes.
- **centred**, **zeros**: zeros are exact. One more than d − N is the mean that was subtracted; more are samples that say nothing new where d > N, dead columns
  where d < N.
- **other N**: fewer zeros than d − N, or ratio and scale fitted together pass where the stated N does not.
- **square roots**: what is given are singular values of the data, or standard deviations. Their squares have the shape of the law, with at most two modes.
- **modes**: eigenvalues outside a bulk of the law, with the variance in their direction.
- **rows or columns**: correlated, or of unequal variance. For d ≤ N unequal rows T have the spectrum of columns of covariance Σ = γT^{⊞1/γ},
  so they are one cause; the diagonal of the matrix, or lengths of rows, tell.
- **heavy tails**: of entries, or of lengths of rows. Their bulk is that of unequal rows or columns; the largest five eigenvalues are not. Their logarithms over
  their places must exceed by 3.5 standard deviations what draws of the best rows or columns have, and not fall short of draws of the best heavy tails by 3.

Rows, columns and tails are six families of one parameter, each drawn on a grid: gamma variances and first-order autoregression, of rows and of columns; Student
entries, and Student lengths of rows. The parameter is that at which ranks are nearest to their mean places, with the scale free.
Where nothing comes near, no cause is named.
`;
}
