import type { LayerInitialisation, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { gatedKernel } from './gatedKernel.js';

export interface CrossLayerSpec {
  readonly loss: Loss;
  readonly classes: number;
  readonly width: number;
  /** d/N. */
  readonly aspectRatio: number;
  readonly hidden: LayerInitialisation;
  readonly output: LayerInitialisation;
}

/** Mean squared Frobenius norms of one cross-layer block (w_i, v_j), d×m, and of its parts, over inputs, labels and both layers. */
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
 * Squared norms of the two parts of a cross-layer block at initialisation: ReLU, standard normal inputs, labels uniform and independent
 * of them (paper-notes.md, cross-layer blocks). Leading order in d and N with d/N fixed. Each part is (1/N) Σ x_n s_n, whose squared norm is
 * aspectRatio·E s² (sampling) + ‖E x s‖² (mean).
 *
 * Squared error: exact in C and m, any distribution of the layers with these variances. The ratio tends to 1 as C grows.
 * Cross-entropy: the residual part to relative order 1/C², the other norms to leading order in 1/C, for a normal output layer; for few
 * classes or a large t·m the corrections are large, and `crossLayerNormsGivenReadout` is exact. The ratio grows like C. The coefficients
 * diverge when the output layer's variance times the hidden layer's is at least ½: Infinity, with the reason.
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
  // Notation of paper-notes.md, cross-layer blocks: a = variance of a logit per squared gated coordinate.
  const a = (hidden.varianceFactor * output.varianceFactor) / width;
  if (a >= 0.5) {
    return {
      residual: Infinity,
      curvature: Infinity,
      ratio: Number.NaN,
      column: Infinity,
      otherColumns: Infinity,
      reason: `E e^{a|r|²} is infinite: the product of the two variance factors over the width is ${a}, and must be below 1/2`,
    };
  }
  const m = width;
  const power = (base: number, exponent: number) => (exponent < 0 ? 0 : base ** exponent);

  // One input with itself: moments of a gated normal under e^{a r²}.
  const tilt = 1 / Math.sqrt(1 - 2 * a);
  const [gate0, gate2, gate4] = [tilt / 2, tilt ** 3 / 2, (3 * tilt ** 5) / 2];
  const free = 0.5 + tilt / 2;
  const ownSampling = (gate2 + a * gate4) * power(free, m - 1);
  const otherSampling = (m - 1) * (gate0 + a * gate2) * gate2 * power(free, m - 2);

  // Two independent inputs: moments under e^{a r·r'}.
  const [j0, j1, j2, j3] = gatedKernel(a);
  const pair = 0.75 + j0;
  const odd = j1 - 1 / (2 * Math.PI);
  const [f0, f1, f2] = [j0 + a * j1, j1 + a * j2, j2 + a * j3];
  const ownMean = f2 * power(pair, m - 1) + (m - 1) * f1 * odd * power(pair, m - 2);
  const otherMean =
    (m - 1) * (f1 * j1 + f0 * j2) * power(pair, m - 2) + (m - 1) * (m - 2) * f0 * j1 * odd * power(pair, m - 3);
  const residualMean = j1 * power(pair, m - 1) + (m - 1) * j0 * odd * power(pair, m - 2) - 1 / (2 * Math.PI);
  const productMean = j2 * power(pair, m - 1) + (m - 1) * j1 * odd * power(pair, m - 2);

  const perPair = 1 / classes ** 2;
  const own = perPair * a * (aspectRatio * ownSampling + ownMean);
  const otherColumns = perPair * a * (aspectRatio * otherSampling + otherMean);
  const residual =
    aspectRatio / (2 * classes) + perPair * (aspectRatio * (gate0 * power(free, m - 1) - 1) + residualMean);
  const product = perPair * a * (aspectRatio * gate2 * power(free, m - 1) + productMean);
  const curvature = own + otherColumns;
  return { residual, curvature, ratio: residual / curvature, column: residual + 2 * product + own, otherColumns, reason: undefined };
}

function requireWhole(name: string, value: number, smallest: number): void {
  if (!Number.isSafeInteger(value) || value < smallest) {
    throw new UsageError(`crossLayerNorms: ${name} must be a whole number of at least ${smallest}, got ${value}; give a whole number`);
  }
}
