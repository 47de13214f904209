import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ActivationName, InitialisationName } from '../../../theory/contracts.js';
import { frobeniusRatio, type FrobeniusRatio } from '../../../theory/models/index.js';
import { singleInputAverages } from '../../../theory/ratios/hiddenCeSingleInput.js';
import { logSumCovariance } from '../../../theory/ratios/logSumCovariance.js';
import { logSumTable } from '../../../theory/ratios/logSumTable.js';
import { indexOf, taylorIndices } from '../../../theory/ratios/overlapTaylor.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import type { Unit } from '../../../theory/network/unitExpectations.js';
import { weightCovariance } from '../../../theory/ratios/weightProduct.js';

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const gap = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('weightCovariance', () => {
  // For c = e^{pθ + qθ′ + rg} + g/C the derivatives are elementary: with Q the exponent, A = ∂_α Q, B = ∂_β Q.
  const [p, q, r] = [0.37, -0.21, 0.59];
  const own: Unit[] = [
    { h: 0.7, slope: 0.9, curvature: 0.4 },
    { h: -0.4, slope: 0.5, curvature: -0.3 },
    { h: 1.3, slope: 1.1, curvature: 0.2 },
  ];
  const other: Unit[] = [
    { h: 0.2, slope: 0.6, curvature: 0.5 },
    { h: 1.1, slope: 1.2, curvature: 0.1 },
    { h: -0.8, slope: 0.4, curvature: 0.7 },
  ];
  const [variance, classes] = [0.6, 5];
  const dot = (x: readonly Unit[], y: readonly Unit[]) => x.reduce((sum, { h }, k) => sum + variance * h * y[k]!.h, 0);
  const value = Math.exp(p * dot(own, own) + q * dot(other, other) + r * dot(own, other));
  const exponential = () => {
    const taylor = Float64Array.from(
      taylorIndices,
      ([a, b, k]) => (value * p ** a * q ** b * r ** k) / (factorial(a) * factorial(b) * factorial(k)),
    );
    taylor[indexOf(0, 0, 1)]! += 1 / classes;
    return taylor;
  };
  const averages = (taylor: Float64Array) => weightCovariance(own, other, variance, classes, { taylor });

  test('is the fourth derivative of c − g/C, on and off the diagonal, for any activation', () => {
    const s = Math.sqrt(variance);
    const A = own.map(({ h }, k) => s * (2 * p * s * h + r * s * other[k]!.h));
    const B = other.map(({ h }, k) => s * (2 * q * s * h + r * s * own[k]!.h));
    const [aa, bb, ab] = [2 * p * variance, 2 * q * variance, r * variance];
    let [off, diagonal] = [0, 0];
    own.forEach((x, i) => {
      const y = other[i]!;
      const four = (A[i]! ** 2 + aa) * (B[i]! ** 2 + bb) + 4 * ab * A[i]! * B[i]! + 2 * ab * ab;
      const ownTwice = (A[i]! ** 2 + aa) * B[i]! + 2 * ab * A[i]!;
      const otherTwice = (B[i]! ** 2 + bb) * A[i]! + 2 * ab * B[i]!;
      diagonal +=
        (value *
          (x.slope ** 2 * y.slope ** 2 * four +
            x.slope ** 2 * y.curvature * ownTwice +
            x.curvature * y.slope ** 2 * otherTwice +
            x.curvature * y.curvature * (A[i]! * B[i]! + ab))) /
        3;
      own.forEach((x2, j) => {
        if (i === j) return;
        const slopes = x.slope * x2.slope * y.slope * other[j]!.slope;
        const product = A[i]! * A[j]! * B[i]! * B[j]! + ab * (A[i]! * B[i]! + A[j]! * B[j]!) + ab * ab;
        off += (value * slopes * product) / 6;
      });
    });
    const actual = averages(exponential());
    expect(gap(actual.off, off)).toBeLessThan(1e-12);
    expect(gap(actual.diagonal, diagonal)).toBeLessThan(1e-12);
  });

  test('2 % in any one coefficient but c and its derivatives by one variance is found out', () => {
    const right = averages(exponential());
    taylorIndices.forEach(([a, b, k], at) => {
      if (k === 0 && a * b === 0) return;
      const taylor = exponential();
      taylor[at]! *= 1.02;
      const wrong = averages(taylor);
      expect(Math.max(gap(wrong.off, right.off), gap(wrong.diagonal, right.diagonal))).toBeGreaterThan(1e-5);
    });
  });
});

