/**
 * Ratios of squared Frobenius norms as C grows: measured with intervals, against the exact curve and its limit, and
 * tests of the norms behind them. A standard error counts draws, never blocks.
 */
import type { Layer } from '../../../theory/contracts.js';
import type { ConfidenceInterval, Measurement, RatioCurve } from '../../../figures/results.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import {
  chiSquareUpperQuantile,
  meanTest,
  noncentralChiSquareSurvival,
  rateInClasses,
  ratioInterval,
  ratioOfMeans,
  ratioTest,
} from '../../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import { outputVarianceFactor } from '../../pipeline/check/claimedLaws.js';
import type { NormTask, NormTaskResult } from '../../pipeline/check/tasks/index.js';
import type { TestDraft } from '../claim.js';
import { statedPower } from './lawEvidence.js';
import { inflationOfPairs, pooledTests } from './pooledTests.js';
import { ratioGivenLayers, type PredictedRatio } from './ratioGivenLayers.js';

export interface NormDraw {
  readonly task: NormTask;
  readonly result: NormTaskResult;
}

export interface RatioEvidence {
  readonly tests: readonly TestDraft[];
  readonly curve: RatioCurve;
  /**
   * C^rate times the ratio at the largest C drawn; of a hidden model given the layers drawn, where it has no heavy
   * tails.
   */
  readonly headline: Measurement;
  readonly measurements: readonly Measurement[];
  /** Power of the tests of E a and E a² against a logit variance a tenth too large, for the linear model. */
  powers(testLevel: number): readonly PowerAgainst[];
}

const confidence = 0.95;

interface AtClasses {
  readonly classes: number;
  readonly draws: readonly NormDraw[];
  /** Mean off-diagonal over mean diagonal norm. */
  readonly ratio: number;
  /** Ratio of expectations at this C: of a linear model at this d and N, of a hidden one in the limit d → ∞. */
  readonly exact: number;
  /** Standard error of `exact`; 0 where it is known in closed form or by quadrature. */
  readonly exactError: number;
  /** Whether the layers are given in what is `stated`: without that, norms of a hidden model have heavy tails over V. */
  readonly areLayersGiven: boolean;
  /** The ratio that has an interval, with its prediction. */
  readonly stated: PredictedRatio & { readonly ratio: number; readonly interval: ConfidenceInterval };
}

function atClasses(draws: readonly NormDraw[], layer: Layer): AtClasses {
  const { task } = draws[0]!;
  const numerators = draws.map(({ result }) => result.offDiagonal);
  const denominators = draws.map(({ result }) => result.diagonal);
  const limit = predictedRatio(task, layer);
  const exact = task.settings.model === 'linear' ? linearRatio(draws) : limit.ratio;
  const given = draws.flatMap(({ result: { offDiagonal, diagonal, expected } }) =>
    expected === undefined
      ? []
      : [
          {
            drawn: { numerator: offDiagonal, denominator: diagonal },
            expected: { numerator: expected.offDiagonal, denominator: expected.diagonal },
          },
        ],
  );
  const areLayersGiven = given.length === draws.length;
  const pairs = areLayersGiven ? ratioGivenLayers(given) : { numerators, denominators, predicted: exact };
  const { ratio, interval } = ratioInterval({ ...pairs, confidence });
  return {
    classes: task.settings.classes,
    draws,
    ratio: ratioOfMeans(numerators, denominators).ratio,
    exact,
    exactError: limit.ratioError,
    areLayersGiven,
    stated: { ...pairs, ratio, interval: { lower: interval[0], upper: interval[1], level: confidence } },
  };
}

