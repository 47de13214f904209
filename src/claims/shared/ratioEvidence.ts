/**
 * Ratios of squared Frobenius norms as C grows: measured with intervals, against the exact curve and its limit, and
 * tests of the norms behind them. A standard error counts draws, never blocks.
 */
import type { BlockKind, Layer } from '../../../theory/contracts.js';
import type { ConfidenceInterval, Measurement, RatioCurve } from '../../../figures/results.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import type { FrobeniusRatio } from '../../../theory/models/index.js';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { meanTest, rateInClasses, ratioInterval, ratioTest } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { outputVarianceFactor } from '../../pipeline/check/claimedLaws.js';
import type { MomentTask, NormTask, NormTaskResult } from '../../pipeline/check/tasks/index.js';
import type { TestDraft } from '../claim.js';
import { limitCheck } from './limitCheck.js';
import type { RatioSpec } from './limitCheck.js';
import { pooledTests } from './pooledTests.js';

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
  readonly exactFailures: readonly string[];
  readonly notes: readonly string[];
}

const confidence = 0.95;

interface AtClasses {
  readonly classes: number;
  readonly draws: readonly NormDraw[];
  readonly ratio: number;
  readonly interval: ConfidenceInterval;
  /** Ratio of expectations in the limit d → ∞ at this C. */
  readonly exact: number;
  /** Standard error of `exact`; 0 where it is known in closed form or by quadrature. */
  readonly exactError: number;
  /** The ratio of the expectations given V and W of the draws, and the interval of the measured one about it. */
  readonly givenLayers: { readonly expected: number; readonly interval: ConfidenceInterval } | undefined;
}

export function ratioEvidence(draws: readonly NormDraw[], layer: Layer, name: string): RatioEvidence | undefined {
  const counts = [...new Set(draws.map(({ task }) => task.settings.classes))].sort((a, b) => a - b);
  const rows: AtClasses[] = [];
  for (const classes of counts) {
    const own = draws.filter(({ task }) => task.settings.classes === classes);
    if (own.length < 3) continue;
    const numerators = own.map(({ result }) => result.offDiagonal);
    const denominators = own.map(({ result }) => result.diagonal);
    const stream = randomStream(own[0]!.task.seed, `${own[0]!.task.experiment}/bootstrap`, 0);
    const { ratio, interval } = ratioInterval({ numerators, denominators, stream, confidence });
    const { ratio: exact, ratioError: exactError } = predictedRatio(own[0]!.task, layer);
    rows.push({
      classes,
      draws: own,
      ratio,
      interval: { lower: interval[0], upper: interval[1], level: confidence },
      exact,
      exactError,
      givenLayers: ratioGivenLayers(own, ratio),
    });
  }
  if (rows.length < 2) return undefined;
  const { task } = draws[0]!;
  const prediction = predictedRatio(task, layer);
  const rate = prediction.exponent;
  const known = rows.filter(({ exact }) => Number.isFinite(exact) && exact > 0);
  const line =
    known.length < 2
      ? undefined
      : rateInClasses({
          points: known.map((row) => ({
            classes: row.classes,
            numerators: row.draws.map(({ result }) => result.offDiagonal),
            denominators: row.draws.map(({ result }) => result.diagonal),
            exact: row.exact,
          })),
          limit: -rate,
          confidence,
        }).line;
  const { settings } = task;
  const last = rows[rows.length - 1]!;
  const limit = limitCheck(ratioSpec(task, layer), ratioOnce, name);
  const scaledRatio = (row: AtClasses): string => `${rate === 1 ? 'C' : 'C²'} · r at C = ${row.classes}`;
  const scaledBy = ({ classes }: AtClasses, { lower, upper, level }: ConfidenceInterval): ConfidenceInterval => ({
    lower: lower * classes ** rate,
    upper: upper * classes ** rate,
    level,
  });
  const scaled = (row: AtClasses): Measurement => ({
    quantity: row.givenLayers === undefined ? scaledRatio(row) : `${scaledRatio(row)}, averaged over V and W`,
    predicted: finite(row.exact * row.classes ** rate),
    measured: row.ratio * row.classes ** rate,
    interval: scaledBy(row, row.interval),
    ...(row.givenLayers === undefined
      ? {}
      : {
          note: 'norms have heavy tails over V: the interval covers less often than it says',
          judged: false as const,
        }),
  });
  const given = (row: AtClasses): Measurement[] =>
    row.givenLayers === undefined
      ? []
      : [
          {
            quantity: `${scaledRatio(row)}, given V and W`,
            predicted: row.givenLayers.expected * row.classes ** rate,
            measured: row.ratio * row.classes ** rate,
            interval: scaledBy(row, row.givenLayers.interval),
          },
        ];
  return {
    tests: task.settings.model === 'linear' ? linearTests(rows, name) : conditionalTests(rows, name),
    exactFailures: [...limit.failures, ...(settings.model === 'linear' ? curveFailures(rows, name) : [])],
    notes: limit.note === '' ? [] : [limit.note],
    headline: given(last)[0] ?? scaled(last),
    measurements: [
      ...rows.flatMap(given),
      ...rows.map(scaled),
      ...(line === undefined
        ? []
        : [
            {
              quantity: 'slope of log r against log C (the line on the exact curve is its prediction)',
              predicted: line.exact,
              measured: line.measured,
              interval: { lower: line.interval[0], upper: line.interval[1], level: confidence },
              judged: false as const,
              note: `limit ${-rate}; a straight line is biased by ${line.bias.toFixed(3)} over this range of C`,
            },
          ]),
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
      intervals: rows.map(({ interval }) => interval),
      exactClasses: known.map(({ classes }) => classes),
      exact: known.map(({ exact }) => exact),
      ...(known.some(({ exactError }) => exactError > 0)
        ? { exactErrors: known.map(({ exactError }) => exactError) }
        : {}),
      limit: finite(prediction.limit),
      rate,
      exponent: line?.measured ?? null,
      interval: line === undefined ? null : { lower: line.interval[0], upper: line.interval[1], level: confidence },
      exactExponent: line?.exact ?? null,
      ...(prediction.reason === undefined ? {} : { limitReason: prediction.reason }),
    },
  };
}

