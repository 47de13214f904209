import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { dot } from '../../../simulations/linalg/vectors.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { Workspace } from '../../../simulations/contracts.js';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { backendsHere } from './linalgBackends.js';
import { maximumDifference, norm, uniform } from './linalgTestMatrices.js';

interface GramCase {
  name: string;
  dimension: number;
  samples: number;
  live: number;
  signs: 'one' | 'both';
  liveCount: number;
  eigenvalues: number[];
  squaredFrobeniusNorm: number;
  trace: number;
}
/** X diag(a) Xᵀ / N and its eigenvalues by NumPy, test/fixtures/numpy/eigenvalues.py. */
const { grams } = JSON.parse(
  readFileSync(new URL('../../fixtures/numpy/eigenvalues.json', import.meta.url), 'utf8'),
) as {
  grams: GramCase[];
};
const reference = await createBackend('reference');

const caseInputs = ({ dimension, samples, live, signs }: GramCase): { inputs: Float64Array; weights: Float64Array } => {
  const inputs = Float64Array.from({ length: samples * dimension }, (_, k) =>
    uniform(21, Math.floor(k / dimension), k % dimension),
  );
  const weights = Float64Array.from({ length: samples }, (_, n) =>
    uniform(23, n, 0) > 2 * live - 1 ? 0 : uniform(22, n, 0),
  );
  return { inputs, weights: signs === 'one' ? weights.map(Math.abs) : weights };
};

const draw = (workspace: Workspace, label = 'inputs'): void =>
  workspace.drawInputs(randomStream('workspace', label, 0));

const weightKinds: Record<string, (n: number, z: number, u: number) => number> = {
  positive: (_n, z) => z * z,
  negative: (_n, z) => -z * z,
  signed: (_n, z) => z,
  'half dead': (_n, z, u) => (u < 0.5 ? z * z : 0),
  'signed, three quarters dead': (_n, z, u) => (u < 0.25 ? z : 0),
  'spread over twelve orders': (_n, z, u) => z * 10 ** (12 * u - 12),
  'two live': (n, z) => (n < 2 ? z : 0),
  'one live': (n) => (n === 0 ? 2 : 0),
};
const weightsOf = (kind: string, samples: number): Float64Array => {
  const stream = randomStream('workspace', kind, samples);
  return Float64Array.from({ length: samples }, (_, n) => weightKinds[kind]!(n, stream.normal(), stream.uniform()));
};

interface Plain {
  readonly inputs: Float64Array;
  readonly results: ReadonlyMap<
    string,
    { gram: Float64Array; eigenvalues: Float64Array; squaredFrobeniusNorm: number; trace: number }
  >;
}
const plainResults = new Map<string, Plain>();
/** What the plain backend says of every kind of weights at one size; worked out once for all backends. */
const plainAt = (dimension: number, samples: number): Plain => {
  const key = `${dimension}×${samples}`;
  const known = plainResults.get(key);
  if (known) return known;
  const workspace = reference.createWorkspace(dimension, samples);
  draw(workspace);
  const results = new Map(
    Object.keys(weightKinds).map((kind) => {
      const weights = weightsOf(kind, samples);
      const gram = workspace.weightedGram(weights);
      const eigenvalues = reference.symmetricEigenvalues(gram, dimension);
      return [
        kind,
        {
          gram,
          eigenvalues,
          squaredFrobeniusNorm: gram.reduce((sum, x) => sum + x * x, 0),
          trace: workspace.trace(weights),
        },
      ] as const;
    }),
  );
  const plain = { inputs: workspace.inputs.slice(), results };
  plainResults.set(key, plain);
  return plain;
};

const SIZES = [
  [1, 1],
  [1, 7],
  [2, 3],
  [4, 9],
  [5, 5],
  [7, 20],
  [13, 40],
  [24, 10],
  [26, 50],
  [27, 61],
  [48, 96],
  [101, 57],
  [130, 260],
] as const;