export function ratioEvidence(draws: readonly NormDraw[], layer: Layer, name: string): RatioEvidence | undefined {
  const counts = [...new Set(draws.map(({ task }) => task.settings.classes))].sort((a, b) => a - b);
  const rows = counts
    .map((classes) => draws.filter(({ task }) => task.settings.classes === classes))
    .filter((own) => own.length >= 3)
    .map((own) => atClasses(own, layer));
  if (rows.length < 2) return undefined;
  const { task } = draws[0]!;
  const { settings } = task;
  const prediction = predictedRatio(task, layer);
  const rate = prediction.exponent;
  const known = rows.filter(({ exact }) => Number.isFinite(exact) && exact > 0);
  const slopes = slopesInClasses(known, -rate);
  const averaged = slopes[slopes.length - 1];
  const last = rows[rows.length - 1]!;
  return {
    tests: task.settings.model === 'linear' ? linearTests(rows, name) : conditionalTests(rows, name),
    powers: (testLevel) => (task.settings.model === 'linear' ? weightPowers(rows, name, testLevel) : []),
    headline: statedRow(last, rate),
    measurements: [
      ...rows.map((row) => statedRow(row, rate)),
      ...rows.filter(({ areLayersGiven }) => areLayersGiven).map((row) => averagedRow(row, rate)),
      ...slopes.map(({ measurement }) => measurement),
    ],
    curve: {
      label: name,
      model: settings.model,
      loss: settings.loss,
      layer,
      initialisation: settings.initialisation,
      aspectRatio: settings.dimension / settings.samples,
      ...(settings.model === 'hidden' ? { width: settings.width } : {}),
      logitVariance: outputVarianceFactor(settings),
      dimension: settings.dimension,
      replicates: last.draws.length,
      classes: rows.map(({ classes }) => classes),
      measured: rows.map(({ ratio }) => ratio),
      intervals: rows.map(({ areLayersGiven, stated }) => (areLayersGiven ? null : stated.interval)),
      exactClasses: known.map(({ classes }) => classes),
      exact: known.map(({ exact }) => exact),
      ...(known.some(({ exactError }) => exactError > 0)
        ? { exactErrors: known.map(({ exactError }) => exactError) }
        : {}),
      limit: finite(prediction.limit),
      rate,
      exponent: averaged?.line.measured ?? null,
      interval: averaged?.measurement.interval ?? null,
      exactExponent: averaged?.line.exact ?? null,
      ...(prediction.reason === undefined ? {} : { limitReason: prediction.reason }),
    },
  };
}

function scaledRatio({ classes }: AtClasses, rate: number): string {
  return `${rate === 1 ? 'C' : 'C²'} · r at C = ${classes}`;
}

function statedRow(row: AtClasses, rate: number): Measurement {
  const { predicted, ratio, interval } = row.stated;
  const scale = row.classes ** rate;
  return {
    quantity: `${scaledRatio(row, rate)}${row.areLayersGiven ? ', given V and W' : ''}`,
    predicted: finite(predicted * scale),
    measured: ratio * scale,
    interval: { lower: interval.lower * scale, upper: interval.upper * scale, level: interval.level },
  };
}

const heavyTails = 'no interval: over V the norms have heavy tails';

function averagedRow(row: AtClasses, rate: number): Measurement {
  return {
    quantity: `${scaledRatio(row, rate)}, averaged over V and W`,
    predicted: finite(row.exact * row.classes ** rate),
    measured: row.ratio * row.classes ** rate,
    interval: null,
    note: heavyTails,
  };
}

/**
 * The straight line in log r against log C through the ratios stated, and, last, through those averaged over the
 * layers: the same one for a linear model.
 */
function slopesInClasses(rows: readonly AtClasses[], limit: number) {
  if (rows.length < 2) return [];
  const areLayersGiven = rows.every((row) => row.areLayersGiven);
  const stated = rateInClasses({
    points: rows.map(({ classes, stated: { predicted, ...pairs } }) => ({ classes, ...pairs, exact: predicted })),
    limit,
    confidence,
  }).line;
  const bias = ({ bias: value }: { bias: number }): string =>
    `limit ${limit}; a straight line is biased by ${value.toFixed(3)} over this range of C`;
  const quantity = 'slope of log r against log C (the line on the exact curve is its prediction)';
  const [lower, upper] = stated.interval;
  const rowOf = (line: typeof stated, rest: Omit<Measurement, 'predicted' | 'measured'>) => ({
    line,
    measurement: { predicted: line.exact, measured: line.measured, ...rest },
  });
  const first = rowOf(stated, {
    quantity: areLayersGiven ? 'slope of log r against log C, given V and W' : quantity,
    interval: { lower, upper, level: confidence },
    note: bias(stated),
  });
  if (!areLayersGiven) return [first];
  const averaged = rateInClasses({
    points: rows.map(({ classes, draws, exact }) => ({
      classes,
      numerators: draws.map(({ result }) => result.offDiagonal),
      denominators: draws.map(({ result }) => result.diagonal),
      exact,
    })),
    limit,
    confidence,
  }).line;
  return [
    first,
    rowOf(averaged, {
      quantity: `${quantity}, averaged over V and W`,
      interval: null,
      note: `${bias(averaged)}; ${heavyTails}`,
    }),
  ];
}

