/** r of every hidden layer against C, from few numbers of classes. */
import type { DeepRatio } from '../../../theory/deep/index.js';

/** Ratios of all layers at a number of classes. */
export interface DeepPoint {
  readonly classes: number;
  readonly layers: readonly DeepRatio[];
}

/** Those that curves are made from: a network of eight layers takes a third of a second for each. */
export const curveClasses = [2, 4, 8, 20, 60, 300, 3000, 1e6] as const;

/** Steps of a curve between two of them. */
const steps = 12;

/**
 * r of a layer between two points. Under squared error off and diagonal are of the form a/C + b to first order in 1/width, so that
 * 1/(C·(r − floor)) is linear in 1/C, within 3e-4 of r between neighbours of `curveClasses`; that is taken for cross-entropy too, there
 * within 5 % (test/src/explore/deepView.test.ts).
 */
export function ratioBetween(start: DeepPoint, end: DeepPoint, layer: number, classes: number): number {
  const { floor } = end.layers[layer - 1]!;
  const inverse = (point: DeepPoint): number => 1 / (point.classes * (point.layers[layer - 1]!.ratio - floor));
  const share = (1 / classes - 1 / start.classes) / (1 / end.classes - 1 / start.classes);
  return floor + 1 / (classes * (inverse(start) + share * (inverse(end) - inverse(start))));
}

/**
 * r of a layer against C, through the points that are known.
 *
 * @param points ascending in C
 */
export function curveOf(points: readonly DeepPoint[], layer: number): (readonly [classes: number, ratio: number])[] {
  return points.flatMap((end, k) => {
    const start = points[k - 1];
    if (start === undefined) return [[end.classes, end.layers[layer - 1]!.ratio] as const];
    return Array.from({ length: steps }, (_, step) => {
      const classes = start.classes * (end.classes / start.classes) ** ((step + 1) / steps);
      return [classes, ratioBetween(start, end, layer, classes)] as const;
    });
  });
}
