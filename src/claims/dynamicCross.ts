/** Cross-layer blocks along training: the part that carries the residual, the part that carries the curvature. */
import type { Measurement, PaperSentence, ResultTable } from '../../figures/results.js';
import { normalSurvival, powerOfMeanTest } from '../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import { statedPower } from './evidence/lawEvidence.js';
import { paperActivation } from '../../theory/names.js';
import type { CrossObservation } from '../../simulations/dynamics/index.js';
import type { LawDistance, ResidualLawTask, ResidualLawTaskResult } from '../draws/check/index.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, JudgeContext, PlanContext, TestDraft } from './claim.js';
import { markSentence } from './evidence/markSentence.js';
import {
  brokenStatements,
  confidence,
  drawsOfCourse,
  endsOf,
  geometricMean,
  marksOf,
  mean,
  meanStatementTest,
  meanWithInterval,
  normError,
  powerAgainst,
  shownRow,
} from './evidence/trainingEvidence.js';
import type { MeanStatement, TrainingDraw } from './evidence/trainingEvidence.js';
import { paperSentences } from './paperSentences.js';
import type { Preset } from './presets.js';
import { finishedOf } from './taskLists.js';
import { courseName, courseSetUp, publishedSamples, trainingTasks } from './trainingTasks.js';
import type { Course } from './trainingTasks.js';

export const dynamicCross = defineClaim({
  id: 'dynamic-cross',
  title: 'Cross-layer blocks along training',
  statement: String.raw`At initialisation the residual part of cross-entropy has, given random labels, a generalised Marčenko–Pastur law whose weights are Poisson numbers of samples a class. On fresh data the squared norms of the residual and the curvature part are those of theory given $W_t$, $V_t$ at every step. What training does to them depends on the labels: random ones leave the residual part as it is.`,
  formula: String.raw`S_i = \frac1N X^{\mathsf T} D_i r,\qquad \|R\|^2 = \sum_i \|S_i\|_F^2,\qquad N S_iS_i^{\mathsf T} \to \mathrm{GMP}\Big(\tfrac{C}{N}\,\mathrm{Poisson}\big(\tfrac{N}{2C}\big),\ \tfrac dC\Big)`,
  plan: (context) => [
    ...residualLawTasks(context),
    ...coursesOf(context.preset).flatMap((course) =>
      trainingTasks(context, course, context.preset.dynamics.cross.draws, {
        train: true,
        fresh: hasFreeLabels(course) ? 'at every mark' : 'never',
        wanted: { norms: hasFreeLabels(course) ? 'between layers' : 'none' },
      }),
    ),
  ],
  judge,
});

/** The published configuration at the preset's size, and the same with labels that can be learned. */
function coursesOf({ dynamics: { cross }, width }: Preset): Course[] {
  const { dimension, steps, learningRate } = cross;
  const published = {
    ...{ dimension, classes: dimension, width, steps, learningRate, marks: [0, 1] },
    initialisation: 'pytorch',
    optimiser: 'adam',
    schedule: 'cosine',
  } as const;
  return [
    { ...published, loss: 'ce', labels: 'random' },
    { ...published, loss: 'mse', labels: 'random' },
    { ...published, loss: 'ce', labels: 'teacher' },
  ];
}

/** Labels independent of the inputs: what the norms given the layers are an average over. */
const hasFreeLabels = ({ labels }: Course): boolean => labels === 'random';

function residualLawTasks({ preset, seed, perturbation }: PlanContext): ResidualLawTask[] {
  const { dimension, draws, nulls } = preset.dynamics.residualLaw;
  return Array.from({ length: draws }, (_, replicate): ResidualLawTask => ({
    kind: 'residual law',
    experiment: `residual law/ce/d=C=${dimension}`,
    settings: {
      ...{ model: 'hidden', loss: 'ce', activation: paperActivation, initialisation: 'pytorch' },
      ...{ dimension, samples: publishedSamples * dimension, classes: dimension, width: preset.width },
    },
    seed,
    replicate,
    nulls,
    perturbation,
  }));
}

type ResidualLawDraw = { readonly task: ResidualLawTask; readonly result: ResidualLawTaskResult };

interface CourseDraws {
  readonly course: Course;
  readonly draws: readonly TrainingDraw[];
}

