/** What is true of every network at every step, to rounding: algebra, not statistics. */
import type { Loss } from '../../theory/contracts.js';
import type { LabelRule, Optimiser } from '../../theory/names.js';
import { statementText } from '../../figures/training/exactStatements.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, JudgeContext, TestDraft } from './claim.js';
import { brokenStatements, drawsOfCourse, endsOf, shownRow } from './evidence/trainingEvidence.js';
import type { TrainingDraw } from './evidence/trainingEvidence.js';
import type { Preset } from './presets.js';
import { courseName, trainingTasks } from './trainingTasks.js';
import type { Course } from './trainingTasks.js';

export const dynamicExact = defineClaim({
  id: 'dynamic-exact',
  title: 'Exact statements along training',
  statement: String.raw`At every step, on training and on fresh data: the gradient is two contractions of the $S_i$; the residual part has the eigenvalues $\pm\sigma_k(S_i)$ and zeros; it lies between what the gradient holds and what the loss allows; negative curvature comes from it alone; and the Gauss–Newton part does not see a unit rescaled.`,
  formula: String.raw`S_i v_i = \partial L/\partial w_i,\quad S_i^{\mathsf T} w_i = \partial L/\partial v_i,\qquad \sum_i \max\Big(\frac{\|\partial w_i\|^2}{\|v_i\|^2},\frac{\|\partial v_i\|^2}{\|w_i\|^2}\Big) \le \|R\|^2 \le \psi(L)\sum_i\Lambda_i,\qquad \lambda_{\min}(H) \ge -\max_i\sigma_1(S_i)`,
  plan: (context) =>
    coursesOf(context.preset).flatMap((course) =>
      trainingTasks(context, course, context.preset.dynamics.exact.draws, {
        train: true,
        fresh: 'at every mark',
        wanted: { wholeHessian: true },
      }),
    ),
  judge,
});

const combinations: readonly (readonly [Loss, LabelRule, Optimiser, number])[] = [
  ['ce', 'random', 'gd', 0.5],
  ['ce', 'teacher', 'adam', 0.02],
  ['mse', 'random', 'adam', 0.02],
  ['mse', 'teacher', 'gd', 0.1],
];

function coursesOf({ dynamics: { exact } }: Preset): Course[] {
  const { dimension, classes, steps } = exact;
  return combinations.map(([loss, labels, optimiser, learningRate]) => ({
    ...{ loss, labels, optimiser, learningRate, dimension, classes, steps },
    width: exactWidth,
    marks: [0, 0.5, 1],
    initialisation: 'lecun',
    schedule: 'constant',
  }));
}

/** A few units: the whole Hessian is diagonalised at every mark. */
const exactWidth = 4;

function judge({ preset, finished }: JudgeContext): ClaimDraft {
  const groups = coursesOf(preset)
    .map((course) => ({ course, draws: drawsOfCourse(finished, course) }))
    .filter(({ draws }) => draws.length > 0);
  const draws = groups.flatMap((group) => group.draws);
  const failures = brokenStatements(draws);
  const asked = countOf(draws, ({ asked: names }) => sum(Object.values(names)));
  return {
    quantity: `statements broken, of ${asked}`,
    predicted: 0,
    measured: draws.length === 0 ? null : failures.length,
    interval: null,
    measurements: groups.flatMap(({ course, draws: own }) => [
      shownRow(
        `${courseName(course)}: negative eigenvalues of the Hessian at the end over those at the start`,
        own.map((draw) => {
          const { first, last } = endsOf(draw, 'train');
          return last.spectrum!.negative / first.spectrum!.negative;
        }),
        'the bound holds at every mark; that their number falls is not claimed',
      ),
    ]),
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: statementTests(draws),
    exactFailures: failures,
    powers: () => [],
    notes: [
      'No chance is in these: rounding is allowed for, and nothing else. The paper says none of them; its bound of the residual part by the loss is among them, with explicit constants.',
    ],
    arrays: new Map(),
  };
}

type Exact = TrainingDraw['result']['marks'][number]['exact'];

function countOf(draws: readonly TrainingDraw[], count: (exact: Exact) => number): number {
  return sum(draws.flatMap(({ result }) => result.marks.map(({ exact }) => count(exact))));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One row for each statement. */
function statementTests(draws: readonly TrainingDraw[]): TestDraft[] {
  const names = draws.flatMap(({ result }) => result.marks.flatMap(({ exact }) => Object.keys(exact.asked)));
  return [...new Set(names)].sort().map((id): TestDraft => ({
    name: `exact statement ${id}`,
    says: statementText(id),
    statistic: `broken, of ${countOf(draws, ({ asked }) => asked[id] ?? 0)} at ${draws.length} trainings' marks`,
    observed: countOf(draws, ({ broken }) => broken.filter((each) => each.id === id).length),
    null: 'none: both sides are equal, or ordered, up to rounding',
    pValue: null,
    replicates: 0,
  }));
}
