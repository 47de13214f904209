import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { FigureDefinition } from '../figure.js';
import { axis, joinPanels, panelAxes, panelDomain, panelTitle, paperFigure } from '../parts.js';
import type { FigurePanel } from '../parts.js';
import { levelName } from '../text.js';
import type { TrainResult } from '../trainResult.js';
import { bothData, courseOf, courseTrace, dataColour, dataName, marksOn, provenanceOf } from './trainingParts.js';
import { markName, stepAxis, type Course, type MarkedData } from './trainingParts.js';

interface Block {
  readonly layer: string;
  readonly isDiagonal: boolean;
}

interface Level {
  readonly level: 2 | 3;
  readonly dash: string;
  readonly symbol: string;
  readonly key: 'layers' | 'drawnWeights';
}

const levels: readonly Level[] = [
  { level: 2, dash: '4px,2px', symbol: 'square', key: 'layers' },
  { level: 3, dash: 'solid', symbol: 'circle', key: 'drawnWeights' },
];

const distanceIn =
  ({ layer, isDiagonal }: Block, { key }: Level) =>
  ({ blocks }: MarkObservation): number | null | undefined =>
    blocks.find((block) => block.layer === layer && (block.i === block.j) === isDiagonal)?.distances?.[key];

function blocksOf(runs: readonly TrainResult[]): readonly Block[] {
  const found = runs
    .flatMap(({ runs: replicates }) => replicates.flatMap(({ marks }) => marks.flatMap(({ blocks }) => blocks)))
    .filter(({ distances }) => distances !== null)
    .map(({ layer, i, j }) => JSON.stringify({ layer, isDiagonal: i === j }));
  return [...new Set(found)].map((text) => JSON.parse(text) as Block);
}

/** Against d at the last mark where runs differ in it, else against the step of the first run. */
function courseOfDistance(runs: readonly TrainResult[], data: MarkedData, block: Block, level: Level): Course {
  const valueOf = distanceIn(block, level);
  if (!isAgainstDimension(runs)) return courseOf(runs[0]!, data, valueOf);
  const points = runs.flatMap((run) => {
    const { values } = courseOf(run, data, valueOf);
    return values.length === 0 ? [] : [{ dimension: run.settings.dimension, value: values.at(-1)! }];
  });
  points.sort((a, b) => a.dimension - b.dimension);
  return { steps: points.map(({ dimension }) => dimension), values: points.map(({ value }) => value) };
}

/** Few decades: more than a tick each. */
const distanceTicks = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const isAgainstDimension = (runs: readonly TrainResult[]): boolean =>
  new Set(runs.map(({ settings }) => settings.dimension)).size > 1;

function distancePanel(runs: readonly TrainResult[], block: Block, position: number, panels: number): FigurePanel {
  const byDimension = isAgainstDimension(runs);
  const dimensions = [...new Set(runs.map(({ settings }) => settings.dimension))].sort((a, b) => a - b);
  const traces = bothData.flatMap((data) =>
    levels.flatMap((level) => {
      const course = courseOfDistance(runs, data, block, level);
      if (course.steps.length === 0) return [];
      const name = `${dataName[data]}, ${levelName(level.level)}`.replace(
        'law given the initialisation',
        'law given the layers',
      );
      return [
        courseTrace(course, position, name, dataColour[data], {
          showlegend: position === 0,
          line: { dash: level.dash },
          marker: { symbol: level.symbol },
          hovertemplate: `${byDimension ? 'd = ' : 'step '}%{x}: %{y:.3g}<extra>%{fullData.name}</extra>`,
        }),
      ];
    }),
  );
  const yTitle = position === 0 ? { title: 'Kolmogorov distance' } : {};
  return {
    data: traces,
    annotations: [panelTitle(position, `${block.isDiagonal ? 'diagonal' : 'off-diagonal'} block`)],
    axes: panelAxes(
      position,
      panelDomain({ rows: 1, columns: panels, horizontalGap: 0.1 }, 0, position),
      byDimension
        ? axis({ type: 'log', tickvals: dimensions, ticktext: dimensions.map(String), nticks: undefined, title: 'd' })
        : stepAxis(runs[0]!, { title: 'step' }),
      byDimension
        ? axis({
            type: 'log',
            tickvals: distanceTicks,
            ticktext: distanceTicks.map(String),
            nticks: undefined,
            ...yTitle,
          })
        : axis({ rangemode: 'tozero', ...yTitle }),
    ),
  };
}

export const lawDistances: FigureDefinition<readonly TrainResult[]> = {
  id: 'law-distances-along-training',
  title: 'Distance of blocks to their laws along training',
  needs: 'distances to laws at marks: train with --spectra',
  build: (runs) => {
    const blocks = blocksOf(runs);
    if (blocks.length === 0) return undefined;
    const lead = runs[0]!;
    const last = marksOn(lead, 'train').at(-1)?.step ?? 0;
    return paperFigure({
      id: 'law-distances-along-training',
      title: 'Distance of blocks to their laws along training',
      column: blocks.length === 1 ? 'single' : 'double',
      heightInches: blocks.length === 1 ? 3.1 : 2.8,
      ...joinPanels(blocks.map((block, k) => distancePanel(runs, block, k, blocks.length))),
      margin: { t: blocks.length === 1 ? 104 : 76, b: 34, l: 46, r: 16 },
      caption: `Kolmogorov distance of the spectrum of a block to its law given the weights $a_n$ as drawn, and to its law given the layers $W_t, V_t$, which takes the logits for those of inputs that the network has not seen${isAgainstDimension(runs) ? `, at ${markName(lead, last)} of training against $d$` : ''}. On fresh data both are right as $d$ grows, the second more slowly, since it leaves the weights to chance; on the training data the second stays wrong, since training logits are pulled towards their labels. ${provenanceOf(runs)}`,
    });
  },
};
