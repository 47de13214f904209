import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { featureCovariance } from '../../../../theory/deep/spectra/featureCovariance.js';
import { generalisedMarchenkoPastur } from '../../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';
import { discretePopulation } from '../../../../theory/separable/population.js';
import { separableLaw } from '../../../../theory/separable/index.js';
import { gatedNormalWeights, type OpenWeights } from '../../../../theory/weights/gatedNormalWeights.js';

interface Fixture {
  readonly laws: (OpenWeights & {
    readonly ratios: readonly number[];
    readonly aspectRatio: number;
    readonly transform: { readonly re: number; readonly im: number; readonly value: readonly [number, number] };
    readonly points: readonly { readonly x: number; readonly density: number; readonly outside?: number }[];
  })[];
}
/** Defining equations by plain iteration, with the Faddeeva function (deepFeatureLaws.py). */
const { laws } = JSON.parse(
  readFileSync(new URL('../../../fixtures/scipy/deepFeatureLaws.json', import.meta.url), 'utf8'),
) as Fixture;

const transformOf = (ratios: readonly number[], re: number, im: number): readonly [number, number] => {
  const out = new Float64Array(6);
  featureCovariance(ratios).evaluate(re, im, out);
  return [out[4]!, out[5]!];
};

describe('SciPy by plain iteration', () => {
  test.each(laws)(
    'n_k/n_{k−1} = $ratios, q = $openShare, mean $mean, deviation $deviation, aspect ratio $aspectRatio',
    ({ ratios, aspectRatio, transform, points, ...weights }) => {
      const [re, im] = transformOf(ratios, transform.re, transform.im);
      expect(Math.hypot(re - transform.value[0], im - transform.value[1])).toBeLessThan(1e-11);
      const lawOf = (weight: OpenWeights, widths: readonly number[]) =>
        separableLaw({ weights: gatedNormalWeights(weight), population: featureCovariance(widths), aspectRatio });
      const law = lawOf(weights, ratios);
      const wrong = [
        lawOf({ ...weights, deviation: 1.001 * weights.deviation }, ratios),
        lawOf(weights, [ratios[0]! * 1.001, ...ratios.slice(1)]),
      ];
      const scale = Math.sqrt(law.moment(2));
      const noticed = [0, 0];
      for (const { x, density, outside } of points) {
        expect(scale * Math.abs(law.density(x) - density)).toBeLessThan(1e-10);
        if (outside !== undefined)
          expect(Math.abs((x < 0 ? law.cdf(x) : law.survival(x)) - outside)).toBeLessThan(1e-10);
        wrong.forEach((other, k) => {
          noticed[k] = Math.max(noticed[k]!, scale * Math.abs(other.density(x) - density));
        });
      }
      for (const change of noticed) expect(change).toBeGreaterThan(1e-6);
    },
  );
});

