import type { BlockKind } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import { requireClasses, requireLogitVariance } from '../requirements.js';
import { keptSoftmaxTransform, type SoftmaxTransform } from './softmaxTransform.js';

/** 'raw' leaves p as it is; 'rate' multiplies each p by C, the scaling that has a limit as C → ∞. */
export type SoftmaxScaling = 'raw' | 'rate';

/** E Π p_c^{k_c}: the softmax and the exponents. */
export interface SoftmaxMomentOptions {
  /** C ≥ 2, or Infinity with scaling 'rate'. */
  readonly classes: number;
  /** s², variance of the independent normal logits, in (0, 4]. */
  readonly logitVariance: number;
  /** Whole exponents k_c ≥ 0 of as many classes as are listed, sum at most 64. */
  readonly exponents: readonly number[];
  readonly scaling?: SoftmaxScaling;
}

/**
 * Mixed moment E[Π_c p_c^{k_c}] of softmax probabilities of C independent logits z_c ~ N(0, s²).
 *
 * E[Π p_c^{k_c}] = (1/Γ(K)) ∫_0^∞ t^{K−1} Π ψ_{k_c}(t) ψ_0(t)^{C−#} dt with ψ_k(t) = E[e^{kz} e^{−t e^z}], K = Σ k_c
 * (paper-notes.md, softmax weights), by the trapezoidal rule in log t. At C = ∞ (scaling 'rate' only) exp(s² Σ
 * k(k−1)/2). Every term is positive. Relative error below 1e-12 for C up to 1e7, s² ≤ 4 and K ≤ 16, against mpmath. The
 * cost does not depend on C.
 * @throws UsageError for C not a whole number ≥ 2, s² outside (0, 4], exponents that are not whole numbers ≥ 0.
 */
export function softmaxMoment(options: SoftmaxMomentOptions): number {
  const { classes, logitVariance, exponents } = options;
  const scaling = scalingFor('softmaxMoment', classes, options.scaling);
  requireLogitVariance('softmaxMoment', logitVariance);
  const used = exponents.filter((exponent) => exponent !== 0);
  const total = used.reduce((sum, exponent) => sum + exponent, 0);
  if (!used.every((exponent) => Number.isInteger(exponent) && exponent > 0) || total > largestOrder) {
    throw new UsageError(
      `softmaxMoment: exponents must be whole numbers ≥ 0 with sum at most ${largestOrder}, got ${exponents.join(', ')}`,
    );
  }
  if (used.length > classes) {
    throw new UsageError(`softmaxMoment: ${used.length} exponents need as many classes, got classes = ${classes}`);
  }
  if (total === 0) return 1;
  if (classes === Infinity) return limitMoment(logitVariance, used);
  const transform = keptSoftmaxTransform(logitVariance);
  const rest = classes - used.length;
  const logMoment = integrateLogConcave(total, classes, logitVariance, (logArgument) => {
    let sum = rest * transform.logLaplace(logArgument);
    for (const exponent of used) sum += transform.logMoment(exponent, logArgument);
    return sum;
  });
  return Math.exp(logMoment + (scaling === 'rate' ? total * Math.log(classes) : 0));
}

/** E a^k: the block whose weight is meant, and k. */
export interface SoftmaxWeightMomentOptions {
  readonly classes: number;
  readonly logitVariance: number;
  readonly block: BlockKind;
  /** k from 0 to 8 in the tested range; up to 32 accepted. */
  readonly order: number;
  /** 'rate' multiplies the weight by C on the diagonal and by C² off it. */
  readonly scaling?: SoftmaxScaling;
}

/**
 * E[a^k] of the weight of a linear cross-entropy block: a = p(1 − p) on the diagonal, a = −p_i p_j off it. On the
 * diagonal 1 − p is kept as the sum of the other probabilities, so that nothing cancels: E[(p(1−p))^k] = (1/Γ(2k)) ∫
 * t^{2k−1} ψ_k(t) E[S^k e^{−tS}] dt, S the sum of the other C − 1 lognormals, whose moments follow a recursion with
 * positive terms. Accuracy as `softmaxMoment`.
 */
