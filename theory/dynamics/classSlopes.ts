import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { discreteMeasure, gaussQuadrature } from '../measures/index.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { activations, type ActivationName } from '../names.js';

/** Mass of a tail that no number of classes that fits a machine shows. */
const negligible = 1e-12;

/** Mass that thin nodes of a smooth law are gathered to: it moves the distribution function of the spectrum by 1e-8. */
const groupMass = 1e-3;

/** Most samples a class for which the law is summed; beyond, its spread is below 1 % and Infinity is meant. */
const mostSamples = 1e6;
const mostSmoothSamples = 1e4;

/**
 * The law of (C/N) Σ σ′(u_n)² over the samples of one class, as N and C → ∞ at N/C = `samplesPerClass` and labels are
 * random: K of them, K ~ Poisson(N/C), with u ~ N(0, preactivationVariance). Mean E σ′².
 *
 * A gate's σ′² is 0 or 1: k of the samples are open, k ~ Poisson(q N/C), q = ½, exactly. A smooth σ′² makes a compound
 * Poisson law: σ′² is spread over a lattice that keeps its mean, and the lattice's law is summed by its recursion
 * (Panjer 1981); E σ′⁴ is then too large by at most a quarter of the squared step, 4e-6 of the largest σ′⁴ up to 64 samples
 * a class and 6e-5 beyond.
 *
 * @param samplesPerClass at most 1e6, and 1e4 for smooth activations
 * @throws UsageError for a number of samples out of range
 */
export function classSlopes(
  samplesPerClass: number,
  activation: ActivationName,
  preactivationVariance: number,
): DiscreteMeasure {
  const { gated } = activations[activation];
  const most = gated ? mostSamples : mostSmoothSamples;
  if (!(samplesPerClass > 0 && samplesPerClass <= most))
    throw new UsageError(
      `residualPartLaw: samplesPerClass must lie above 0 and at most at ${most} with ${activation}, got ${samplesPerClass}: beyond, the law is that of Infinity, Marčenko–Pastur`,
    );
  if (gated) return scaledMasses(poissonMasses(samplesPerClass / 2), 1 / samplesPerClass);
  const cells = samplesPerClass <= 64 ? 256 : 64;
  const { severity, step } = slopePowers(activation, preactivationVariance, cells);
  return gatheredNodes(scaledMasses(compoundPoissonMasses(samplesPerClass, severity), step / samplesPerClass));
}

/** P(K = k) for k = 0, 1, …, from the mode outwards; what is cut off is negligible. */
function poissonMasses(mean: number): Float64Array {
  const mode = Math.floor(mean);
  const reach = Math.ceil(12 * Math.sqrt(mean) + 40);
  const masses = new Float64Array(mode + reach + 1);
  masses[mode] = 1;
  for (let k = mode + 1; k < masses.length; k++) masses[k] = (masses[k - 1] * mean) / k;
  for (let k = mode; k > 0; k--) masses[k - 1] = (masses[k] * k) / mean;
  return masses;
}

/** The law of σ′² on the lattice 0, step, …, cells·step, each value shared by its two neighbours so that the mean stays. */
function slopePowers(
  activation: ActivationName,
  variance: number,
  cells: number,
): { severity: Float64Array; step: number } {
  // The trapezoidal rule of a normal density, whose error is below rounding at a quarter of a standard deviation.
  const { first } = activationFunctions(activation);
  const points = 4001;
  const powers = new Float64Array(points);
  const masses = new Float64Array(points);
  let largest = 0;
  let total = 0;
  for (let k = 0; k < points; k++) {
    const normal = (18 * k) / (points - 1) - 9;
    powers[k] = first(Math.sqrt(variance) * normal) ** 2;
    total += masses[k] = Math.exp(-0.5 * normal * normal);
    largest = Math.max(largest, powers[k]);
  }
  const step = largest / cells;
  const severity = new Float64Array(cells + 1);
  for (let k = 0; k < points; k++) {
    const place = powers[k] / step;
    const below = Math.min(Math.floor(place), cells - 1);
    severity[below] += (masses[k] / total) * (below + 1 - place);
    severity[below + 1] += (masses[k] / total) * (place - below);
  }
  return { severity, step };
}

/**
 * Masses of a sum of Poisson(rate) values of law `severity` on 0, 1, …, by s p_s = rate Σ_j j f_j p_{s−j}; up to a common
 * factor, which is scaled down as they grow.
 */
function compoundPoissonMasses(rate: number, severity: Float64Array): Float64Array {
  const most = severity.length - 1;
  let mean = 0;
  let square = 0;
  severity.forEach((mass, j) => {
    mean += rate * mass * j;
    square += rate * mass * j * j;
  });
  const masses = new Float64Array(Math.ceil(mean + 12 * Math.sqrt(square) + 40 * most) + 1);
  masses[0] = 1;
  for (let s = 1; s < masses.length; s++) {
    let sum = 0;
    for (let j = 1; j <= Math.min(s, most); j++) sum += j * severity[j] * masses[s - j];
    masses[s] = (rate * sum) / s;
    if (masses[s] > 1e250) for (let k = 0; k <= s; k++) masses[k] *= 1e-250;
  }
  return masses;
}

/** Masses on 0, unit, 2·unit, …, normalised, without tails that are negligible. */
function scaledMasses(masses: Float64Array, unit: number): DiscreteMeasure {
  let total = 0;
  for (const mass of masses) total += mass;
  const [from, to] = [firstBeyond(masses, total), masses.length - firstBeyond(masses.slice().reverse(), total)];
  let kept = 0;
  for (let k = from; k < to; k++) kept += masses[k];
  return discreteMeasure(
    Array.from({ length: to - from }, (_, k) => (from + k) * unit),
    masses.slice(from, to).map((mass) => mass / kept),
  );
}

/** The first place before which the masses sum to what is not negligible. */
function firstBeyond(masses: Float64Array, total: number): number {
  let sum = 0;
  return masses.findIndex((mass) => (sum += mass) > negligible * total);
}

/**
 * Thin nodes in groups, each replaced by the two that keep its mass and first three moments: else every node of the
 * tails made an interval of the spectrum. The value 0 stays by itself.
 */
function gatheredNodes({ nodes, masses }: DiscreteMeasure): DiscreteMeasure {
  const gathered: number[] = [];
  const gatheredMasses: number[] = [];
  let from = 0;
  let sum = 0;
  masses.forEach((mass, k) => {
    sum += mass;
    if (nodes[k] !== 0 && sum < groupMass && k < nodes.length - 1) return;
    const group = gaussQuadrature(nodes.subarray(from, k + 1), masses.subarray(from, k + 1), Math.min(2, k + 1 - from));
    gathered.push(...group.nodes);
    gatheredMasses.push(...group.masses);
    from = k + 1;
    sum = 0;
  });
  return discreteMeasure(gathered, gatheredMasses);
}
