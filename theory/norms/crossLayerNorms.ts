import type { LayerInitialisation, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { readoutCoordinates } from './readoutCoordinates.js';

/** Two layers as they are initialised, and the sizes of the model. */
export interface CrossLayerSpec {
  readonly loss: Loss;
  readonly classes: number;
  readonly width: number;
  /** d/N. */
  readonly aspectRatio: number;
  readonly hidden: LayerInitialisation;
  readonly output: LayerInitialisation;
}

/**
 * Mean squared Frobenius norms of one cross-layer block (w_i, v_j), d×m, and of its parts, over inputs, labels and both
 * layers.
 */
export interface CrossLayerNorms {
  /** E‖residual part‖²: all of it in column i. */
  readonly residual: number;
  /** E‖curvature part‖², over all columns. */
  readonly curvature: number;
  /** residual / curvature. */
  readonly ratio: number;
  /** E‖column i of the block‖², both parts and their product. */
  readonly column: number;
  /** E‖all other columns of the block‖². */
  readonly otherColumns: number;
  /** Why a value is infinite. */
  readonly reason: string | undefined;
}

/**
 * Squared norms of the two parts of a cross-layer block at initialisation: ReLU, standard normal inputs, labels uniform
 * and independent of them (paper-notes.md, cross-layer blocks). Leading order in d and N with d/N fixed. Each part is
 * (1/N) Σ x_n s_n, whose squared norm is aspectRatio·E s² (sampling) + ‖E x s‖² (mean).
 *
 * Squared error: exact in C and m, any distribution of the layers with these variances. The ratio tends to 1 as C
 * grows. Cross-entropy: each coefficient to leading order in 1/C, those of the residual to order 1/C². The ratio grows
 * like C. For few classes, or a large logit variance, the corrections are large and `crossLayerNormsGivenReadout` is
 * exact. Under a normal output layer the coefficients diverge when the product of the variance factors over the width
 * is at least ½: Infinity, with the reason.
 *
 * Throws a UsageError unless classes ≥ 2 and width ≥ 1 are whole numbers and aspectRatio > 0.
 */
export function crossLayerNorms(spec: CrossLayerSpec): CrossLayerNorms {
  const { classes, width, aspectRatio } = spec;
  requireWhole('classes', classes, 2);
  requireWhole('width', width, 1);
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio))) {
    throw new UsageError(`crossLayerNorms: aspectRatio must be a finite number above 0, got ${aspectRatio}; give d/N`);
  }
  return spec.loss === 'mse' ? squaredErrorNorms(spec) : crossEntropyNorms(spec);
}

function squaredErrorNorms({ classes, width, aspectRatio, hidden, output }: CrossLayerSpec): CrossLayerNorms {
  const scale = (hidden.varianceFactor * output.varianceFactor) / width;
  const ownColumn = aspectRatio / 2 + 1 / 4;
  const otherColumn = aspectRatio / 4 + 1 / (4 * Math.PI ** 2) + 1 / 16;
  const otherColumns = scale * (width - 1) * otherColumn;
  const curvature = scale * ownColumn + otherColumns;
  const residual = curvature + aspectRatio / (2 * classes) + 1 / (2 * Math.PI * classes ** 2);
  return {
    residual,
    curvature,
    ratio: residual / curvature,
    column: residual + 3 * scale * ownColumn,
    otherColumns,
    reason: undefined,
  };
}

function crossEntropyNorms({ classes, width, aspectRatio, hidden, output }: CrossLayerSpec): CrossLayerNorms {
  const logitVariance = (hidden.varianceFactor * output.varianceFactor) / width;
  if (output.distribution === 'normal' && logitVariance >= 0.5) {
    return {
      residual: Infinity,
      curvature: Infinity,
      ratio: Number.NaN,
      column: Infinity,
      otherColumns: Infinity,
      reason: `the second moment of C·p is infinite: the product of the two variance factors over the width is ${logitVariance}, and must be below 1/2`,
    };
  }
  const unit = readoutCoordinates(hidden, output, width);
  const others = width - 1;
  const single = (exponent: number) => (exponent < 0 ? 0 : unit.freeSingle ** exponent);
  const pair = (exponent: number) => (exponent < 0 ? 0 : unit.freePair ** exponent);

  const ownSampling = unit.ownSingleSquare * single(others);
  const otherSampling = others * unit.ownSingle * unit.freeSingleSquare * single(others - 1);
  const ownMean =
    unit.ownPairBoth * pair(others) + others * unit.ownPairFeature * unit.freePairInput * pair(others - 1);
  const otherMean =
    others * (unit.ownPairInput * unit.freePairFeature + unit.ownPair * unit.freePairBoth) * pair(others - 1) +
    others * (others - 1) * unit.ownPair * unit.freePairFeature * unit.freePairInput * pair(others - 2);
  const residualMean =
    unit.gatePairInput * pair(others) +
    others * unit.gatePair * unit.freePairInput * pair(others - 1) -
    1 / (2 * Math.PI);
  const productMean =
    unit.ownPairProductInput * pair(others) + others * unit.ownPairProduct * unit.freePairInput * pair(others - 1);

  const perPair = 1 / classes ** 2;
  const own = perPair * (aspectRatio * ownSampling + ownMean);
  const otherColumns = perPair * (aspectRatio * otherSampling + otherMean);
  const residual =
    aspectRatio / (2 * classes) + perPair * (aspectRatio * (unit.gateSingle * single(others) - 1) + residualMean);
  const product = perPair * (aspectRatio * unit.ownSingleProduct * single(others) + productMean);
  const curvature = own + otherColumns;
  return {
    residual,
    curvature,
    ratio: residual / curvature,
    column: residual + 2 * product + own,
    otherColumns,
    reason: undefined,
  };
}

function requireWhole(name: string, value: number, smallest: number): void {
  if (!Number.isSafeInteger(value) || value < smallest) {
    throw new UsageError(
      `crossLayerNorms: ${name} must be a whole number of at least ${smallest}, got ${value}; give a whole number`,
    );
  }
}
