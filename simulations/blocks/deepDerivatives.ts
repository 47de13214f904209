import { UsageError } from '../../theory/errors.js';
import { addTransposedTimesField, timesField } from '../network/fieldProducts.js';
import type { Draw, LayerFields } from '../network/model.js';
import { requireInputs } from '../network/requireInputs.js';
import { headDerivatives, type HeadDerivatives } from './headDerivatives.js';

/** What changes with one pre-activation u_{ℓ,i} of each sample; a list is by layer k, from 0, empty below ℓ. */
export interface UnitResponse {
  /** ∂h_k/∂u_{ℓ,i}, n_k×N, for k = ℓ … L. */
  readonly features: readonly Float64Array[];
  /** ∂²loss/∂u_{ℓ,i}∂u_k, n_k×N, for k = ℓ … L. */
  readonly gradients: readonly Float64Array[];
  /** ∂²loss/∂u_{ℓ,i}∂f_c, N values. */
  readonly ofOutput: (c: number) => Float64Array;
}

/** Responses kept: as many as a walk over the blocks of a row of units has in hand. */
const responsesKept = 4;

/**
 * First and second derivatives of each sample's loss in the pre-activations u_k of a network with hidden layers 1 … L, by
 * forward and backward passes: nothing of order n_k² is held for a sample. For a direction u̇ of layer ℓ,
 *
 *   ḣ_k = σ′(u_k) u̇_k,  u̇_{k+1} = W_{k+1} ḣ_k,
 *   ġ_k = σ′(u_k) γ̇_k + σ″(u_k) u̇_k γ_k,  γ̇_{k−1} = W_kᵀ ġ_k,  γ̇_L = Vᵀ Π V ḣ_L,
 *
 * with γ_k and g_k = σ′(u_k) γ_k the loss's derivatives in h_k and u_k (Pearlmutter 1994).
 */
export class DeepDerivatives {
  readonly #draw: Draw;
  readonly #head: HeadDerivatives;
  /** By layer, from 1. */
  readonly #fields: readonly LayerFields[];
  readonly #matrices: readonly Float64Array[];
  readonly #featureGradients: readonly Float64Array[];
  readonly #gradients: readonly Float64Array[];
  readonly #responses = new Map<string, UnitResponse>();
  #inputs: Float64Array | undefined;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#head = headDerivatives(draw);
    this.#fields = [...draw.lower, draw];
    const { model } = draw;
    this.#matrices = model.layers.slice(0, -1).map((layer) => layer.rows(draw));
    const depth = this.#fields.length;
    const featureGradients: Float64Array[] = [];
    const gradients: Float64Array[] = [];
    featureGradients[depth] = this.#head.gradient;
    for (let k = depth; k >= 1; k--) {
      const { slopes } = this.#fields[k - 1]!;
      gradients[k] = featureGradients[k]!.map((value, e) => value * slopes[e]!);
      if (k > 1) featureGradients[k - 1] = this.#down(k, gradients[k]!);
    }
    this.#featureGradients = featureGradients;
    this.#gradients = gradients;
  }

  /** h_k, n_k×N; the inputs, d×N, for k = 0. */
  features(k: number): Float64Array {
    if (k > 0) return this.#fields[k - 1]!.features;
    requireInputs(this.#draw);
    if (this.#inputs === undefined) {
      const { inputs, dimension, samples } = this.#draw.workspace;
      this.#inputs = new Float64Array(dimension * samples);
      for (let a = 0; a < dimension; a++)
        for (let n = 0; n < samples; n++) this.#inputs[a * samples + n] = inputs[n * dimension + a]!;
    }
    return this.#inputs;
  }

  /** ∂loss/∂u_{k,j}, N values; ∂loss/∂f_j of the readout, k = L + 1. */
  gradient(k: number, j: number): Float64Array {
    return k > this.#fields.length ? this.#head.residual(j) : this.#row(this.#gradients[k]!, j);
  }

  /** What changes with u_{ℓ,i}, of layer ℓ from 1 and unit i from 0. */
  response(layer: number, i: number): UnitResponse {
    const key = `${layer} ${i}`;
    const known = this.#responses.get(key);
    const found = known ?? this.#computeResponse(layer, i);
    // The one asked for last is the last to go.
    this.#responses.delete(key);
    this.#responses.set(key, found);
    if (this.#responses.size > responsesKept) this.#responses.delete(this.#responses.keys().next().value!);
    return found;
  }

  #computeResponse(layer: number, i: number): UnitResponse {
    const { samples } = this.#draw.settings;
    const depth = this.#fields.length;
    const changes: Float64Array[] = [];
    const features: Float64Array[] = [];
    changes[layer] = new Float64Array(this.#fields[layer - 1]!.slopes.length);
    changes[layer].fill(1, i * samples, (i + 1) * samples);
    for (let k = layer; k <= depth; k++) {
      if (k > layer) changes[k] = this.#up(k, features[k - 1]!);
      const { slopes } = this.#fields[k - 1]!;
      features[k] = changes[k]!.map((value, e) => value * slopes[e]!);
    }
    const gradients: Float64Array[] = [];
    let pull = this.#head.curvatureTimes(features[depth]!);
    for (let k = depth; k >= layer; k--) {
      const { slopes } = this.#fields[k - 1]!;
      const gradient = pull.map((value, e) => value * slopes[e]!);
      this.#addCurvature(k, changes[k]!, gradient);
      gradients[k] = gradient;
      if (k > layer) pull = this.#down(k, gradient);
    }
    const last = features[depth]!;
    return { features, gradients, ofOutput: (c) => this.#head.changeOfResidual(c, last) };
  }

  /** Adds σ″(u_k) u̇ γ_k. */
  #addCurvature(k: number, change: Float64Array, gradient: Float64Array): void {
    const { activation } = this.#draw;
    if (!activation.isCurved) return;
    const curvature = new Float64Array(change.length);
    activation.secondDerivative(this.#fields[k - 1]!.preactivations, curvature);
    const pull = this.#featureGradients[k]!;
    for (let e = 0; e < gradient.length; e++) gradient[e]! += curvature[e]! * change[e]! * pull[e]!;
  }

  #up(k: number, field: Float64Array): Float64Array {
    const { samples } = this.#draw.settings;
    return timesField(this.#matrices[k - 1]!, this.#widthOf(k), field, samples);
  }

  #down(k: number, field: Float64Array): Float64Array {
    const out = new Float64Array(this.#fields[k - 2]!.features.length);
    addTransposedTimesField(this.#matrices[k - 1]!, this.#widthOf(k), field, out);
    return out;
  }

  #widthOf(k: number): number {
    return this.#fields[k - 1]!.features.length / this.#draw.settings.samples;
  }

  #row(field: Float64Array, j: number): Float64Array {
    const { samples } = this.#draw.settings;
    return field.subarray(j * samples, (j + 1) * samples);
  }
}

const known = new WeakMap<Draw, DeepDerivatives>();

/**
 * Worked out once for a draw.
 * @throws UsageError for a draw of a model without numbered layers
 */
export function derivativesOf(draw: Draw): DeepDerivatives {
  if (draw.model.name !== 'deep')
    throw new UsageError(
      `blocks of numbered layers belong to the deep model, got a draw of the ${draw.model.name} model; ask for its own blocks`,
    );
  const found = known.get(draw) ?? new DeepDerivatives(draw);
  known.set(draw, found);
  return found;
}
