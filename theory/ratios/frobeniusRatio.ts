import type { ActivationName, InitialisationName, Layer, LayerInitialisation, Loss, Model } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activations } from '../names.js';
import { initialisationScheme } from '../network/initialisationScheme.js';
import { requireClasses, requirePositive } from '../requirements.js';
import { hiddenCeLimit, type HiddenLimitOptions } from './hiddenCeLimit.js';
import { hiddenCeRatioNormal } from './hiddenCeRatioNormal.js';
import { hiddenCeRatioUniform } from './hiddenCeRatioUniform.js';
import { hiddenMseLimit, hiddenMseRatio } from './hiddenMseRatio.js';
import { linearCeScaledRatio } from './linearCeRatio.js';
import { outputCeLimit } from './outputCeLimit.js';
import { outputCeRatio } from './outputCeRatio.js';
import { readoutEntry } from '../network/readoutEntry.js';

export interface FrobeniusRatioSpec {
  readonly model: Model;
  readonly loss: Loss;
  /** The linear model has an output layer only. */
  readonly layer: Layer;
  /** C ≥ 2, or Infinity. */
  readonly classes: number;
  /** m; needed by the hidden model. Off-diagonal hidden blocks need m ≥ 2. */
  readonly width?: number;
  /** d/N. The output blocks of the hidden model do not depend on it (N → ∞ at fixed m). */
  readonly aspectRatio: number;
  /** Default 'relu'. Ignored by the linear model. */
  readonly activation?: ActivationName;
  /** Default 'lecun'. Not together with `logitVariance`. */
  readonly initialisation?: InitialisationName;
  /**
   * Linear: s², the logit variance. Hidden: the product of both layers' variance factors with normal V, so that t =
   * logitVariance/m; pre-activations then have variance 1 and V carries the rest (which matters to smooth activations
   * only).
   */
  readonly logitVariance?: number;
  /** d, used by Xavier's factors only; default Infinity. */
  readonly dimension?: number;
  /**
   * Roughly the number of multiplications spent where no closed form is known; default 2e8 for hidden blocks, 4e8 for
   * those whose limit diverges, 2e7 for output blocks.
   */
  readonly effort?: number;
}

export interface FrobeniusRatio {
  /**
   * r = E‖H_off‖²_F / E‖H_diag‖²_F, a ratio of expectations over V, W and x, in the limit d → ∞ at this C. 0 at C =
   * Infinity.
   */
  readonly ratio: number;
  /** Standard error of `ratio`; 0 where it is exact. */
  readonly ratioError: number;
  /** C^exponent · r. */
  readonly scaled: number;
  /** The rate: r falls like C^{−exponent}. */
  readonly exponent: 1 | 2;
  /** Limit of `scaled` as C → ∞ with m fixed; may be Infinity. */
  readonly limit: number;
  /** Why a limit is infinite, or a ratio exactly zero. */
  readonly reason?: string;
  /**
   * Hidden squared error with ReLU and normal V: E[‖H_off‖²/‖H_diag‖²], the expectation of the ratio, C − 2 in place of
   * C + 2; Infinity for C ≤ 2.
   */
  readonly expectationOfRatio?: number;
}

/** Where the limit diverges, a few inputs that lie alike carry the expectation: more points for the same error. */
const defaultEffort = { hidden: 2e8, hiddenHeavyTailed: 4e8, output: 2e7 };

/**
 * The Frobenius ratio of a block and its limit (paper-notes.md, Frobenius ratios): exact for every C for linear and
 * squared-error blocks, by a fixed integration with a stated error for hidden and output cross-entropy blocks at finite
 * C; limits exact for every model, activation and initialisation.
 * @throws UsageError for sizes out of range, a missing width, or initialisation and logitVariance together.
 */
