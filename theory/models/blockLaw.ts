import type {
  ActivationName,
  BlockKind,
  InitialisationName,
  Layer,
  LayerInitialisation,
  Loss,
  Model,
  SpectralLaw,
} from '../contracts.js';
import { UsageError } from '../errors.js';
import {
  bridgedLaw,
  expectationNodes,
  generalisedMarchenkoPastur,
  isSmooth,
  narrowWeights,
  outlineOf,
  pointMass,
  type GmpLaw,
  type SmoothLaw,
  type WeightLaw,
} from '../gmp/index.js';
import { activations } from '../names.js';
import { discreteMeasure } from '../measures/index.js';
import { gateMeasure } from '../network/gates.js';
import { hiddenWeightsGivenReadout } from '../weights/hiddenWeightsGivenReadout.js';
import { initialisationScheme } from '../network/initialisationScheme.js';
import { requireClasses, requirePositive } from '../requirements.js';
import type { SoftmaxScaling } from '../weights/softmaxMoment.js';
import { softmaxWeights } from '../weights/softmaxWeights.js';
import { hiddenCeLimitWeights, hiddenMseLimitWeights } from '../weights/hiddenLimitWeights.js';
import { readoutEntry } from '../network/readoutEntry.js';
import { unitMoments } from '../network/unitMoments.js';
import { estimatedLaw } from './estimatedLaw.js';

export interface BlockLawSpec {
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly block: BlockKind;
  /** C ≥ 2 or Infinity. */
  readonly classes: number;
  /** m, for the hidden model. */
  readonly width?: number;
  /** d/N. */
  readonly aspectRatio: number;
  /** Default 'relu'. */
  readonly activation?: ActivationName;
  /** Default 'lecun'; not together with `logitVariance`. */
  readonly initialisation?: InitialisationName;
  /** As in `frobeniusRatio`. */
  readonly logitVariance?: number;
  /** d, for Xavier's factors; default Infinity. */
  readonly dimension?: number;
  /**
   * Linear cross-entropy: 'rate' multiplies by C (diagonal) or C² (off it). Default 'raw', and 'rate' at C = Infinity.
   */
  readonly scaling?: SoftmaxScaling;
  /** V as drawn, C×m row-major: the law of a hidden block given V. */
  readonly readout?: ArrayLike<number>;
  /** Points of the cubature when `readout` is given; see `hiddenWeightsGivenReadout`. */
  readonly points?: number;
  /** Hidden units of the block when `readout` is given; default 0 and 0 (diagonal), 0 and 1 (off it). */
  readonly i?: number;
  readonly j?: number;
}

/** A limit law with what it is a law of, or the reason why there is none. */
export interface BlockLaw {
  readonly law?: SpectralLaw;
  /** The law of the weights it is made from: atoms, a smooth law, or points of a cubature. */
  readonly weights?: WeightLaw;
  /** The law whose inverse map holds off the support, for the outlier equations; see `outlineOf`. */
  readonly outline?: () => GmpLaw;
  /** s² in use, for linear cross-entropy. */
  readonly logitVariance?: number;
  /** Variance of a pre-activation in use, for hidden squared error. */
  readonly hiddenFactor?: number;
  /** What the eigenvalues are multiplied by or measured in, when not themselves. */
  readonly scale?: string;
  /**
   * Eigenvalues of the fixed-size limit matrix, where the block is one (output blocks of the hidden model under squared
   * error).
   */
  readonly eigenvalues?: readonly number[];
  /** Why there is no deterministic limit law, or what to mind about this one. */
  readonly note?: string;
}

/**
 * The limit law of a block as d, N → ∞ at fixed aspect ratio (level 1 of paper-notes.md, levels of a prediction), where
 * one exists.
 *
 * Linear: squared error MP(γ), and exactly 0 off the diagonal; cross-entropy the generalised law of the softmax
 * weights. Hidden, squared error: gates times v_i·v_j, hence the law in units of that. Hidden, cross-entropy: random
 * given V at fixed C and m, so either V is given, or C = ∞, where the diagonal weight tends to κ″(h_i)σ′² + (κ′(h_i) −
 * v)σ″ (for ReLU and normal V a gate times Var v); off the diagonal √C·a tends to a Gaussian field that stays random.
 * Output blocks of the hidden model have fixed size m: a matrix, not a law.
 * @throws UsageError for contradictory or missing settings.
 */
