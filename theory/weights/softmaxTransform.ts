import { NumericalError } from '../errors.js';

/**
 * The tilted Laplace transform of a lognormal variable, ψ_k(t) = E[e^{kz} exp(−t e^z)] with z ~ N(0, s²), in logarithm,
 * and 1 − ψ_0(t) without cancellation.
 *
 * The integrand is log-concave and entire in z: the trapezoidal rule around its peak converges exponentially. Every
 * term is positive, so the relative error is a few units of rounding (measured: below 2e-14 for s² in [1e-4, 4], k ≤
 * 16, all t). Source: exponential convergence of the trapezoidal rule, Trefethen & Weideman, SIAM Review 56 (2014).
 */
export interface SoftmaxTransform {
  /** log ψ_k(t) at t = exp(logArgument). */
  logMoment(order: number, logArgument: number): number;
  /** log ψ_0(t), accurate relative to log ψ_0 even when ψ_0 is within rounding of 1. */
  logLaplace(logArgument: number): number;
}

/** Terms below this fraction of the peak are dropped; the neglected mass is smaller than rounding. */
const negligible = 43;

export function softmaxTransform(logitVariance: number): SoftmaxTransform {
  return {
    logMoment: (order, logArgument) => logMoment(logitVariance, order, logArgument),
    logLaplace: (logArgument) => logLaplace(logitVariance, logArgument),
  };
}

/**
 * The transform with its values kept: those at one argument do not know C, nor which moment they are summed for, so that
 * integrals over a common grid of arguments share them. The transforms of the last few variances are kept.
 */
export function keptSoftmaxTransform(logitVariance: number): SoftmaxTransform {
  let transform = kept.get(logitVariance);
  if (transform === undefined) {
    const laplace = new Map<number, number>();
    const moments: Map<number, number>[] = [];
    transform = {
      logMoment: (order, logArgument) =>
        valueAt((moments[order] ??= new Map()), logArgument, () => logMoment(logitVariance, order, logArgument)),
      logLaplace: (logArgument) => valueAt(laplace, logArgument, () => logLaplace(logitVariance, logArgument)),
    };
  }
  kept.delete(logitVariance);
  kept.set(logitVariance, transform);
  if (kept.size > transformsKept) kept.delete(kept.keys().next().value!);
  return transform;
}

/** A quadrature over the logits' variance asks for fifteen, some 100 kB each. */
const transformsKept = 64;
const kept = new Map<number, SoftmaxTransform>();

function valueAt(values: Map<number, number>, argument: number, compute: () => number): number {
  let value = values.get(argument);
  if (value === undefined) values.set(argument, (value = compute()));
  return value;
}

function logMoment(variance: number, order: number, logArgument: number): number {
  const peak = peakOf(variance, order, logArgument);
  const curvature = 1 / variance + Math.exp(logArgument + peak);
  const step = trapezoidStep(curvature);
  const exponent = (z: number): number => order * z - (0.5 * z * z) / variance - Math.exp(logArgument + z);
  const top = exponent(peak);
  let sum = 1;
  for (const direction of [-step, step]) {
    for (let k = 1; ; k += 1) {
      const below = exponent(peak + k * direction) - top;
      if (below < -negligible) break;
      sum += Math.exp(below);
    }
  }
  return top + Math.log((sum * step) / Math.sqrt(2 * Math.PI * variance));
}

function logLaplace(variance: number, logArgument: number): number {
  // Where most of the mass has e^{z} t above one, the transform itself is small and its own sum keeps the digits.
  if (logArgument > -0.3) {
    const direct = logMoment(variance, 0, logArgument);
    if (direct < -0.5) return direct;
  }
  const standardDeviation = Math.sqrt(variance);
  const step = trapezoidStep(1 / variance + 1);
  // The integrand φ(z)(1 − exp(−t e^z)) peaks between 0 and s², its peak when t is small.
  const lower = -9.4 * standardDeviation;
  const upper = variance + 9.4 * standardDeviation;
  let complement = 0;
  for (let z = lower; z <= upper; z += step) {
    complement -= Math.exp((-0.5 * z * z) / variance) * Math.expm1(-Math.exp(logArgument + z));
  }
  return Math.log1p((-complement * step) / Math.sqrt(2 * Math.PI * variance));
}

/**
 * A step that puts the trapezoidal error, about exp(−2π²/(h²·curvature)), below rounding; the double exponential adds
 * its own strip of analyticity.
 */
function trapezoidStep(curvature: number): number {
  return Math.min(0.16, 0.5 / Math.sqrt(curvature));
}

/**
 * Solves k − z/s² = e^{log t + z}: the left side falls, the right side rises, so Newton from the left of the root is
 * safe.
 */
function peakOf(variance: number, order: number, logArgument: number): number {
  const free = variance * order;
  let z = Math.min(free, 0.5 * (free - logArgument));
  for (let step = 0; step < 200; step += 1) {
    const rise = Math.exp(Math.min(logArgument + z, 700));
    const value = z / variance + rise - order;
    const change = value / (1 / variance + rise);
    z -= Math.max(-5, Math.min(5, change));
    if (Math.abs(change) <= 1e-8 * (1 + Math.abs(z))) return z;
  }
  throw new NumericalError(
    `softmaxTransform: no peak of the integrand found at log t = ${logArgument}, order ${order}`,
  );
}