describe.each(await backendsHere())('workspace, %s', (_name, backend) => {
  test.each(grams)(
    'spectrum, norm and trace agree with NumPy: $name ($liveCount of $samples live, dimension $dimension)',
    (gram) => {
      const { inputs, weights } = caseInputs(gram);
      const workspace = backend.createWorkspace(gram.dimension, gram.samples);
      workspace.inputs.set(inputs);
      expect(weights.filter((a) => a !== 0).length).toBe(gram.liveCount);
      const scale = norm(gram.eigenvalues);
      expect(maximumDifference(workspace.eigenvalues(weights), gram.eigenvalues)).toBeLessThan(1e-13 * scale);
      const [squaredNorm] = workspace.squaredFrobeniusNorms([weights]);
      expect(Math.abs(squaredNorm! / gram.squaredFrobeniusNorm - 1)).toBeLessThan(1e-13);
      expect(Math.abs(workspace.trace(weights) - gram.trace)).toBeLessThan(1e-13 * gram.dimension * scale);
      // One weight changed by a thousandth is seen.
      weights[weights.findIndex((a) => a !== 0)]! += 1e-3;
      expect(maximumDifference(workspace.eigenvalues(weights), gram.eigenvalues)).toBeGreaterThan(1e-9 * scale);
    },
  );

  test.each(SIZES)(
    'matrix, spectrum, norm and trace agree with the plain backend, dimension %p, %p samples',
    (dimension, samples) => {
      const workspace = backend.createWorkspace(dimension, samples);
      draw(workspace);
      const plain = plainAt(dimension, samples);
      expect(maximumDifference(workspace.inputs, plain.inputs)).toBe(0);
      const lists = [...plain.results.keys()].map((kind) => weightsOf(kind, samples));
      const squaredNorms = workspace.squaredFrobeniusNorms(lists);
      [...plain.results.values()].forEach((expected, k) => {
        const weights = lists[k]!;
        const actual = workspace.weightedGram(weights);
        const scale = norm(expected.eigenvalues);
        expect(maximumDifference(actual, expected.gram)).toBeLessThanOrEqual(1e-13 * scale);
        for (let i = 0; i < dimension; i += 1) {
          for (let j = 0; j < i; j += 1)
            if (actual[i * dimension + j] !== actual[j * dimension + i]) throw new Error(`not symmetric at ${i}, ${j}`);
        }
        expect(maximumDifference(workspace.eigenvalues(weights), expected.eigenvalues)).toBeLessThanOrEqual(
          1e-13 * scale,
        );
        for (const squaredNorm of [squaredNorms[k]!, ...workspace.squaredFrobeniusNorms([weights])])
          expect(Math.abs(squaredNorm - expected.squaredFrobeniusNorm)).toBeLessThanOrEqual(
            1e-13 * dimension * scale ** 2,
          );
        expect(Math.abs(workspace.trace(weights) - expected.trace)).toBeLessThanOrEqual(1e-13 * dimension * scale);
      });
    },
  );

  test.each([
    [1, 1],
    [2, 30],
    [24, 48],
    [24, 96],
    [57, 45],
    [24, 211],
    [48, 250],
    [270, 60],
  ])(
    'squared norms of 1, 2, 8 and 40 lists agree with the plain backend and one by one, dimension %p, %p samples',
    (dimension, samples) => {
      const workspace = backend.createWorkspace(dimension, samples);
      draw(workspace);
      const plain = reference.createWorkspace(dimension, samples);
      plain.inputs.set(workspace.inputs);
      const kinds = ['positive', 'signed', 'half dead', 'signed, three quarters dead', 'negative', 'one live'];
      const stream = randomStream('workspace', 'lists', dimension);
      const lists = Array.from({ length: 40 }, (_, k) =>
        k % 7 === 3
          ? new Float64Array(samples)
          : Float64Array.from({ length: samples }, (_unused, n) =>
              weightKinds[kinds[k % 6]!]!(n, stream.normal(), stream.uniform()),
            ),
      );
      const expected = plain.squaredFrobeniusNorms(lists);
      const alone = lists.map((weights) => workspace.squaredFrobeniusNorms([weights])[0]!);
      for (const count of [0, 1, 2, 8, 40]) {
        const together = workspace.squaredFrobeniusNorms(lists.slice(0, count));
        expect(together.length).toBe(count);
        together.forEach((squaredNorm, k) => {
          const tolerance = 1e-13 * expected[k]!;
          expect(Math.abs(squaredNorm - expected[k]!)).toBeLessThanOrEqual(tolerance);
          expect(Math.abs(alone[k]! - expected[k]!)).toBeLessThanOrEqual(tolerance);
        });
        // Nothing of the calls between is left.
        expect(workspace.squaredFrobeniusNorms(lists.slice(0, count))).toEqual(together);
      }
      // Other roundings show that both ways were taken: many lists share a Gram here, and one has its own.
      if (backend.name !== 'reference' && dimension * samples > 1e4)
        expect([...workspace.squaredFrobeniusNorms(lists)]).not.toEqual(alone);
    },
  );

  test.each([20, 100])(
    'squared norms keep their digits where repeated samples cancel but for a thousandth, dimension %p',
    (dimension) => {
      const half = 30;
      const workspace = backend.createWorkspace(dimension, 2 * half);
      draw(workspace);
      workspace.inputs.copyWithin(half * dimension, 0, half * dimension);
      const share = 2 ** -10;
      const weights = Float64Array.from({ length: 2 * half }, (_, n) =>
        n < half ? n + 1 : (half - n - 1) * (1 + share),
      );
      // What is left of each pair of samples, of one sign.
      const remainders = weights.map((a, n) => (n < half ? -share * a : 0));
      const plain = reference.createWorkspace(dimension, 2 * half);
      plain.inputs.set(workspace.inputs);
      const expected = plain.squaredFrobeniusNorms([remainders])[0]!;
      const others = Array.from({ length: 39 }, (_, k) => weights.map((a, n) => ((n * k) % 5) + Math.abs(a)));
      for (const lists of [[weights], [weights, ...others]])
        expect(Math.abs(workspace.squaredFrobeniusNorms(lists)[0]! / expected - 1)).toBeLessThan(1e-12);
      // The sum over pairs of samples has lost them.
      const sample = (n: number): Float64Array => workspace.inputs.subarray(n * dimension, (n + 1) * dimension);
      let sum = 0;
      for (let n = 0; n < 2 * half; n += 1)
        for (let m = 0; m < 2 * half; m += 1)
          sum += (weights[n]! * weights[m]! * dot(sample(n), sample(m)) ** 2) / (2 * half) ** 2;
      expect(Math.abs(sum / expected - 1)).toBeGreaterThan(1e-11);
    },
  );

  test('squared norms of very small and very large blocks in one call, beside a sample that is no number', () => {
    const workspace = backend.createWorkspace(12, 40);
    draw(workspace);
    const weights = weightsOf('signed', 40);
    weights[7] = 0;
    const [expected] = workspace.squaredFrobeniusNorms([weights]);
    const sizes = [1e-300, 1e-150, 1e-3, 1e150, 1e300];
    const lists = sizes.flatMap((size) => [weights.map((a) => a * size), weights.map((a) => Math.abs(a) * size)]);
    const norms = workspace.squaredFrobeniusNorms(lists).filter((_, k) => k % 2 === 0);
    // The square of a size of 1e±300 is beyond the doubles.
    expect(norms[0]).toBe(0);
    expect(norms[4]).toBe(Infinity);
    for (const k of [1, 2, 3]) expect(Math.abs(norms[k]! / sizes[k]! ** 2 / expected! - 1)).toBeLessThan(1e-12);
    if (backend.name === 'reference') return;
    workspace.inputs[7 * 12] = NaN;
    const everywhere = new Float64Array(40).fill(1);
    const beside = workspace.squaredFrobeniusNorms([everywhere, ...lists]);
    expect(beside[0]).toBeNaN();
    for (const k of [1, 2, 3])
      expect(Math.abs(beside[1 + 2 * k]! / sizes[k]! ** 2 / expected! - 1)).toBeLessThan(1e-12);
  });

  test('eigenvalues that the rank forces to zero are exactly zero', () => {
    const workspace = backend.createWorkspace(60, 90);
    draw(workspace);
    for (const live of [0, 1, 20, 50]) {
      for (const sign of [1, -1, 0]) {
        const weights = Float64Array.from({ length: 90 }, (_, n) =>
          n < live ? (sign || (n % 2 === 0 ? 1 : -1)) * (1 + n) : 0,
        );
        expect(workspace.eigenvalues(weights).filter((x) => x === 0).length).toBeGreaterThanOrEqual(
          backend.name === 'reference' ? 0 : 60 - live,
        );
      }
    }
  });

  test('samples that depend on each other do not spoil the signed dual: repeated rows', () => {
    const workspace = backend.createWorkspace(50, 40);
    const plain = reference.createWorkspace(50, 40);
    draw(workspace);
    workspace.inputs.copyWithin(10 * 50, 0, 5 * 50);
    plain.inputs.set(workspace.inputs);
    // A repeated sample with opposite weights cancels; with others the weights add.
    const weights = Float64Array.from({ length: 40 }, (_, n) => (n >= 25 ? 0 : n % 3 === 0 ? -1 - n : 1 + n));
    weights[10] = -weights[0]!;
    const expected = plain.eigenvalues(weights);
    expect(maximumDifference(workspace.eigenvalues(weights), expected)).toBeLessThan(1e-13 * norm(expected));
  });

  test('a sample that is zero is harmless', () => {
    const workspace = backend.createWorkspace(20, 12);
    draw(workspace);
    workspace.inputs.fill(0, 20, 40);
    const weights = Float64Array.from({ length: 12 }, (_, n) => (n < 5 ? (n % 2 === 0 ? 1 : -1) : 0));
    const values = workspace.eigenvalues(weights);
    expect(values.filter((x) => Math.abs(x) < 1e-14).length).toBe(16);
  });

  test.each([1e-300, 1e-150, 1e150, 1e300])(
    'weights of size %p and inputs of its inverse square root, or as they are',
    (size) => {
      const workspace = backend.createWorkspace(30, 50);
      draw(workspace);
      const weights = weightsOf('signed', 50);
      const expected = workspace.eigenvalues(weights);
      const [frobenius] = workspace.squaredFrobeniusNorms([weights]);
      const scaled = workspace.eigenvalues(weights.map((a) => a * size));
      expect(
        maximumDifference(
          scaled.map((x) => x / size),
          expected,
        ),
      ).toBeLessThan(1e-13 * norm(expected));
      const root = 1 / Math.sqrt(size);
      for (let k = 0; k < workspace.inputs.length; k += 1) workspace.inputs[k]! *= root;
      const before = workspace.inputs.slice();
      const balanced = workspace.eigenvalues(weights.map((a) => a * size));
      expect(maximumDifference(balanced, expected)).toBeLessThan(1e-13 * norm(expected));
      const [balancedNorm] = workspace.squaredFrobeniusNorms([weights.map((a) => a * size)]);
      expect(Math.abs(balancedNorm! / frobenius! - 1)).toBeLessThan(1e-12);
      expect(maximumDifference(workspace.inputs, before)).toBe(0);
    },
  );

  test.each([
    [1, 3],
    [5, 8],
    [6, 30],
    [17, 101],
    [64, 33],
  ] as const)('project agrees with inner products, dimension %p, %p samples', (dimension, samples) => {
    const workspace = backend.createWorkspace(dimension, samples);
    draw(workspace);
    for (const count of [1, 3, 4, 7, 24, 25, 97]) {
      const directions = Float64Array.from({ length: count * dimension }, (_, k) => uniform(31, k, count));
      const out = new Float64Array(count * samples);
      workspace.project(directions, count, out);
      for (let c = 0; c < count; c += 1) {
        for (let n = 0; n < samples; n += 1) {
          let sum = 0;
          let size = 0;
          for (let j = 0; j < dimension; j += 1) {
            const term = directions[c * dimension + j]! * workspace.inputs[n * dimension + j]!;
            sum += term;
            size += Math.abs(term);
          }
          if (!(Math.abs(out[c * samples + n]! - sum) <= 1e-14 * size))
            throw new Error(`direction ${c} of ${count}, sample ${n}: ${out[c * samples + n]} against ${sum}`);
        }
      }
    }
  });

  test('softmaxOfClasses agrees with the definition, for few and many classes and logits up to 1e4', () => {
    const [dimension, samples] = [9, 31];
    const workspace = backend.createWorkspace(dimension, samples);
    draw(workspace);
    for (const classes of [1, 2, 10, 24, 25, 96, 97, 700]) {
      for (const size of [0, 0.3, 30, 3000]) {
        const matrix = Float64Array.from({ length: classes * dimension }, (_, k) => size * uniform(41, k, classes));
        const rows = (start: number, out: Float64Array): void =>
          out.set(matrix.subarray(start * dimension, start * dimension + out.length));
        const logits = new Float64Array(classes * samples);
        workspace.project(matrix, classes, logits);
        const wanted = classes > 1 ? [classes - 1, 0] : [0];
        const actual = workspace.softmaxOfClasses(rows, classes, wanted);
        for (let n = 0; n < samples; n += 1) {
          let largest = -Infinity;
          for (let c = 0; c < classes; c += 1) largest = Math.max(largest, logits[c * samples + n]!);
          let sum = 0;
          for (let c = 0; c < classes; c += 1) sum += Math.exp(logits[c * samples + n]! - largest);
          wanted.forEach((c, k) => {
            const expected = Math.exp(logits[c * samples + n]! - largest) / sum;
            // An error of 1e-15 in a logit is a relative one of 1e-15 times its size in the probability.
            if (
              !(
                Math.abs(actual[k * samples + n]! - expected) <=
                3e-15 * (1 + Math.abs(largest) + Math.abs(logits[c * samples + n]!)) * expected + 1e-300
              )
            ) {
              throw new Error(
                `classes ${classes}, size ${size}, class ${c}, sample ${n}: ${actual[k * samples + n]} against ${expected}`,
              );
            }
          });
        }
      }
    }
  });

  test('softmaxOfClasses asks for consecutive tiles that cover the classes once', () => {
    const workspace = backend.createWorkspace(3, 4);
    draw(workspace);
    let next = 0;
    const probabilities = workspace.softmaxOfClasses(
      (start, out) => {
        expect(start).toBe(next);
        next += out.length / 3;
        out.fill(0);
      },
      1000,
      [5],
    );
    expect(next).toBe(1000);
    // Equal logits.
    expect(maximumDifference(probabilities, new Float64Array(4).fill(1e-3))).toBeLessThan(1e-17);
  });

  test('softmaxMoments, where there is a kernel, agrees with the definition over tiles of any length and large logits', () => {
    if (backend.name === 'reference') {
      expect(backend.createWorkspace(2, 2).softmaxMoments).toBeUndefined();
      return;
    }
    for (const [width, samples, classes, tileRows, size] of [
      [3, 9, 700, 300, 1],
      [8, 6, 50, 7, 1],
      [1, 4, 2, 2, 1],
      [5, 5, 40, 40, 300],
      // So many features that rows of several tiles are multiplied at once, in more than one block.
      [130, 9, 500, 31, 1],
      [64, 4, 200, 63, 1],
      [300, 5, 700, 300, 1],
    ] as const) {
      const matrix = Float64Array.from({ length: classes * width }, (_, k) => size * uniform(51, k, width));
      const features = Float64Array.from({ length: width * samples }, (_, k) => uniform(52, k, width));
      const moments = backend.createWorkspace(2, samples).softmaxMoments!({
        visitTiles(visit) {
          for (let start = 0; start < classes; start += tileRows) {
            const count = Math.min(tileRows, classes - start);
            visit(matrix.subarray(start * width, (start + count) * width), start, count);
          }
        },
        width,
        features,
        columns: [width - 1],
        pairs: [
          [0, 0],
          [0, width - 1],
        ],
      });
      for (let n = 0; n < samples; n += 1) {
        const logits = Array.from({ length: classes }, (_, c) => {
          let sum = 0;
          for (let k = 0; k < width; k += 1) sum += matrix[c * width + k]! * features[k * samples + n]!;
          return sum;
        });
        const largest = Math.max(...logits);
        const likelihoods = logits.map((f) => Math.exp(f - largest));
        const total = likelihoods.reduce((a, b) => a + b);
        const mean = (f: (c: number) => number): number => likelihoods.reduce((sum, e, c) => sum + e * f(c), 0) / total;
        const entry = (c: number, k: number): number => matrix[c * width + k]!;
        const means = Array.from({ length: width }, (_, k) => mean((c) => entry(c, k)));
        const covariance = (i: number, j: number): number =>
          mean((c) => (entry(c, i) - means[i]!) * (entry(c, j) - means[j]!));
        // An error of 1e-15 in a logit is a relative one of 1e-15 times its size in a likelihood.
        const accuracy = 1e-14 * (1 + Math.abs(largest));
        expect(Math.abs(moments.logNormaliser[n]! - largest - Math.log(total))).toBeLessThan(accuracy);
        expect(Math.abs(moments.means.get(width - 1)![n]! - means[width - 1]!)).toBeLessThan(accuracy * size);
        expect(Math.abs(moments.means.get(0)![n]! - means[0]!)).toBeLessThan(accuracy * size);
        expect(Math.abs(moments.covariances[0]![n]! - covariance(0, 0))).toBeLessThan(accuracy * size ** 2);
        expect(Math.abs(moments.covariances[1]![n]! - covariance(0, width - 1))).toBeLessThan(accuracy * size ** 2);
      }
    }
  });

  test('refuses arguments of the wrong size and numbers that are not finite', () => {
    const workspace = backend.createWorkspace(3, 4);
    draw(workspace);
    expect(() => backend.createWorkspace(0, 4)).toThrow('dimension must be an integer of at least 1, got 0');
    expect(() => workspace.eigenvalues(new Float64Array(3))).toThrow('weights must hold one number a sample, 4, got 3');
    expect(() => workspace.eigenvalues(Float64Array.of(1, NaN, 0, 0))).toThrow(NumericalError);
    const ones = Float64Array.of(1, 1, 1, 1);
    expect(() => workspace.squaredFrobeniusNorms([ones, new Float64Array(3)])).toThrow(
      'weights must hold one number a sample, 4, got 3',
    );
    expect(() => workspace.squaredFrobeniusNorms([ones, Float64Array.of(1, NaN, 0, 0)])).toThrow(NumericalError);
    expect(() => workspace.project(new Float64Array(2), 1, new Float64Array(4))).toThrow(UsageError);
    expect(() => workspace.softmaxOfClasses(() => undefined, 2, [2])).toThrow(
      'wanted classes must be integers from 0 to 1, got 2',
    );
    workspace.inputs[5] = NaN;
    expect(() => workspace.eigenvalues(Float64Array.of(1, 1, 1, 1))).toThrow(NumericalError);
  });
});

test('a workspace is reused from draw to draw without a trace of the draw before', async () => {
  const backend = await createBackend('wasm');
  const reused = backend.createWorkspace(40, 70);
  draw(reused, 'first');
  reused.eigenvalues(weightsOf('signed', 70));
  reused.softmaxOfClasses((_start, out) => out.fill(0.1), 300, [0]);
  draw(reused, 'second');
  const fresh = backend.createWorkspace(40, 70);
  draw(fresh, 'second');
  for (const kind of ['signed', 'half dead', 'signed, three quarters dead']) {
    expect(reused.eigenvalues(weightsOf(kind, 70))).toEqual(fresh.eigenvalues(weightsOf(kind, 70)));
  }
  expect(reused.inputs.byteLength).toBe(40 * 70 * 8);
});
