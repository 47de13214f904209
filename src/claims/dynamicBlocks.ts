/** Blocks within a layer along training: are they as diagonal as the architecture made them? */
import type { SeenMark } from '../draws/check/index.js';
import type { PlainLayer } from '../../theory/names.js';
import type { Measurement, PaperSentence } from '../../figures/results.js';
import { defineClaim, headlineOf } from './claim.js';
import type { ClaimDraft, JudgeContext } from './claim.js';
import { markSentence } from './evidence/markSentence.js';
import type { Assertion } from './evidence/markSentence.js';
import { ratioGivenLayers } from './evidence/ratioGivenLayers.js';
import {
  brokenStatements,
  confidence,
  drawsOfCourse,
  endsOf,
  geometricMean,
  marksOf,
  meanStatementTest,
  normError,
  powerAgainst,
  shownRow,
} from './evidence/trainingEvidence.js';
import type { MeanStatement, TrainingDraw } from './evidence/trainingEvidence.js';
import { paperSentences } from './paperSentences.js';
import type { Preset } from './presets.js';
import { ratioInterval } from '../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import { courseName, courseSetUp, trainingTasks } from './trainingTasks.js';
import type { Course } from './trainingTasks.js';

export const dynamicBlocks = defineClaim({
  id: 'dynamic-blocks',
  title: 'Blocks within a layer along training',
  statement: String.raw`On fresh data the squared norms of the blocks $(w_i, w_j)$ and $(v_i, v_j)$ are those of theory given $W_t$, $V_t$ at every step. The rates $C^{-1}$ and $C^{-2}$ of their ratios belong to the initialisation: under cross-entropy training raises the ratios several times.`,
  formula: String.raw`r_t = \frac{\mathbb{E}\big[\|H_{ij}\|_F^2 \mid W_t, V_t\big]}{\mathbb{E}\big[\|H_{ii}\|_F^2 \mid W_t, V_t\big]}`,
  plan: (context) =>
    coursesOf(context.preset).flatMap((course) =>
      trainingTasks(context, course, context.preset.dynamics.blocks.draws, {
        train: true,
        fresh: 'at every mark',
        wanted: { norms: 'within layers' },
      }),
    ),
  judge,
});

function coursesOf({ dynamics: { blocks }, width }: Preset): Course[] {
  const { dimension, classes, finer, steps, learningRate } = blocks;
  const common = {
    ...{ dimension, width, marks: [0, 1] },
    labels: 'random',
    initialisation: 'lecun',
    optimiser: 'adam',
    schedule: 'cosine',
  } as const;
  const most = classes[classes.length - 1]!;
  return [
    ...classes.map((count): Course => ({ ...common, loss: 'ce', classes: count, steps, learningRate })),
    ...finer.map((times): Course => ({
      ...common,
      loss: 'mse',
      classes: most,
      steps: times * steps,
      learningRate: learningRate / times,
    })),
  ];
}

interface CourseDraws {
  readonly course: Course;
  readonly draws: readonly TrainingDraw[];
}

/** Squared error has no blocks off the diagonal of the output layer. */
const layersOf = ({ loss }: Course): readonly PlainLayer[] => (loss === 'ce' ? ['hidden', 'output'] : ['hidden']);
const blockNames: Readonly<Record<PlainLayer, string>> = { hidden: 'w–w', output: 'v–v' };

function judge(context: JudgeContext): ClaimDraft {
  const courses = coursesOf(context.preset)
    .map((course): CourseDraws => ({ course, draws: drawsOfCourse(context.finished, course) }))
    .filter(({ draws }) => draws.length > 1);
  const rows = courses.flatMap(ratioRows);
  const headline = rows[0];
  return {
    ...headlineOf(headline, 'ratio of squared norms of blocks on fresh data, trained'),
    measurements: [...rows.slice(1), ...courses.flatMap(changeRows)],
    sentences: courses.flatMap(sentencesOf),
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: courses.flatMap(statementsOf).flatMap(meanStatementTest),
    exactFailures: brokenStatements(courses.flatMap(({ draws }) => draws)),
    powers: (testLevel) => courses.flatMap((own) => powersOf(own, testLevel)),
    notes: [
      'Under squared error the ratio reads the columns of V after W has nearly vanished, and follows the step of the optimiser: preset paper draws two steps with the same product of step and number of steps.',
    ],
    arrays: new Map(),
  };
}