/**
 * Both norms relative to their expectations given V and W fluctuate little, whatever the tails of V: the interval of
 * their ratio, about the measured one.
 */
function ratioGivenLayers(draws: readonly NormDraw[], measured: number): AtClasses['givenLayers'] {
  const pairs = draws.flatMap(({ result }) =>
    result.expected === undefined ? [] : [{ ...result, expected: result.expected }],
  );
  if (pairs.length < draws.length) return undefined;
  const sum = (part: 'diagonal' | 'offDiagonal'): number =>
    pairs.reduce((total, { expected }) => total + expected[part], 0);
  const { experiment, seed } = draws[0]!.task;
  const { ratio, interval } = ratioInterval({
    numerators: pairs.map(({ offDiagonal, expected }) => offDiagonal / expected.offDiagonal),
    denominators: pairs.map(({ diagonal, expected }) => diagonal / expected.diagonal),
    stream: randomStream(seed, `${experiment}/bootstrap given the layers`, 0),
    confidence,
  });
  return {
    expected: sum('offDiagonal') / sum('diagonal'),
    interval: { lower: (measured * interval[0]) / ratio, upper: (measured * interval[1]) / ratio, level: confidence },
  };
}

/** Predictions do not depend on draws: a calibration asks for the same ones hundreds of times. */
export const momentsOnce = remembered(linearBlockMoments);
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

/** The setting of a task's ratio, as the claim has it. */
function ratioSpec({ settings, perturbation, ...task }: NormTask | MomentTask, layer: Layer): RatioSpec {
  const { model, loss, width, activation, initialisation, dimension, samples } = settings;
  const aspectRatio = (task.kind === 'moments' ? task.aspectRatio : dimension / samples) * perturbation.aspectRatio;
  const common = { model, loss, layer, aspectRatio };
  if (model === 'linear')
    return { ...common, logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance };
  const hidden = { ...common, width, activation: perturbation.activation ?? activation };
  if (perturbation.logitVariance === 1) return { ...hidden, initialisation };
  // A perturbed logit variance acts through the scheme's two factors, of which the ratio knows the product.
  const scheme = initialisationScheme(initialisation, { ...settings });
  const factors = (scheme.hidden?.varianceFactor ?? 1) * scheme.output.varianceFactor;
  return { ...hidden, logitVariance: factors * perturbation.logitVariance };
}

/** r of the claim for the settings of a task. */
export function predictedRatio(task: NormTask | MomentTask, layer: Layer): FrobeniusRatio {
  return ratioOnce({ ...ratioSpec(task, layer), classes: task.settings.classes + task.perturbation.classes });
}

/** Expected squared norms of both blocks, under the claimed prediction, at the d and N drawn or so many times larger. */
function exactNorms({ draws }: AtClasses, larger = 1): { diagonal: number; offDiagonal: number } {
  const { settings, perturbation } = draws[0]!.task;
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

/**
 * The curve of the ratio as d → ∞ against the norms at finite d, whose distance to it halves when d is doubled: at the
 * larger of two dimensions it is the difference between them.
 */
function curveFailures(rows: readonly AtClasses[], name: string): string[] {
  return rows.flatMap((row) => {
    const [near, far] = [1000, 2000].map((larger) => {
      const { diagonal, offDiagonal } = exactNorms(row, larger);
      return offDiagonal / diagonal;
    }) as [number, number];
    const allowed = 2 * Math.abs(far - near) + 1e-8 * far;
    return Math.abs(row.exact - far) <= allowed
      ? []
      : [
          `${name}: at C = ${row.classes} the ratio as d → ∞, ${row.exact}, is not where the ratios at large d go, ${far}`,
        ];
  });
}

/** Linear cross-entropy: the ratio at this d, N and C. The norms themselves are judged by many small draws. */
function linearTests(rows: readonly AtClasses[], name: string): TestDraft[] {
  const pooled = pooledTests(
    rows.map((row) => {
      const { diagonal, offDiagonal } = exactNorms(row);
      return ratioTest(
        row.draws.map(({ result }) => result.offDiagonal),
        row.draws.map(({ result }) => result.diagonal),
        offDiagonal / diagonal,
      );
    }),
  );
  return [
    {
      name: `${name}: ratio of squared norms against its exact value at every C`,
      statistic: `sum of squared normal scores of t-tests, ${pooled.degrees} degrees of freedom`,
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
