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
  const means = new Float64Array(width);
  const labels = labelStatistics(classes, width);
  return ({ columns, inputs }) => {
    // The residual's part is nothing where every unit is straight, as ReLU's are.
    if (inputs.some(({ curvature }) => curvature.some((bend) => bend !== 0))) labels.update(columns);
    for (const kept of [sums, squaredMeans, meanSquares]) kept.fill(0);
    for (const { slope, curvature, probabilities } of inputs) {
      for (let i = 0; i < width; i += 1) {
        if (slope[i] === 0) continue;
        const row = i * classes;
        let mean = 0;
        for (let c = 0; c < classes; c += 1) mean += weighted[c] = probabilities[c] * columns[row + c];
        means[i] = mean;
        for (let j = 0; j <= i; j += 1) {
          if (slope[j] === 0) continue;
          const other = j * classes;
          let covariance = -mean * means[j];
          for (let c = 0; c < classes; c += 1) covariance += weighted[c] * columns[other + c];
          let weight = covariance * slope[i] * slope[j];
          let labelVariance = 0;
          if (i === j) {
            // Mean and variance of the residual's part over a uniform label.
            weight += (mean - labels.mean[i]) * curvature[i];
            labelVariance = labels.variance[i] * curvature[i] ** 2;
          }
          const pair = i * width + j;
          sums[pair] += weight;
          squaredMeans[pair] += weight * weight;
          meanSquares[pair] += weight * weight + labelVariance;
        }
      }
    }
    const count = inputs.length;
    // Products over distinct inputs only, so that no variance is mistaken for a squared mean.
    const [ofSquares, ofProducts] = [aspectRatio / count, 1 / (count * (count - 1))];
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < width; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const pair = i * width + j;
        const value = ofSquares * meanSquares[pair] + ofProducts * (sums[pair] * sums[pair] - squaredMeans[pair]);
        if (i === j) diagonal += value;
        else off += value;
      }
    }
    return { off: width > 1 ? (2 * off) / (width * (width - 1)) : 0, diagonal: diagonal / width };
  };
}

/** Mean and variance over classes of each row of V, 0 before the first update. */
function labelStatistics(classes: number, width: number) {
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  const update = (columns: Float64Array): void => {
    for (let i = 0; i < width; i += 1) {
      let sum = 0;
      let square = 0;
      for (let c = 0; c < classes; c += 1) {
        const v = columns[i * classes + c];
        sum += v;
        square += v * v;
      }
      mean[i] = sum / classes;
      variance[i] = square / classes - mean[i] ** 2;
    }
  };
  return { mean, variance, update };
}
