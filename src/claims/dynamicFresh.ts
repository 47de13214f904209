/** Fresh data obey the laws given the layers at every step: the network is independent of them. */
import type { Measurement } from '../../figures/results.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, JudgeContext } from './claim.js';
import { memoryCourse } from './memoryCourse.js';
import { claimedFactor, residualScore, traceScore, wholeDimension } from './evidence/scoreStatements.js';
import {
  brokenStatements,
  drawsOfCourse,
  marksOf,
  meanStatementTest,
  meanWithInterval,
  powerAgainst,
} from './evidence/trainingEvidence.js';
import type { MeanStatement, TrainingDraw } from './evidence/trainingEvidence.js';
import type { Preset } from './presets.js';
import { trainingTasks } from './trainingTasks.js';

export const dynamicFresh = defineClaim({
  id: 'dynamic-fresh',
  title: 'Fresh data along training',
  statement: String.raw`A network is independent of data that it has not seen. So at every step of training the Hessian on fresh data obeys each law that holds at initialisation, with $W_t$, $V_t$ in the place of $W$, $V$: given the residuals the squared norm of $S_i$ off the network's directions is a mixture of chi-squares, and given the weights the trace of a block has its exact mean.`,
  formula: String.raw`N\|S_i^{\perp}\|_F^2 = \sum_c \lambda_c(\Sigma_i)\,\chi^2_{d-m},\quad \Sigma_i = \tfrac1N r^{\mathsf T}D_i r;\qquad z_1 = \frac{\sum_n a_n(\|y_n\|^2-d+m)}{\sqrt{2(d-m)\sum_n a_n^2}}`,
  plan: (context) =>
    trainingTasks(context, courseOf(context.preset), context.preset.dynamics.fresh.draws, {
      train: false,
      fresh: 'at every mark',
    }),
  judge,
});

const courseOf = (preset: Preset) => ({
  ...memoryCourse(preset, preset.dynamics.fresh.dimension, [0, 0.5, 1]),
  classes: preset.dynamics.fresh.classes,
  samplesPerDimension: preset.dynamics.fresh.samplesPerDimension,
});

function judge(context: JudgeContext): ClaimDraft {
  const draws = drawsOfCourse(context.finished, courseOf(context.preset));
  const factor = claimedFactor(context.perturbation);
  const scores = residualScores(draws, factor);
  const last = draws.map((draw) => marksOf(draw, 'fresh').slice(-1)).flat();
  const headline = meanWithInterval(last.map((mark) => residualScore(mark, factor)));
  return {
    quantity: 'mean score z_R of the residual part on fresh data at the end',
    predicted: 0,
    measured: last.length === 0 ? null : headline.measured,
    interval: headline.interval,
    measurements: draws.length === 0 ? [] : markRows(draws, factor),
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: statementsOf(draws, factor).flatMap(meanStatementTest),
    exactFailures: brokenStatements(draws),
    powers: (testLevel) => {
      const against = (alternative: string, factorOf: (draw: TrainingDraw) => number, size?: number) => {
        const wrong = draws.flatMap((draw) =>
          marksOf(draw, 'fresh').map((mark) => residualScore(mark, factor * factorOf(draw))),
        );
        return powerAgainst({ alternative, wrong, predicted: 0, ...(size === undefined ? {} : { size }) }, testLevel);
      };
      return scores.length === 0
        ? []
        : [
            ...against('scale of the residual part 5 % too large', () => 1.05, 0.05),
            ...against('d in the place of d − m', ({ task }) => wholeDimension(task)),
          ];
    },
    notes: [noSentence],
    arrays: new Map(),
  };
}

const noSentence =
  'The paper states its laws at initialisation only: no sentence of its own stands beside this claim. Marks of one training have fresh data of their own, so that their values are independent given the network.';

/** One value for each draw and mark. */
function residualScores(draws: readonly TrainingDraw[], factor: number): number[] {
  return draws.flatMap((draw) => marksOf(draw, 'fresh').map((mark) => residualScore(mark, factor)));
}

function statementsOf(draws: readonly TrainingDraw[], factor: number): MeanStatement[] {
  const traces = (b: number): number[] =>
    draws.flatMap((draw) =>
      marksOf(draw, 'fresh').flatMap(({ blocks }) =>
        blocks[b] === undefined ? [] : [traceScore(blocks[b], draw.task, factor)],
      ),
    );
  return [
    {
      regime: 'fresh data',
      what: 'score of the residual part at every mark',
      predicted: 0,
      lists: [residualScores(draws, factor)],
      null: 'mean exactly 0 given the residuals, whatever the network',
    },
    ...['diagonal', 'off-diagonal'].map((kind, b) => ({
      regime: 'fresh data',
      what: `${kind} block: trace given the drawn weights at every mark`,
      predicted: 0,
      lists: [traces(b)],
      null: 'mean exactly 0 given the weights, whatever the network',
    })),
  ];
}

function markRows(draws: readonly TrainingDraw[], factor: number): Measurement[] {
  return marksOf(draws[0]!, 'fresh').map(({ step }, k) => ({
    quantity: `mean score z_R on fresh data after ${step} steps`,
    predicted: 0,
    ...meanWithInterval(draws.map((draw) => residualScore(marksOf(draw, 'fresh')[k]!, factor))),
  }));
}
