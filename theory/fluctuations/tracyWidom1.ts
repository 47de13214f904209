import { UsageError } from '../errors.js';
import { airy } from '../numerics/airy.js';
import { gaussLegendre } from '../numerics/gaussLegendre.js';

/** Published moments (Bornemann, arXiv 0904.1581, table of F₁): mean and variance. */
export const tracyWidom1Mean = -1.206533574582;
/** Variance of F₁, from the same table as `tracyWidom1Mean`. */
export const tracyWidom1Variance = 1.607781034581;

/** Beyond this point the survival function is below the smallest normal number. */
const farRight = 100;

/** Below −10 F₁ is under 1e-22, less than the determinant's rounding. */
const leftEnd = -10;
const determinantNodes = 64;
const unitInterval = gaussLegendre(determinantNodes, 0, 1);

/**
 * The Tracy–Widom law for β = 1, the limit of the centred and scaled largest eigenvalue of a real symmetric ensemble,
 * from the Fredholm determinant F₁(s) = det(1 − K_s) on L²(0, ∞), K_s(x, y) = ½ Ai((x + y)/2 + s) (Ferrari and Spohn,
 * math-ph/0505012), discretised at Gauss–Legendre nodes (Bornemann, arXiv 0804.2543; 0904.1581).
 *
 * Accuracy: 1e-14 absolute everywhere; the survival function and the density also keep 1e-12 relative in the right
 * tail. Left of −10 (F₁ < 1e-22) the law is reported as 0.
 */
export const tracyWidom1 = {
  /** F₁(s) = P(TW₁ ≤ s). */
  cdf(s: number): number {
    return Math.exp(logCdf(s));
  },
  /** P(TW₁ > s), with its own digits far to the right. */
  survival(s: number): number {
    return -Math.expm1(logCdf(s));
  },
  /** F₁′(s) = −F₁ tr((1 − K_s)^{-1} ∂K_s/∂s). */
  density,
  quantile,
} as const;

function logCdf(s: number): number {
  if (Number.isNaN(s)) throw new UsageError('tracyWidom1: the point must be a number, got NaN');
  if (s < leftEnd) return -Infinity;
  if (s > farRight) return -0;
  const { kernel } = discretise(s);
  // Elimination in terms of K rather than 1 − K: far to the right every update is a sum of positive terms, so log det
  // keeps its relative accuracy where the determinant itself is 1 to the last digit.
  let log = 0;
  for (let p = 0; p < determinantNodes; p++) {
    const pivot = 1 - kernel[p * determinantNodes + p]!;
    log += Math.log1p(-kernel[p * determinantNodes + p]!);
    for (let row = p + 1; row < determinantNodes; row++) {
      const factor = kernel[row * determinantNodes + p]! / pivot;
      for (let column = p + 1; column < determinantNodes; column++) {
        kernel[row * determinantNodes + column]! += factor * kernel[p * determinantNodes + column]!;
      }
    }
  }
  return log;
}

function density(s: number): number {
  if (Number.isNaN(s)) throw new UsageError('tracyWidom1: the point must be a number, got NaN');
  if (s < leftEnd || s > farRight) return 0;
  const { kernel, slope } = discretise(s);
  // Gauss–Jordan on [1 − K | ∂K]: turns the right half into (1 − K)^{-1} ∂K. 1 − K is positive definite: no pivoting.
  let determinant = 1;
  for (let i = 0; i < kernel.length; i++) kernel[i] = (i % (determinantNodes + 1) === 0 ? 1 : 0) - kernel[i]!;
  for (let p = 0; p < determinantNodes; p++) {
    const pivot = kernel[p * determinantNodes + p]!;
    determinant *= pivot;
    for (let row = 0; row < determinantNodes; row++) {
      if (row === p) continue;
      const factor = kernel[row * determinantNodes + p]! / pivot;
      for (let column = p + 1; column < determinantNodes; column++)
        kernel[row * determinantNodes + column]! -= factor * kernel[p * determinantNodes + column]!;
      for (let column = 0; column < determinantNodes; column++)
        slope[row * determinantNodes + column]! -= factor * slope[p * determinantNodes + column]!;
    }
  }
  let trace = 0;
  for (let p = 0; p < determinantNodes; p++)
    trace += slope[p * determinantNodes + p]! / kernel[p * determinantNodes + p]!;
  return -determinant * trace;
}

/** √w_i K(x_i, x_j) √w_j and its derivative in s, row-major. */
function discretise(s: number): { kernel: Float64Array; slope: Float64Array } {
  // Ai(x/2 + s) is below 1e-19 of its value at max(s, 0) beyond this length.
  const length = 2 * (Math.max(-s, 0) + 10);
  const { nodes, masses } = unitInterval;
  const kernel = new Float64Array(determinantNodes * determinantNodes);
  const slope = new Float64Array(determinantNodes * determinantNodes);
  for (let i = 0; i < determinantNodes; i++) {
    for (let j = i; j < determinantNodes; j++) {
      const { value, derivative } = airy((length * (nodes[i]! + nodes[j]!)) / 2 + s);
      const mass = 0.5 * length * Math.sqrt(masses[i]! * masses[j]!);
      kernel[i * determinantNodes + j] = kernel[j * determinantNodes + i] = mass * value;
      slope[i * determinantNodes + j] = slope[j * determinantNodes + i] = mass * derivative;
    }
  }
  return { kernel, slope };
}

/**
 * The point s with F₁(s) = p, for 1e-10 ≤ p ≤ 1 − 1e-15, to about 1e-13 / density.
 *
 * @throws UsageError for p outside that range
 */
function quantile(p: number): number {
  if (!(p >= 1e-10 && p <= 1 - 1e-15)) {
    throw new UsageError(`tracyWidom1.quantile: p must lie between 1e-10 and 1 - 1e-15, got ${p}`);
  }
  let [lower, upper] = [leftEnd, 25];
  let s = -1.2;
  for (let step = 0; step < 200; step++) {
    const excess = p < 0.5 ? tracyWidom1.cdf(s) - p : 1 - p - tracyWidom1.survival(s);
    if (excess === 0) return s;
    if (excess > 0) upper = s;
    else lower = s;
    const newton = s - excess / density(s);
    const next = newton > lower && newton < upper ? newton : (lower + upper) / 2;
    if (Math.abs(next - s) <= 1e-14 * (1 + Math.abs(s))) return next;
    s = next;
  }
  return s;
}
