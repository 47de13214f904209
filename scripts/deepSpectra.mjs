// Are the laws of blocks of a deep network right? Needs a build. Draws networks at initialisation, seeds of their own, and prints
// docs/tables/deep-spectra.md, in 5 processor minutes: `node scripts/deepSpectra.mjs [seed] > docs/tables/deep-spectra.md`.
import { deepBlockWeights } from '../dist/simulations/blocks/deepBlock.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { drawReplicate, modelOf } from '../dist/simulations/models/index.js';
import { featureCovariance } from '../dist/theory/deep/spectra/featureCovariance.js';
import { generalisedMarchenkoPastur, scaledLaw } from '../dist/theory/gmp/index.js';
import { deepBlockLaw, separableLaw } from '../dist/theory/index.js';
import { gatedNormalWeights } from '../dist/theory/weights/index.js';

const seed = process.argv[2] ?? '1';
const sizes = [48, 96, 192];
const classes = 100;
const places = Array.from({ length: 39 }, (_, k) => (k + 1) / 40);
/** Fewer open samples than this share say too little of their mean and deviation. */
const leastOpen = 1 / 16;

/** Blocks of disjoint pairs of units of some draws: eigenvalues, and the weights over open samples. */
function blocksOf(settings, { layer, block, draws, pairs }, backend) {
  const workspace = backend.createWorkspace(settings.dimension, settings.samples);
  const blocks = modelOf(settings).layers[layer - 1];
  return Array.from({ length: draws }, (_, replicate) => {
    const draw = drawReplicate(settings, workspace, seed, replicate);
    return Array.from({ length: pairs }, (__, pair) => {
      const [i, j] = [2 * pair, block === 'diagonal' ? 2 * pair : 2 * pair + 1];
      const weights = deepBlockWeights(draw, layer, i, j);
      const live = weights.filter((weight) => weight !== 0);
      if (live.length < leastOpen * weights.length) return [];
      const mean = live.reduce((sum, weight) => sum + weight, 0) / live.length;
      const variance = live.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / live.length;
      const eigenvalues = backend.symmetricEigenvalues(blocks.matrix(draw, i, j), blocks.order(settings));
      return { eigenvalues, open: { openShare: live.length / weights.length, mean, deviation: Math.sqrt(variance) } };
    }).flat();
  }).flat();
}

/** n·D of the mean over blocks of F_n against the mean of their laws, at probabilities that no atom covers. */
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
  // Above the first layer weights without any deviation are slow to solve for.
  [
    'mean alone',
    ({ openShare, mean, deviation }, layer) => {
      const size = Math.hypot(mean, deviation);
      return { openShare, mean: size, deviation: layer === 1 ? 0 : 0.02 * size };
    },
  ],
  ['deviation × 1.2', (open) => ({ ...open, deviation: 1.2 * open.deviation })],
  ['half as many open', (open) => ({ ...open, openShare: open.openShare / 2 })],
];

const backend = await createBackend('wasm');

/** A row for each size. `relative`: widths over d. */
function rowsOf({ loss, layer, block, relative, draws, pairs }) {
  return sizes.map((size, k) => {
    const widths = relative.map((share) => share * size);
    const settings = {
      ...{ model: 'deep', loss, activation: 'relu', initialisation: 'he', classes, width: 0 },
      ...{ dimension: size, samples: 2 * size, widths },
    };
    const network = { loss, dimension: size, aspectRatio: 0.5, widths, classes, logitVariance: 2 };
    const blocks = blocksOf(settings, { layer, block, draws: draws[k], pairs }, backend);
    const law = ({ openShare, ...open }) => deepBlockLaw({ network, layer, block, open, openShare }).law;
    const laws = [
      ...changes.map(
        ([, change]) =>
          (open) =>
            law(change(open, layer)),
      ),
      ...wrongPopulations(layer, relative),
    ];
    const distances = laws.map((lawOf) => scaledDistance(blocks, lawOf).toFixed(2));
    return `| ${[loss, layer, block, relative.join(', '), size, blocks.length, ...distances].join(' | ')} |`;
  });
}

/** Of the same mean, but without a spread, and with another: of twice as many units below, or above the second layer that of one layer less. */
function wrongPopulations(layer, relative) {
  if (layer === 1) return [];
  const ratios = relative.map((share, k) => share / (relative[k - 1] ?? 1));
  const own = featureCovariance(ratios.slice(0, layer - 1));
  const other = featureCovariance([layer === 2 ? 2 * ratios[0] : ratios[0]]);
  const [mean, otherMean] = [own, other].map((population) => population.moments(1)[1]);
  const aspectRatio = relative[layer - 2] / 2;
  return [
    (open) => scaledLaw(generalisedMarchenkoPastur(gatedNormalWeights(open), aspectRatio), mean),
    (open) =>
      scaledLaw(separableLaw({ weights: gatedNormalWeights(open), population: other, aspectRatio }), mean / otherMean),
  ];
}

const first = { layer: 1, relative: [1, 1], draws: [12, 8, 4], pairs: 8 };
const second = { layer: 2, relative: [1, 1, 1], draws: [6, 4, 3], pairs: 6 };
const third = { layer: 3, relative: [1, 1, 1, 1], draws: [3, 2, 2], pairs: 4 };
const table = (cases, wrong) => {
  const names = [...changes.map(([name]) => name), ...wrong];
  return `| loss | layer | block | widths/d | d | blocks | ${names.join(' | ')} |
| ${'--- | '.repeat(6 + names.length).trim()}
${cases.flatMap(rowsOf).join('\n')}`;
};
console.log(
  `# Spectra of deep networks' blocks

n·D of blocks of drawn ReLU networks (hidden layers of the widths said, N = 2d, C = ${classes}, He), n the order of the block and D the largest distance of the mean of F_n over blocks from the mean
of their laws: \`deepBlockLaw\` given share, mean and deviation of the open weights as drawn, and laws that are wrong. Of order 1 for a right
law, growing like d for a wrong one; its error here is about 0.7/√blocks. Made by \`node scripts/deepSpectra.mjs\`, seed ${seed}.

${table(
  [
    { ...first, loss: 'mse', block: 'off-diagonal' },
    { ...first, loss: 'mse', block: 'diagonal' },
    { ...first, loss: 'ce', block: 'off-diagonal' },
  ],
  [],
)}

Cross-entropy at fixed C and s² = 2 has C_eff of some C/e^{s²} = 14 however wide the network is: the weights of a pair are then not quite normal, and the distance
grows, slowly. The law needs C_eff ≫ 1.

Above the first layer, where the population is the covariance of the features below; beside it, of the same mean, one without a spread and another, of twice as many
units below or, above the second layer, that of one layer less. Mean alone is here a deviation of 2 %. Pairs that are open for less than a sixteenth of the samples are left out.
In the third layer blocks are few, of two or three networks, whose features they share: over six networks (26 blocks) the law as drawn has 0.87 at d = 192, with a standard
error over networks of 0.71.

${table(
  [
    { ...second, loss: 'mse', block: 'off-diagonal' },
    { ...second, loss: 'mse', block: 'diagonal' },
    { ...third, loss: 'mse', block: 'off-diagonal' },
  ],
  ['no spread', 'another spread'],
)}
`.trimEnd(),
);
