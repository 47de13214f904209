import { chebyshevNodes, type ChebyshevNodes } from '../numerics/chebyshevNodes.js';
import { classPairMoments, refinementFor, type ClassPairMoments } from './classPairMoments.js';

/** Lengths √(τ|h|²) of features, and cosines of two different ones. */
export interface PairRange {
  readonly lengths: readonly [lowest: number, highest: number];
  readonly cosines: readonly [lowest: number, highest: number];
}

/** `classPairMoments` by interpolation. */
export interface ClassPairTable {
  /** Of a feature with itself. */
  readonly single: (length: number) => ClassPairMoments;
  /** Of a feature of this length with others, by their lengths and cosines. */
  readonly withOthersOf: (length: number) => (other: number, cosine: number) => ClassPairMoments;
  /** Largest difference of a logarithm from `classPairMoments` at points between the nodes. */
  readonly error: number;
}

/** The moments themselves behind the same questions. */
export function classPairsDirectly(classes: number): ClassPairTable {
  const at = momentsAt(classes);
  return {
    single: (length) => at(length, length, 1),
    withOthersOf: (length) => (other, cosine) => at(length, other, cosine),
    error: 1e-9,
  };
}

const momentsAt =
  (classes: number, refinement = 1) =>
  (length: number, other: number, cosine: number): ClassPairMoments =>
    classPairMoments(
      { classes, own: length * length, other: other * other, shared: cosine * length * other },
      refinement,
    );

/** Of a logarithm, and so a relative error of a moment. */
const finest = 1e-6;
/** Of the tolerance: the error of the moments at the nodes. */
const nodeShare = 0.05;
/** Tried in turn, in lengths and in cosines. */
const degrees = [0, 2, 4, 6, 8, 12, 16, 24, 32];

/**
 * The logarithms of both moments as polynomials in the lengths and the cosine. Logits of a class are √variance times a
 * standard normal, and the moments analytic in the root. Degrees are the smallest whose interpolation along lines through
 * the corners of the range is within the tolerance; the error of the whole is measured at points of its inside.
 */
export function classPairTable(classes: number, { lengths, cosines }: PairRange, tolerance = finest): ClassPairTable {
  const known = new Map<string, ClassPairMoments>();
  const [exactAt, nearAt] = [momentsAt(classes), momentsAt(classes, refinementFor(nodeShare * tolerance))];
  const at = (length: number, other: number, cosine: number): ClassPairMoments => {
    // Symmetric in the two inputs.
    const [a, b] = length <= other ? [length, other] : [other, length];
    const key = `${a} ${b} ${cosine}`;
    let value = known.get(key);
    if (value === undefined) {
      value = nearAt(a, b, cosine);
      known.set(key, value);
    }
    return value;
  };
  const alone = nodesFor(lengths, tolerance, [(length) => at(length, length, 1)]);
  const lengthNodes = nodesFor(lengths, tolerance, [
    (length) => at(length, lengths[1], cosines[1]),
    (length) => at(length, lengths[1], cosines[0]),
  ]);
  const cosineNodes = nodesFor(cosines, tolerance, [
    (cosine) => at(lengths[1], lengths[1], cosine),
    (cosine) => at(lengths[0], lengths[1], cosine),
  ]);
  const single = interpolate(alone, (length) => at(length, length, 1));
  const [rows, columns] = [lengthNodes.points.length, cosineNodes.points.length];
  const [both, one] = tensorOf(lengthNodes.points, cosineNodes.points, at);
  const withOthersOf: ClassPairTable['withOthersOf'] = (length) => {
    const own = new Float64Array(rows);
    lengthNodes.weights(length, own);
    const [ownBoth, ownOne] = [both, one].map((tensor) => contract(tensor, own, rows * columns));
    const [others, angles] = [new Float64Array(rows), new Float64Array(columns)];
    return (other, cosine) => {
      lengthNodes.weights(other, others);
      cosineNodes.weights(cosine, angles);
      let [logBoth, logOne] = [0, 0];
      for (let b = 0, k = 0; b < rows; b++)
        for (let c = 0; c < columns; c++, k++) {
          const weight = others[b]! * angles[c]!;
          logBoth += weight * ownBoth![k]!;
          logOne += weight * ownOne![k]!;
        }
      return { logBoth, logOne: classes === 2 ? -Infinity : logOne };
    };
  };
  let error = 0;
  const check = (near: ClassPairMoments, exact: ClassPairMoments): void => {
    error = Math.max(error, distance(near, exact));
  };
  for (const [u, v, w] of insidePoints) {
    const [length, other, cosine] = [between(lengths, u), between(lengths, v), between(cosines, w)];
    check(withOthersOf(length)(other, cosine), exactAt(length, other, cosine));
    check(single(length), exactAt(length, length, 1));
  }
  return { single, withOthersOf, error };
}

