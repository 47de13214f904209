import type { InitialisationName, Loss } from '../../theory/contracts.js';
import type { Measurement, PaperSentence, ResultTable } from '../../figures/results.js';
import { counted, initialisationName, lossName } from '../../figures/text.js';
import { crossLayerNorms } from '../../theory/norms/crossLayer.js';
import type { CrossLayerNorms } from '../../theory/norms/crossLayer.js';
import { UsageError } from '../../theory/errors.js';
import { initialisationScheme } from '../../theory/weights/index.js';
import { paperActivation } from '../../theory/names.js';
import { hotellingTest, joinMoments, meanTest, ratioInterval } from '../../simulations/comparisons/index.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { Perturbation } from '../draws/perturbation.js';
import type { CrossTask, CrossTaskResult } from '../draws/check/index.js';
import { defineClaim, headlineOf } from './claim.js';
import type { ClaimDraft, JudgeContext, PlanContext, TestDraft } from './claim.js';
import { finishedOf, momentTasks } from './taskLists.js';
import type { MomentDraw } from './evidence/momentEvidence.js';
import { pooledTests } from './evidence/pooledTests.js';
import { markSentence } from './evidence/markSentence.js';
import { ratioGivenLayers } from './evidence/ratioGivenLayers.js';
import { paperSentences } from './paperSentences.js';

const confidence = 0.95;
const losses: readonly Loss[] = ['mse', 'ce'];

/**
 * Where the closed forms over the layers are judged. For the squared error they are exact in C; for the cross-entropy
 * they are the leading order in 1/C, which small logits and many classes bring below what the draws can see.
 */
const closedSettings = {
  mse: { initialisation: 'lecun', classes: 16 },
  ce: { initialisation: 'pytorch', classes: 128 },
} as const;

/** The four squared norms, in words. */
const parts = {
  residual: 'the residual part (column i)',
  curvature: 'the curvature part (all columns)',
  column: 'column i, both parts',
  otherColumns: 'the other columns',
} as const;

const partNames = ['residual', 'curvature', 'column', 'otherColumns'] as const;

export const crossLayer = defineClaim({
  id: 'cross-layer',
  title: 'Cross-layer blocks',
  statement: String.raw`In block $(w_i, v_j)$ column $i$ alone carries the part proportional to the residual, so that the w–v part of the Hessian is block-circulant at initialisation. For the squared error the two parts have squared norms of the same order, with a ratio that tends to 1 as $C$ grows; for the cross-entropy the residual part outweighs the curvature part by a factor that grows like $C$.`,
  formula: String.raw`H_{w_iv_j} = \frac1N\sum_n g_{n,i}\,x_n\Big[\tfrac{\partial\ell}{\partial f_j}\,e_i + v_{:i}^{\mathsf T}\tfrac{\partial^2\ell}{\partial f\,\partial f_j}\,h_n\Big]^{\mathsf T}`,
  plan: (context) =>
    losses.flatMap((loss) => [
      ...context.preset.initialisations.flatMap((initialisation) => crossTasks(context, loss, initialisation)),
      ...momentTasks(context, 'cross norms', { model: 'hidden', loss, ...closedSettings[loss] }),
    ]),
  judge,
});

function crossTasks(
  { preset, seed, perturbation }: PlanContext,
  loss: Loss,
  initialisation: InitialisationName,
): CrossTask[] {
  const { dimension, classes, draws } = preset.cross;
  const samples = Math.round(dimension / preset.aspectRatio);
  return classes.flatMap((count) =>
    Array.from({ length: draws }, (_, replicate): CrossTask => ({
      kind: 'cross',
      experiment: `cross-${loss}/${initialisation}/C=${count}/d=${dimension}`,
      settings: {
        model: 'hidden',
        loss,
        activation: paperActivation,
        initialisation,
        dimension,
        samples,
        classes: count,
        width: preset.width,
      },
      seed,
      replicate,
      perturbation,
    })),
  );
}

