import { describe, expect, test } from '@jest/globals';
import { headSums, jackknife, rowsInMemory, type HeadSums } from '../../../simulations/head/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { blocksOf, sumsOf, type SmallHead } from '../../helpers/headByDefinition.js';
import { backendsHere } from '../linalg/linalgBackends.js';

const reference = await createBackend('reference');

/** Features with a mean and a skew, a readout whose rows differ in size, and a bias like log frequencies. */
function skewedHead(samples: number, dimension: number, classes: number, size = 1): SmallHead {
  const normals = (label: string, length: number): Float64Array => {
    const out = new Float64Array(length);
    randomStream('heads', label, 0).fillNormals(out);
    return out;
  };
  return {
    samples,
    dimension,
    classes,
    features: normals('features', samples * dimension).map((z, k) => 0.4 * z * z + z / (1 + (k % dimension)) - 0.3),
    readout: normals('readout', classes * dimension).map(
      (z, k) => (size * z) / (1 + Math.floor(k / dimension) / classes),
    ),
    bias: Float64Array.from({ length: classes }, (_, c) => -Math.log(1 + c)),
  };
}

const requestOf = ({ readout, classes, dimension, ...rest }: SmallHead) => ({
  ...rest,
  dimension,
  rows: rowsInMemory(readout, classes, dimension),
});

const relative = (a: number, b: number): number => Math.abs(a / b - 1);
const worst = (a: Float64Array, b: Float64Array, times = 1): number =>
  a.reduce((largest, value, k) => Math.max(largest, relative(value * times, b[k]!)), 0);

/** Beyond one tile of classes, and beyond one block of steps in N and in D. */
const largeHead = skewedHead(269, 259, 300, 0.1);
const large = {
  head: largeHead,
  expected: headSums({ ...requestOf(largeHead), backend: reference, perRow: true }),
};