describe('logSumCovariance', () => {
  test('small variances: ∂_g c = 1/C and ∂²_g c = (C − 1)/C², the sums over p = 1/C', () => {
    for (const classes of [2, 10, 1e5]) {
      const { taylor, meanSlope } = logSumCovariance({ classes, own: 1e-7, other: 2e-7, shared: 1e-7 });
      expect(gap(taylor[indexOf(0, 0, 1)]!, 1 / classes)).toBeLessThan(2e-5);
      expect(gap(2 * taylor[indexOf(0, 0, 2)]!, (classes - 1) / classes ** 2)).toBeLessThan(2e-5);
      expect(gap(meanSlope, (1 - 1 / classes) / 2)).toBeLessThan(2e-4);
    }
  });

  test('two classes: ∂_g c = E Σ p_c p_c′, over the differences of their logits', () => {
    // Differences are normal of variances 2θ and 2θ′ and covariance 2g; trapezoidal rule over two normals.
    const [own, other, shared] = [1.1, 0.6, 0.4];
    const slope = shared / own;
    const rest = Math.sqrt(2 * (other - shared * slope));
    const step = 0.1;
    let expected = 0;
    for (let a = -80; a <= 80; a++) {
      for (let b = -80; b <= 80; b++) {
        const first = Math.sqrt(2 * own) * step * a;
        const [p, q] = [1 / (1 + Math.exp(-first)), 1 / (1 + Math.exp(-slope * first - rest * step * b))];
        const mass = (step ** 2 * Math.exp(-0.5 * step ** 2 * (a * a + b * b))) / (2 * Math.PI);
        expected += mass * (p * q + (1 - p) * (1 - q));
      }
    }
    const { taylor } = logSumCovariance({ classes: 2, own, other, shared });
    expect(gap(taylor[indexOf(0, 0, 1)]!, expected)).toBeLessThan(2e-5);
  });

  test('many classes: C ∂^k_g c → e^g for k = 1 to 4', () => {
    const { taylor } = logSumCovariance({ classes: 1e7, own: 0.5, other: 0.4, shared: 0.3 });
    for (let k = 1; k <= 4; k += 1)
      expect(gap(1e7 * factorial(k) * taylor[indexOf(0, 0, k)]!, Math.exp(0.3))).toBeLessThan(1e-5);
  });
});

describe('E[a²] for ReLU and normal V', () => {
  // An independent program in NumPy: five integrals of products of ψ_{k,l}(t) = E[z^l e^{kz − te^z}], and χ² radii.
  test.each([
    [3, 1, 10, 0.0286322, 0.0451628],
    [3, 1, 1000, 0.1435829, 0.05545],
    [3, 1, 1e6, 0.3349148, 0.0555524],
    [4, 2, 10, 0.0589802, 0.0739772],
  ])('m = %d, variance factors %d, C = %d', (width, factor, classes, off, diagonal) => {
    const options = {
      width,
      activation: 'relu',
      hiddenFactor: factor,
      entry: readoutEntry('normal', factor / width),
      classes,
      effort: 1e8,
    } as const;
    const exact = singleInputAverages(options, logSumTable(classes));
    expect(exact).toHaveLength(1);
    expect(gap(classes * exact[0]!.square.off, off)).toBeLessThan(2e-4);
    expect(gap(exact[0]!.square.diagonal, diagonal)).toBeLessThan(2e-4);
  });
});

interface Simulated {
  activation: ActivationName;
  initialisation: InitialisationName;
  classes: number;
  width: number;
  ratio: number;
  error: number;
}

describe('C·r at γ = ½', () => {
  const ratioAt = ({
    activation,
    initialisation,
    width,
    classes,
  }: Pick<Simulated, 'activation' | 'initialisation' | 'width' | 'classes'>) => {
    const effort = classes > 20 ? 1e8 : 3e7;
    const spec = { model: 'hidden', loss: 'ce', layer: 'hidden', aspectRatio: 0.5, effort } as const;
    return frobeniusRatio({ ...spec, activation, initialisation, width, classes });
  };
  const zOf = (at: FrobeniusRatio, { ratio, error }: Pick<Simulated, 'ratio' | 'error'>) =>
    (at.ratio - ratio) / Math.hypot(at.ratioError, error);

  // Monte Carlo, by importance where few draws carry the norms: test/fixtures/numpy/hiddenCeRatios.py
  const simulated = (
    JSON.parse(readFileSync(new URL('../../fixtures/numpy/hiddenCeRatios.json', import.meta.url), 'utf8')) as {
      settings: Simulated[];
    }
  ).settings;
  const shown = simulated.filter((_, at) => at % 4 === 2);

  test(`errors are meant: z² over ${shown.length} settings of an independent program`, () => {
    const scores = shown.map((setting) => {
      const at = ratioAt(setting);
      expect(at.ratioError).toBeLessThan(0.016 * at.ratio);
      return zOf(at, setting);
    });
    // A false alarm in 7e-6 of cases each; χ² within four of its standard deviations.
    for (const z of scores) expect(Math.abs(z)).toBeLessThan(4.5);
    const sum = scores.reduce((total, z) => total + z * z, 0);
    expect(Math.abs(sum - shown.length)).toBeLessThan(4 * Math.sqrt(2 * shown.length));
  });

  // An importance sampler in NumPy that draws V and both inputs, with its standard errors of C·r.
  test.each([
    ['relu', 3, 1e4, 2.28, 0.02],
    ['gelu', 3, 1e4, 1.07, 0.02],
    ['gelu', 8, 1e4, 0.2294, 0.001],
  ] as const)('%s, LeCun, m = %d, C = %d: %d ± %d', (activation, width, classes, expected, spread) => {
    const at = ratioAt({ activation, initialisation: 'lecun', width, classes });
    expect(Math.abs(zOf(at, { ratio: expected / classes, error: spread / classes }))).toBeLessThan(4.5);
    expect(at.ratioError).toBeLessThan(0.006 * at.ratio);
  });

  test('it rejects: 5 % more classes, one unit more, another activation', () => {
    const at = simulated.find(({ classes, width }) => classes === 100 && width === 16)!;
    expect(Math.abs(zOf(ratioAt({ ...at, classes: 105 }), at))).toBeGreaterThan(4.5);
    expect(Math.abs(zOf(ratioAt({ ...at, activation: 'gelu' }), at))).toBeGreaterThan(4.5);
    const narrow = simulated.find(({ classes, width }) => classes === 200 && width === 3)!;
    expect(Math.abs(zOf(ratioAt({ ...narrow, width: 4 }), narrow))).toBeGreaterThan(4.5);
  });
});
