/**
 * Ratios of squared Frobenius norms as C grows: measured with intervals, against the exact curve and its limit, and
 * tests of the norms behind them. A standard error counts draws, never blocks.
 */
import type { Layer } from '../../../theory/contracts.js';
import type { ConfidenceInterval, Measurement, RatioCurve } from '../../../figures/results.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { initialisationScheme, softmaxMoment } from '../../../theory/weights/index.js';
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
  /** C^rate times the ratio at the largest C that has an interval; of a hidden model given the layers drawn. */
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
  /** The ratio that is judged, with its prediction; its interval where tails are light enough for one. */
  readonly stated: PredictedRatio & { readonly ratio: number; readonly interval: ConfidenceInterval | null };
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
    stated: {
      ...pairs,
      ratio,
      interval:
        areLayersGiven || effectiveSamples(draws) >= samplesNeeded
          ? { lower: interval[0], upper: interval[1], level: confidence }
          : null,
    },
  };
}

/** Intervals of a linear ratio cover 0.95 at 200, 0.90 at 30 and 0.86 at 7 (docs/tables/coverage.md). */
const samplesNeeded = 200;

/**
 * The norm off the diagonal of a linear model is a sum of squared weights a² with a tail like a lognormal's, in which a
 * few samples may outweigh the rest: R draws of N are worth N R (E a²)²/E a⁴ equal ones.
 */
function effectiveSamples(draws: readonly NormDraw[]): number {
  const { settings } = draws[0]!.task;
  const moment = (order: number): number =>
    momentOnce({ classes: settings.classes, logitVariance: outputVarianceFactor(settings), exponents: [order, order] });
  return (settings.samples * draws.length * moment(2) ** 2) / moment(4);
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
  const drawnSlope = known.length < 2 ? undefined : slopeInClasses(known, -rate, 'drawn');
  const averages = rows.filter(({ areLayersGiven }) => areLayersGiven);
  const last = rows[rows.length - 1]!;
  const withInterval = known.filter(({ stated }) => stated.interval !== null);
  return {
    tests: task.settings.model === 'linear' ? linearTests(rows, name) : conditionalTests(rows, name),
    powers: (testLevel) => (task.settings.model === 'linear' ? weightPowers(rows, name, testLevel) : []),
    headline: statedRow(rows.findLast(({ stated }) => stated.interval !== null) ?? last, rate),
    measurements: [
      ...rows.map((row) => statedRow(row, rate)),
      ...averages.map((row) => averagedRow(row, rate)),
      ...(withInterval.length < 2 ? [] : [slopeInClasses(withInterval, -rate, 'stated').measurement]),
      ...(drawnSlope === undefined || drawnSlope.measurement.interval !== null ? [] : [drawnSlope.measurement]),
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
      exponent: drawnSlope?.line.measured ?? null,
      interval: drawnSlope?.measurement.interval ?? null,
      exactExponent: drawnSlope?.line.exact ?? null,
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
    interval:
      interval === null
        ? null
        : { lower: interval.lower * scale, upper: interval.upper * scale, level: interval.level },
    ...(row.areLayersGiven ? { note: 'the prediction times the ratio of norms relative to their expectations' } : {}),
    ...(interval === null ? { note: noInterval(row.areLayersGiven) } : {}),
  };
}

function averagedRow(row: AtClasses, rate: number): Measurement {
  return {
    quantity: `${scaledRatio(row, rate)}, averaged over V and W`,
    predicted: finite(row.exact * row.classes ** rate),
    measured: row.ratio * row.classes ** rate,
    interval: null,
    note: noInterval(true),
  };
}

/** The straight line in log r against log C: through the ratios stated, or through means over the draws. */
function slopeInClasses(rows: readonly AtClasses[], limit: number, kind: 'stated' | 'drawn') {
  const areLayersGiven = rows.every((row) => row.areLayersGiven);
  const { line } = rateInClasses({
    points: rows.map(({ classes, draws, exact, stated: { predicted, numerators, denominators } }) =>
      kind === 'stated'
        ? { classes, numerators, denominators, exact: predicted }
        : {
            classes,
            numerators: draws.map(({ result }) => result.offDiagonal),
            denominators: draws.map(({ result }) => result.diagonal),
            exact,
          },
    ),
    limit,
    confidence,
  });
  const hasInterval = rows.every(({ stated }) => stated.interval !== null) && (kind === 'stated' || !areLayersGiven);
  const layers = areLayersGiven ? (kind === 'stated' ? ', given V and W' : ', averaged over V and W') : '';
  const range = `C = ${rows[0]!.classes} to ${rows[rows.length - 1]!.classes}`;
  const bias = `limit ${limit}; a straight line is biased by ${line.bias.toFixed(3)} over this range of C`;
  const measurement: Measurement = {
    quantity: `slope of log r against log C, ${range}${layers} (predicted: the line through the predictions)`,
    predicted: line.exact,
    measured: line.measured,
    interval: hasInterval ? { lower: line.interval[0], upper: line.interval[1], level: confidence } : null,
    note: hasInterval ? bias : `${bias}; ${noInterval(areLayersGiven)}`,
  };
  return { line, measurement };
}

function noInterval(areLayersGiven: boolean): string {
  return areLayersGiven
    ? 'no interval: over V the norms have heavy tails'
    : 'no interval: a few samples outweigh the others';
}

/** Predictions do not depend on draws: a calibration asks for the same ones hundreds of times. */
const momentsOnce = remembered(linearBlockMoments);
const ratioOnce = remembered(frobeniusRatio);
const momentOnce = remembered(softmaxMoment);

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