/** Away from nodes of any degree in use, and apart from each other: a Kronecker sequence. */
const insidePoints = Array.from({ length: 8 }, (_, k) =>
  [Math.SQRT2, Math.sqrt(3), Math.sqrt(5)].map((root) => ((k + 1) * root) % 1),
) as [number, number, number][];

const between = ([lowest, highest]: readonly [number, number], share: number): number =>
  lowest + (highest - lowest) * share;

function distance(near: ClassPairMoments, exact: ClassPairMoments): number {
  const one = exact.logOne === -Infinity ? 0 : Math.abs(near.logOne - exact.logOne);
  return Math.max(Math.abs(near.logBoth - exact.logBoth), one);
}

/** Of the smallest degree that does for every line; of the largest if none does. */
function nodesFor(
  range: readonly [number, number],
  tolerance: number,
  lines: readonly ((x: number) => ClassPairMoments)[],
): ChebyshevNodes {
  let nodes = chebyshevNodes(0, ...range);
  for (const degree of degrees) {
    nodes = chebyshevNodes(degree, ...range);
    const good = lines.every((line) => {
      const near = interpolate(nodes, line);
      return [0.03, 0.41, 0.77, 0.98].every((share) => {
        const x = between(range, share);
        return distance(near(x), line(x)) <= tolerance / 4;
      });
    });
    if (good || nodes.points.length === 1 + degrees.at(-1)!) break;
  }
  return nodes;
}

function interpolate(nodes: ChebyshevNodes, line: (x: number) => ClassPairMoments): (x: number) => ClassPairMoments {
  const values = Array.from(nodes.points, line);
  const weights = new Float64Array(values.length);
  return (x) => {
    nodes.weights(x, weights);
    let [logBoth, logOne] = [0, 0];
    values.forEach((value, k) => {
      logBoth += weights[k]! * value.logBoth;
      // Zero times −Infinity has no value.
      logOne += value.logOne === -Infinity ? -Infinity : weights[k]! * value.logOne;
    });
    return { logBoth, logOne };
  };
}

/** Both logarithms at every (length, other, cosine) of the nodes. */
function tensorOf(
  lengths: Float64Array,
  cosines: Float64Array,
  at: (length: number, other: number, cosine: number) => ClassPairMoments,
): [Float64Array, Float64Array] {
  const size = lengths.length ** 2 * cosines.length;
  const [both, one] = [new Float64Array(size), new Float64Array(size)];
  let k = 0;
  for (const length of lengths)
    for (const other of lengths)
      for (const cosine of cosines) {
        const value = at(length, other, cosine);
        both[k] = value.logBoth;
        one[k] = Number.isFinite(value.logOne) ? value.logOne : 0;
        k++;
      }
  return [both, one];
}

function contract(tensor: Float64Array, weights: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  weights.forEach((weight, a) => {
    for (let k = 0; k < size; k++) sums[k]! += weight * tensor[a * size + k]!;
  });
  return sums;
}
