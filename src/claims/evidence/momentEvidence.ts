/**
 * Means over many small draws against expectations over the initialisation: moments of weights and norms of linear
 * blocks, and the ratio of squared norms at one number of classes. The draws are so many that their covariance, and with
 * it the power of the tests, is known to a few per cent.
 */
import type { Layer } from '../../../theory/contracts.js';
import type { FrobeniusRatioSpec } from '../../../theory/models/index.js';
import { softmaxWeightMoment } from '../../../theory/weights/index.js';
import {
  hotellingTest,
  joinMoments,
  normalTwoSided,
  powerOfChiSquareTest,
  powerOfMeanTest,
} from '../../../simulations/comparisons/index.js';
import type { PowerAgainst, RowMoments } from '../../../simulations/comparisons/index.js';
import { outputVarianceFactor } from '../../draws/lawsOfDraw.js';
import type { CheckTask, MomentTask, MomentTaskResult } from '../../draws/check/index.js';
import { logitVarianceOff } from '../alternatives.js';
import type { TestDraft } from '../claim.js';
import { regimeWords } from '../taskLists.js';
import { statedPower } from './lawEvidence.js';
import { nameTest } from './nameTest.js';
import { effortOfShown, momentsOnce, predictedRatio, ratioAsked } from './ratioEvidence.js';

export interface MomentDraw {
  readonly task: MomentTask;
  readonly result: MomentTaskResult;
}

export interface MomentEvidence {
  readonly tests: readonly TestDraft[];
  powers(testLevel: number): readonly PowerAgainst[];
}

/** Relative error of a ratio whose power is stated. */
const ratioOff = { label: 'ratio of squared norms 5 % too large', size: 0.05 } as const;

export function momentEvidence(draws: readonly MomentDraw[], layer: Layer): MomentEvidence {
  const experiments = [...new Set(draws.map(({ task }) => task.experiment))];
  const parts = experiments.flatMap((experiment): MomentEvidence[] => {
    const own = draws.filter(({ task }) => task.experiment === experiment);
    const { task } = own[0]!;
    const name = regimeWords(task.settings);
    const moments = joinMoments(own.map(({ result }) => result.moments));
    switch (task.subject) {
      case 'linear norms':
        return [meansOf(task, moments, name, linearNormMeans)];
      case 'linear weights':
        return [
          meansOf(task, componentsOf(moments, [2, 3, 4, 5]), name, linearWeightMeans),
          ratioOf(task, moments, layer, name),
        ];
      case 'hidden norms':
      case 'output norms':
        return [ratioOf(task, moments, layer, name)];
      case 'cross norms':
        return [];
    }
  });
  return {
    tests: parts.flatMap(({ tests }) => tests),
    powers: (testLevel) => parts.flatMap(({ powers }) => powers(testLevel)),
  };
}

/** What the theory says of the statistics of a task, the logit variance it claims multiplied by a further factor. */
type Means = (task: MomentTask, varianceFactor: number) => readonly number[];

/** The claimed number of classes and logit variance. */
function claimed({ settings, perturbation }: MomentTask, varianceFactor: number) {
  return {
    classes: settings.classes + perturbation.classes,
    logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance * varianceFactor,
  };
}

const kinds = ['diagonal', 'off-diagonal'] as const;

const linearNormMeans: Means = (task, varianceFactor) => {
  const { dimension, samples } = task.settings;
  const size = { dimension, samples: Math.round(samples / task.perturbation.aspectRatio) };
  const blocks = kinds.map((block) => momentsOnce({ ...claimed(task, varianceFactor), ...size, block }));
  return [
    ...blocks.map(({ normalisedSquaredNorm }) => normalisedSquaredNorm),
    ...blocks.map(({ weightMean }) => weightMean),
    ...blocks.map(({ weightMeanSquare }) => weightMeanSquare),
  ];
};

