/** How often the tests of a comparison would reject hypotheses that are wrong in stated ways, measured by draws. */
import {
  chiSquareUpperQuantile,
  effectOf,
  noncentralChiSquareSurvival,
  powerOfMeanTest,
  requiredReplicates,
  scatterOf,
  sequentialPower,
} from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { decisivePower } from '../../../theory/names.js';
import { mostDrawsShown, namedPower, type AlternativePower } from './alternativePower.js';
import type { Alternative } from './alternatives.js';
import type { Hypothesis } from './hypothesis.js';
import { setStatistics, type PreparedTest, type PreparedTests, type SetStatistics } from './tests.js';

export interface ComparePower extends AlternativePower {
  /**
   * By how much the draws must grow in number for a power of 0.95, other things equal: 1 when they are enough or no
   * verdict rests on it, Infinity when these draws do not show a difference. The dimension, at the same d/N, must grow by
   * its square root.
   */
  readonly growth: number;
}

/** Of an alternative. */
const mostDraws = 128;

export function measurePowers(
  hypothesis: Hypothesis,
  { tests, nulls }: PreparedTests,
  { level, seed }: { readonly level: number; readonly seed: string },
): ComparePower[] {
  const ownLevel = level / tests.length;
  return hypothesis.alternatives.map((alternative) => {
    const sets: SetStatistics[] = [];
    const measured = sequentialPower({
      level: ownLevel,
      most: alternative.sameLaw ? mostDrawsShown : mostDraws,
      pValue: (draw) => {
        const set = drawSet(hypothesis, alternative, seed, draw);
        sets.push(set);
        return Math.min(...tests.map((test) => test.pValue(set)));
      },
    });
    return {
      ...namedPower(alternative),
      growth:
        alternative.sameLaw || measured.probability >= decisivePower
          ? 1
          : Math.max(2, growthNeeded(tests, nulls, sets, ownLevel)),
      ...measured,
    };
  });
}

function drawSet(hypothesis: Hypothesis, { id, change }: Alternative, seed: string, draw: number): SetStatistics {
  return setStatistics(hypothesis.draw(randomStream(seed, `compare power: ${id}`, draw), change(draw)), hypothesis);
}

/**
 * The test that needs least decides. Its effect, in standard deviations of the null, grows like the root of the number of
 * draws (for the traces: the noncentrality like the number); errors of either sign are told apart, since they would
 * cancel in a mean.
 */
function growthNeeded(
  tests: readonly PreparedTest[],
  nulls: readonly SetStatistics[],
  sets: readonly SetStatistics[],
  level: number,
): number {
  const signs = [0, 1].map((parity) => sets.filter((_, r) => r % 2 === parity));
  const worstOf = (needed: (part: readonly SetStatistics[]) => number): number => Math.max(...signs.map(needed));
  return Math.min(
    ...tests.map((test) => {
      if (test.id === 'traces') return worstOf((part) => traceGrowth(nulls, part, level));
      return worstOf((part) => {
        const { effect, spread } = effectOf(nulls.map(test.valueOf), part.map(test.valueOf));
        // Less than two standard errors of their means apart: nothing to extrapolate.
        if (!(effect > 2 * Math.sqrt(1 / nulls.length + spread ** 2 / part.length))) return Infinity;
        return requiredReplicates({
          power: (replicates) => powerOfMeanTest({ effect, spread, replicates, level }),
          maximum: largestGrowth,
        });
      });
    }),
  );
}

const largestGrowth = 1e4;

function traceGrowth(nulls: readonly SetStatistics[], sets: readonly SetStatistics[], level: number): number {
  const scatter = scatterOf(nulls.map(({ traces }) => traces));
  const mean = scatter.mean.map((_, k) => sets.reduce((sum, { traces }) => sum + traces[k]! / sets.length, 0));
  const { degrees } = scatter;
  // What the scatter of the two means adds by itself.
  const noise = degrees * (1 / sets.length + 1 / nulls.length);
  const noncentrality = scatter.distanceOf(mean) - noise;
  if (!(noncentrality > noise)) return Infinity;
  return requiredReplicates({
    power: (replicates) =>
      noncentralChiSquareSurvival(chiSquareUpperQuantile(level, degrees), degrees, replicates * noncentrality),
    maximum: largestGrowth,
  });
}
