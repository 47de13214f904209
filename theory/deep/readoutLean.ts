import { cosineOf, type LayerState } from './forwardPath.js';
import { openSquare } from './gateMoments.js';
import { bothOpen } from './layerCosines.js';

/**
 * By how much E tr ΠΠ′ grows, relatively, for each of two columns of V that belong to units open for both inputs, under
 * cross-entropy: the predictions owe something to the very unit. By Stein's identity over the unit's column, with τ = s²/n_L and
 * ε = e^{s²(1+ρ)}/C,
 *
 *   lean = τ E[hh′ (1 − 6ε) − (h² + h′²)(4ε − 2e^{s²}/C)] + O(C^{−2}) → τ E hh′ as C → ∞,
 *
 * h, h′ the unit's features for either input. Where ε is not small the terms in 1/C are taken as 1/(1 + x) for 1 − x.
 */
export function readoutLean(
  {
    widths,
    classes,
    logitVariance,
  }: { readonly widths: readonly number[]; readonly classes: number; readonly logitVariance: number },
  states: readonly LayerState[],
): {
  readonly lean: number;
  /** x. */
  readonly fewClasses: number;
} {
  const { own, other, product } = states.at(-1)!;
  const below = cosineOf(states.at(-2)!);
  const cosine = cosineOf(states.at(-1)!);
  const ofMany = ((logitVariance / widths.at(-1)!) * product) / bothOpen(below);
  const tilt = Math.exp(logitVariance * (1 + cosine)) / classes;
  const squares = (2 * openSquare(below) * (own + other)) / product;
  const fewClasses = 6 * tilt + squares * (4 * tilt - (2 * Math.exp(logitVariance)) / classes);
  return { lean: ofMany / (1 + fewClasses), fewClasses };
}