/** Predictions do not depend on draws: a calibration asks for the same ones hundreds of times. */
const momentsOnce = remembered(linearBlockMoments);
const ratioOnce = remembered(frobeniusRatio);

function remembered<Argument, Value>(compute: (argument: Argument) => Value): (argument: Argument) => Value {
  const known = new Map<string, Value>();
  return (argument) => {
    const key = JSON.stringify(argument);
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = compute(argument)));
    return value;
  };
}

function predictedRatio({ settings, perturbation }: NormTask, layer: Layer) {
  const { model, loss, classes, width, activation, initialisation, dimension, samples } = settings;
  const aspectRatio = (dimension / samples) * perturbation.aspectRatio;
  const common = { model, loss, layer, classes: classes + perturbation.classes, aspectRatio };
  if (model === 'linear')
    return ratioOnce({ ...common, logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance });
  // A perturbed logit variance acts through the scheme's two factors, of which the ratio knows the product.
  if (perturbation.logitVariance !== 1) {
    const scheme = initialisationScheme(initialisation, { ...settings });
    const logitVariance =
      (scheme.hidden?.varianceFactor ?? 1) * scheme.output.varianceFactor * perturbation.logitVariance;
    return ratioOnce({ ...common, width, activation: perturbation.activation ?? activation, logitVariance });
  }
  return ratioOnce({ ...common, width, activation: perturbation.activation ?? activation, initialisation });
}

/**
 * Exact moments of both blocks at every C, under the claimed prediction with a further factor on its logit variance.
 */
function exactMoments(rows: readonly Pick<AtClasses, 'draws'>[], varianceFactor = 1) {
  return rows.map(({ draws }) => {
    const { settings, perturbation } = draws[0]!.task;
    return (['diagonal', 'off-diagonal'] as const).map((block) =>
      momentsOnce({
        classes: settings.classes + perturbation.classes,
        logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance * varianceFactor,
        dimension: settings.dimension,
        samples: Math.round(settings.samples / perturbation.aspectRatio),
        block,
      }),
    );
  });
}

/** Exact to relative order d⁻²: at d = 256 and C = 256 it is 2.5 % above its limit d → ∞. */
function linearRatio(draws: readonly NormDraw[]): number {
  const [diagonal, offDiagonal] = exactMoments([{ draws }])[0]!;
  return offDiagonal!.normalisedSquaredNorm / diagonal!.normalisedSquaredNorm;
}

/** Relative error of the logit variance whose power is stated. */
const wrongBy = 0.1;

/**
 * The sum of squared scores of k t-tests is noncentral χ² under a wrong prediction, by the normal law: its power at the
 * spread that was drawn.
 */
