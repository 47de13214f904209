// Blocks of drawn networks against their laws (level 3: mean spectra), at seeds of their own. d·D, with D the largest distance of the mean over
// blocks of F_n from the mean of their laws, is of order 1 where laws are right and grows like d where they are not. Chances of a
// false alarm are said where something is compared.
import { describe, expect, test } from '@jest/globals';
import { deepBlockWeights } from '../../../../simulations/blocks/deepBlock.js';
import { ratioOfMeans } from '../../../../simulations/comparisons/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { drawReplicate, modelOf } from '../../../../simulations/models/index.js';
import type { Backend, DrawSettings } from '../../../../simulations/contracts.js';
import type { SpectralLaw } from '../../../../theory/contracts.js';
import type { BlockKind, Loss } from '../../../../theory/names.js';
import { deepBlockLaw, deepOpenWeights, type DeepNetwork } from '../../../../theory/deep/index.js';
import type { OpenWeights } from '../../../../theory/weights/index.js';

const seed = 'deep spectra';

interface DrawnBlock {
  readonly eigenvalues: Float64Array;
  readonly open: OpenWeights;
  /** Number of open samples. */
  readonly count: number;
}

const settingsOf = (loss: Loss, size: number, classes: number): DrawSettings => ({
  ...{ model: 'deep', loss, activation: 'relu', initialisation: 'he', classes },
  ...{ dimension: size, samples: 2 * size, width: 0, widths: [size, size] },
});

/** The readout, too, has entries of variance 2/width. */
const networkOf = ({ loss, dimension, samples, widths, classes }: DrawSettings): DeepNetwork => ({
  ...{ loss, dimension, aspectRatio: dimension / samples, widths: widths!, classes, logitVariance: 2 },
});

interface Wanted {
  /** 1 by default. */
  readonly layer?: number;
  readonly block: BlockKind;
  readonly draws: number;
  readonly withSpectra?: boolean;
}

/** Of disjoint pairs of units or of single ones, where they are open for a sixteenth of the samples at least. */
function blocksOf(settings: DrawSettings, wanted: Wanted, backend: Backend): DrawnBlock[] {
  const { layer = 1, block, draws, withSpectra = true } = wanted;
  const workspace = backend.createWorkspace(settings.dimension, settings.samples);
  const rows = modelOf(settings).layers[layer - 1]!;
  const order = rows.order(settings);
  const blocks: DrawnBlock[] = [];
  for (let replicate = 0; replicate < draws; replicate++) {
    const draw = drawReplicate(settings, workspace, seed, replicate);
    for (let unit = 0; unit < 12; unit += 2) {
      const other = block === 'diagonal' ? unit : unit + 1;
      const weights = deepBlockWeights(draw, layer, unit, other);
      const live = weights.filter((weight) => weight !== 0);
      if (live.length < weights.length / 16) continue;
      const mean = live.reduce((sum, weight) => sum + weight, 0) / live.length;
      const variance = live.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / live.length;
      blocks.push({
        eigenvalues: withSpectra
          ? backend.symmetricEigenvalues(rows.matrix(draw, unit, other), order)
          : new Float64Array(),
        open: { openShare: live.length / weights.length, mean, deviation: Math.sqrt(variance) },
        count: live.length,
      });
    }
  }
  return blocks;
}

/** d·D of the mean spectrum, at probabilities that no atom at 0 covers. */
function scaledDistance(blocks: readonly DrawnBlock[], lawOf: (open: OpenWeights) => SpectralLaw): number {
  const order = blocks[0]!.eigenvalues.length;
  const places = Array.from({ length: 39 }, (_, k) => (k + 1) / 40);
  const excess = places.map(() => ({ sum: 0, count: 0 }));
  for (const { eigenvalues, open } of blocks) {
    const law = lawOf(open);
    const atom = law.atoms[0]?.mass ?? 0;
    const [below, upTo] = [law.cdf(0) - atom, law.cdf(0)];
    const largest = Math.max(...eigenvalues.map(Math.abs));
    const transformed = eigenvalues.map((value) => (Math.abs(value) < 1e-10 * largest ? upTo : law.cdf(value)));
    places.forEach((p, k) => {
      if (p > below && p < upTo) return;
      excess[k]!.sum += transformed.filter((u) => u <= p).length / order - p;
      excess[k]!.count++;
    });
  }
  return order * Math.max(...excess.map(({ sum, count }) => (count < blocks.length / 2 ? 0 : Math.abs(sum / count))));
}