export function blockLaw(spec: BlockLawSpec): BlockLaw {
  const caller = 'blockLaw';
  const { model, loss, layer, block, classes, aspectRatio } = spec;
  requireClasses(caller, classes);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  if (spec.initialisation !== undefined && spec.logitVariance !== undefined) {
    throw new UsageError(
      `${caller}: give initialisation or logitVariance, not both, got '${spec.initialisation}' and ${spec.logitVariance}`,
    );
  }
  if (model === 'linear') {
    if (layer !== 'output')
      throw new UsageError(`${caller}: the linear model has an output layer only, got layer '${layer}'`);
    return linearLaw(spec);
  }
  const { width } = spec;
  if (width === undefined || !(Number.isInteger(width) && width >= 1)) {
    throw new UsageError(`${caller}: the hidden model needs width, a whole number of at least 1, got ${width}`);
  }
  if (layer === 'output') return outputLaw(spec, width);
  if (block === 'off-diagonal' && width < 2)
    throw new UsageError(`${caller}: an off-diagonal hidden block needs width ≥ 2, got ${width}`);
  if (spec.readout !== undefined) return lawGivenReadout(spec, spec.readout, width);
  return loss === 'mse' ? hiddenMseLaw(spec) : hiddenCeLaw(spec, width);
}

function linearLaw(spec: BlockLawSpec): BlockLaw {
  const { loss, block, classes, aspectRatio, dimension = Infinity } = spec;
  if (loss === 'mse') {
    if (block === 'diagonal') return fromWeights(discreteMeasure([1]), aspectRatio);
    return { law: pointMass(0), note: 'Squared error does not couple the outputs: the block is exactly zero.' };
  }
  const logitVariance =
    spec.logitVariance ??
    initialisationScheme(spec.initialisation ?? 'lecun', {
      model: 'linear',
      dimension,
      width: 1,
      classes: Math.min(classes, Number.MAX_SAFE_INTEGER),
    }).output.varianceFactor;
  const scaling = spec.scaling ?? (classes === Infinity ? 'rate' : 'raw');
  const law = {
    ...fromWeights(softmaxWeights({ classes, logitVariance, block, scaling }), aspectRatio),
    logitVariance,
  };
  return scaling === 'rate'
    ? { ...law, scale: block === 'diagonal' ? 'C times the eigenvalues' : 'C² times the eigenvalues' }
    : law;
}

function outputLaw(spec: BlockLawSpec, width: number): BlockLaw {
  const { loss, block, activation = 'relu' } = spec;
  const sizes =
    'Output blocks are m×m with m fixed: as N grows the block tends to a matrix, not its spectrum to a law.';
  if (loss === 'ce') {
    return { note: `${sizes} Given V it is E[p_i(δ_ij − p_j)hhᵀ] (outputBlockMean).` };
  }
  if (block === 'off-diagonal')
    return { law: pointMass(0), note: 'Squared error does not couple the outputs: the block is exactly zero.' };
  const { hiddenFactor } = hiddenLayers(spec, width);
  const unit = unitMoments(activation, hiddenFactor);
  const spread = unit.valueSquare - unit.valueMean ** 2;
  // E[hhᵀ] is the same on every pair of units: one direction along (1, …, 1), the rest alike.
  const eigenvalues = Array.from({ length: width }, (_, k) =>
    k === width - 1 ? spread + width * unit.valueMean ** 2 : spread,
  );
  return { eigenvalues, note: `${sizes} Here it is E[hhᵀ], whose eigenvalues are given.` };
}

function lawGivenReadout(spec: BlockLawSpec, readout: ArrayLike<number>, width: number): BlockLaw {
  const { loss, block, classes, aspectRatio, activation = 'relu', i = 0, j = block === 'diagonal' ? i : i + 1 } = spec;
  if ((i === j) !== (block === 'diagonal'))
    throw new UsageError(`blockLaw: units i = ${i} and j = ${j} do not make a ${block} block`);
  const { hiddenFactor } = hiddenLayers(spec, width);
  const estimate = hiddenWeightsGivenReadout({
    loss,
    activation,
    readout,
    classes,
    width,
    i,
    j,
    varianceFactor: hiddenFactor,
    ...(spec.points === undefined ? {} : { points: spec.points }),
  });
  return fromLaw(
    estimatedLaw(estimate, aspectRatio),
    estimate.measure,
    estimate.error === 0
      ? undefined
      : `Weights given V by cubature; standard error of their distribution function ${estimate.error.toExponential(1)}. ` +
          'That of the law is good to about as much (divided by the aspect ratio where that is below 1). The density is an estimate from ' +
          'the points: in thin tails, and everywhere at large aspect ratios, it is the mean between neighbouring points.',
  );
}

