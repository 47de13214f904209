/** r of every hidden layer against C, from few numbers of classes. */
import type { DeepRatio } from '../../../theory/deep/index.js';

/** Ratios of all layers at a number of classes. */
export interface DeepPoint {
  readonly classes: number;
  readonly layers: readonly DeepRatio[];
}

/** Those that curves are made from: a network of eight layers takes a third of a second for each. */
export const curveClasses = [2, 6, 30, 200, 2000, 3e4, 1e6] as const;

/** Steps of a curve between two of them. */
const steps = 12;

/**
 * r of a layer between the points that are known: C·(r − floor), which tends to constants at both ends, is taken as linear
 * in log C. Within 2 % of r (test/src/explore/deepView.test.ts).
 *
 * @param points ascending in C
 */
export function curveOf(points: readonly DeepPoint[], layer: number): (readonly [classes: number, ratio: number])[] {
  const known = points.map(({ classes, layers }) => {
    const { ratio, floor } = layers[layer - 1]!;
    return { classes, ratio, floor, excess: classes * (ratio - floor) };
  });
  return known.flatMap((end, k) => {
    const start = known[k - 1];
    if (start === undefined) return [[end.classes, end.ratio] as const];
    return Array.from({ length: steps }, (_, step) => {
      const share = (step + 1) / steps;
      const classes = start.classes * (end.classes / start.classes) ** share;
      return [classes, end.floor + (start.excess + share * (end.excess - start.excess)) / classes] as const;
    });
  });
}