const linearWeightMeans: Means = (task, varianceFactor) =>
  [1, 2].flatMap((order) =>
    kinds.map((block) => softmaxWeightMoment({ ...claimed(task, varianceFactor), block, order })),
  );

/** All means of a task at once. */
function meansOf(task: MomentTask, moments: RowMoments, name: string, means: Means): MomentEvidence {
  const predicted = means(task, 1);
  const { statistic, degrees, pValue } = hotellingTest(moments, predicted);
  const { dimension, samples, classes } = task.settings;
  const what =
    task.subject === 'linear norms'
      ? `squared norms, E a and E a² of both blocks at d = ${dimension}, N = ${samples}, C = ${classes}`
      : `E a and E a² of both blocks as d → ∞, C = ${classes}`;
  return {
    tests: [
      {
        ...nameTest(name, what),
        statistic: `Hotelling's T² of the ${degrees} means over ${moments.count} draws`,
        observed: statistic,
        null: 'exact expectations over inputs and V; covariance of the draws',
        pValue,
        replicates: 0,
      },
    ],
    powers: (testLevel) => {
      const wrong = means(task, logitVarianceOff.perturbation.logitVariance);
      const shift = predicted.map((value, k) => wrong[k]! - value);
      const power = (count: number): number =>
        powerOfChiSquareTest({ shift, covariance: moments.covariance, replicates: count, level: testLevel });
      const { label, size } = logitVarianceOff;
      return [statedPower(`${label} (${name})`, [{ replicates: moments.count, power }], size)];
    },
  };
}

/** The ratios that evidence of norms and of means asks for, for tasks that are not all drawn yet. */
export function ratiosAsked(tasks: readonly CheckTask[], layer: Layer): readonly FrobeniusRatioSpec[] {
  return tasks.flatMap((task) => {
    if (task.kind === 'norm') return [ratioAsked(task, layer, effortOfShown)];
    const isOfRatio = task.kind === 'moments' && !['linear norms', 'cross norms'].includes(task.subject);
    return isOfRatio ? [ratioAsked(task, layer)] : [];
  });
}

/** Whether E‖H_off‖² = r E‖H_diag‖², r the ratio that the claim states at this C. */
function ratioOf(task: MomentTask, moments: RowMoments, layer: Layer, name: string): MomentEvidence {
  const { ratio, ratioError } = predictedRatio(task, layer);
  const [diagonal, offDiagonal] = [moments.mean[0]!, moments.mean[1]!];
  const [[a, b], [, c]] = moments.covariance as unknown as readonly [readonly number[], readonly number[]];
  // The differences are many and their mean normal; the prediction has its own error where it is an integral.
  const spread = Math.sqrt(c! - 2 * ratio * b! + ratio * ratio * a!);
  const errorOf = (count: number): number => Math.hypot(spread / Math.sqrt(count), ratioError * diagonal);
  const score = (offDiagonal - ratio * diagonal) / errorOf(moments.count);
  return {
    tests: [
      {
        ...nameTest(name, `ratio of squared norms as d → ∞, C = ${task.settings.classes}, averaged over V`),
        statistic: `normal score of E‖H_off‖² − r E‖H_diag‖² over ${moments.count} draws`,
        observed: score,
        null: 'r of the claim, with its error where it is an integral',
        pValue: normalTwoSided(score),
        replicates: 0,
      },
    ],
    powers: (testLevel) => {
      const power = (count: number): number =>
        powerOfMeanTest({
          effect: (ratioOff.size * ratio * diagonal) / errorOf(count),
          replicates: 1,
          level: testLevel,
          sides: 2,
        });
      return [statedPower(`${ratioOff.label} (${name})`, [{ replicates: moments.count, power }], ratioOff.size)];
    },
  };
}

function componentsOf({ count, mean, covariance }: RowMoments, kept: readonly number[]): RowMoments {
  return {
    count,
    mean: kept.map((k) => mean[k]!),
    covariance: kept.map((k) => kept.map((l) => covariance[k]![l]!)),
  };
}