function hiddenMseLaw(spec: BlockLawSpec): BlockLaw {
  const { block, aspectRatio, activation = 'relu' } = spec;
  const scale = block === 'diagonal' ? 'eigenvalues in units of |v_i|²' : 'eigenvalues in units of v_i·v_j';
  const { hiddenFactor } = hiddenLayers(spec, spec.width ?? 1);
  if (activations[activation].gated) {
    return { ...fromWeights(gateMeasure(block === 'diagonal' ? 0.5 : 0.25), aspectRatio), hiddenFactor, scale };
  }
  const found = fromWeights(hiddenMseLimitWeights(activation, hiddenFactor, block), aspectRatio);
  const limit =
    'The law as C → ∞; at finite C the other units and the label enter through σ″, so that it is random given V: give V for it.';
  return {
    ...found,
    hiddenFactor,
    scale,
    ...(block === 'diagonal' ? { note: `${limit} ${found.note}` } : {}),
  };
}

function hiddenCeLaw(spec: BlockLawSpec, width: number): BlockLaw {
  const { block, classes, aspectRatio, activation = 'relu' } = spec;
  if (block === 'off-diagonal' && classes === Infinity) {
    return {
      note:
        'As C → ∞ the weight vanishes like C^{-1/2}, and √C times it tends to a Gaussian field over x that stays random given V: no deterministic limit law. ' +
        'Give V for its law, or see the ratio for its average size.',
    };
  }
  if (classes !== Infinity) {
    return {
      note: 'At fixed C and m the weights depend on V as drawn, so the law is random: give V for it. Only C = inf on the diagonal has a limit.',
    };
  }
  if (spec.initialisation === 'xavier') {
    return {
      note: "Xavier's readout variance depends on C and vanishes as C → ∞, and the block with it: no limit law in these units.",
    };
  }
  const { hiddenFactor, output } = hiddenLayers(spec, width);
  const entry = readoutEntry(output.distribution, output.varianceFactor / width);
  const weights = hiddenCeLimitWeights(activation, hiddenFactor, entry);
  if (isSmooth(weights) || weights.nodes.length === 2) return fromWeights(weights, aspectRatio);
  return fromLaw(
    bridgedLaw(weights, aspectRatio),
    weights,
    'The weight depends on a pre-activation and on the label’s entry of V, and its law is taken from points of both: the density is an ' +
      'estimate, in thin tails the mean between neighbouring points.',
  );
}

function hiddenLayers(
  spec: Pick<BlockLawSpec, 'initialisation' | 'logitVariance' | 'dimension' | 'classes'>,
  width: number,
): { hiddenFactor: number; output: LayerInitialisation } {
  if (spec.logitVariance !== undefined) {
    requirePositive('blockLaw', 'logitVariance', spec.logitVariance);
    return { hiddenFactor: 1, output: { varianceFactor: spec.logitVariance, distribution: 'normal' } };
  }
  const { hidden, output } = initialisationScheme(spec.initialisation ?? 'lecun', {
    model: 'hidden',
    dimension: spec.dimension ?? Infinity,
    width,
    classes: spec.classes,
  });
  return { hiddenFactor: hidden!.varianceFactor, output };
}

const smooth = 'The weights are smooth, and the law has no gaps';

/** The one way from a law of weights to a block's law. */
function fromWeights(weights: WeightLaw, aspectRatio: number): BlockLaw {
  const law = generalisedMarchenkoPastur(weights, aspectRatio);
  if (!isSmooth(weights)) return fromLaw(law, weights);
  const note = narrowWeights(expectationNodes(weights), aspectRatio)
    ? `${smooth}: so nearly alike at this aspect ratio that real nodes stand for them to rounding.`
    : `${smooth}; where it fades out, its support ends where the mass beyond is below 1e-11. Good to about 1e-10 absolute.`;
  return fromLaw(law, weights, note);
}

function fromLaw(law: GmpLaw | SmoothLaw, weights: WeightLaw, note?: string): BlockLaw {
  return { law, weights, outline: () => outlineOf(law), ...(note === undefined ? {} : { note }) };
}