describe.each(await backendsHere())('%s: sums over all blocks of a head', (_name, backend) => {
  test('equal the blocks written out, C = 30, D = 6, with a bias and skewed features, to 1e-13', () => {
    const head = skewedHead(41, 6, 30);
    const sums = headSums({ ...requestOf(head), backend, perRow: true });
    const { samples, classes } = head;
    const everyone = Array.from({ length: samples }, (_, n) => n);
    const expected = sumsOf(blocksOf(head, everyone), classes);
    // ‖Σ_n B_n‖² − Σ_n ‖B_n‖² is the sum over n ≠ m.
    const alone = everyone.map((n) => sumsOf(blocksOf(head, [n]), classes));
    const without = (part: (each: typeof expected) => number) =>
      part(expected) - alone.reduce((sum, each) => sum + part(each), 0);
    expect(relative(sums.all.diagonal, expected.diagonal)).toBeLessThan(1e-13);
    expect(relative(sums.all.offDiagonal, expected.offDiagonal)).toBeLessThan(1e-13);
    expect(sums.all.pairs).toBe(samples ** 2);
    expect(
      relative(
        sums.between.diagonal,
        without(({ diagonal }) => diagonal),
      ),
    ).toBeLessThan(1e-13);
    expect(
      relative(
        sums.between.offDiagonal,
        without(({ offDiagonal }) => offDiagonal),
      ),
    ).toBeLessThan(1e-13);
    expect(sums.between.pairs).toBe(samples * (samples - 1));
    expect(worst(sums.perRow!.diagonal, expected.diagonalOfRow)).toBeLessThan(1e-12);
    expect(worst(sums.perRow!.offDiagonal, expected.offDiagonalOfRow)).toBeLessThan(1e-12);
    const between = (part: (each: typeof expected) => Float64Array) =>
      part(expected).map((value, c) => value - alone.reduce((sum, each) => sum + part(each)[c]!, 0));
    expect(
      worst(
        sums.perRow!.diagonalBetween,
        between((each) => each.diagonalOfRow),
      ),
    ).toBeLessThan(1e-12);
    expect(
      worst(
        sums.perRow!.offDiagonalBetween,
        between((each) => each.offDiagonalOfRow),
      ),
    ).toBeLessThan(1e-12);
    expect(sums.massDefect).toBeLessThan(1e-14);
  });

  test('leave out pairs of one group, and each group in turn', () => {
    const head = skewedHead(24, 4, 12);
    const groups = Float64Array.from({ length: 24 }, (_, n) => [7, 3, 11, 7, 3][n % 5]! + (n > 20 ? 100 : 0));
    const sums = headSums({ ...requestOf(head), backend, groups, perRow: true });
    const names = [...new Set(groups)];
    const of = (keep: (name: number) => boolean) =>
      blocksOf(
        head,
        [...groups.keys()].filter((n) => keep(groups[n]!)),
      );
    const between = (kept: readonly number[]) => {
      const together = sumsOf(
        of((name) => kept.includes(name)),
        12,
      );
      const own = kept.map((only) =>
        sumsOf(
          of((name) => name === only),
          12,
        ),
      );
      return {
        diagonal: together.diagonal - own.reduce((sum, each) => sum + each.diagonal, 0),
        offDiagonal: together.offDiagonal - own.reduce((sum, each) => sum + each.offDiagonal, 0),
        row: together.offDiagonalOfRow.map(
          (value, c) => value - own.reduce((sum, e) => sum + e.offDiagonalOfRow[c]!, 0),
        ),
      };
    };
    expect(sums.groups).toBe(names.length);
    const expected = between(names);
    expect(relative(sums.between.diagonal, expected.diagonal)).toBeLessThan(1e-12);
    expect(relative(sums.between.offDiagonal, expected.offDiagonal)).toBeLessThan(1e-12);
    expect(worst(sums.perRow!.offDiagonalBetween, expected.row)).toBeLessThan(1e-12);
    names.forEach((name, g) => {
      const rest = between(names.filter((other) => other !== name));
      expect(relative(sums.withoutGroup[g]!.diagonal, rest.diagonal)).toBeLessThan(1e-12);
      expect(relative(sums.withoutGroup[g]!.offDiagonal, rest.offDiagonal)).toBeLessThan(1e-12);
      const left = groups.filter((other) => other !== name);
      const same = names.reduce((sum, other) => sum + left.filter((each) => each === other).length ** 2, 0);
      expect(sums.withoutGroup[g]!.pairs).toBe(left.length ** 2 - same);
    });
  });

  test('are those of the reference over several tiles and blocks of steps, with the workspace used again', () => {
    const { head, expected } = large;
    const workspace = backend.createHeadWorkspace(259, 269);
    const once = (): HeadSums => headSums({ ...requestOf(head), backend, workspace, perRow: true });
    once();
    const sums = once();
    for (const name of ['diagonal', 'offDiagonal', 'kernel', 'collisions'] as const) {
      expect(relative(sums.all[name], expected.all[name])).toBeLessThan(1e-12);
      expect(relative(sums.between[name], expected.between[name])).toBeLessThan(1e-12);
    }
    for (const name of Object.keys(expected.perRow!) as (keyof typeof expected.perRow)[])
      expect(worst(sums.perRow![name], expected.perRow![name])).toBeLessThan(1e-10);
    expect(worst(sums.meanPrediction, expected.meanPrediction)).toBeLessThan(1e-12);
    expect(worst(sums.gram, expected.gram)).toBeLessThan(1e-9);
  });

  test('keep their digits where one class has nearly all mass: 1 − p is 1e-30', () => {
    // Two classes: a = p(1 − p) with 1 − p = 1/(1 + e^{70}); ‖H_ii‖² = a², and ‖H_12‖² = a² too.
    const request = {
      features: Float64Array.of(1, 1),
      samples: 2,
      dimension: 1,
      rows: rowsInMemory(Float64Array.of(0, 70), 2, 1),
      backend,
    };
    const { all } = headSums(request);
    const weight = Math.exp(-70) / (1 + Math.exp(-70)) ** 2;
    expect(relative(all.diagonal / all.pairs, 2 * weight ** 2)).toBeLessThan(1e-13);
  });

  test('take a normaliser as it is given, and say what it is off', () => {
    const head = skewedHead(41, 6, 30);
    const found = headSums({ ...requestOf(head), backend });
    const given = headSums({ ...requestOf(head), backend, logNormaliser: found.logNormaliser });
    expect(relative(given.all.diagonal, found.all.diagonal)).toBeLessThan(1e-12);
    expect(relative(given.all.offDiagonal, found.all.offDiagonal)).toBeLessThan(1e-12);
    const off = found.logNormaliser.map((value, n) => value + (n === 3 ? 1e-5 : 0));
    expect(headSums({ ...requestOf(head), backend, logNormaliser: off }).massDefect).toBeCloseTo(1e-5, 9);
  });

  test('refuse logits beyond doubles, naming position and class', () => {
    const head = skewedHead(5, 3, 9);
    const readout = head.readout.map((value, k) => (k === 13 ? 1e308 : value));
    const features = head.features.map((value, k) => (k === 7 ? 1e5 : value));
    expect(() => headSums({ ...requestOf({ ...head, readout, features }), backend })).toThrow(
      new NumericalError(
        `the logit of class 4 at position 2 is ${readout[13]! * 1 > 0 ? 'Infinity' : '-Infinity'}, beyond doubles: features, output or bias are too large; scale them as the model does`,
      ),
    );
  });
});