describe.each(['off-diagonal', 'diagonal'] as const)(`first layer, %s (seed "${seed}")`, (block) => {
  test('given mean, deviation and share of the open weights: d·D stays, and grows for wrong laws', async () => {
    const backend = await createBackend('wasm');
    const found = [32, 64].map((size, k) => {
      const settings = settingsOf('mse', size, 100);
      const network = networkOf(settings);
      const blocks = blocksOf(settings, { block, draws: [8, 6][k]! }, backend);
      const given = (change: (open: OpenWeights) => Partial<OpenWeights>) =>
        scaledDistance(blocks, (open) => {
          const { openShare, mean, deviation } = { ...open, ...change(open) };
          return deepBlockLaw({ network, layer: 1, block, open: { mean, deviation }, openShare }).law;
        });
      return {
        law: given(() => ({})),
        meanOnly: given(({ mean, deviation }) => ({ mean: Math.hypot(mean, deviation), deviation: 0 })),
        halfOpen: given(({ openShare }) => ({ openShare: openShare / 2 })),
      };
    });
    const [small, large] = found as [(typeof found)[0], (typeof found)[0]];
    // n(F_n − F) at a point is of order 1 a block, so 0.17 for the mean of 36 or more: 1.2 is some seven standard errors.
    for (const { law } of found) expect(law).toBeLessThan(1.2);
    // Wrong: half as many open; on the diagonal weights are nearly alike.
    expect(large.halfOpen).toBeGreaterThan(4);
    expect(large.halfOpen / small.halfOpen).toBeGreaterThan(1.5);
    // Wrong: the mean alone.
    if (block === 'off-diagonal') {
      expect(large.meanOnly).toBeGreaterThan(8);
      expect(large.meanOnly / small.meanOnly).toBeGreaterThan(1.5);
    }
  });
});

test(`second layer (seed "${seed}"): d·D stays, and grows without the spread of the features' covariance`, async () => {
  const backend = await createBackend('wasm');
  const [small, large] = [32, 96].map((size, k) => {
    const settings = { ...settingsOf('mse', size, 100), widths: [size, size, size] };
    const network = networkOf(settings);
    const blocks = blocksOf(settings, { layer: 2, block: 'diagonal', draws: [6, 3][k]! }, backend);
    const given = (layer: number, scale: number) =>
      scaledDistance(blocks, ({ openShare, mean, deviation }) => {
        const open = { mean: scale * mean, deviation: scale * deviation };
        return deepBlockLaw({ network, layer, block: 'diagonal', open, openShare }).law;
      });
    // Wrong: normal inputs of the features' mean variance, 1 − 1/π.
    return { law: given(2, 1), white: given(1, 1 - 1 / Math.PI) };
  });
  // The features' mean and the gates take an eigenvalue or two out of the bulk, whatever the size. n(F_n − F) is of order 1 a block, so 0.24 for the mean of
  // 18: five standard errors above 1.3.
  for (const { law } of [small!, large!]) expect(law).toBeLessThan(2.5);
  expect(large!.white).toBeGreaterThan(5);
  expect(large!.white / small!.white).toBeGreaterThan(1.7);
});

// Moments over units and networks: within 4 standard errors once in 16 000 each. Left out of the claim is what is of order 1/width: 8/width is
// allowed for on squares, whose quotient has none of the common factors.
test.each(['mse', 'ce'] as const)('%s: scales of the open weights', async (loss) => {
  const backend = await createBackend('wasm');
  const settings = settingsOf(loss, 64, 100);
  const network = networkOf(settings);
  for (const block of ['off-diagonal', 'diagonal'] as const) {
    const blocks = blocksOf(settings, { block, draws: 60, withSpectra: false }, backend);
    const [zero, one] = [0, 1].map((signal) => deepOpenWeights(network, { layer: 1, block }, signal));
    const shared = (one!.mean - zero!.mean) ** 2 + zero!.mean ** 2;
    const squares = blocks.map(({ open }) => open.mean ** 2 + open.deviation ** 2);
    // The mean of n open weights has variance deviation²/n of its own.
    const means = blocks.map(({ open, count }) => open.mean ** 2 - open.deviation ** 2 / count);
    const { ratio, standardError } = ratioOfMeans(means, squares);
    const share = shared / (shared + one!.deviation ** 2);
    expect(Math.abs(ratio - share)).toBeLessThan(4 * standardError + (8 / 64) * (1 - share));
    // Wrong: weights of two inputs as alike as those of one, or not alike at all.
    for (const wrong of [1, 0]) expect(Math.abs(ratio - wrong)).toBeGreaterThan(5 * standardError);
    const total = ratioOfMeans(
      squares,
      squares.map(() => shared + one!.deviation ** 2),
    );
    expect(Math.abs(total.ratio - 1)).toBeLessThan(4 * total.standardError + 8 / 64);
  }
});