export function frobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const caller = 'frobeniusRatio';
  const { model, loss, layer, classes, aspectRatio } = spec;
  requireClasses(caller, classes);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  if (spec.initialisation !== undefined && spec.logitVariance !== undefined) {
    throw new UsageError(
      `${caller}: give initialisation or logitVariance, not both, got '${spec.initialisation}' and ${spec.logitVariance}`,
    );
  }
  if (spec.logitVariance !== undefined) requirePositive(caller, 'logitVariance', spec.logitVariance);
  if (model === 'linear') {
    if (layer !== 'output')
      throw new UsageError(`${caller}: the linear model has an output layer only, got layer '${layer}'`);
    return linearRatio(spec);
  }
  const { width } = spec;
  if (width === undefined || !(Number.isInteger(width) && width >= 1)) {
    throw new UsageError(`${caller}: the hidden model needs width, a whole number of at least 1, got ${width}`);
  }
  if (layer === 'hidden' && width < 2)
    throw new UsageError(`${caller}: off-diagonal hidden blocks need width ≥ 2, got ${width}`);
  if (layer === 'output' && loss === 'mse') return vanishing;
  const finite = layersOf(spec, width, classes);
  const atLimit = layersOf(spec, width, Infinity);
  const vanishingReadout = spec.initialisation === 'xavier';
  if (layer === 'output') return outputRatio(spec, finite, atLimit, vanishingReadout);
  return loss === 'mse' ? hiddenMse(spec, finite) : hiddenCe(spec, finite, atLimit, vanishingReadout);
}

const vanishing: FrobeniusRatio = {
  ratio: 0,
  ratioError: 0,
  scaled: 0,
  exponent: 2,
  limit: 0,
  reason: 'Squared error does not couple the outputs: off-diagonal output blocks are exactly zero.',
};

function linearRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { loss, classes, aspectRatio, dimension = Infinity } = spec;
  if (loss === 'mse') return vanishing;
  const factor = (count: number): number =>
    spec.logitVariance ??
    initialisationScheme(spec.initialisation ?? 'lecun', { model: 'linear', dimension, width: 1, classes: count })
      .output.varianceFactor;
  // Xavier's variance falls as C grows past d: then s² → 0 and the limit is 1; with d infinite it is 2 at every C.
  const limitVariance = dimension === Infinity ? factor(Math.min(classes, Number.MAX_SAFE_INTEGER)) : factor(Infinity);
  const limit = limitVariance === 0 ? 1 : linearCeScaledRatio(Infinity, limitVariance, aspectRatio);
  const scaled = classes === Infinity ? limit : linearCeScaledRatio(classes, factor(classes), aspectRatio);
  return { ratio: scaled / classes / classes, ratioError: 0, scaled, exponent: 2, limit };
}

/** The two layers' laws as the limits take them; `entry` has variance 0 under Xavier at C = ∞. */
function layersOf(spec: FrobeniusRatioSpec, width: number, classes: number): HiddenLimitOptions {
  const { activation = 'relu', dimension = Infinity } = spec;
  const scheme: { hidden: LayerInitialisation; output: LayerInitialisation } =
    spec.logitVariance !== undefined
      ? {
          hidden: { varianceFactor: 1, distribution: 'normal' },
          output: { varianceFactor: spec.logitVariance, distribution: 'normal' },
        }
      : (initialisationScheme(spec.initialisation ?? 'lecun', { model: 'hidden', dimension, width, classes }) as {
          hidden: LayerInitialisation;
          output: LayerInitialisation;
        });
  return {
    width,
    activation,
    hiddenFactor: scheme.hidden.varianceFactor,
    entry: readoutEntry(scheme.output.distribution, scheme.output.varianceFactor / width),
  };
}

/**
 * E_V e^{…} over the tilts is finite iff 2t < 1, t = Var(v)·Var(u), for normal V and an activation that grows like u.
 */
function divergence({ width, activation, hiddenFactor, entry }: HiddenLimitOptions): string | undefined {
  if (activations[activation].bounded || entry.distribution === 'uniform') return undefined;
  const product = entry.variance * width * hiddenFactor;
  if (2 * product < width) return undefined;
  const smallest = Math.floor(2 * product + 1e-12) + 1;
  return (
    `The limit is finite only for width m > 2·${Number(product.toPrecision(6))} (twice the product of the two layers' variance factors), ` +
    `that is m ≥ ${smallest}; at m = ${width} the average of exp(|h|²·Var v) over inputs diverges, and C^k·r grows without bound although r at each finite C is finite.`
  );
}

