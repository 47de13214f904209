/**
 * Weights over many samples against their law given the initialisation: the sharpest test of that law. Claimed law 0 is
 * the one tested, the others are wrong ones; the tests in their directions are tests of law 0 as well.
 */
import { pooledChiSquare, powerOfMeanTest, scoreTest } from '../../../simulations/comparisons/index.js';
import type { ScoredDraw, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { WeightTask, WeightTaskResult } from '../../draws/check/index.js';
import type { TestDraft } from '../claim.js';
import { statedPower } from './lawEvidence.js';
import type { IndexedAlternative, LawEvidence } from './lawEvidence.js';

export interface WeightDraw {
  readonly task: WeightTask;
  readonly result: WeightTaskResult;
}

export function weightEvidence(
  draws: readonly WeightDraw[],
  name: string,
  alternatives: readonly IndexedAlternative[],
): Pick<LawEvidence, 'tests' | 'powers'> {
  const blocks = (draws[0]?.result.blocks ?? []).map(({ block }, b) => ({
    kind: block.i === block.j ? 'diagonal' : 'off-diagonal',
    claims: draws.map(({ result }) => result.blocks[b]!.claims),
  }));
  const scoresOf = (index: number) =>
    blocks.flatMap(({ kind, claims }) => {
      const scored = claims.flatMap((laws) => scoredDraw(laws[0], laws[index]));
      return scored.length < 2 ? [] : [{ kind, count: scored.length, ...scoreTest(scored) }];
    });
  const scores = alternatives.map((alternative) => ({ ...alternative, scores: scoresOf(alternative.index) }));
  const tests = blocks.flatMap(({ kind, claims }): TestDraft[] => {
    const sums = claims.flatMap(([first]) => first ?? []);
    if (sums.length < 2) return [];
    const { shift } = pooledChiSquare(sums);
    const samples = draws[0]!.task.settings.samples;
    return [
      {
        name: `${name}, ${kind} block: weights over ${samples} samples a draw against their law given the initialisation`,
        statistic: `χ² of Σa and Σa² over draws, ${shift.degrees} degrees of freedom`,
        observed: shift.statistic,
        null: 'independent samples of the law given V and W, by cubature',
        pValue: Math.min(1, Math.max(0, shift.pValue)),
        replicates: 0,
      },
    ];
  });
  const directed = scores.flatMap(({ label, scores: own }) =>
    own.map(({ kind, count, score, pValue }): TestDraft => ({
      name: `${name}, ${kind} block: weights in the direction of "${label}"`,
      statistic: `normal score of Σa and Σa² over ${count} draws, each weighed by what it tells of that error`,
      observed: score,
      null: 'independent samples of the law given V and W, by cubature',
      pValue,
      replicates: 0,
    })),
  );
  return {
    tests: [...tests, ...directed],
    powers: (testLevel) =>
      scores.flatMap(({ label, size, scores: own }) => {
        const candidates = own.map(({ count, information }) => ({
          replicates: count,
          power: (replicates: number): number =>
            powerOfMeanTest({ effect: Math.sqrt(information), replicates, level: testLevel, sides: 2 }),
        }));
        return candidates.length === 0 ? [] : [statedPower(`${name}: ${label}`, candidates, size)];
      }),
  };
}

function scoredDraw(claimed: StatisticsOfDraw | undefined, wrong: StatisticsOfDraw | undefined): ScoredDraw[] {
  if (claimed === undefined || wrong === undefined) return [];
  // The two laws measure a in different units; the values are the same sums in either, so their quotient is the change
  // of units.
  const shift = Array.from(claimed.mean, (mean, k) => wrong.mean[k]! * (claimed.values[k]! / wrong.values[k]!) - mean);
  return [{ statistics: claimed, shift }];
}
