/**
 * Ratios of squared Frobenius norms as C grows: measured with intervals, against the exact curve and its limit, and
 * tests of the norms behind them. A standard error counts draws, never blocks.
 */
import { counted } from '../../../figures/text.js';
import type { BlockKind, Layer } from '../../../theory/contracts.js';
import type { ConfidenceInterval, Measurement, RatioCurve } from '../../../figures/results.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../../../theory/models/index.js';
import { hasSoftmaxWeights, takesSetting } from '../../../theory/names.js';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { initialisationScheme, softmaxMoment } from '../../../theory/weights/index.js';
import {
  meanTest,
  rateInClasses,
  ratioInterval,
  ratioOfMeans,
  ratioTest,
} from '../../../simulations/comparisons/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { outputVarianceFactor } from '../../draws/lawsOfDraw.js';
import type { MomentTask, NormTask, NormTaskResult } from '../../draws/check/index.js';
import type { TestDraft } from '../claim.js';
import { ratioErrorOfSingle } from '../logitPrecision.js';
import { limitCheck } from './limitCheck.js';
import type { RatioSpec } from './limitCheck.js';
import { nameTest } from './nameTest.js';
import { pooledTests } from './pooledTests.js';
import { ratioGivenLayers, type PredictedRatio } from './ratioGivenLayers.js';
import { weightLawFailures } from './weightLawCheck.js';

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
  /** Of log r against log C, through the ratios that have an interval: two of them at least. */
  readonly slope: Measurement | undefined;
  readonly exactFailures: readonly string[];
  readonly notes: readonly string[];
}

const confidence = 0.95;

interface AtClasses {
  readonly classes: number;
  readonly draws: readonly NormDraw[];
  /** Mean off-diagonal over mean diagonal norm. */
  readonly ratio: number;
  /** Ratio of expectations at this C: of a linear model at this d and N, of a hidden one in the limit d → ∞. */
  readonly exact: number;
  /** The same in the limit d → ∞. */
  readonly limit: number;
  /** Standard error of `limit`; 0 where it is known in closed form or by quadrature. */
  readonly exactError: number;
  /** Whether the layers are given in what is `stated`: without that, norms of a hidden model have heavy tails over V. */
  readonly areLayersGiven: boolean;
  /** The ratio that is judged, with its prediction; its interval where tails are light enough for one. */
  readonly stated: PredictedRatio & { readonly ratio: number; readonly interval: ConfidenceInterval | null };
}

/** Norms of softmax weights are known at any d and N, those of other models given the layers or as d → ∞. */
const isSoftmax = ({ model, loss }: DrawSettings): boolean => hasSoftmaxWeights(model, loss);

