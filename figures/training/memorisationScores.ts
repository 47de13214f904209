import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { FigureDefinition } from '../figure.js';
import { axis, axisSuffix, inPanel, joinPanels, panelAxes, panelDomain, panelTitle, paperFigure } from '../parts.js';
import type { FigurePanel } from '../parts.js';
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

function scorePanel(run: TrainResult, score: Score, position: number, panels: number): FigurePanel {
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
      ...inPanel(position),
    };
    const line = courseTrace(means, position, dataName[which], dataColour[which], { showlegend: position === 0 });
    return isAlone ? [line] : [cloud, line];
  });
  const all = bothData.flatMap((which) => pointsOf(run, which, score).flatMap(({ values }) => values));
  return {
    data,
    annotations: [panelTitle(position, score.title)],
    axes: panelAxes(
      position,
      panelDomain({ rows: 1, columns: panels, horizontalGap: 0.08 }, 0, position),
      stepAxis(run, { title: 'step' }),
      axis({ range: rangeOf(all), ...(position === 0 ? { title: 'standard deviations' } : {}) }),
    ),
  };
}

/** From −2 to 2 in a panel. */
const band = (position: number) => {
  const suffix = axisSuffix(position);
  return {
    type: 'rect',
    ...{ xref: `x${suffix} domain`, yref: `y${suffix}`, x0: 0, x1: 1, y0: -2, y1: 2 },
    ...{ fillcolor: '@band', line: { width: 0 }, layer: 'below' },
  };
};

export const memorisationScores: FigureDefinition<readonly TrainResult[]> = {
  id: 'memorisation-scores',
  title: 'Scores of memorisation along training',
  needs: 'marks with scores: standard normal inputs, and labels whose rule is known',
  build: ([run]) => {
    // Where the summary leaves scores out they mean nothing: labels through unknown directions, or other inputs.
    const isScored = run?.summary.some(({ columns }) => (columns.residualScore ?? columns.traceScore) !== undefined);
    if (run === undefined || isScored !== true) return undefined;
    const shown = scores.filter((score) => bothData.some((data) => pointsOf(run, data, score).length > 0));
    if (shown.length === 0) return undefined;
    const { data, layout } = joinPanels(shown.map((score, k) => scorePanel(run, score, k, shown.length)));
    return paperFigure({
      id: 'memorisation-scores',
      title: 'Scores of memorisation along training',
      column: 'double',
      heightInches: 2.4,
      data,
      layout: { ...layout, shapes: shown.map((_, k) => band(k)) },
      margin: { t: 42, b: 34, l: 40, r: 16 },
      caption: `Scores that have mean 0 and variance 1 where the residual does not depend on the inputs off the known directions; shaded: ±2. $z_R$: squared norm of $S_i$ off those directions, against its expectation given the residuals. $z_1$: trace of a block off them, given its weights. Dots: single units or blocks; lines: their means. On fresh data they stay; on the training data $z_R$ leaves, since the optimiser takes out of the residual what goes with $x$. The sign and size of $z_1$ there depend on the labels. ${provenanceOf([run])}`,
    });
  },
};