type CrossDraw = { readonly task: CrossTask; readonly result: CrossTaskResult };

function judge(context: JudgeContext): ClaimDraft {
  const groups = groupBySettings(finishedOf(context.finished, 'cross')).filter((draws) => draws.length >= 3);
  const measurements = groups.map(crossLayerRatio);
  const headline = measurements[measurements.length - 1];
  return {
    ...headlineOf(headline, 'squared norm of the residual part over the curvature part'),
    measurements,
    spectra: [],
    distances: [],
    ratioCurves: [],
    tables: [partsTable(groups)],
    sentences: largestGroups(groups).map(circulantSentence),
    tests: [...partTests(groups), ...closedTests(finishedOf(context.finished, 'moments'))],
    exactFailures: [],
    powers: () => [],
    notes: [
      'Predictions are expectations over inputs and labels given V and W of each draw; a measured ratio is its prediction times that of the norms relative to their expectations. The limit over the layers stands beside them.',
    ],
    arrays: new Map(),
  };
}

/** From draws of one setting. */
export function crossLayerRatio(draws: readonly CrossDraw[]): Measurement {
  const { settings } = draws[0]!.task;
  const { predicted, ...pairs } = ratioGivenLayers(
    draws.map(({ result: { residual, curvature, expected } }) => ({
      drawn: { numerator: residual, denominator: curvature },
      expected: { numerator: expected.residual, denominator: expected.curvature },
    })),
  );
  const { ratio, interval } = ratioInterval({ ...pairs, confidence });
  return {
    quantity: `squared norm of the residual part over the curvature part, ${settings.loss}, ${settings.initialisation}, C = ${settings.classes}, given V and W`,
    predicted,
    measured: ratio,
    interval: { lower: interval[0], upper: interval[1], level: confidence },
    note: limitNote(draws[0]!.task),
  };
}

/** One group for each loss and initialisation: that with the most classes. */
function largestGroups(groups: readonly (readonly CrossDraw[])[]): readonly (readonly CrossDraw[])[] {
  const largest = new Map<string, readonly CrossDraw[]>();
  for (const draws of groups) {
    const { loss, initialisation, classes } = draws[0]!.task.settings;
    const key = `${loss} ${initialisation}`;
    const known = largest.get(key);
    if (known === undefined || classes > known[0]!.task.settings.classes) largest.set(key, draws);
  }
  return [...largest.values()];
}

/** A block whose column i holds less than this share of its squared norm is more than that column. */
const singleColumn = 0.9;

/** Column i over the whole block: its odds against the other columns have a mean with light tails given V and W. */
function circulantSentence(draws: readonly CrossDraw[]): PaperSentence {
  const { loss, initialisation, classes, dimension, samples, width } = draws[0]!.task.settings;
  const { predicted: _predicted, ...pairs } = ratioGivenLayers(
    draws.map(({ result: { column, otherColumns, expected } }) => ({
      drawn: { numerator: column, denominator: otherColumns },
      expected: { numerator: expected.column, denominator: expected.otherColumns },
    })),
  );
  const { ratio, interval } = ratioInterval({ ...pairs, confidence });
  const share = (odds: number): number => odds / (1 + odds);
  return markSentence(
    paperSentences.circulant,
    `${loss}, initialisation ${initialisation}, C = ${classes}, d = ${dimension}, N = ${samples}, m = ${width}, given V and W`,
    [
      {
        quantity: 'share of the squared norm of a block (w_i, v_j) in its column i',
        measured: share(ratio),
        interval: { lower: share(interval[0]), upper: share(interval[1]), level: confidence },
        lower: singleColumn,
      },
    ],
  );
}

