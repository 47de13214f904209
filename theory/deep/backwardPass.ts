import { bothOpen } from './layerCosines.js';
import { cosineOf, type LayerState } from './forwardPath.js';
import { openSquare } from './gateMoments.js';

/** Y = E (b_iᵀΠb_j)(b′_iᵀΠ′b′_j) and Z = E (b_iᵀΠb_i)(b′_jᵀΠ′b′_j), i ≠ j, of a layer's b_i = ∂f/∂h_i. */
export interface Signals {
  readonly overlap: number;
  readonly traces: number;
}

/**
 * Y and Z of a layer, from those of the outputs, given the layers' gates: n_b of n units open for both inputs, n_a and n_a′ for
 * each,
 *
 *   Y ← (4/n²)[n_b(n_b + 1) Y + n_b Z],  Z ← (4/n²)[n_a n_a′ Z + 2 n_b Y]
 *
 * (here without the 4, which all sums share), times 1 + 2δ of Y for what an open unit below does to these gates
 * (`openingBias`); not in the leading order.
 */
export function carryDown(
  states: readonly LayerState[],
  start: Signals,
  widths: readonly number[],
  layer: number,
  order: 'leading' | 'next',
): Signals {
  let { overlap, traces } = start;
  for (let k = widths.length; k > layer; k--) {
    const width = widths[k - 1]!;
    const { openOwn, openOther, openBoth } = states[k]!;
    const bias = order === 'leading' ? 0 : openingBias(states[k - 1]!, states[k - 2]!) / widths[k - 2]!;
    [overlap, traces] = [
      (1 + 2 * bias) * (openBoth * (openBoth + 1 / width) * overlap + (openBoth / width) * traces),
      openOwn * openOther * traces + ((2 * openBoth) / width) * overlap,
    ];
  }
  return { overlap, traces };
}

/**
 * nδ, E[w_i² gg′]/(E w_i² k₀(ρ)) = 1 + δ on average over units i that are open for both inputs: by Stein's identity the two
 * gates of a row w lean on its entry i by (2ĥ_iĥ′_i − ρ(ĥ_i² + ĥ′_i²))/(2π√(1 − ρ²)), ĥ of length 1, which cancels over all
 * units. Nothing for an input with itself, where E[w_i² g] = E w_i²/2.
 */
function openingBias(below: LayerState, belowThat: LayerState): number {
  const cosine = cosineOf(below);
  if (!(cosine < 1 - 1e-9)) return 0;
  const shareOfOpen = 2 * openSquare(cosineOf(belowThat));
  const lean = (2 * cosine * (1 - shareOfOpen)) / (2 * Math.PI * Math.sqrt(1 - cosine * cosine));
  return lean / bothOpen(cosine) / bothOpen(cosineOf(belowThat));
}