function weightPowers(rows: readonly AtClasses[], name: string, testLevel: number): PowerAgainst[] {
  const claimed = exactMoments(rows);
  const wrong = exactMoments(rows, 1 + wrongBy);
  const candidates = [0, 1].map((b) => {
    let perDraw = 0;
    rows.forEach(({ draws }, k) => {
      [
        claimed[k]![b]!.weightMean - wrong[k]![b]!.weightMean,
        claimed[k]![b]!.weightMeanSquare - wrong[k]![b]!.weightMeanSquare,
      ].forEach((shift, moment) => {
        const values = draws.map(({ result }) => result.weightMoments[b]![moment]!);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
        perDraw += shift ** 2 / variance;
      });
    });
    const inflation = weightInflation(rows, b);
    const degrees = (2 * rows.length) / inflation;
    const critical = chiSquareUpperQuantile(testLevel, degrees);
    return {
      replicates: rows[0]!.draws.length,
      power: (draws: number): number => noncentralChiSquareSurvival(critical, degrees, (draws * perDraw) / inflation),
    };
  });
  return [statedPower(`${name}: logit variance 10 % too large, by E a and E a² at every C`, candidates, wrongBy)];
}

/** E a and E a² of the same draws go together. */
function weightInflation(rows: readonly AtClasses[], block: number): number {
  const values = ({ draws }: AtClasses, moment: 0 | 1): number[] =>
    draws.map(({ result }) => result.weightMoments[block]![moment]);
  return inflationOfPairs(rows.map((row) => [values(row, 0), values(row, 1)]));
}

/** Linear cross-entropy: exact expectations at this d, N and C, over inputs and V. */
function linearTests(rows: readonly AtClasses[], name: string): TestDraft[] {
  const moments = exactMoments(rows);
  const ratio = pooledTests(
    rows.map(({ draws }, k) =>
      ratioTest(
        draws.map(({ result }) => result.offDiagonal),
        draws.map(({ result }) => result.diagonal),
        moments[k]![1]!.normalisedSquaredNorm / moments[k]![0]!.normalisedSquaredNorm,
      ),
    ),
  );
  const weightTests = (['diagonal', 'off-diagonal'] as const).map((block, b): TestDraft => {
    const inflation = weightInflation(rows, b);
    const pooled = pooledTests(
      rows.flatMap(({ draws }, k) => [
        meanTest(
          draws.map(({ result }) => result.weightMoments[b]![0]),
          moments[k]![b]!.weightMean,
        ),
        meanTest(
          draws.map(({ result }) => result.weightMoments[b]![1]),
          moments[k]![b]!.weightMeanSquare,
        ),
      ]),
      inflation,
    );
    return {
      name: `${name}, ${block} block: E a and E a² over draws, at every C`,
      statistic: `sum of squared normal scores of ${pooled.degrees} t-tests, two on the same draws at each C`,
      observed: pooled.statistic,
      null: `exact softmax moments averaged over |x|²; χ² with its variance ${inflation.toFixed(2)} times, for the correlation of the two`,
      pValue: pooled.pValue,
      replicates: 0,
    };
  });
  return [
    {
      name: `${name}: ratio of squared norms against its exact value at every C`,
      statistic: `sum of squared normal scores of t-tests, ${ratio.degrees} degrees of freedom`,
      observed: ratio.statistic,
      null: 'exact ratio of expectations at this d, N and C, to relative order d⁻²',
      pValue: ratio.pValue,
      replicates: 0,
    },
    ...weightTests,
  ];
}

/** Hidden model: each squared norm over its exact expectation given V and W has mean 1, whatever the tails of V. */
function conditionalTests(rows: readonly AtClasses[], name: string): TestDraft[] {
  return (['diagonal', 'offDiagonal'] as const).flatMap((part): TestDraft[] => {
    const relative = rows.map(({ draws }) =>
      draws.flatMap(({ result }) => (result.expected === undefined ? [] : [result[part] / result.expected[part]])),
    );
    const usable = relative.filter((values) => values.length >= 3 && values.every(Number.isFinite));
    if (usable.length === 0) return [];
    const pooled = pooledTests(usable.map((values) => meanTest(values, 1)));
    return [
      {
        name: `${name}, ${part === 'diagonal' ? 'diagonal' : 'off-diagonal'} block: squared norm against its expectation given V and W, at every C`,
        statistic: `sum of squared normal scores of t-tests, ${pooled.degrees} degrees of freedom`,
        observed: pooled.statistic,
        null: 'exact expectation given both layers at this d and N, by cubature',
        pValue: pooled.pValue,
        replicates: 0,
      },
    ];
  });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
