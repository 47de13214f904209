/** From a gradient to new parameters. */
import type { Optimiser } from '../../theory/names.js';

/** An array of parameters with what the rule remembers of its gradients, all of one length. */
export interface Remembered {
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly firstMoments: Float64Array;
  readonly secondMoments: Float64Array;
}

export interface UpdateRule {
  /** Whether it keeps moments; the arrays are empty otherwise. */
  readonly remembers: boolean;
  /** Update number `step`, counted from 1, at learning rate `rate`. */
  update(layer: Remembered, rate: number, step: number): void;
}

/** θ ← θ − η g. */
const gradientDescent: UpdateRule = {
  remembers: false,
  update({ parameters, gradient }, rate) {
    for (let k = 0; k < parameters.length; k += 1) parameters[k]! -= rate * gradient[k]!;
  },
};

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) in the form of PyTorch: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * θ ← θ − η m̂/(√v̂ + ε) with m̂ = m/(1 − β₁^k) and v̂ = v/(1 − β₂^k) at update k.
 */
const adam: UpdateRule = {
  remembers: true,
  update({ parameters, gradient, firstMoments, secondMoments }, rate, step) {
    const stepSize = rate / (1 - beta1 ** step);
    const secondCorrection = Math.sqrt(1 - beta2 ** step);
    for (let k = 0; k < parameters.length; k += 1) {
      const slope = gradient[k]!;
      const first = beta1 * firstMoments[k]! + (1 - beta1) * slope;
      const second = beta2 * secondMoments[k]! + (1 - beta2) * slope * slope;
      firstMoments[k] = first;
      secondMoments[k] = second;
      parameters[k]! -= (stepSize * first) / (Math.sqrt(second) / secondCorrection + epsilon);
    }
  },
};

export const updateRules: Readonly<Record<Optimiser, UpdateRule>> = {
  gd: gradientDescent,
  sgd: gradientDescent,
  'one-pass': gradientDescent,
  adam,
};
