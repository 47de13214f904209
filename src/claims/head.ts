/** The head of a language model: f = Vh with features h of any kind, at initialisation, and with predictions that are the same for every input. */
import type { Measurement } from '../../figures/results.js';
import { paperActivation } from '../../theory/names.js';
import {
  hotellingTest,
  joinMoments,
  normalTwoSided,
  powerOfChiSquareTest,
  powerOfMeanTest,
} from '../../simulations/comparisons/index.js';
import type { PowerAgainst, RowMoments } from '../../simulations/comparisons/index.js';
import type { HeadFeatures, HeadSubject, HeadTask, HeadTaskResult, WrongHead } from '../draws/check/index.js';
import { defineClaim, headlineOf } from './claim.js';
import type { ClaimDraft, JudgeContext, PlanContext, TestDraft } from './claim.js';
import { statedPower } from './evidence/lawEvidence.js';
import { nameTest } from './evidence/nameTest.js';
import { ratioOfMoments, ratioScore, type RatioScore } from './evidence/ratioScore.js';
import { comparesAlternatives, finishedOf } from './taskLists.js';

const confidence = 0.95;

export const head = defineClaim({
  id: 'head',
  title: 'Head of a language model',
  statement: String.raw`At initialisation the blocks of a head $f = Vh$ have squared norms that depend on the features through their Gram matrix alone, exactly at every $C$; as $C$ grows $C^2 r$ tends to a sum over pairs of features. Where the predictions are the same for every input, the ratio follows from them alone.`,
  formula: String.raw`C^2 r \;\to\; \frac{\sum_{nm} (h_n\cdot h_m)^2\, e^{2\tau h_n\cdot h_m}}{\sum_{nm} (h_n\cdot h_m)^2\, e^{\tau h_n\cdot h_m}},\qquad p=q:\quad t = \frac{(\sum q^2)^2-\sum q^4}{\sum q^2(1-q)^2}`,
  plan,
  judge,
});

/** Features of one length with a few strong directions, as after a norm, and positive parts, as after a ReLU. */
const givenKinds: readonly HeadFeatures[] = [
  { features: 'rms', exponent: 1 },
  { features: 'relu', exponent: 0 },
];
/** One for each law of features. */
const drawnKinds: readonly HeadFeatures[] = [
  { features: 'gaussian', exponent: 0.5 },
  { features: 'rms', exponent: 0.5 },
  { features: 'relu', exponent: 0 },
];

function plan(context: PlanContext): HeadTask[] {
  const { dimension, samples, classes, draws, small } = context.preset.head;
  const task = (
    subject: HeadSubject,
    features: HeadFeatures,
    sizes: { dimension: number; samples: number; classes: number; draws: number },
  ): HeadTask => ({
    kind: 'head',
    experiment: `head/${subject}/${nameOf(features)}/C=${sizes.classes}`,
    subject,
    features,
    settings: {
      model: 'linear',
      loss: 'ce',
      activation: paperActivation,
      initialisation: 'lecun',
      dimension: sizes.dimension,
      samples: sizes.samples,
      classes: sizes.classes,
      width: 1,
    },
    draws: sizes.draws,
    alternatives: comparesAlternatives(context),
    seed: context.seed,
    replicate: 0,
    perturbation: context.perturbation,
  });
  return [
    ...givenKinds.flatMap((features) =>
      classes.map((count, k) =>
        task('given features', features, { dimension, samples, classes: count, draws: draws[k]! }),
      ),
    ),
    ...drawnKinds.map((features) => task('drawn features', features, small)),
    task('same predictions', drawnKinds[1]!, { ...small, classes: classes.at(-1)!, draws: 1 }),
  ];
}

function nameOf({ features, exponent }: HeadFeatures): string {
  return exponent === 0 ? features : `${features}, covariance ∝ k^−${exponent}`;
}

interface HeadDraws {
  readonly task: HeadTask;
  readonly result: HeadTaskResult;
}

function judge(context: JudgeContext): ClaimDraft {
  const finished: HeadDraws[] = finishedOf(context.finished, 'head');
  const given = finished.filter(({ task }) => task.subject === 'given features');
  const drawn = finished.filter(({ task }) => task.subject === 'drawn features');
  const measurements = given.flatMap(measured);
  // Features of one length with the most classes: the case of a language model.
  const [first] = givenKinds;
  const headline = measurements[given.findLastIndex(({ task }) => task.features.features === first!.features)];
  return {
    ...headlineOf(headline, 'C²·r'),
    measurements,
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: [...given.flatMap(givenTests), ...drawn.flatMap(drawnTests), ...equalityTests(finished)],
    exactFailures: finished.flatMap(({ task, result }) =>
      brokenEqualities(result).map(({ what, left, right }) => `${task.experiment}: ${what}: ${left} is not ${right}`),
    ),
    powers: (testLevel) => [
      ...given.flatMap((each) => givenPowers(each, testLevel)),
      ...limitPowers(given, testLevel),
      ...drawn.flatMap((each) => drawnPowers(each, testLevel)),
    ],
    notes: [
      'A head is drawn on the features that stand in its regime, which stay while V is drawn anew; where they are drawn anew too it is said. Nothing here is about features that training made: no law of their spectra is known.',
    ],
    arrays: new Map(),
  };
}

function regimeOf({ task: { features, settings } }: HeadDraws): string {
  const { dimension, samples, classes } = settings;
  return `head, ${nameOf(features)}, D = ${dimension}, N = ${samples}, C = ${classes}`;
}