function judge(context: JudgeContext): ClaimDraft {
  const { preset, finished } = context;
  const laws = finishedOf(finished, 'residual law');
  const courses = coursesOf(preset)
    .map((course): CourseDraws => ({ course, draws: drawsOfCourse(finished, course) }))
    .filter(({ draws }) => draws.length > 0);
  const observed = meanWithInterval(laws.map(({ result }) => result.poisson.observed));
  return {
    quantity: 'Kolmogorov distance of N S_i S_iᵀ at initialisation to its Poisson law',
    predicted: laws.length === 0 ? null : mean(laws.map(({ result }) => result.poisson.expected)),
    measured: laws.length === 0 ? null : observed.measured,
    interval: observed.interval,
    measurements: [...lawRows(laws), ...courses.flatMap(courseRows)],
    sentences: courses.flatMap(sentencesOf),
    spectra: [],
    distances: [],
    ratioCurves: [],
    tables: courses.length === 0 ? [] : [partsTable(courses)],
    tests: [...lawTests(laws), ...courses.flatMap(normStatements).flatMap(meanStatementTest)],
    exactFailures: brokenStatements(courses.flatMap(({ draws }) => draws)),
    powers: (testLevel) => [...lawPowers(laws, testLevel), ...courses.flatMap((own) => normPowers(own, testLevel))],
    notes: [
      'The residual part keeps what the gradient does not see: training drives $S_i v_i$ and $S_i^{\\mathsf T} w_i$ to 0, two directions of each $S_i$.',
      'Under squared error what the trained network looks like follows the step of the optimiser: a coarse one makes all units parallel.',
    ],
    arrays: new Map(),
  };
}

/**
 * Mean distance less that of spectra that have the law, in standard deviations. Of one spectrum's distance the nulls say
 * the standard deviation; the mean over units strays no further, whatever their correlation.
 */
function distanceScore(distances: readonly LawDistance[], nulls: number): number {
  const excess = mean(distances.map(({ observed, expected }) => observed - expected));
  const variance = mean(distances.map((each) => each.variance)) * (1 + 1 / nulls);
  return excess / Math.sqrt(variance / distances.length);
}

function lawTests(laws: readonly ResidualLawDraw[]): TestDraft[] {
  if (laws.length === 0) return [];
  const { nulls } = laws[0]!.task;
  const score = distanceScore(
    laws.map(({ result }) => result.poisson),
    nulls,
  );
  return [
    {
      name: 'residual part at initialisation: distance of its spectra to the Poisson law',
      label: 'distance of the residual part to the Poisson law',
      statistic: `normal score of the mean distance of ${laws.length} draws, each the mean over its units`,
      observed: score,
      null: `${nulls * laws.length} spectra with random numbers of open samples a class, measured against the same law; conservative: units count as one`,
      pValue: 2 * normalSurvival(Math.abs(score)),
      replicates: nulls * laws.length,
    },
  ];
}

/** The Marčenko–Pastur law in its place, judged by spectra that have that law. */
function lawPowers(laws: readonly ResidualLawDraw[], testLevel: number): PowerAgainst[] {
  if (laws.length === 0) return [];
  const score = distanceScore(
    laws.map(({ result }) => result.marchenkoPastur),
    laws[0]!.task.nulls,
  );
  const effect = Math.abs(score) / Math.sqrt(laws.length);
  const power = (replicates: number): number => powerOfMeanTest({ effect, replicates, level: testLevel, sides: 2 });
  return [
    statedPower('residual part with a Marčenko–Pastur law (semicircle of R)', [{ replicates: laws.length, power }]),
  ];
}

function lawRows(laws: readonly ResidualLawDraw[]): Measurement[] {
  if (laws.length === 0) return [];
  return [
    {
      quantity:
        'the same distance to the Marčenko–Pastur law, which forgets how many samples a class has (predicted: of a spectrum that has this law)',
      predicted: mean(laws.map(({ result }) => result.marchenkoPastur.expected)),
      ...meanWithInterval(laws.map(({ result }) => result.marchenkoPastur.observed)),
    },
    {
      quantity: 'tr N S_i S_iᵀ/d over its limit; p adds O(1/C)',
      predicted: 1,
      ...meanWithInterval(laws.map(({ result }) => result.trace)),
      judged: false,
    },
  ];
}

type Part = 'residual' | 'curvature';

/**
 * The squared norms on fresh data over their expectations given the layers, one value a draw and mark: marks have fresh
 * data of their own.
 */
function relativeNorms({ draws }: CourseDraws, part: Part): number[] {
  return draws.flatMap((draw) =>
    marksOf(draw, 'fresh').map(({ norms }) => norms!.cross![part] / norms!.cross!.expected[part]),
  );
}

const partNames = { residual: 'residual part', curvature: 'curvature part' } as const;
const normParts = ['residual', 'curvature'] as const;

function normStatements(own: CourseDraws): MeanStatement[] {
  return normParts.map((part) => ({
    regime: courseName(own.course),
    what: `squared norm of the ${partNames[part]} on fresh data at every mark against its expectation given W_t and V_t`,
    predicted: 1,
    lists: [relativeNorms(own, part)],
    null: 'exact expectation given both layers at this d and N, by cubature',
  }));
}

