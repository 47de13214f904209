import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis } from '../parts.js';
import { plainText } from '../text.js';
import type { TrainResult } from '../trainResult.js';
import { bothData, courseTrace, dataColour, dataName, marksOn, meanOf, provenanceOf } from './trainingParts.js';
import { stepAxis } from './trainingParts.js';

interface Score {
  readonly title: string;
  readonly of: (mark: MarkObservation) => readonly (number | null)[];
}

const blockScores =
  (isDiagonal: boolean): Score['of'] =>
  ({ blocks }) =>
    blocks.filter(({ i, j }) => (i === j) === isDiagonal).map(({ traceScore }) => traceScore);

const scores: readonly Score[] = [
  {
    title: '<i>z<sub>R</sub></i> of each unit',
    of: ({ units }) => units.map(({ residualScore }) => residualScore),
  },
  { title: '<i>z</i><sub>1</sub>, diagonal block', of: blockScores(true) },
  { title: '<i>z</i><sub>1</sub>, off-diagonal block', of: blockScores(false) },
];

interface Point {
  readonly step: number;
  readonly values: readonly number[];
}

/** All units, or blocks, of all replicates at each step. */
function pointsOf(run: TrainResult, data: MarkObservation['data'], score: Score): readonly Point[] {
  const found = new Map<number, number[]>();
  for (const mark of marksOn(run, data)) {
    const values = score.of(mark).filter((value) => value !== null);
    if (values.length > 0) found.set(mark.step, [...(found.get(mark.step) ?? []), ...values]);
  }
  return [...found].map(([step, values]) => ({ step, values }));
}

/** With room for the band. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(-2.6, ...values), Math.max(2.6, ...values)];
  const room = 0.05 * (high - low);
  return [low - room, high + room];
}

function scorePanel(run: TrainResult, score: Score): Panel {
  const data = bothData.flatMap((which) => {
    const points = pointsOf(run, which, score);
    if (points.length === 0) return [];
    const isAlone = points.every(({ values }) => values.length === 1);
    const means = { steps: points.map(({ step }) => step), values: points.map(({ values }) => meanOf(values)) };
    const cloud = {
      type: 'scatter',
      mode: 'markers',
      ...{ x: points.flatMap(({ step, values }) => values.map(() => step)), y: points.flatMap(({ values }) => values) },
      marker: { color: dataColour[which], size: 3, opacity: 0.4 },
      ...{ showlegend: false, hoverinfo: 'skip' },
    };
    const line = courseTrace(means, dataName[which], dataColour[which]);
    return isAlone ? [line] : [cloud, line];
  });
  const all = bothData.flatMap((which) => pointsOf(run, which, score).flatMap(({ values }) => values));
  return {
    name: plainText(score.title),
    title: score.title,
    data,
    x: stepAxis(run, { title: 'step' }),
    y: axis({ range: rangeOf(all), title: 'standard deviations' }),
    shapes: [band],
    height: { inches: 1.5 },
  };
}

/** ±2, across a panel. */
const band: PlotlyObject = {
  type: 'rect',
  xref: 'x domain',
  yref: 'y',
  ...{ x0: 0, x1: 1, y0: -2, y1: 2 },
  fillcolor: '@band',
  line: { width: 0 },
  layer: 'below',
};

export const memorisationScores = figureDefinition<readonly TrainResult[]>({
  id: 'memorisation-scores',
  title: 'Scores of memorisation along training',
  needs: 'marks with scores: standard normal inputs, and labels whose rule is known',
  plan: ([run]) => {
    // Where the summary leaves scores out they mean nothing: labels through unknown directions, or other inputs.
    const isScored = run?.summary.some(({ columns }) => (columns.residualScore ?? columns.traceScore) !== undefined);
    if (run === undefined || isScored !== true) return undefined;
    const shown = scores.filter((score) => bothData.some((data) => pointsOf(run, data, score).length > 0));
    if (shown.length === 0) return undefined;
    return {
      id: 'memorisation-scores',
      title: 'Scores of memorisation along training',
      column: 'double',
      groups: shown.map((score) => [scorePanel(run, score)]),
      most: { single: 1, double: 3 },
      caption: `Scores that have mean 0 and variance 1 where the residual does not depend on the inputs off the known directions (shaded: ±2; dots: single units or blocks; lines: their means): $z_R$, the squared norm of $S_i$ off those directions against its expectation given the residuals, and $z_1$, the trace of a block off them given its weights. On fresh data they stay; on the training data $z_R$ leaves, since the optimiser takes out of the residual what goes with $x$, and the sign and size of $z_1$ depend on the labels.`,
      source: provenanceOf([run]),
    };
  },
});