const layerNorms = ({ norms }: SeenMark, layer: PlainLayer) => norms!.layers![layer];

type Kind = (typeof kinds)[number];

/** One value a draw and mark: marks have fresh data of their own. */
function relativeNorms(draws: readonly TrainingDraw[], layer: PlainLayer, kind: Kind): number[] {
  return draws.flatMap((draw) =>
    marksOf(draw, 'fresh').map((mark) => {
      const norms = layerNorms(mark, layer);
      return norms[kind] / norms.expected![kind];
    }),
  );
}

const kinds = ['diagonal', 'offDiagonal'] as const;
const kindNames = { diagonal: 'diagonal', offDiagonal: 'off-diagonal' } as const;

function statementsOf({ course, draws }: CourseDraws): MeanStatement[] {
  return layersOf(course).flatMap((layer) =>
    kinds.map((kind) => ({
      regime: courseName(course),
      what: `${kindNames[kind]} ${blockNames[layer]} blocks: squared norm on fresh data at every mark against its expectation given W_t and V_t`,
      predicted: 1,
      lists: [relativeNorms(draws, layer, kind)],
      null: 'exact expectation given both layers at this d and N, by cubature',
    })),
  );
}

/** The ratio of the trained network on fresh data, given its layers. */
function ratioRows({ course, draws }: CourseDraws): Measurement[] {
  return layersOf(course).map((layer) => {
    const { predicted, ...pairs } = ratioGivenLayers(
      draws.map((draw) => {
        const norms = layerNorms(endsOf(draw, 'fresh').last, layer);
        return {
          drawn: { numerator: norms.offDiagonal, denominator: norms.diagonal },
          expected: { numerator: norms.expected!.offDiagonal, denominator: norms.expected!.diagonal },
        };
      }),
    );
    const { ratio, interval } = ratioInterval({ ...pairs, confidence });
    return {
      quantity: `r of the ${blockNames[layer]} blocks of the trained network on fresh data, ${courseName(course)}, given W_t and V_t`,
      predicted,
      measured: ratio,
      interval: { lower: interval[0], upper: interval[1], level: confidence },
    };
  });
}

/** r at the end over r at the start, on training data, one value a draw. */
function changes(draws: readonly TrainingDraw[], layer: PlainLayer): number[] {
  return draws.map((draw) => {
    const [first, last] = [endsOf(draw, 'train').first, endsOf(draw, 'train').last].map(({ layers }) => {
      const own = layers.find((each) => each.layer === layer)!;
      return own.offDiagonal / own.diagonal;
    });
    return last! / first!;
  });
}

function changeRows({ course, draws }: CourseDraws): Measurement[] {
  return layersOf(course).map((layer) =>
    shownRow(
      `${courseName(course)}: r of the ${blockNames[layer]} blocks on training data, at the end over that at the start`,
      changes(draws, layer),
    ),
  );
}

function sentencesOf({ course, draws }: CourseDraws): PaperSentence[] {
  return [
    markSentence(
      paperSentences.diagonalKept,
      courseSetUp(course),
      layersOf(course).map((layer): Assertion => ({
        quantity: `r of the ${blockNames[layer]} blocks at the end over that at the start`,
        ...geometricMean(changes(draws, layer)),
        upper: 1,
      })),
    ),
  ];
}

function powersOf({ course, draws }: CourseDraws, testLevel: number): PowerAgainst[] {
  return powerAgainst(
    {
      alternative: `${courseName(course)}: squared norms 30 % too large`,
      wrong: relativeNorms(draws, 'hidden', 'diagonal').map((value) => value / (1 + normError)),
      predicted: 1,
      size: normError,
    },
    testLevel,
  );
}