function normPowers(own: CourseDraws, testLevel: number): PowerAgainst[] {
  if (!hasFreeLabels(own.course)) return [];
  return powerAgainst(
    {
      alternative: `${courseName(own.course)}: squared norm of the residual part 30 % too large`,
      wrong: relativeNorms(own, 'residual').map((value) => value / (1 + normError)),
      predicted: 1,
      size: normError,
    },
    testLevel,
  );
}

const cross = (observed: CrossObservation | null): CrossObservation => observed!;

/** Last over first, on training data, one value a draw. */
function change({ draws }: CourseDraws, part: 'residual' | 'total'): number[] {
  return draws.map((draw) => {
    const { first, last } = endsOf(draw, 'train');
    return cross(last.cross)[part] / cross(first.cross)[part];
  });
}

function courseRows(own: CourseDraws): Measurement[] {
  const name = courseName(own.course);
  const ends = own.draws.map((draw) => endsOf(draw, 'train'));
  return [
    shownRow(`${name}: ‖R‖² at the end over that at the start`, change(own, 'residual')),
    shownRow(`${name}: ‖cross-layer blocks‖² at the end over that at the start`, change(own, 'total')),
    shownRow(
      `${name}: part of ‖R‖² that the gradient holds at the end`,
      ends.map(({ last }) => cross(last.cross).lowerBound / cross(last.cross).residual),
    ),
    shownRow(
      `${name}: share of the Hessian's squared norm between the layers at the start`,
      ends.map(({ first }) => first.crossShare!),
    ),
    shownRow(
      `${name}: the same at the end`,
      ends.map(({ last }) => last.crossShare!),
    ),
  ];
}

/** What has fallen below a tenth is erased, and what is below a tenth is little. */
const tenth = 0.1;
/** A block with less than this share in one column is more than that column. */
const singleColumn = 0.9;

function sentencesOf(own: CourseDraws): PaperSentence[] {
  const { course, draws } = own;
  const setUp = courseSetUp(course);
  const ends = draws.map((draw) => endsOf(draw, 'train'));
  const bounds = draws.flatMap((draw) =>
    marksOf(draw, 'train').map(({ cross: parts, lossBound }) => cross(parts).residual / lossBound!),
  );
  const largest = Math.max(...bounds);
  return [
    markSentence(paperSentences.circulant, setUp, [
      {
        quantity: 'share of the residual part in the cross-layer blocks at initialisation',
        ...meanWithInterval(ends.map(({ first }) => cross(first.cross).residual / cross(first.cross).total)),
        lower: singleColumn,
      },
    ]),
    markSentence(paperSentences.boundedByLoss, setUp, [
      {
        quantity: `largest ‖R‖² at ${bounds.length} marks over what the loss allows`,
        measured: largest,
        interval: { lower: largest, upper: largest, level: 1 },
        upper: 1,
      },
    ]),
    markSentence(paperSentences.gapErased, setUp, [
      { quantity: '‖R‖² at the end over that at the start', ...geometricMean(change(own, 'residual')), upper: tenth },
    ]),
    markSentence(paperSentences.crossErased, setUp, [
      {
        quantity: '‖cross-layer blocks‖² at the end over that at the start',
        ...geometricMean(change(own, 'total')),
        upper: tenth,
      },
    ]),
    markSentence(paperSentences.crossShareErased, setUp, [
      {
        quantity: "share of the Hessian's squared norm between the layers at the end",
        ...geometricMean(ends.map(({ last }) => last.crossShare!)),
        upper: tenth,
      },
    ]),
  ];
}

function partsTable(courses: readonly CourseDraws[]): ResultTable {
  return {
    title: `Cross-layer blocks along training, on training data, means over draws (${100 * confidence} % intervals above)`,
    columns: ['course', 'step', 'loss', 'accuracy', '‖R‖²', '‖K‖²', '‖R + K‖²', 'share of ‖H‖²'],
    rows: courses.flatMap(({ course, draws }) =>
      marksOf(draws[0]!, 'train').map(({ step }, k) => {
        const marks = draws.map((draw) => marksOf(draw, 'train')[k]!);
        const parts = marks.map((mark) => cross(mark.cross));
        return [
          courseName(course),
          step,
          mean(marks.map(({ loss }) => loss)),
          mean(marks.map(({ accuracy }) => accuracy)),
          mean(parts.map(({ residual }) => residual)),
          mean(parts.map(({ curvature }) => curvature)),
          mean(parts.map(({ total }) => total)),
          mean(marks.map(({ crossShare }) => crossShare!)),
        ];
      }),
    ),
  };
}