/** Each squared norm over its expectation given V and W has mean 1. */
function partTests(groups: readonly (readonly CrossDraw[])[]): TestDraft[] {
  return losses.flatMap((loss) =>
    partNames.flatMap((part): TestDraft[] => {
      const own = groups.filter((draws) => draws[0]!.task.settings.loss === loss);
      if (own.length === 0) return [];
      const pooled = pooledTests(
        own.map((draws) =>
          meanTest(
            draws.map(({ result }) => result[part] / result.expected[part]),
            1,
          ),
        ),
      );
      return [
        {
          name: `${lossName(loss)}: squared norm of ${parts[part]} against its expectation given V and W`,
          statistic: `sum of squared normal scores of t-tests, ${counted(pooled.degrees, 'degree')} of freedom`,
          observed: pooled.statistic,
          null: 'exact expectation given both layers at this d and N, by cubature',
          pValue: pooled.pValue,
          replicates: 0,
        },
      ];
    }),
  );
}

/** The closed forms over the layers, all four norms at once, by draws of the limit with fresh layers. */
function closedTests(draws: readonly MomentDraw[]): TestDraft[] {
  return losses.flatMap((loss): TestDraft[] => {
    const own = draws.filter(({ task }) => task.settings.loss === loss);
    if (own.length === 0) return [];
    const { task } = own[0]!;
    const moments = joinMoments(own.map(({ result }) => result.moments));
    const norms = closedNorms(task.settings, task.aspectRatio, task.perturbation);
    const { statistic, degrees, pValue } = hotellingTest(
      moments,
      partNames.map((part) => norms[part]),
    );
    const { initialisation, classes } = task.settings;
    return [
      {
        name: `${lossName(loss)}: squared norms averaged over the layers as d → ∞, ${initialisationName(initialisation)}, C = ${classes}`,
        statistic: `Hotelling's T² of the ${degrees} means over ${moments.count} draws`,
        observed: statistic,
        null: `closed form, ${loss === 'mse' ? 'exact in C' : 'to leading order in 1/C'}; covariance of the draws`,
        pValue,
        replicates: 0,
      },
    ];
  });
}

function partsTable(groups: readonly (readonly CrossDraw[])[]): ResultTable {
  return {
    title: 'Mean squared norms of the parts of a block (w_i, v_j)',
    columns: ['loss', 'initialisation', 'C', 'part', 'predicted', 'measured'],
    rows: groups.flatMap((draws) => {
      const { loss, initialisation, classes } = draws[0]!.task.settings;
      return partNames.map((part) => [
        loss,
        initialisation,
        classes,
        parts[part],
        mean(draws.map(({ result }) => result.expected[part])),
        mean(draws.map(({ result }) => result[part])),
      ]);
    }),
  };
}

/** The closed form over the layers; readouts that are not normal have theirs by quadrature. */
function closedNorms(settings: DrawSettings, aspectRatio: number, perturbation: Perturbation): CrossLayerNorms {
  const { initialisation, loss, classes, width } = settings;
  const { hidden, output } = initialisationScheme(initialisation, { ...settings, dimension: Infinity });
  if (hidden === undefined) throw new UsageError(`closedNorms: the model must have a hidden layer`);
  const varianceFactor = hidden.varianceFactor * perturbation.logitVariance;
  return crossLayerNorms({
    loss,
    classes,
    width,
    aspectRatio: aspectRatio * perturbation.aspectRatio,
    hidden: { ...hidden, varianceFactor },
    output,
  });
}

function limitNote({ settings, perturbation }: CrossTask): string {
  const { ratio, reason } = closedNorms(settings, settings.dimension / settings.samples, perturbation);
  if (reason !== undefined) return reason;
  return settings.loss === 'mse'
    ? `averaged over the layers as d → ∞: ${ratio.toPrecision(4)}`
    : `averaged over the layers as d → ∞, to leading order in 1/C: ${ratio.toPrecision(4)} (at this C shown, not judged)`;
}

function groupBySettings(draws: readonly CrossDraw[]): CrossDraw[][] {
  const groups = new Map<string, CrossDraw[]>();
  for (const draw of draws) {
    const group = groups.get(draw.task.experiment);
    if (group === undefined) groups.set(draw.task.experiment, [draw]);
    else group.push(draw);
  }
  return [...groups.values()];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