function atClasses(draws: readonly NormDraw[], layer: Layer): AtClasses {
  const { task } = draws[0]!;
  const numerators = draws.map(({ result }) => result.offDiagonal);
  const denominators = draws.map(({ result }) => result.diagonal);
  const limit = predictedRatio(task, layer, effortOfShown);
  const exact = isSoftmax(task.settings) ? softmaxRatio(task) : limit.ratio;
  const relative = draws.flatMap(({ result: { offDiagonal, diagonal, expected } }) =>
    expected === undefined
      ? []
      : [
          {
            drawn: { numerator: offDiagonal, denominator: diagonal },
            expected: { numerator: expected.offDiagonal, denominator: expected.diagonal },
          },
        ],
  );
  const areLayersGiven = relative.length === draws.length;
  const pairs = areLayersGiven ? ratioGivenLayers(relative) : { numerators, denominators, predicted: exact };
  const { ratio, interval } = ratioInterval({ ...pairs, confidence });
  return {
    classes: task.settings.classes,
    draws,
    ratio: ratioOfMeans(numerators, denominators).ratio,
    exact,
    limit: limit.ratio,
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
  const prediction = predictedRatio(task, layer, effortOfShown);
  const rate = prediction.exponent;
  const known = rows.filter(({ exact }) => Number.isFinite(exact) && exact > 0);
  const drawnSlope = known.length < 2 ? undefined : slopeInClasses(known, -rate, 'drawn');
  const averages = rows.filter(({ areLayersGiven }) => areLayersGiven);
  const last = rows[rows.length - 1]!;
  const withInterval = known.filter(({ stated }) => stated.interval !== null);
  const slope = withInterval.length < 2 ? undefined : slopeInClasses(withInterval, -rate, 'stated').measurement;
  const limit = limitCheck(ratioSpec(task, layer), ratioOnce, name);
  return {
    tests: isSoftmax(settings) ? softmaxTests(rows, name) : conditionalTests(rows, name),
    exactFailures: [
      ...limit.failures,
      ...(isSoftmax(settings) ? [...curveFailures(rows, name), ...lawFailures(rows, name)] : []),
    ],
    notes: [...(limit.note === '' ? [] : [limit.note]), ...precisionNote(rows, name)],
    headline: statedRow(rows.findLast(({ stated }) => stated.interval !== null) ?? last, rate),
    measurements: [
      ...rows.map((row) => statedRow(row, rate)),
      ...averages.map((row) => averagedRow(row, rate)),
      ...(slope === undefined ? [] : [slope]),
      ...(drawnSlope === undefined || drawnSlope.measurement.interval !== null ? [] : [drawnSlope.measurement]),
    ],
    slope,
    curve: {
      label: name,
      model: settings.model,
      loss: settings.loss,
      layer,
      initialisation: settings.initialisation,
      aspectRatio: settings.dimension / settings.samples,
      ...(takesSetting(settings.model, 'width') ? { width: settings.width } : {}),
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

/** What logits of single precision may have changed, beside the standard errors of what they were drawn for. */
function precisionNote(rows: readonly AtClasses[], name: string): string[] {
  const single = rows.filter(({ draws }) => draws[0]!.task.settings.logitPrecision === 'single');
  if (single.length === 0) return [];
  const margins = single.map(({ classes, draws }) => {
    const { ratio, standardError } = ratioOfMeans(
      draws.map(({ result }) => result.offDiagonal),
      draws.map(({ result }) => result.diagonal),
    );
    const logitVariance = outputVarianceFactor(draws[0]!.task.settings);
    return standardError / ratio / ratioErrorOfSingle({ classes, logitVariance });
  });
  const classes = single.map((row) => row.classes).join(', ');
  return [
    `${name}: at C = ${classes} logits that enter the normaliser of the softmax alone were drawn in single precision. The standard error of each ratio is ${Math.floor(Math.min(...margins)).toPrecision(2)} times what that can change, or more.`,
  ];
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
    judged: false,
    note: [
      noInterval(true),
      ...(row.exactError > 0
        ? [`the prediction is an integral, ± ${(row.exactError * row.classes ** rate).toPrecision(1)}`]
        : []),
    ].join('; '),
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
    judged: false,
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
export const momentsOnce = remembered(linearBlockMoments);
const momentOnce = remembered(softmaxMoment);
const knownRatios = new Map<string, FrobeniusRatio>();
const ratioOnce = remembered(frobeniusRatio, knownRatios);

function remembered<Argument, Value>(
  compute: (argument: Argument) => Value,
  known = new Map<string, Value>(),
): (argument: Argument) => Value {
  return (argument) => {
    const key = JSON.stringify(argument);
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = compute(argument)));
    return value;
  };
}

/** Keeps a ratio that was computed elsewhere: `frobeniusRatio` of this specification. */
export function rememberRatio(spec: FrobeniusRatioSpec, ratio: FrobeniusRatio): void {
  knownRatios.set(JSON.stringify(spec), ratio);
}

/** Whether judging would have to compute this ratio. */
export const isRatioNew = (spec: FrobeniusRatioSpec): boolean => !knownRatios.has(JSON.stringify(spec));

/** The setting of a task's ratio, as the claim has it. */
function ratioSpec({ settings, perturbation, ...task }: NormTask | MomentTask, layer: Layer): RatioSpec {
  const { model, loss, width, activation, initialisation, dimension, samples } = settings;
  const aspectRatio = (task.kind === 'moments' ? task.aspectRatio : dimension / samples) * perturbation.aspectRatio;
  const common = {
    ...{ model, loss, layer, aspectRatio },
    ...(takesSetting(model, 'width') ? { width } : {}),
    ...(takesSetting(model, 'activation') ? { activation: perturbation.activation ?? activation } : {}),
  };
  if (!isSoftmax(settings) && perturbation.logitVariance === 1) return { ...common, initialisation };
  // Softmax weights know the logit variance at this d. A perturbed one acts through the scheme's factors, of which the
  // ratio knows the product.
  const scheme = initialisationScheme(initialisation, settings);
  const factors = (scheme.hidden?.varianceFactor ?? 1) * scheme.output.varianceFactor;
  return { ...common, logitVariance: factors * perturbation.logitVariance };
}

/**
 * Multiplications for ratios of a curve, which are shown and not judged. Where they are integrals, hidden CE at few
 * classes, their errors are below 1 % of them, said beside them; at the usual effort a third of that, in four times as long.
 */
export const effortOfShown = 5e7;

/** r of the claim for the settings of a task, with as much effort as the caller's use of it asks for. */
export function predictedRatio(task: NormTask | MomentTask, layer: Layer, effort?: number): FrobeniusRatio {
  return ratioOnce(ratioAsked(task, layer, effort));
}

/** The argument for which that asks `frobeniusRatio`. */
export function ratioAsked(task: NormTask | MomentTask, layer: Layer, effort?: number): FrobeniusRatioSpec {
  return {
    ...ratioSpec(task, layer),
    classes: task.settings.classes + task.perturbation.classes,
    ...(effort === undefined ? {} : { effort }),
  };
}

/** Expected squared norms of both blocks, under the claimed prediction, at the d and N drawn or so many times larger. */
function exactNorms({ settings, perturbation }: NormTask, larger = 1): { diagonal: number; offDiagonal: number } {
  const dimension = settings.dimension * larger;
  const norm = (block: BlockKind): number =>
    dimension *
    momentsOnce({
      classes: settings.classes + perturbation.classes,
      logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance,
      dimension,
      samples: Math.round((settings.samples * larger) / perturbation.aspectRatio),
      block,
    }).normalisedSquaredNorm;
  return { diagonal: norm('diagonal'), offDiagonal: norm('off-diagonal') };
}

/** Exact to relative order d⁻²: at d = 256 and C = 256 it is 2.5 % above its limit d → ∞. */
function softmaxRatio(task: NormTask, larger = 1): number {
  const { diagonal, offDiagonal } = exactNorms(task, larger);
  return offDiagonal / diagonal;
}

/**
 * The curve of the ratio as d → ∞ against the norms at finite d, whose distance to it halves when d is doubled: at the
 * larger of two dimensions it is the difference between them.
 */
function curveFailures(rows: readonly AtClasses[], name: string): string[] {
  return rows.flatMap((row) => {
    const [near, far] = [1000, 2000].map((larger) => softmaxRatio(row.draws[0]!.task, larger)) as [number, number];
    const allowed = 2 * Math.abs(far - near) + 1e-8 * far;
    return Math.abs(row.limit - far) <= allowed
      ? []
      : [
          `${name}: at C = ${row.classes} the ratio as d → ∞, ${row.limit}, is not where the ratios at large d go, ${far}`,
        ];
  });
}

/** The laws of the weights at each C, under the claimed prediction. */
function lawFailures(rows: readonly AtClasses[], name: string): string[] {
  return rows.flatMap(({ draws }) => {
    const { settings, perturbation } = draws[0]!.task;
    const variance = outputVarianceFactor(settings) * perturbation.logitVariance;
    return weightLawFailures(settings.classes + perturbation.classes, variance, name);
  });
}

/** Linear cross-entropy: the ratio at this d, N and C. The norms themselves are judged by many small draws. */
function softmaxTests(rows: readonly AtClasses[], name: string): TestDraft[] {
  const pooled = pooledTests(
    rows.map((row) =>
      ratioTest(
        row.draws.map(({ result }) => result.offDiagonal),
        row.draws.map(({ result }) => result.diagonal),
        row.exact,
      ),
    ),
  );
  return [
    {
      ...nameTest(name, 'ratio of squared norms against its exact value at every C'),
      statistic: `sum of squared normal scores of t-tests, ${counted(pooled.degrees, 'degree')} of freedom`,
      observed: pooled.statistic,
      null: 'exact ratio of expectations at this d, N and C, to relative order d⁻²',
      pValue: pooled.pValue,
      replicates: 0,
    },
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
        ...nameTest(
          name,
          'squared norm against its expectation given V and W, at every C',
          `${part === 'diagonal' ? 'diagonal' : 'off-diagonal'} block`,
        ),
        statistic: `sum of squared normal scores of t-tests, ${counted(pooled.degrees, 'degree')} of freedom`,
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
