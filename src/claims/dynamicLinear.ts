/** Gradient descent on the linear model: curves of the squared error, and the first step of cross-entropy. */
import { leastSquaresTraining } from '../../theory/dynamics/index.js';
import type { LeastSquaresState } from '../../theory/dynamics/index.js';
import type { Measurement } from '../../figures/results.js';
import { paperActivation, paperInitialisation } from '../../theory/names.js';
import type { Loss } from '../../theory/names.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import type { LinearMark, LinearTrainingTask, LinearTrainingTaskResult } from '../draws/check/index.js';
import { aspectRatioOff } from './alternatives.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, JudgeContext, PlanContext } from './claim.js';
import { meanStatementTest, meanWithInterval, powerAgainst } from './evidence/trainingEvidence.js';
import type { MeanStatement } from './evidence/trainingEvidence.js';
import type { Preset } from './presets.js';
import { finishedOf } from './taskLists.js';

export const dynamicLinear = defineClaim({
  id: 'dynamic-linear',
  title: 'Linear model along training',
  statement: String.raw`Under squared error loss, gradient and risk of the linear model along gradient descent are integrals over the Marčenko–Pastur law. After one step of cross-entropy the logits of a training input are those of a fresh one, pulled by $\eta\gamma$ times its residual.`,
  formula: String.raw`2L_k = \|V_0\|^2\!\int\!\lambda\varphi^2 d\mu + \sigma^2\Big(\!\max(0,1-\gamma) + \gamma\!\int_{\lambda>0}\!\varphi^2 d\mu\Big),\ \varphi=(1-\eta\lambda)^k;\qquad f_n(1) = f(1) - \eta\gamma\,r_n(0)`,
  plan: (context) => [...curveTasks(context), ...stepTasks(context)],
  judge,
});

const outputs = 5;
/** d/N and η of the curves; half the samples are explained by chance. */
const curve = { aspectRatio: 0.5, learningRate: 0.3 } as const;
/** So large a step that a sample's pull on its own logit is seen. */
const step = { aspectRatio: 0.2, learningRate: 4, classes: 4 } as const;

function tasksOf(
  { seed, perturbation }: PlanContext,
  experiment: string,
  draws: number,
  plan: Omit<LinearTrainingTask['plan'], 'labels' | 'optimiser' | 'schedule' | 'batch'>,
): LinearTrainingTask[] {
  const { settings } = plan;
  return Array.from({ length: draws }, (_, replicate): LinearTrainingTask => ({
    kind: 'linear training',
    experiment,
    settings,
    plan: { ...plan, labels: 'random', optimiser: 'gd', schedule: 'constant', batch: settings.samples },
    seed,
    replicate,
    perturbation,
  }));
}

function settingsOf(loss: Loss, dimension: number, aspectRatio: number, classes: number): DrawSettings {
  return {
    model: 'linear',
    loss,
    activation: paperActivation,
    initialisation: paperInitialisation,
    dimension,
    samples: Math.round(dimension / aspectRatio),
    classes,
    width: 1,
  };
}

const curveName = 'training/linear mse';
const stepName = 'training/linear ce, one step';

function curveTasks(context: PlanContext): LinearTrainingTask[] {
  const { curveDimension: dimension, curveSteps, draws } = context.preset.dynamics.linear;
  return tasksOf(context, curveName, draws, {
    settings: settingsOf('mse', dimension, curve.aspectRatio, outputs),
    learningRate: curve.learningRate,
    steps: Math.max(...curveSteps),
    marks: curveSteps,
  });
}

function stepTasks(context: PlanContext): LinearTrainingTask[] {
  const { stepDimension: dimension, draws } = context.preset.dynamics.linear;
  return tasksOf(context, stepName, draws, {
    settings: settingsOf('ce', dimension, step.aspectRatio, step.classes),
    learningRate: step.learningRate,
    steps: 1,
    marks: [1],
  });
}

interface LinearDraw {
  readonly task: LinearTrainingTask;
  readonly result: LinearTrainingTaskResult;
}

function judge({ preset, finished, perturbation }: JudgeContext): ClaimDraft {
  const drawnAs = (name: string): LinearDraw[] =>
    finishedOf(finished, 'linear training', ({ experiment }) => experiment === name);
  const [curves, steps] = [drawnAs(curveName), drawnAs(stepName)];
  const statements = [
    ...curveStatements(curves, preset, perturbation.aspectRatio),
    ...(steps.length === 0 ? [] : stepStatements(steps)),
  ];
  const headline = statements.at(-2);
  const measured = headline && meanWithInterval(headline.lists[0]!);
  return {
    quantity: headline?.what ?? 'loss over its prediction',
    predicted: headline?.predicted ?? null,
    measured: measured?.measured ?? null,
    interval: measured?.interval ?? null,
    measurements: statements.map(({ what, predicted, lists }): Measurement => ({
      quantity: what,
      predicted,
      ...meanWithInterval(lists[0]!),
    })),
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: statements.flatMap(meanStatementTest),
    exactFailures: [],
    powers: (testLevel) => [
      ...curvePowers(curves, preset, perturbation.aspectRatio, testLevel),
      ...stepPowers(steps, testLevel),
    ],
    notes: [
      'The paper says nothing of these: they are the two cases in which a law along training is known. Several full-batch steps of cross-entropy need the memory of all earlier ones, which is an open question.',
    ],
    arrays: new Map(),
  };
}

