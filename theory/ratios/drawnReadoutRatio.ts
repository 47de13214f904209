import type { FiniteRatioOptions } from './hiddenCeLimit.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';
import { forEachSharedReadout, type SharedReadout } from './sharedReadoutDraws.js';

const inputsPerReadout = 8;

/**
 * Ratio of expected squared norms of hidden cross-entropy blocks, (γ E a² + E_V[(E_x a)²]) off the diagonal over the same
 * on it, for entries of V of any law: integrated over a fixed sequence of readouts, with eight inputs to each, E_V[(E_x a)²]
 * from products over distinct inputs, all averaged over units and pairs of units, unbiased. Plain draws: for few classes
 * or bounded entries of V; with many classes and normal entries a few rare readouts carry the norms.
 */
export function drawnReadoutRatio(options: FiniteRatioOptions & { readonly aspectRatio: number }): RatioEstimate {
  const { classes, width, aspectRatio, entry, hiddenFactor, activation, effort } = options;
  const costOfReadout =
    2000 + width * 800 + classes * (20 * width + inputsPerReadout * (width * width * 0.6 + 1.5 * width + 12));
  const readouts = Math.max(64, Math.round(effort / costOfReadout));
  const squares = normalisedSquares(classes, width, aspectRatio);
  const terms: RatioTerm[] = [];
  forEachSharedReadout(
    { classes, width, activation, hiddenFactor, entry, inputsPerReadout, readouts, seed: 1 },
    (shared) => {
      const { off, diagonal } = squares(shared);
      terms.push({ numerator: off, denominator: diagonal, controls: noControls });
    },
  );
  return estimateRatio(terms, []);
}

const noControls: readonly number[] = [];

/**
 * γ E_x a² + (E_x a)², unbiased for one readout, averaged over pairs of units and over units. The sums are kept from one
 * readout to the next.
 */
function normalisedSquares(
  classes: number,
  width: number,
  aspectRatio: number,
): (shared: SharedReadout) => { off: number; diagonal: number } {
  const pairs = width * width;
  const sums = new Float64Array(pairs);
  const squaredMeans = new Float64Array(pairs);
  const meanSquares = new Float64Array(pairs);
  const weighted = new Float64Array(classes);
  return ({ columns, units, probabilities }) => {
    const labels = labelStatistics(columns, classes, width);
    const means = new Float64Array(width);
    for (const kept of [sums, squaredMeans, meanSquares]) kept.fill(0);
    units.forEach((own, n) => {
      const p = probabilities[n];
      for (let i = 0; i < width; i += 1) {
        if (own[i].slope === 0) continue;
        let mean = 0;
        for (let c = 0; c < classes; c += 1) mean += weighted[c] = p[c] * columns[i * classes + c];
        means[i] = mean;
        for (let j = 0; j <= i; j += 1) {
          if (own[j].slope === 0) continue;
          let covariance = -means[i] * means[j];
          for (let c = 0; c < classes; c += 1) covariance += weighted[c] * columns[j * classes + c];
          let weight = covariance * own[i].slope * own[j].slope;
          let labelVariance = 0;
          if (i === j) {
            // Mean and variance of the residual's part over a uniform label.
            weight += (means[i] - labels.mean[i]) * own[i].curvature;
            labelVariance = labels.variance[i] * own[i].curvature ** 2;
          }
          const pair = i * width + j;
          sums[pair] += weight;
          squaredMeans[pair] += weight * weight;
          meanSquares[pair] += weight * weight + labelVariance;
        }
      }
    });
    const inputs = units.length;
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < width; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const pair = i * width + j;
        // Products over distinct inputs only, so that no variance is mistaken for a squared mean.
        const value =
          (aspectRatio * meanSquares[pair]) / inputs +
          (sums[pair] * sums[pair] - squaredMeans[pair]) / (inputs * (inputs - 1));
        if (i === j) diagonal += value / width;
        else off += (2 * value) / (width * (width - 1));
      }
    }
    return { off, diagonal };
  };
}

function labelStatistics(
  columns: Float64Array,
  classes: number,
  width: number,
): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let i = 0; i < width; i += 1) {
    let square = 0;
    for (let c = 0; c < classes; c += 1) {
      const v = columns[i * classes + c];
      mean[i] += v / classes;
      square += (v * v) / classes;
    }
    variance[i] = square - mean[i] ** 2;
  }
  return { mean, variance };
}
