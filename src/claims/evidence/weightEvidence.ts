/**
 * Weights over many samples against their law given the initialisation: the sharpest test of that law. The wrong
 * laws beside the one stated are directions: the tests in them are tests of the law stated as well.
 */
import { counted } from '../../../figures/text.js';
import { pooledChiSquare, powerOfMeanTest, scoreTest } from '../../../simulations/comparisons/index.js';
import type { ScoredDraw, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { WeightTask, WeightTaskResult } from '../../draws/check/index.js';
import { heldOf, statedOf } from '../../draws/perturbation.js';
import type { Alternative } from '../alternatives.js';
import type { TestDraft } from '../claim.js';
import { statedPower } from './lawEvidence.js';
import type { LawEvidence } from './lawEvidence.js';
import { nameTest } from './nameTest.js';

export interface WeightDraw {
  readonly task: WeightTask;
  readonly result: WeightTaskResult;
}

export function weightEvidence(
  draws: readonly WeightDraw[],
  name: string,
  alternatives: readonly Alternative[],
): Pick<LawEvidence, 'tests' | 'powers'> {
  const blocks = (draws[0]?.result.blocks ?? []).map(({ block }, b) => ({
    kind: block.i === block.j ? 'diagonal' : 'off-diagonal',
    claims: draws.map(({ result }) => result.blocks[b]!.claims),
  }));
  const scoresOf = ({ id }: Alternative) =>
    blocks.flatMap(({ kind, claims }) => {
      const scored = claims.flatMap((laws) => scoredDraw(statedOf(laws).sums, heldOf(laws, id)?.sums));
      return scored.length < 2 ? [] : [{ kind, count: scored.length, ...scoreTest(scored) }];
    });
  const scores = alternatives.map((alternative) => ({ ...alternative, scores: scoresOf(alternative) }));
  const tests = blocks.flatMap(({ kind, claims }): TestDraft[] => {
    const sums = claims.flatMap((laws) => statedOf(laws).sums ?? []);
    if (sums.length < 2) return [];
    const { shift } = pooledChiSquare(sums);
    const samples = draws[0]!.task.settings.samples;
    return [
      {
        ...nameTest(
          name,
          `weights over ${samples} samples a draw against their law given the initialisation`,
          `${kind} block`,
        ),
        statistic: `χ² of Σa and Σa² over draws, ${counted(shift.degrees, 'degree')} of freedom`,
        observed: shift.statistic,
        null: 'independent samples of the law given V and W, by cubature',
        pValue: Math.min(1, Math.max(0, shift.pValue)),
        replicates: 0,
      },
    ];
  });
  const directed = scores.flatMap(({ label, scores: own }) =>
    own.map(({ kind, count, score, pValue }): TestDraft => ({
      ...nameTest(name, `weights in the direction of "${label}"`, `${kind} block`),
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
        return candidates.length === 0 ? [] : [statedPower(`${label} (${name})`, candidates, size)];
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