/** What a curve is compared in. */
const curveQuantities = [
  { name: 'training loss', data: 'train', seen: ({ loss }: LinearMark) => loss, claimed: 'trainingLoss' },
  { name: 'fresh loss', data: 'fresh', seen: ({ loss }: LinearMark) => loss, claimed: 'freshLoss' },
  {
    name: 'squared norm of the gradient',
    data: 'train',
    seen: ({ gradientPower }: LinearMark) => gradientPower,
    claimed: 'gradientPower',
  },
] as const satisfies readonly {
  name: string;
  data: LinearMark['data'];
  seen(mark: LinearMark): number;
  claimed: keyof LeastSquaresState;
}[];

type CurveQuantity = (typeof curveQuantities)[number];

/** Seen over predicted, one value a draw, with the law's aspect ratio multiplied by a factor. */
function relativeToCurve(
  draws: readonly LinearDraw[],
  { data, seen, claimed }: CurveQuantity,
  steps: number,
  factor: number,
): number[] {
  return draws.map(({ task, result }) => {
    const { dimension, samples } = task.settings;
    // Labels are unit vectors that know nothing of the inputs: over all outputs their power is exactly 1, noise alone.
    const law = leastSquaresTraining({
      aspectRatio: (dimension / samples) * factor,
      noise: 1,
      start: result.startPower,
      target: 0,
    });
    const mark = result.marks.find((each) => each.step === steps && each.data === data)!;
    return seen(mark) / law.afterSteps(steps, task.plan.learningRate)[claimed];
  });
}

/** The gradient is compared after the first steps: later it is left in the few smallest eigenvalues. */
function isCompared({ claimed }: CurveQuantity, steps: number, marks: readonly number[]): boolean {
  return claimed !== 'gradientPower' || steps === marks[0];
}

function curveStatements(draws: readonly LinearDraw[], preset: Preset, factor: number): MeanStatement[] {
  const { curveSteps, curveDimension } = preset.dynamics.linear;
  if (draws.length === 0) return [];
  return curveSteps.flatMap((steps) =>
    curveQuantities
      .filter((quantity) => isCompared(quantity, steps, curveSteps))
      .map((quantity) => ({
        regime: `linear mse, d = ${curveDimension}`,
        what: `${quantity.name} after ${steps} steps over its prediction given V_0`,
        predicted: 1,
        lists: [relativeToCurve(draws, quantity, steps, factor)],
        null: 'integral over the Marčenko–Pastur law, as d → ∞',
      })),
  );
}

function curvePowers(draws: readonly LinearDraw[], preset: Preset, factor: number, testLevel: number): PowerAgainst[] {
  if (draws.length === 0) return [];
  const { curveSteps } = preset.dynamics.linear;
  const last = curveSteps[curveSteps.length - 1]!;
  const wrong = relativeToCurve(draws, curveQuantities[0], last, factor * aspectRatioFar);
  const alternative = 'aspect ratio of the curves 10 % too large';
  return powerAgainst({ alternative, wrong, predicted: 1, size: aspectRatioFar - 1 }, testLevel);
}

/** Twice the error of the spectral claims: a handful of small trainings sees no less. */
const aspectRatioFar = 1 + 2 * aspectRatioOff.size;

const stepQuantities = ['loss', 'mean'] as const;
const stepNames = { loss: 'loss', mean: 'E a of the diagonal block' } as const;

function seenLess(
  { result }: LinearDraw,
  data: LinearMark['data'],
  quantity: (typeof stepQuantities)[number],
  law: LinearMark['data'],
): number {
  const mark = result.marks.find((each) => each.data === data)!;
  return mark[quantity] - result.oneStep![law][quantity];
}

function stepStatements(draws: readonly LinearDraw[]): MeanStatement[] {
  const { dimension } = draws[0]!.task.settings;
  return (['fresh', 'train'] as const).flatMap((data) =>
    stepQuantities.map((quantity) => ({
      regime: `linear ce after one step, d = ${dimension}`,
      what: `${stepNames[quantity]} on ${data === 'train' ? 'training' : 'fresh'} data less its prediction given V_0 and V_1`,
      predicted: 0,
      lists: [draws.map((draw) => seenLess(draw, data, quantity, data))],
      null: `${data === 'train' ? 'logits pulled by their own sample' : 'normal logits'}, by cubature, as d → ∞`,
    })),
  );
}

function stepPowers(draws: readonly LinearDraw[], testLevel: number): PowerAgainst[] {
  const wrong = draws.map((draw) => seenLess(draw, 'train', 'loss', 'fresh'));
  return powerAgainst({ alternative: 'training logits that are not pulled', wrong, predicted: 0 }, testLevel);
}
