import { hiddenCeLimit, type HiddenLimitOptions } from './hiddenCeLimit.js';
import { readoutEntry } from './readoutEntry.js';
import { tiltedCovariance, type Unit } from './unitExpectations.js';

/**
 * Functions of a few inputs with known expectations, like enough to the ratio's integrands to explain most of their
 * spread.
 */
export interface ControlVariates {
  readonly means: readonly number[];
  integrands(units: readonly (readonly Unit[])[]): number[];
}

/** Shares of V's variance: at finite C the tilt acts with less than its full strength, somewhere between these. */
const varianceShares = [0.02, 0.4, 1];

/**
 * The limit's integrands (`hiddenCeLimit`) for V at a few shares of its variance, among those where the control's own
 * variance is finite: 4·share·t < 1 for normal V and an activation that grows.
 */
export function limitControls(options: HiddenLimitOptions): ControlVariates {
  const { entry, hiddenFactor, activation } = options;
  const bounded = activation === 'tanh' || entry.distribution === 'uniform';
  const scaled = varianceShares
    .filter((share) => bounded || 4 * share * entry.variance * hiddenFactor < 0.95)
    .map((share) => ({ ...options, entry: readoutEntry(entry.distribution, share * entry.variance) }));
  const limits = scaled.map(hiddenCeLimit);
  return {
    means: limits.flatMap(({ offSquare, offMeanSquare, diagonalSquare, diagonalMeanSquare }, k) =>
      k === 0 ? [offSquare, offMeanSquare, diagonalSquare, diagonalMeanSquare] : [offSquare, offMeanSquare],
    ),
    integrands: (units) =>
      scaled.flatMap((option, k) => [
        ...offIntegrands(units, option),
        ...(k === 0 ? diagonalIntegrands(units, option) : []),
      ]),
  };
}

function offIntegrands(units: readonly (readonly Unit[])[], { entry, width }: HiddenLimitOptions): [number, number] {
  const inputs = units.length;
  let square = 0;
  let meanSquare = 0;
  units.forEach((own, n) => {
    for (let other = 0; other <= n; other += 1) {
      const pair = units[other];
      let exponent = 0;
      let first = 0;
      let second = 0;
      for (let k = 0; k < width; k += 1) {
        const [h, k2] = [own[k].h, pair[k].h];
        if (h === 0 || k2 === 0) continue;
        exponent += entry.cumulant(h + k2) - entry.cumulant(h) - entry.cumulant(k2);
        const slopes = own[k].slope * pair[k].slope;
        const value = slopes * tiltedCovariance(entry, h, k2);
        first += value;
        second += value * value;
      }
      // Σ over ordered pairs of distinct units, as a square minus its diagonal.
      const value = (Math.exp(exponent) * (first * first - second)) / (width * (width - 1));
      if (other === n) square += value / inputs;
      else meanSquare += (2 * value) / (inputs * (inputs - 1));
    }
  });
  return [square, meanSquare];
}

function diagonalIntegrands(
  units: readonly (readonly Unit[])[],
  { entry, width }: HiddenLimitOptions,
): [number, number] {
  const inputs = units.length;
  let square = 0;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const own of units) {
    own.forEach(({ h, slope, curvature }, k) => {
      const weight = entry.tiltedVariance(h) * slope * slope + entry.mean(h) * curvature;
      square += (weight * weight + entry.variance * curvature ** 2) / (inputs * width);
      sums[k] += weight;
      squares[k] += weight * weight;
    });
  }
  let meanSquare = 0;
  for (let k = 0; k < width; k += 1) meanSquare += (sums[k] ** 2 - squares[k]) / (inputs * (inputs - 1) * width);
  return [square, meanSquare];
}