function hiddenMse(spec: FrobeniusRatioSpec, layers: HiddenLimitOptions): FrobeniusRatio {
  const { classes, aspectRatio } = spec;
  const limit = hiddenMseLimit({ ...layers, aspectRatio });
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, exponent: 1, limit };
  const ratio = hiddenMseRatio({ ...layers, classes, aspectRatio });
  const common = { ratio, ratioError: 0, scaled: classes * ratio, exponent: 1 as const, limit };
  if (!activations[layers.activation].gated || layers.entry.distribution !== 'normal') return common;
  return { ...common, expectationOfRatio: classes > 2 ? (ratio * (classes + 2)) / (classes - 2) : Infinity };
}

function hiddenCe(
  spec: FrobeniusRatioSpec,
  layers: HiddenLimitOptions,
  atLimit: HiddenLimitOptions,
  vanishingReadout: boolean,
): FrobeniusRatio {
  const { classes, aspectRatio } = spec;
  let limit: number;
  let reason: string | undefined;
  if (vanishingReadout) {
    const smooth = !activations[layers.activation].gated;
    limit = smooth ? 0 : hiddenMseLimit({ ...layers, aspectRatio });
    reason = smooth
      ? "Xavier's readout variance falls like 1/C; the labels' term with σ″ then outweighs the curvature on the diagonal, and r falls like C^{-2}."
      : "Xavier's readout variance falls like 1/C, so the softmax becomes uniform and the limit is the squared-error one.";
  } else {
    reason = divergence(atLimit);
    limit = reason === undefined ? ratioOfLimit(atLimit, aspectRatio) : Infinity;
  }
  const withReason = reason === undefined ? {} : { reason };
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, exponent: 1, limit, ...withReason };
  const heavyTailed = divergence(layers) !== undefined;
  const { effort = heavyTailed ? defaultEffort.hiddenHeavyTailed : defaultEffort.hidden } = spec;
  const options = { ...layers, classes, aspectRatio, effort };
  const { ratio, standardError } =
    layers.entry.distribution === 'normal' ? hiddenCeRatioNormal(options) : hiddenCeRatioUniform(options);
  return { ratio, ratioError: standardError, scaled: classes * ratio, exponent: 1, limit, ...withReason };
}

function ratioOfLimit(layers: HiddenLimitOptions, aspectRatio: number): number {
  const { offSquare, offMeanSquare, diagonalSquare, diagonalMeanSquare } = hiddenCeLimit(layers);
  return (aspectRatio * offSquare + offMeanSquare) / (aspectRatio * diagonalSquare + diagonalMeanSquare);
}

function outputRatio(
  spec: FrobeniusRatioSpec,
  layers: HiddenLimitOptions,
  atLimit: HiddenLimitOptions,
  vanishingReadout: boolean,
): FrobeniusRatio {
  const { classes, effort = defaultEffort.output } = spec;
  const reason = vanishingReadout
    ? "Xavier's readout variance falls like 1/C, so the softmax becomes uniform and the limit is 1."
    : divergence(atLimit);
  const limit = vanishingReadout ? 1 : reason === undefined ? outputCeLimit(atLimit) : Infinity;
  const withReason = reason === undefined ? {} : { reason };
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, exponent: 2, limit, ...withReason };
  // Two classes have opposite weights p_1 p_2 on and off the diagonal.
  if (classes === 2) return { ratio: 1, ratioError: 0, scaled: 4, exponent: 2, limit, ...withReason };
  const { ratio, standardError } = outputCeRatio({ ...layers, classes, effort });
  return { ratio, ratioError: standardError, scaled: classes * classes * ratio, exponent: 2, limit, ...withReason };
}
