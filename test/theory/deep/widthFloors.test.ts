// Floors against their definition: Jacobians of a norm by central differences, at inputs with iid normal entries. The draws are of a
// fixed seed; scores of a mean are normal, beyond 4.2 once in 37 000.
import { describe, expect, test } from '@jest/globals';
import { ratioOfMeans } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { finalNormFloor, valueFloor, type FinalNorm } from '../../../theory/deep/index.js';

const seed = 'floors';
const largest = 4.2;

function normalise(norm: FinalNorm, x: Float64Array): Float64Array {
  const mean = norm === 'layer' ? x.reduce((sum, value) => sum + value, 0) / x.length : 0;
  const centred = x.map((value) => value - mean);
  const scale = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0) / x.length);
  return centred.map((value) => value / scale);
}

/** Columns of the Jacobian, by central differences; right to 1e-9. */
function columns(norm: FinalNorm, x: Float64Array): Float64Array[] {
  const step = 1e-5;
  const moved = (i: number, by: number): Float64Array => normalise(norm, x.with(i, x[i]! + by));
  return Array.from(x, (_, i) => {
    const [above, below] = [moved(i, step), moved(i, -step)];
    return above.map((value, k) => (value - below[k]!) / (2 * step));
  });
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** Means over i ≠ j and over i = j of (J b_i·J b_j)(J′b_i·J′b_j), from the columns J b_i and J′b_i. */
function products(one: readonly Float64Array[], other: readonly Float64Array[]) {
  let [off, on] = [0, 0];
  one.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const product = inner(a, one[j]!) * inner(other[i]!, other[j]!);
      if (i === j) on += product;
      else off += 2 * product;
    }
  });
  const rows = one.length;
  return { off: off / (rows * (rows - 1)), on: on / rows };
}

/** Two inputs whose entries have this correlation. */
function inputs(dimension: number, correlation: number, label: string, draw: number) {
  const stream = randomStream(seed, label, draw);
  const [x, z] = [new Float64Array(dimension), new Float64Array(dimension)];
  stream.fillNormals(x);
  stream.fillNormals(z);
  const own = Math.sqrt(1 - correlation * correlation);
  return { x, y: x.map((value, k) => correlation * value + own * z[k]!), stream };
}

function drawn(norm: FinalNorm, dimension: number, correlation: number, draws: number) {
  const pairs = Array.from({ length: draws }, (_, k) => {
    const { x, y } = inputs(dimension, correlation, `${norm}-${dimension}-${correlation}`, k);
    const [a, b] = [normalise(norm, x), normalise(norm, y)];
    return { ...products(columns(norm, x), columns(norm, y)), cosineSquare: (inner(a, b) / dimension) ** 2 };
  });
  const { ratio, standardError } = ratioOfMeans(
    pairs.map(({ off }) => off),
    pairs.map(({ on }) => on),
  );
  const cosineSquare = pairs.reduce((sum, pair) => sum + pair.cosineSquare / draws, 0);
  return { ratio, standardError, floor: finalNormFloor(norm, dimension, Math.min(1, cosineSquare)) };
}

describe(`floor of a final norm (seed "${seed}")`, () => {
  // Chance of a false alarm of each line: 3e-5. The slack is what the doc comment states.
  test.each([
    ['layer', 16, 0, 0.01],
    ['layer', 32, 0.7, 0.01],
    ['layer', 32, 1, 0.01],
    ['rms', 16, 1, 0.01],
    ['rms', 32, 0.7, 4 / 32],
  ] as const)('%s norm, D = %d, correlation %f', (norm, dimension, correlation, slack) => {
    const { ratio, standardError, floor } = drawn(norm, dimension, correlation, 60);
    // The mean cosine is that of the same draws: its noise moves the floor, by no more than that of the ratio.
    const noise = correlation === 1 ? largest * standardError : 2 * largest * standardError;
    expect(Math.abs(ratio - floor)).toBeLessThan(slack * floor + noise);
    if (correlation === 1) {
      // Wrong: the mean left in or taken out, (D − 2)² for D(D − 2).
      const other = finalNormFloor(norm === 'layer' ? 'rms' : 'layer', dimension, 1);
      expect(Math.abs(ratio - other)).toBeGreaterThan(slack * floor + noise);
      expect(Math.abs(ratio - floor * (dimension / (dimension - 2)))).toBeGreaterThan(slack * floor + noise);
    }
  });

  test('unrelated inputs leave nothing with RMSNorm: their mean cos², 1/D, is chance', () => {
    expect(finalNormFloor('rms', 32, 1 / 32)).toBe(0);
    expect(finalNormFloor('layer', 33, 1 / 32)).toBe(1 / (33 * 31));
    const { ratio, standardError } = drawn('rms', 16, 0, 200);
    expect(Math.abs(ratio)).toBeLessThan(largest * standardError);
    // Wrong: cos² itself, 1/D³.
    expect(Math.abs(ratio - 1 / 16 ** 3)).toBeGreaterThan(largest * standardError);
  });
});

describe(`floor of a value projection (seed "${seed}")`, () => {
  test('Gaussian vectors by themselves have it exactly: D = 8', () => {
    const sums = Array.from({ length: 400 }, (_, k) => {
      const vectors = Array.from({ length: 12 }, (_, i) => {
        const vector = new Float64Array(8);
        randomStream(seed, `value-${i}`, k).fillNormals(vector);
        return vector;
      });
      return products(vectors, vectors);
    });
    const { ratio, standardError } = ratioOfMeans(
      sums.map(({ off }) => off),
      sums.map(({ on }) => on),
    );
    expect(Math.abs(ratio - valueFloor(8))).toBeLessThan(largest * standardError);
    // Wrong: 1/D.
    expect(Math.abs(ratio - 1 / 8)).toBeGreaterThan(largest * standardError);
  });

  test('behind a LayerNorm it is within 6/D: D = 16 and 48', () => {
    for (const dimension of [16, 48]) {
      const sums = Array.from({ length: 40 }, (_, k) => {
        const { x, stream } = inputs(dimension, 0, `value-norm-${dimension}`, k);
        const jacobian = columns('layer', x);
        const images = Array.from({ length: 12 }, () => {
          const b = new Float64Array(dimension);
          stream.fillNormals(b);
          return Float64Array.from(x, (_, k) => jacobian.reduce((sum, column, i) => sum + column[k]! * b[i]!, 0));
        });
        return products(images, images);
      });
      const { ratio, standardError } = ratioOfMeans(
        sums.map(({ off }) => off),
        sums.map(({ on }) => on),
      );
      const floor = valueFloor(dimension);
      expect(Math.abs(ratio - floor)).toBeLessThan((6 / dimension) * floor + largest * standardError);
    }
  });
});

test('what is no width, and no mean of squares of cosines', () => {
  expect(() => valueFloor(0)).toThrow(/dimension must be a whole number from 1 on, got 0/);
  expect(() => finalNormFloor('layer', 2, 0.5)).toThrow(/from 3 on, got 2/);
  expect(() => finalNormFloor('rms', 8, 1.1)).toThrow(/cosineSquare must lie in \[0, 1\], got 1\.1/);
});
