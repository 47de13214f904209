import type { FiniteRatioOptions } from './hiddenCeRatio.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';
import { forEachSharedReadout, type SharedReadout } from './sharedReadoutDraws.js';

const inputsPerReadout = 8;

/**
 * Ratio of expected squared norms of the output blocks under cross-entropy at finite C, N → ∞ with m fixed: ‖E_x[a h hᵀ]‖² =
 * E[a a′ (h·h′)²] over two independent inputs that share V, a = −p_i p_j over a = p_i(1 − p_i), averaged over all classes and pairs of classes,
 * over a fixed sequence of readouts with eight inputs to each.
 */
export function outputCeRatio(options: FiniteRatioOptions): RatioEstimate {
  const { classes, width, entry, hiddenFactor, activation, effort } = options;
  const costOfReadout = classes * (width + inputsPerReadout * (width + 12 + 4 * inputsPerReadout));
  const readouts = Math.max(48, Math.round(effort / costOfReadout));
  const terms: RatioTerm[] = [];
  forEachSharedReadout(
    { classes, width, activation, hiddenFactor, entry, inputsPerReadout, readouts, seed: 2 },
    (shared) => terms.push(squaredNorms(shared, classes, width)),
  );
  return estimateRatio(terms, []);
}

function squaredNorms({ units, probabilities }: SharedReadout, classes: number, width: number): RatioTerm {
  let numerator = 0;
  let denominator = 0;
  for (let n = 0; n < units.length; n += 1) {
    for (let other = 0; other < n; other += 1) {
      const [p, q] = [probabilities[n], probabilities[other]];
      let inner = 0;
      for (let k = 0; k < width; k += 1) inner += units[n][k].h * units[other][k].h;
      let product = 0;
      let square = 0;
      let diagonal = 0;
      for (let c = 0; c < classes; c += 1) {
        const both = p[c] * q[c];
        product += both;
        square += both * both;
        diagonal += both * (1 - p[c]) * (1 - q[c]);
      }
      numerator += (inner * inner * (product * product - square)) / (classes * (classes - 1));
      denominator += (inner * inner * diagonal) / classes;
    }
  }
  return { numerator, denominator, controls: [] };
}