describe('the population of features', () => {
  test.each([0.3, 1, 4])('first layer, n/d = %d: an affine Marčenko–Pastur law', (ratio) => {
    // m = (1/β) m_MP((w − α)/β), y c m² + (y + c − 1) m + 1 = 0, for t = β MP(c) + α, β = 1/2, α = 1/2 − 1/π.
    for (const [re, im] of [
      [0.5, 0.1],
      [-1, 1e-9],
      [2, 0.01],
    ] as const) {
      const [mRe, mIm] = transformOf([ratio], re, im).map((part) => part / 2) as [number, number];
      const [yRe, yIm] = [2 * (re - 0.5 + 1 / Math.PI), 2 * im];
      const [squareRe, squareIm] = [mRe * mRe - mIm * mIm, 2 * mRe * mIm];
      const [bRe, bIm] = [yRe + ratio - 1, yIm];
      expect(ratio * (yRe * squareRe - yIm * squareIm) + bRe * mRe - bIm * mIm + 1).toBeCloseTo(0, 11);
      expect(ratio * (yRe * squareIm + yIm * squareRe) + bRe * mIm + bIm * mRe).toBeCloseTo(0, 11);
      expect(mIm).toBeGreaterThan(0);
    }
  });

  test.each([[[0.5]], [[1, 2]], [[1.5, 0.7, 1]]])(
    'n_k/n_{k−1} = %j: argument and transform, far and near, belong together and to the moments',
    (ratios) => {
      const population = featureCovariance(ratios);
      const [at, ahead, behind] = [0, 1e-5, -1e-5].map((step) => {
        const out = new Float64Array(6);
        population.evaluate(0.4 + step, 0.3, out);
        return out;
      }) as [Float64Array, Float64Array, Float64Array];
      // d/dw ∫ arg(w − t) dτ = −Im ∫ dτ/(t − w).
      const slope = (population.argument(0.4 + 1e-5, 0.3) - population.argument(0.4 - 1e-5, 0.3)) / 2e-5;
      expect(slope).toBeCloseTo(-at[5]!, 8);
      // ∫ t²/(t − w)² dτ = ψ + w ψ′.
      const [re, im] = [(ahead[0]! - behind[0]!) / 2e-5, (ahead[1]! - behind[1]!) / 2e-5];
      expect(at[0]! + 0.4 * re - 0.3 * im).toBeCloseTo(at[2]!, 8);
      expect(at[1]! + 0.4 * im + 0.3 * re).toBeCloseTo(at[3]!, 8);
      // ∫ t/(t − w) dτ = −Σ m_k/w^k.
      const moments = population.moments(12);
      const far = new Float64Array(6);
      const w = -40 * population.largest;
      population.evaluate(w, 0, far);
      expect(far[0]! / -moments.reduce((sum, moment, k) => (k === 0 ? 0 : sum + moment / w ** k), 0)).toBeCloseTo(
        1,
        11,
      );
      expect(far[1]).toBeCloseTo(0, 15);
    },
  );

  test('constant weights: three moments of the product of two Wishart matrices in closed form, and of the law itself', () => {
    const [ratio, aspectRatio] = [0.7, 0.4];
    const law = separableLaw({
      ...{ weights: discreteMeasure([2]), population: featureCovariance([ratio]), aspectRatio },
    });
    // t = α + β MP(c), whose moments are 1, 1 + c, 1 + 3c + c²; m_3 = t_3 + 3γ t_1 t_2 + γ² t_1³ (free cumulants of a Wishart matrix).
    const [alpha, beta] = [0.5 - 1 / Math.PI, 0.5];
    const first = alpha + beta;
    const second = alpha ** 2 + 2 * alpha * beta + beta ** 2 * (1 + ratio);
    const third =
      alpha ** 3 +
      3 * alpha ** 2 * beta +
      3 * alpha * beta ** 2 * (1 + ratio) +
      beta ** 3 * (1 + 3 * ratio + ratio ** 2);
    const closed = [2 * first, 4 * (second + aspectRatio * first ** 2)];
    closed.push(8 * (third + 3 * aspectRatio * first * second + aspectRatio ** 2 * first ** 3));
    const [[bottom, top]] = law.support as [[number, number]];
    closed.forEach((moment, k) => {
      expect(law.moment(k + 1) / moment).toBeCloseTo(1, 12);
      // ∫ x^k f dx in an angle that makes f analytic at both edges: the midpoint rule is exact to rounding.
      let sum = 0;
      for (let j = 0; j < 100; j++) {
        const angle = ((j + 0.5) * Math.PI) / 100;
        const x = (bottom + top) / 2 - ((top - bottom) / 2) * Math.cos(angle);
        sum += x ** (k + 1) * law.density(x) * ((top - bottom) / 2) * Math.sin(angle) * (Math.PI / 100);
      }
      expect(sum / moment).toBeCloseTo(1, 11);
    });
  });

  test('without a spread it is the generalised Marčenko–Pastur law, from either side of 0 and from one', () => {
    const one = discretePopulation({ nodes: Float64Array.of(1), masses: Float64Array.of(1) });
    for (const [openShare, mean, deviation, aspectRatio] of [
      [0.25, 0.06, 0.06, 0.5],
      [0.25, 0, 1, 2],
      [0.25, -0.3, 0.2, 0.25],
      // The weights are all positive to rounding.
      [0.5, 1, 0.1, 0.3],
    ] as const) {
      const weights = gatedNormalWeights({ openShare, mean, deviation });
      const reference = generalisedMarchenkoPastur(weights, aspectRatio);
      const law = separableLaw({ weights, population: one, aspectRatio });
      const scale = Math.sqrt(reference.moment(2));
      for (const x of [-1, -0.1, 0.01, 0.3, 1, 2].map((share) => share * scale)) {
        expect(law.cdf(x)).toBeCloseTo(reference.cdf(x), 13);
        expect(scale * law.density(x)).toBeCloseTo(scale * reference.density(x), 13);
      }
      const z = { re: -0.3 * scale, im: 0.2 * scale };
      expect(law.stieltjes(z).im / reference.stieltjes(z).im).toBeCloseTo(1, 12);
      expect((law.moment(5) - reference.moment(5)) / scale ** 5).toBeCloseTo(0, 11);
    }
  });
});
