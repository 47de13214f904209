import type { ActivationName, Loss, Model } from '../../theory/contracts.js';
import { HyperDual } from './hyperDual.js';

/** A network and its data, as plain arrays: the parameters are W (m×d), or W_1, W_2, …, then V, or V alone. */
export interface NetworkCase {
  readonly model: Model;
  readonly loss: Loss;
  readonly activation: ActivationName;
  readonly dimension: number;
  readonly samples: number;
  readonly classes: number;
  readonly width: number;
  readonly widths?: readonly number[] | undefined;
  readonly inputs: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly parameters: ArrayLike<number>;
}

const one = new HyperDual(1);

const activate: Readonly<Record<ActivationName, (u: HyperDual) => HyperDual>> = {
  relu: (u) => (u.value > 0 ? u : new HyperDual(0)),
  // tanh u = 1 − 2 / (e^{2u} + 1)
  tanh: (u) => one.plus(u.scaled(2).exp().plus(one).reciprocal().scaled(-2)),
  // u Φ(u) = u (1 + erf(u/√2)) / 2
  gelu: (u) => u.times(u.scaled(Math.SQRT1_2).erf().plus(one)).scaled(0.5),
  softplus: (u) => one.plus(u.exp()).log(),
};

function combine(weights: readonly HyperDual[], values: readonly HyperDual[]): HyperDual {
  return weights.reduce((sum, weight, k) => sum.plus(weight.times(values[k]!)), new HyperDual(0));
}

/** The matrix in `entries`, row-major, times a vector. */
function multiply(entries: readonly HyperDual[], vector: readonly HyperDual[]): HyperDual[] {
  return Array.from({ length: entries.length / vector.length }, (_, k) =>
    combine(entries.slice(k * vector.length, (k + 1) * vector.length), vector),
  );
}

type Outputs = (network: NetworkCase, parameters: readonly HyperDual[], x: readonly HyperDual[]) => HyperDual[];

/** f(x) of each model. */
const outputsOf: Readonly<Record<Model, Outputs>> = {
  linear: (_network, parameters, x) => multiply(parameters, x),
  hidden: ({ activation, width }, parameters, x) => {
    const end = width * x.length;
    return multiply(parameters.slice(end), multiply(parameters.slice(0, end), x).map(activate[activation]));
  },
  deep: ({ activation, widths }, parameters, x) => {
    let [features, start] = [x, 0];
    for (const width of widths!) {
      const end = start + width * features.length;
      features = multiply(parameters.slice(start, end), features).map(activate[activation]);
      start = end;
    }
    return multiply(parameters.slice(start), features);
  },
};

/** The mean loss, as the paper defines it: −log softmax(f)_y, or ½‖f − e_y‖². */
function meanLoss(network: NetworkCase, parameters: readonly HyperDual[]): HyperDual {
  const { dimension, samples } = network;
  let total = new HyperDual(0);
  for (let n = 0; n < samples; n++) {
    const x = Array.from({ length: dimension }, (_, a) => new HyperDual(network.inputs[n * dimension + a]!));
    const outputs = outputsOf[network.model](network, parameters, x);
    const label = network.labels[n]!;
    if (network.loss === 'ce') {
      const normaliser = outputs.reduce((sum, f) => sum.plus(f.exp()), new HyperDual(0));
      total = total.plus(normaliser.log()).plus(outputs[label]!.scaled(-1));
    } else {
      outputs.forEach((f, c) => {
        const difference = f.plus(new HyperDual(c === label ? -1 : 0));
        total = total.plus(difference.times(difference).scaled(0.5));
      });
    }
  }
  return total.scaled(1 / samples);
}

/** L and ∂L/∂θ_a for all parameters. */
export function lossByHyperDuals(network: NetworkCase): { readonly loss: number; readonly gradient: Float64Array } {
  const point = Array.from(network.parameters, (value) => new HyperDual(value));
  const gradient = Float64Array.from(
    point,
    ({ value }, a) => meanLoss(network, point.with(a, new HyperDual(value, 1))).first,
  );
  return { loss: meanLoss(network, point).value, gradient };
}

/** ∂²L/∂θ_a∂θ_b for all pairs of parameters, row-major. */
export function hessianByHyperDuals(network: NetworkCase): Float64Array {
  const order = network.parameters.length;
  const point = Array.from(network.parameters, (value) => new HyperDual(value));
  const hessian = new Float64Array(order * order);
  for (let a = 0; a < order; a++) {
    for (let b = a; b < order; b++) {
      const moved = [...point];
      moved[a] = new HyperDual(point[a]!.value, 1, a === b ? 1 : 0, 0);
      if (a !== b) moved[b] = new HyperDual(point[b]!.value, 0, 1, 0);
      const { mixed } = meanLoss(network, moved);
      hessian[a * order + b] = mixed;
      hessian[b * order + a] = mixed;
    }
  }
  return hessian;
}
