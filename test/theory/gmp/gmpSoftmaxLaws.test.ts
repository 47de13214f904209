/**
 * Laws of the blocks of few classes against test/fixtures/mpmath/softmaxLaws.py, which integrates over the density of
 * the weights on the real axis, in panels that shrink towards the pole: no path off the axis, no folding, no common
 * grid.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { blockLaw, type BlockLaw } from '../../../theory/models/index.js';

interface Fixture {
  readonly laws: readonly {
    readonly classes: number;
    readonly logitVariance: number;
    readonly block: 'diagonal' | 'off-diagonal';
    readonly aspectRatio: number;
    readonly points: readonly { readonly x: number; readonly density: number; readonly survival: number }[];
  }[];
}
type Case = Fixture['laws'][number];

const { laws } = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/softmaxLaws.json', import.meta.url), 'utf8'),
) as Fixture;

/**
 * What the law's note states: absolute in the distribution function, and in the density on the scale of its largest
 * value.
 */
const tolerance = { survival: 1e-10, density: 1e-10 };

function lawOf({ classes, logitVariance, block, aspectRatio }: Case): BlockLaw {
  return blockLaw({
    model: 'linear',
    loss: 'ce',
    layer: 'output',
    block,
    classes,
    logitVariance,
    aspectRatio,
  });
}

/** Largest errors over the points. The weights of an off-diagonal block are negative, the fixture's are their sizes. */
function errorsOf(law: SpectralLaw, { block, points }: Case): { survival: number; density: number } {
  const sign = block === 'diagonal' ? 1 : -1;
  const survival = points.map(({ x, survival }) => Math.abs((sign === 1 ? law.survival(x) : law.cdf(-x)) - survival));
  const peak = Math.max(...points.map(({ density }) => density));
  const density = points.map(({ x, density }) => Math.abs(law.density(sign * x) - density) / peak);
  return { survival: Math.max(...survival), density: Math.max(...density) };
}

describe('laws of few classes, in the bulk and in thin tails', () => {
  test.each(
    laws.map(
      (one) => [`C = ${one.classes}, s² = ${one.logitVariance}, ${one.block}, γ = ${one.aspectRatio}`, one] as const,
    ),
  )('%s', (_name, one) => {
    expect(one.points.length).toBeGreaterThanOrEqual(2);
    const law = lawOf(one).law!;
    expect(law.support).toHaveLength(1);
    const { survival, density } = errorsOf(law, one);
    expect(survival).toBeLessThan(tolerance.survival);
    expect(density).toBeLessThan(tolerance.density);
  });

  test('one class more misses every reference, and so do real nodes in a thin tail', () => {
    const chosen = laws.filter(
      ({ classes, logitVariance, aspectRatio }) => classes === 3 && logitVariance === 1 && aspectRatio === 2,
    );
    expect(chosen).toHaveLength(2);
    for (const one of chosen) {
      const next = errorsOf(lawOf({ ...one, classes: 4 }).law!, one);
      expect(next.survival).toBeGreaterThan(1e3 * tolerance.survival);
      const onNodes = errorsOf(lawOf(one).outline!(), one);
      expect(onNodes.survival).toBeGreaterThan(1e3 * tolerance.survival);
      expect(onNodes.density).toBeGreaterThan(1e3 * tolerance.density);
    }
  });
});
