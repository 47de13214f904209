/** Tests of ratios of deep networks over several settings at once, and how well they would see wrong laws. */
import type { Loss } from '../../../theory/contracts.js';
import type { Measurement } from '../../../figures/results.js';
import { counted, lossName } from '../../../figures/text.js';
import { powerOfChiSquareTest, studentTwoSided, type PowerAgainst } from '../../../simulations/comparisons/index.js';
import type { WrongDeepLaw } from '../../draws/check/index.js';
import type { TestDraft } from '../claim.js';
import { deepRegime, sizesText, type DeepLayer } from './deepEvidence.js';
import { statedPower, type PowerCandidate } from './lawEvidence.js';
import { nameTest } from './nameTest.js';
import { pooledTests } from './pooledTests.js';
import { ratioOfMoments, ratioScore } from './ratioScore.js';

const confidence = 0.95;

/** C · r of one layer under one setting. */
export function scaledRatio(each: DeepLayer): Measurement {
  const { classes } = each.network;
  const { ratio, error } = ratioOfMoments(each.moments);
  const half = 1.96 * error;
  return {
    quantity: `C · r, ${deepRegime(each)}, ${sizesText(each.network)}`,
    predicted: classes * each.stated.ratio,
    measured: classes * ratio,
    interval: { lower: classes * (ratio - half), upper: classes * (ratio + half), level: confidence },
  };
}

/** Layers of one position, each under a setting of its own whose draws it shares with no other. */
export function ratioTest(layers: readonly DeepLayer[], what: string): TestDraft {
  const pooled = pooledTests(
    layers.map(({ moments, stated }) => {
      const { score } = ratioScore(moments, stated);
      const degrees = moments.count - 1;
      return { z: score, degrees, pValue: studentTwoSided(score, degrees) };
    }),
  );
  return {
    ...nameTest(deepRegime(layers[0]!), what),
    statistic: `sum of squared normal scores of E‖H_ij‖² − r E‖H_ii‖², ${counted(pooled.degrees, 'degree')} of freedom`,
    observed: pooled.statistic,
    null: 'r of the recursion at these widths, d, N and C, the size of what it leaves out as an error beside the spread of the draws',
    pValue: pooled.pValue,
    replicates: 0,
  };
}

/** That test, if the law in question says another ratio of one of the layers. */
export function ratioCandidates(layers: readonly DeepLayer[], law: WrongDeepLaw, testLevel: number): PowerCandidate[] {
  const ratios = layers.map((each) => wrongRatio(each, law));
  if (ratios.every((ratio) => ratio === undefined)) return [];
  const draws = layers.reduce((sum, { moments }) => sum + moments.count, 0);
  return [
    chiSquareCandidate(draws, testLevel, (share) =>
      layers.map(({ moments, stated }, k) => {
        const gap = (ratios[k] ?? stated.ratio) - stated.ratio;
        return (gap * moments.mean[1]!) / ratioScore(moments, stated).errorOf(moments.count * share);
      }),
    ),
  ];
}

export const wrongRatio = ({ wrong }: DeepLayer, law: WrongDeepLaw): number | undefined =>
  wrong.find((each) => each.law === law)?.ratio;

/**
 * A sum of squared scores of `draws` draws in all.
 *
 * @param shifts of the scores with so many times as many draws
 */
export function chiSquareCandidate(
  draws: number,
  level: number,
  shifts: (share: number) => readonly number[],
): PowerCandidate {
  return {
    replicates: draws,
    power(replicates) {
      const shift = shifts(replicates / draws);
      const covariance = shift.map((_, k) => shift.map((__, other) => (k === other ? 1 : 0)));
      return powerOfChiSquareTest({ shift, covariance, replicates: 1, level });
    },
  };
}

const wrongLaws: Readonly<Record<WrongDeepLaw, string>> = {
  'C alone': 'C alone, all widths left out',
  'first width': 'width of the second layer left out',
  'last width': 'width of the last layer left out',
  'He factor': 'weights of variance 1/fan-in in the place of 2/fan-in',
  leading: 'terms of order 1/width left out',
};

/** Power against each law, of the test that sees it best. */
export function deepPowers(
  losses: readonly Loss[],
  laws: readonly WrongDeepLaw[],
  candidatesOf: (loss: Loss, law: WrongDeepLaw) => readonly PowerCandidate[],
): PowerAgainst[] {
  return losses.flatMap((loss) =>
    laws.flatMap((law) => {
      const candidates = candidatesOf(loss, law);
      return candidates.length === 0 ? [] : [statedPower(`${lossName(loss)}: ${wrongLaws[law]}`, candidates)];
    }),
  );
}
