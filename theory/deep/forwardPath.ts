import { unitMomentsOfPair } from './gateMoments.js';

/** A layer's features and gates for two inputs, per unit: |h|²/n, |h′|²/n, h·h′/n, and shares of open gates. */
export interface LayerState {
  readonly own: number;
  readonly other: number;
  readonly product: number;
  readonly openOwn: number;
  readonly openOther: number;
  readonly openBoth: number;
}

/** What a layer deviates by from its expectation given the layer below, in the order of `UnitMoments`. */
export interface Deviation {
  readonly layer: number;
  readonly by: ArrayLike<number>;
}

export const cosineOf = ({ own, other, product }: LayerState): number =>
  Math.min(1, Math.max(-1, product / Math.sqrt(own * other)));

/**
 * Layers 0 … L of a wide network, each at its expectation given the one below, but for one that deviates. The inputs'
 * own deviations are those of |x|²/d, |x′|²/d and x·x′/d.
 *
 * @param cosine of the inputs, 0 or 1
 */
export function forwardPath(depth: number, cosine: number, deviation?: Deviation): LayerState[] {
  const none = [0, 0, 0, 0, 0, 0];
  const at = (layer: number): ArrayLike<number> => (deviation?.layer === layer ? deviation.by : none);
  const first = at(0);
  const states: LayerState[] = [
    {
      own: 1 + first[0]!,
      other: 1 + first[1]!,
      product: cosine + first[2]!,
      openOwn: NaN,
      openOther: NaN,
      openBoth: NaN,
    },
  ];
  for (let k = 1; k <= depth; k++) {
    const below = states[k - 1]!;
    const { means } = unitMomentsOfPair(cosineOf(below));
    const by = at(k);
    const value = (index: number): number => means[index]! + by[index]!;
    states.push({
      own: below.own * value(0),
      other: below.other * value(1),
      product: Math.sqrt(below.own * below.other) * value(2),
      openOwn: value(3),
      openOther: value(4),
      openBoth: value(5),
    });
  }
  return states;
}
