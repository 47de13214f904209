// Are the laws of blocks of a deep network's first layer right? Needs a build. Draws networks at initialisation, seeds of their own, and prints
// docs/tables/deep-spectra.md, in 2 processor minutes: `node scripts/deepSpectra.mjs [seed] > docs/tables/deep-spectra.md`.
import { createBackend } from '../dist/simulations/linalg/index.js';
import { drawReplicate, modelOf } from '../dist/simulations/models/index.js';
import { deepBlockLaw } from '../dist/theory/index.js';

const seed = process.argv[2] ?? '1';
const sizes = [48, 96, 192];
const draws = [12, 8, 4];
const classes = 100;
const places = Array.from({ length: 39 }, (_, k) => (k + 1) / 40);

/** Blocks of disjoint pairs of units of one draw: eigenvalues, and the weights over open samples. */
function blocksOf(settings, block, count, backend) {
  const workspace = backend.createWorkspace(settings.dimension, settings.samples);
  const [first] = modelOf(settings).layers;
  return Array.from({ length: count }, (_, replicate) => {
    const draw = drawReplicate(settings, workspace, seed, replicate);
    return Array.from({ length: 8 }, (__, pair) => {
      const weights = first.weights(draw, 2 * pair, block === 'diagonal' ? 2 * pair : 2 * pair + 1);
      const live = weights.filter((weight) => weight !== 0);
      const mean = live.reduce((sum, weight) => sum + weight, 0) / live.length;
      const variance = live.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / live.length;
      return {
        eigenvalues: workspace.eigenvalues(weights),
        open: { openShare: live.length / weights.length, mean, deviation: Math.sqrt(variance) },
      };
    });
  }).flat();
}

/** d·D of the mean over blocks of F_n against the mean of their laws, at probabilities that no atom covers. */
function scaledDistance(blocks, lawOf) {
  const order = blocks[0].eigenvalues.length;
  const sums = places.map(() => ({ excess: 0, count: 0 }));
  for (const { eigenvalues, open } of blocks) {
    const law = lawOf(open);
    const upTo = law.cdf(0);
    const below = upTo - (law.atoms[0]?.mass ?? 0);
    const largest = Math.max(...eigenvalues.map(Math.abs));
    const shares = eigenvalues.map((value) => (Math.abs(value) < 1e-10 * largest ? upTo : law.cdf(value)));
    places.forEach((p, k) => {
      if (p > below && p < upTo) return;
      sums[k].excess += shares.filter((u) => u <= p).length / order - p;
      sums[k].count++;
    });
  }
  return (
    order * Math.max(...sums.map(({ excess, count }) => (2 * count < blocks.length ? 0 : Math.abs(excess / count))))
  );
}

const changes = [
  ['as drawn', (open) => open],
  ['mean alone', ({ openShare, mean, deviation }) => ({ openShare, mean: Math.hypot(mean, deviation), deviation: 0 })],
  ['deviation × 1.2', (open) => ({ ...open, deviation: 1.2 * open.deviation })],
  ['half as many open', (open) => ({ ...open, openShare: open.openShare / 2 })],
];

const backend = await createBackend('wasm');
const rows = [];
for (const [loss, block] of [
  ['mse', 'off-diagonal'],
  ['mse', 'diagonal'],
  ['ce', 'off-diagonal'],
]) {
  for (const [k, size] of sizes.entries()) {
    const settings = {
      ...{ model: 'deep', loss, activation: 'relu', initialisation: 'he', classes, width: 0 },
      ...{ dimension: size, samples: 2 * size, widths: [size, size] },
    };
    const network = { loss, dimension: size, aspectRatio: 0.5, widths: [size, size], classes, logitVariance: 2 };
    const blocks = blocksOf(settings, block, draws[k], backend);
    const distances = changes.map(([, change]) =>
      scaledDistance(blocks, (open) => {
        const { openShare, mean, deviation } = change(open);
        return deepBlockLaw({ network, layer: 1, block, open: { mean, deviation }, openShare }).law;
      }).toFixed(2),
    );
    rows.push(`| ${[loss, block, size, blocks.length, ...distances].join(' | ')} |`);
  }
}
console.log(`# Spectra of deep networks' first layers

d·D of blocks of drawn ReLU networks (two hidden layers of width d, N = 2d, C = ${classes}, He), D the largest distance of the mean of F_n over blocks from the mean
of their laws: \`deepBlockLaw\` given share, mean and deviation of the open weights as drawn, and three laws that are wrong. Of order 1 for a right
law, growing like d for a wrong one; its error here is about 0.7/√blocks. Made by \`node scripts/deepSpectra.mjs\`, seed ${seed}.

| loss | block | d | blocks | ${changes.map(([name]) => name).join(' | ')} |
| ${'--- | '.repeat(3 + 1 + changes.length).trim()}
${rows.join('\n')}

Cross-entropy at fixed C and s² = 2 has C_eff of some C/e^{s²} = 14 however wide the network is: the weights of a pair are then not quite normal, and the distance
grows, slowly. The law needs C_eff ≫ 1.`);
