import { hiddenCeLimit, type HiddenLimitOptions } from './hiddenCeLimit.js';
import { readoutEntry } from '../network/readoutEntry.js';
import { logTiltOverlap, tiltedCovariance, type Unit } from '../network/unitExpectations.js';

/**
 * Functions of two inputs with known expectations, like enough to the ratio's integrands to explain most of their
 * spread.
 */
export interface ControlVariates {
  readonly means: readonly number[];
  integrands(own: readonly Unit[], other: readonly Unit[]): number[];
}

/** Shares of V's variance: at finite C the tilt acts with less than its full strength, somewhere between these. */
const varianceShares = [0.02, 0.3, 0.65, 1];

/**
 * The limit's off-diagonal integrand C·E_V[a a′] (`hiddenCeLimit`) for V at a few shares of its variance, up to the
 * largest that keeps the control's own variance finite; for two independent inputs.
 */
export function limitControls(options: HiddenLimitOptions, largestShare: number): ControlVariates {
  const { entry, width } = options;
  const scaled = varianceShares
    .filter((share) => share <= largestShare)
    .map((share) => readoutEntry(entry.distribution, share * entry.variance));
  return {
    means: scaled.map((at) => hiddenCeLimit({ ...options, entry: at }).offMeanSquare),
    integrands: (own, other) =>
      scaled.map((at) => {
        let exponent = 0;
        let first = 0;
        let second = 0;
        for (let k = 0; k < width; k += 1) {
          const [h, k2] = [own[k].h, other[k].h];
          if (h !== 0 && k2 !== 0) exponent += logTiltOverlap(at, h, k2);
          const slopes = own[k].slope * other[k].slope;
          const value = slopes === 0 ? 0 : slopes * tiltedCovariance(at, h, k2);
          first += value;
          second += value * value;
        }
        // Σ over ordered pairs of distinct units, as a square minus its diagonal.
        return (Math.exp(exponent) * (first * first - second)) / (width * (width - 1));
      }),
  };
}