export function softmaxWeightMoment(options: SoftmaxWeightMomentOptions): number {
  const { classes, logitVariance, block, order } = options;
  const scaling = scalingFor('softmaxWeightMoment', classes, options.scaling);
  if (!Number.isInteger(order) || order < 0 || order > largestOrder / 2) {
    throw new UsageError(
      `softmaxWeightMoment: order must be a whole number from 0 to ${largestOrder / 2}, got ${order}`,
    );
  }
  if (order === 0) return 1;
  if (block === 'off-diagonal') {
    const sign = order % 2 === 0 ? 1 : -1;
    return sign * softmaxMoment({ classes, logitVariance, exponents: [order, order], scaling });
  }
  requireLogitVariance('softmaxWeightMoment', logitVariance);
  if (classes === Infinity) return limitMoment(logitVariance, [order]);
  const transform = keptSoftmaxTransform(logitVariance);
  const logMoment = integrateLogConcave(2 * order, classes, logitVariance, (logArgument) => {
    const others = logSumMoment(transform, classes - 1, order, logArgument);
    return transform.logMoment(order, logArgument) + others;
  });
  return Math.exp(logMoment + (scaling === 'rate' ? order * Math.log(classes) : 0));
}

const largestOrder = 64;

function scalingFor(caller: string, classes: number, scaling: SoftmaxScaling | undefined): SoftmaxScaling {
  requireClasses(caller, classes);
  if (classes === Infinity && scaling !== 'rate') {
    throw new UsageError(
      `${caller}: classes = Infinity has a limit only with scaling 'rate', got '${scaling ?? 'raw'}'`,
    );
  }
  return scaling ?? 'raw';
}

/** C p → e^{z − s²/2}. */
function limitMoment(logitVariance: number, exponents: readonly number[]): number {
  return Math.exp(logitVariance * exponents.reduce((sum, k) => sum + (k * (k - 1)) / 2, 0));
}

/**
 * log E[S^k e^{−tS}] for S a sum of n lognormals: E[S·f] = n E[y·f] class by class, so each step lowers k and n by one.
 */
function logSumMoment(transform: SoftmaxTransform, count: number, order: number, logArgument: number): number {
  const logLaplace = transform.logLaplace(logArgument);
  const ratios: number[] = [1];
  for (let j = 1; j <= order; j += 1) ratios.push(Math.exp(transform.logMoment(j, logArgument) - logLaplace));
  const relative = (k: number, n: number): number => {
    if (k === 0) return 1;
    if (n <= 0) return 0;
    let sum = 0;
    let binomial = 1;
    for (let j = 0; j < k; j += 1) {
      sum += binomial * ratios[j + 1] * moments[k - 1 - j][count - n + 1];
      binomial *= (k - 1 - j) / (j + 1);
    }
    return n * sum;
  };
  // moments[k][r] belongs to n = count − r; order k needs r up to order − k.
  const moments: number[][] = [];
  for (let k = 0; k <= order; k += 1) {
    moments.push([]);
    for (let removed = 0; removed <= order - k; removed += 1) moments[k].push(relative(k, count - removed));
  }
  return count * logLaplace + Math.log(moments[order][0]);
}

/**
 * log of (1/Γ(K)) ∫ t^{K−1} e^{f(log t)} dt for a log-concave integrand in log t: climbs to the peak, then sums outward
 * until the terms are below rounding. The integrand is a marginal of a log-concave density, hence log-concave
 * (Prékopa), so nothing is missed.
 */
function integrateLogConcave(
  order: number,
  classes: number,
  logitVariance: number,
  logFactor: (logArgument: number) => number,
): number {
  // Multiples of the step, which is the same for all orders up to 6: integrals then share values of the transform.
  const step = Math.min(0.16, 0.4 / Math.sqrt(order));
  const values = new Map<number, number>();
  const at = (k: number): number => {
    let value = values.get(k);
    if (value === undefined) {
      const logArgument = k * step;
      value = order * logArgument + logFactor(logArgument);
      values.set(k, value);
    }
    return value;
  };
  let peak = Math.round((Math.log(order / classes) - logitVariance / 2) / step);
  for (let stride = 16; stride >= 1; stride /= 4) {
    while (at(peak + stride) > at(peak)) peak += stride;
    while (at(peak - stride) > at(peak)) peak -= stride;
  }
  const top = at(peak);
  if (!Number.isFinite(top)) {
    throw new NumericalError(`softmaxMoment: the integrand is not finite at log t = ${peak * step}`);
  }
  let sum = 1;
  for (const direction of [-1, 1]) {
    for (let k = direction; ; k += direction) {
      const below = at(peak + k) - top;
      if (!(below > -43)) break;
      sum += Math.exp(below);
    }
  }
  return top + Math.log(sum * step) - logFactorial(order - 1);
}

function logFactorial(n: number): number {
  let product = 0;
  for (let k = 2; k <= n; k += 1) product += Math.log(k);
  return product;
}
