import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { ContourMeasure } from '../gmp/contourMeasure.js';
import type { SmoothWeights, WeightLaw } from '../gmp/smoothWeights.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { complexNormalDensity } from '../numerics/complexFunctions.js';
import { normalDensity } from '../numerics/normalDistribution.js';
import { once } from '../numerics/once.js';

/** Weights behind gates: 0 where a gate is shut, normal where all are open. */
export interface OpenWeights {
  /** q, the share of samples for which all gates are open: above 0, at most 1. */
  readonly openShare: number;
  /** Mean of the weights of those samples; either sign. */
  readonly mean: number;
  /** Their standard deviation, at least 0. */
  readonly deviation: number;
}

/** Standard deviations beyond which a normal has less than 2e-12 of its mass. */
const reach = 7;
/** Grid of the rules, in standard deviations: a pole at distance h from the path costs e^{−2πh/step}. */
const step = 1 / 8;
/** Distance of the path from the axis: e^{−2π·8·0.8} = 3e-18, for masses that grow by e^{0.32} only. */
const depth = 0.8;

/**
 * The law (1 − q)δ_0 + q N(mean, deviation²). Without a deviation two atoms; else smooth weights, whose path is the
 * trapezoidal rule on a line below the axis, exact to rounding for every f that is analytic above it. Weights of the rarer sign are
 * left out where they are less than 2e-12 of the open ones.
 *
 * @throws UsageError for a share outside (0, 1], a deviation that is negative, or numbers that are not finite
 */
export function gatedNormalWeights({ openShare, mean, deviation }: OpenWeights): WeightLaw {
  const caller = 'gatedNormalWeights';
  if (!(openShare > 0 && openShare <= 1))
    throw new UsageError(`${caller}: openShare must be above 0 and at most 1, got ${openShare}`);
  if (!Number.isFinite(mean)) throw new UsageError(`${caller}: mean must be a finite number, got ${mean}`);
  if (!(deviation >= 0 && Number.isFinite(deviation)))
    throw new UsageError(`${caller}: deviation must be finite and at least 0, got ${deviation}`);
  if (deviation === 0) return discreteMeasure([0, mean], [1 - openShare, openShare]);
  const size = Math.abs(mean);
  const isSigned = size < reach * deviation;
  const quadrature = realRule({ openShare, mean, deviation });
  return {
    quadrature,
    sign: mean < 0 ? -1 : 1,
    path: once((): ContourMeasure => {
      const real = mean < 0 ? realRule({ openShare, mean: size, deviation }) : quadrature;
      return {
        ...shiftedNormal({ openShare, mean: size, deviation }),
        ...(isSigned ? { smallest: -Infinity } : {}),
        largest: Infinity,
        liveMass: openShare,
        real,
      };
    }),
  } satisfies SmoothWeights;
}

/** Points of the grid, in standard deviations. */
const grid = Float64Array.from({ length: 2 * Math.round(reach / step) + 1 }, (_, k) => k * step - reach);

function realRule({ openShare, mean, deviation }: OpenWeights): DiscreteMeasure {
  const densities = grid.map(normalDensity);
  const total = densities.reduce((sum, density) => sum + density, 0);
  return discreteMeasure(
    [0, ...grid.map((t) => mean + deviation * t)],
    [1 - openShare, ...densities.map((density) => (openShare * density) / total)],
  );
}

function shiftedNormal({ openShare, mean, deviation }: OpenWeights) {
  // The path of the line t − i·depth may go further out than the real rule: its masses fall by the same Gaussian.
  const densities = Array.from(grid, (t) => complexNormalDensity({ re: t, im: -depth }));
  return {
    nodesRe: grid.map((t) => mean + deviation * t),
    nodesIm: grid.map(() => -deviation * depth),
    massesRe: Float64Array.from(densities, ({ re }) => openShare * step * re),
    massesIm: Float64Array.from(densities, ({ im }) => openShare * step * im),
  };
}