const momentsOf = ({ result }: HeadDraws): RowMoments => joinMoments([result.moments!]);

function statedMeans({ result }: HeadDraws): readonly number[] {
  return result.claims.find(({ formula }) => formula === 'stated')!.means;
}

/** C²·r over draws of V against its expectation. */
function measured(each: HeadDraws): Measurement[] {
  const { classes } = each.task.settings;
  const scale = classes ** 2 / (classes - 1);
  const [off, on] = statedMeans(each) as [number, number];
  const { ratio, error } = ratioOfMoments(momentsOf(each));
  const half = 1.96 * error;
  return [
    {
      quantity: `C² · r, ${regimeOf(each)}, given the features`,
      predicted: (scale * off) / on,
      measured: scale * ratio,
      interval: { lower: scale * (ratio - half), upper: scale * (ratio + half), level: confidence },
    },
  ];
}

function givenTests(each: HeadDraws): TestDraft[] {
  const moments = momentsOf(each);
  const { statistic, degrees, pValue } = hotellingTest(moments, statedMeans(each));
  return [
    {
      ...nameTest(regimeOf(each), 'sums of squared norms off and on the diagonal, given the features'),
      statistic: `Hotelling's T² of the ${degrees} means over ${moments.count} draws of V`,
      observed: statistic,
      null: 'exact expectations over V at this C; covariance of the draws',
      pValue,
      replicates: 0,
    },
  ];
}

const wrongLabels: Readonly<Record<WrongHead, { readonly label: string; readonly size?: number }>> = {
  'logit variance': { label: 'logit variance 10 % too large', size: 0.1 },
  limit: { label: 'limit C → ∞ in the place of the formula at this C' },
  'one tilt': { label: 'e^{τ h·h′} in the place of e^{2τ h·h′}' },
  'no pairs of a sample with itself': { label: 'pairs of a sample with itself left out' },
};

/** How a test would see a wrong formula; none where it was not worked out. */
function candidateOf(each: HeadDraws, wrong: WrongHead, testLevel: number) {
  const moments = momentsOf(each);
  const stated = statedMeans(each);
  return each.result.claims
    .filter(({ formula }) => formula === wrong)
    .map(({ means }) => {
      const shift = stated.map((value, k) => means[k]! - value);
      const power = (replicates: number): number =>
        powerOfChiSquareTest({ shift, covariance: moments.covariance, replicates, level: testLevel });
      return { replicates: moments.count, power };
    });
}

function givenPowers(each: HeadDraws, testLevel: number): PowerAgainst[] {
  return (['logit variance', 'one tilt', 'no pairs of a sample with itself'] as const).flatMap((wrong) => {
    const candidates = candidateOf(each, wrong, testLevel);
    const { label, size } = wrongLabels[wrong];
    return candidates.length === 0 ? [] : [statedPower(`${regimeOf(each)}: ${label}`, candidates, size)];
  });
}

/** Where the limit in C is no approximation. It may meet the formula by chance for one kind of features: the best counts. */
const fewClasses = 30;

function limitPowers(given: readonly HeadDraws[], testLevel: number): PowerAgainst[] {
  const few = given.filter(({ task }) => task.settings.classes <= fewClasses);
  const candidates = few.flatMap((each) => candidateOf(each, 'limit', testLevel));
  return candidates.length === 0 ? [] : [statedPower(`head, few classes: ${wrongLabels.limit.label}`, candidates)];
}

/** Relative error of a ratio whose power is stated. */
const ratioOff = { label: 'ratio of squared norms 10 % too large', size: 0.1 } as const;

/** Of Σoff − r Σon. */
function difference(each: HeadDraws): RatioScore {
  const { value, error } = each.result.ratio!;
  return ratioScore(momentsOf(each), { ratio: value, error });
}

function drawnTests(each: HeadDraws): TestDraft[] {
  const { score } = difference(each);
  const { count } = momentsOf(each);
  return [
    {
      ...nameTest(regimeOf(each), 'ratio of squared norms, averaged over V and the features'),
      statistic: `normal score of E Σoff − r E Σon over ${count} draws`,
      observed: score,
      null: 'r of the claim, with its error where it is an estimate',
      pValue: normalTwoSided(score),
      replicates: 0,
    },
  ];
}

function drawnPowers(each: HeadDraws, testLevel: number): PowerAgainst[] {
  const { errorOf } = difference(each);
  const { count, mean } = momentsOf(each);
  const shift = ratioOff.size * each.result.ratio!.value * mean[1]!;
  const power = (replicates: number): number =>
    powerOfMeanTest({ effect: shift / errorOf(replicates), replicates: 1, level: testLevel, sides: 2 });
  return [statedPower(`${regimeOf(each)}: ${ratioOff.label}`, [{ replicates: count, power }], ratioOff.size)];
}

function brokenEqualities({ equalities }: HeadTaskResult) {
  return equalities.filter(({ left, right, tolerance }) => !(Math.abs(left / right - 1) <= tolerance));
}

/** One row for all. */
function equalityTests(finished: readonly HeadDraws[]): TestDraft[] {
  const asked = finished.flatMap(({ result }) => result.equalities);
  if (asked.length === 0) return [];
  return [
    {
      name: 'head: limits as C → ∞, and ratios where the predictions are the same for every input',
      statistic: `equalities broken, of ${asked.length}`,
      observed: finished.flatMap(({ result }) => brokenEqualities(result)).length,
      null: 'none: both sides are equal up to rounding, a limit up to 1e-3 at C = 10⁷',
      pValue: null,
      replicates: 0,
    },
  ];
}
