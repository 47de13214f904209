import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import { unitMoments } from '../network/unitMoments.js';

/**
 * Ratio of expected squared norms of the hidden blocks under squared error, exact at every C as d → ∞.
 *
 * Off the diagonal a = (v_i·v_j)σ′σ′; on it a = |v_i|²(σ′² + hσ″) + (Σ_{k≠i} (v_i·v_k)h_k − v_{y,i})σ″, the label y
 * uniform. With τ² the variance and κ the kurtosis of an entry, E[(v_i·v_j)²] = Cτ⁴ and E|v_i|⁴ = C(C + κ − 1)τ⁴; cross
 * terms vanish by symmetry. ReLU: r = (4γ + 1)/(4(2γ + 1)(C + κ − 1)), κ = 3 for normal and 9/5 for uniform V
 * (paper-notes.md, hidden MSE ratio).
 */
export function hiddenMseRatio(
  options: HiddenLimitOptions & { readonly classes: number; readonly aspectRatio: number },
): number {
  const { classes, width, aspectRatio, activation, hiddenFactor, entry } = options;
  const unit = unitMoments(activation, hiddenFactor);
  // Everything in units of τ⁴ C.
  const off = aspectRatio * unit.slopeSquare ** 2 + unit.slope ** 4;
  const own = classes + entry.kurtosis - 1;
  const label = 1 / (classes * entry.variance);
  const square = own * unit.gainSquare + ((width - 1) * unit.valueSquare + label) * unit.curvatureSquare;
  const meanSquare = own * unit.gain ** 2 + ((width - 1) * unit.valueMean ** 2 + label / classes) * unit.curvature ** 2;
  return off / (aspectRatio * square + meanSquare);
}

/** Limit of C·r as C → ∞. */
export function hiddenMseLimit({
  aspectRatio,
  activation,
  hiddenFactor,
}: Omit<HiddenLimitOptions, 'entry' | 'width'> & { readonly aspectRatio: number }): number {
  const unit = unitMoments(activation, hiddenFactor);
  return (aspectRatio * unit.slopeSquare ** 2 + unit.slope ** 4) / (aspectRatio * unit.gainSquare + unit.gain ** 2);
}
