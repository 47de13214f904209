/**
 * Limits as C → ∞ that a claim shows, held against what shares no code with them. No draw is needed: a difference beyond
 * the stated bound is a failure of an exact statement.
 *
 * - Linear CE and hidden MSE: the exact ratio at C = 10⁶, from which the limit differs by at most a multiple of 1/C.
 * - Hidden and output CE under normal V and ReLU: the closed forms that the claims state, T_1, T_2 and K″(2t)/K″(t),
 *   against the product of expectations over units that `frobeniusRatio` takes for any activation and entry law.
 */
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../../../theory/models/index.js';
import { gatedKernel } from '../../../theory/network/gatedKernel.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { activations, hasSoftmaxWeights, paperInitialisation } from '../../../theory/names.js';

export interface LimitCheck {
  /** Empty where the limit holds. */
  readonly failures: readonly string[];
  /** One sentence for a reader: what the limit was held against, or that it is shown and not judged. */
  readonly note: string;
}

export type RatioSpec = Omit<FrobeniusRatioSpec, 'classes'>;

/** `ratioAt` is `frobeniusRatio`, or one that remembers. */
export function limitCheck(
  spec: RatioSpec,
  ratioAt: (spec: FrobeniusRatioSpec) => FrobeniusRatio,
  name: string,
): LimitCheck {
  const { limit } = ratioAt({ ...spec, classes: Infinity });
  if (!Number.isFinite(limit)) return { failures: [], note: '' };
  const judge = (other: number, bound: number, against: string): LimitCheck => {
    const gap = Math.abs(limit / other - 1);
    return {
      failures:
        gap <= bound
          ? []
          : [`${name}: the limit ${limit} differs from ${against}, ${other}, by ${gap.toPrecision(2)} of it`],
      note: `${name}: the limit as C → ∞ is held against ${against}, to ${bound.toPrecision(1)} of it.`,
    };
  };
  const constant = firstOrder(spec);
  if (constant !== undefined) {
    const { scaled } = ratioAt({ ...spec, classes: manyClasses });
    return judge(scaled, constant / manyClasses, `the exact value at C = ${manyClasses}`);
  }
  const stated = statedLimit(spec);
  return stated === undefined
    ? { failures: [], note: `${name}: the limit as C → ∞ is shown, not judged: no closed form is stated for this V.` }
    : judge(stated, 1e-9, 'the closed form of the claim');
}

const manyClasses = 1e6;

/** Bound on C times the relative difference between the exact ratio and its limit; `undefined` where none is stated. */
function firstOrder(spec: RatioSpec): number | undefined {
  if (hasSoftmaxWeights(spec.model, spec.loss)) return softmaxConstant(spec);
  return spec.loss === 'mse' ? kurtosisConstant : undefined;
}

/** Hidden MSE: C r = limit · C/(C + κ − 1), κ ≤ 3 the kurtosis of an entry of V; 1 more for the second order. */
const kurtosisConstant = 3;

/**
 * Linear CE: C p = X/S with X = e^{z − s²/2} and S its mean over classes. To first order in 1/C, with v = Var X = e^{s²} −
 * 1 and M_k = E X^{k+1}/E X^k = e^{ks²},
 *
 *   E(C²p p′)^k = (E X^k)² {1 + [k(2k + 1)v − 4k(M_k − 1)]/C},
 *   E(C p(1 − p))^k = E X^k {1 + [k(k + 1)v/2 − k(M_k − 1) − k M_k]/C}.
 *
 * Four such terms make the ratio (a square counts twice): the sum of their sizes, doubled for the second order.
 */
function softmaxConstant({ logitVariance = 1 }: RatioSpec): number {
  const spread = Math.expm1(logitVariance);
  const tilt = (k: number): number => Math.exp(k * logitVariance);
  const off = (k: number): number => Math.abs(k * (2 * k + 1) * spread - 4 * k * (tilt(k) - 1));
  const diagonal = (k: number): number => Math.abs((k * (k + 1) * spread) / 2 - k * (tilt(k) - 1) - k * tilt(k));
  return 2 * (2 * off(1) + off(2) + 2 * diagonal(1) + diagonal(2));
}

/** The closed forms in the claims' formulas; `undefined` where they state none. */
function statedLimit(spec: RatioSpec): number | undefined {
  const { layer, width = 0, aspectRatio, activation } = spec;
  const product = spec.logitVariance ?? normalProduct(spec);
  if (activation === undefined || !activations[activation].gated || product === undefined) return undefined;
  const t = product / width;
  if (layer === 'output') return secondDerivative(2 * t, width) / secondDerivative(t, width);
  const [value, first] = gatedKernel(t);
  const bulk = (1 - 2 * t) ** -0.5;
  const sampling = ((t * (1 - t) * bulk ** 3) / 2) ** 2 * (0.5 + bulk / 2) ** (width - 2);
  const mean = (t * value + t * t * first) ** 2 * (0.75 + value) ** (width - 2);
  return (4 * (aspectRatio * sampling + mean)) / (t * t * (2 * aspectRatio + 1));
}

/** Product of the two layers' variance factors as C → ∞; `undefined` unless V is normal and does not vanish. */
function normalProduct({ model, width = 0, initialisation = paperInitialisation }: RatioSpec): number | undefined {
  const sizes = { model, dimension: Infinity, width, classes: Infinity };
  const { hidden, output } = initialisationScheme(initialisation, sizes);
  const product = (hidden?.varianceFactor ?? 0) * output.varianceFactor;
  return output.distribution === 'normal' && product > 0 ? product : undefined;
}

/** K″ of K(t) = (¾ + J(t))^m. */
function secondDerivative(t: number, width: number): number {
  const [value, first, second] = gatedKernel(t);
  const base = 0.75 + value;
  return width * (width - 1) * base ** (width - 2) * first ** 2 + width * base ** (width - 1) * second;
}
