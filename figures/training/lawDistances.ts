import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis, logAxis, logExtent } from '../parts.js';
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

const isAgainstDimension = (runs: readonly TrainResult[]): boolean =>
  new Set(runs.map(({ settings }) => settings.dimension)).size > 1;

function distancePanel(runs: readonly TrainResult[], block: Block): Panel {
  const byDimension = isAgainstDimension(runs);
  const dimensions = [...new Set(runs.map(({ settings }) => settings.dimension))].sort((a, b) => a - b);
  const courses = bothData.flatMap((data) =>
    levels.map((level) => ({ data, level, course: courseOfDistance(runs, data, block, level) })),
  );
  const traces = courses.flatMap(({ data, level, course }) => {
    if (course.steps.length === 0) return [];
    const name = `${dataName[data]}, ${levelName(level.level)}`.replace(
      'law given the initialisation',
      'law given the layers',
    );
    return [
      courseTrace(course, name, dataColour[data], {
        line: { dash: level.dash },
        marker: { symbol: level.symbol },
        hovertemplate: `${byDimension ? 'd = ' : 'step '}%{x}: %{y:.3g}<extra>%{fullData.name}</extra>`,
      }),
    ];
  });
  const title = 'Kolmogorov distance';
  const name = `${block.isDiagonal ? 'diagonal' : 'off-diagonal'} block`;
  return {
    name,
    title: name,
    data: traces,
    x: byDimension
      ? axis({
          type: 'log',
          tickvals: dimensions,
          ticktext: dimensions.map(String),
          nticks: undefined,
          title: '<i>d</i>',
        })
      : stepAxis(runs[0]!, { title: 'step' }),
    y: byDimension
      ? logAxis(logExtent(courses.flatMap(({ course }) => course.values)), { title })
      : axis({ rangemode: 'tozero', title }),
    height: { inches: 1.5 },
  };
}

export const lawDistances = figureDefinition<readonly TrainResult[]>({
  id: 'law-distances-along-training',
  title: 'Distance of blocks to their laws along training',
  needs: 'distances to laws at marks: train with --spectra',
  plan: (runs) => {
    const blocks = blocksOf(runs);
    if (blocks.length === 0) return undefined;
    const lead = runs[0]!;
    const last = marksOn(lead, 'train').at(-1)?.step ?? 0;
    const against = isAgainstDimension(runs) ? `, at ${markName(lead, last)} of training against $d$` : '';
    return {
      id: 'law-distances-along-training',
      title: 'Distance of blocks to their laws along training',
      column: blocks.length === 1 ? 'single' : 'double',
      groups: blocks.map((block) => [distancePanel(runs, block)]),
      most: { single: 1, double: 2 },
      caption: `Kolmogorov distance of the spectrum of a block to its law given the weights $a_n$ as drawn, and to its law given the layers $W_t, V_t$, which takes the logits for those of inputs that the network has not seen${against}. On fresh data both are right as $d$ grows, the second more slowly; on the training data the second stays wrong, since training logits are pulled towards their labels.`,
      source: provenanceOf(runs),
    };
  },
});
