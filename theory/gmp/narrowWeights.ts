import type { DiscreteMeasure } from '../contracts.js';

/**
 * Whether the weights lie so close together that the law, at aspect ratio γ, sees no more of them than a few moments.
 * The curve p that z maps to the support has E[a²/|p − a|²] = γ, so every p is at least √(E a²/γ) away from some
 * weight; true when that is twice the range of the weights or more. Every p is then a whole range away from all of
 * them, between them E[a²/(p − a)²] > γ, so that no gap opens, and a quadrature of n Gauss nodes changes the law by
 * about (2 + √5)^{−2n}: a smooth density needs no path off the axis.
 *
 * @param weights a law of the weights, or any quadrature of it that reaches as far
 * @param aspectRatio γ > 0
 */
export function narrowWeights({ nodes, masses }: DiscreteMeasure, aspectRatio: number): boolean {
  const range = nodes[nodes.length - 1] - nodes[0];
  // On a scale on which the squares neither overflow nor vanish.
  const scale = Math.max(Math.abs(nodes[0]), Math.abs(nodes[nodes.length - 1]));
  let square = 0;
  for (let k = 0; k < nodes.length; k++) square += masses[k] * (nodes[k] / scale) ** 2;
  return 2 * (range / scale) <= Math.sqrt(square / aspectRatio);
}