test('arrays of a wrong length are refused', () => {
  const head = skewedHead(5, 3, 9);
  const backend = reference;
  const cases: [object, RegExp][] = [
    [{ features: new Float64Array(14) }, /features must hold 15 numbers \(5 rows of 3\), got 14/],
    [{ bias: new Float64Array(8) }, /bias must hold 9 numbers/],
    [{ groups: [1, 2] }, /groups must hold 5 numbers/],
    [{ rows: rowsInMemory(new Float64Array(8), 4, 2) }, /a row of V must hold 3 numbers/],
  ];
  for (const [wrong, words] of cases) expect(() => headSums({ ...requestOf(head), backend, ...wrong })).toThrow(words);
  expect(() => rowsInMemory(new Float64Array(7), 4, 2)).toThrow(UsageError);
});

test('subsets of a pool: the mean over different samples is that of the pool, the plain one is far off', () => {
  // 40 subsets of 60 of 600 samples, D = 12, so that n = m adds about D/N = 1/5 to the diagonal and more off it.
  const [pool, size, dimension, classes] = [600, 60, 12, 40];
  const head = skewedHead(pool, dimension, classes, 0.5);
  const pick = randomStream('heads', 'subsets', 0);
  const whole = headSums({ ...requestOf(head), backend: reference });
  const t = (sums: { readonly offDiagonal: number; readonly diagonal: number }) => sums.offDiagonal / sums.diagonal;
  const found = Array.from({ length: 40 }, () => {
    const numbers = new Set<number>();
    while (numbers.size < size) numbers.add(pick.integer(pool));
    const features = new Float64Array(size * dimension);
    [...numbers].forEach((n, k) =>
      features.set(head.features.subarray(n * dimension, (n + 1) * dimension), k * dimension),
    );
    const sums = headSums({ ...requestOf({ ...head, features, samples: size }), backend: reference });
    return { plain: t(sums.all), between: t(sums.between), error: jackknife(sums.between, sums.withoutGroup, t).error };
  });
  const mean = (of: (each: (typeof found)[number]) => number) =>
    found.reduce((sum, each) => sum + of(each), 0) / found.length;
  const between = mean((each) => each.between);
  const spread = Math.sqrt(mean((each) => (each.between - between) ** 2));
  // Four standard errors of the mean, false alarm 6e-5; the ratio of two means is off by a smaller order.
  const standardError = spread / Math.sqrt(found.length);
  expect(Math.abs(between - t(whole.between))).toBeLessThan(4 * standardError);
  expect(mean((each) => each.plain) - t(whole.between)).toBeGreaterThan(12 * standardError);
  // A standard deviation from 40 values is known to 11 %; three times that, and the jackknife leans to the large side.
  expect(mean((each) => each.error) / spread).toBeGreaterThan(0.7);
  expect(mean((each) => each.error) / spread).toBeLessThan(1.5);
});
