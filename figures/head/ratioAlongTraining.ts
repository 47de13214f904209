import { figureDefinition } from '../layout/layOut.js';
import type { Panel, PlotlyObject } from '../figure.js';
import type { HeadResult } from '../headResult.js';
import { level, logAxis, logExtent } from '../parts.js';
import { plotlyText } from '../text.js';
import { headSource, inOrder, logStepAxis, stepPlace } from './headParts.js';

/** A head whose population is known: with pairs of different sequences. */
interface Marked extends HeadResult {
  readonly step: number;
  readonly population: NonNullable<HeadResult['population']>;
}

const isMarked = (result: HeadResult): result is Marked => result.step !== null && result.population !== null;

/** Twice the standard error, where there is one. */
function errorBars(results: readonly Marked[]): PlotlyObject {
  const errors = results.map(({ population }) => population.t.error);
  if (errors.every((error) => error === null)) return {};
  return {
    error_y: {
      ...{ type: 'data', thickness: 0.9, width: 2.5, color: '@vermillion' },
      array: errors.map((error) => 2 * (error ?? 0)),
    },
  };
}

/** t of the population by the formula, which is of C² r. */
const startOf = ({ initialisation, classes }: Marked): number | null =>
  initialisation === null ? null : (initialisation.expectedPopulation * (classes - 1)) / classes ** 2;

const unigramOf = ({ unigram }: Marked): number | null => unigram.predictions?.t ?? null;

/** What exports of one training have in common. */
const modelOf = ({ label, classes, dimension }: Marked): string =>
  [...(label === null ? [] : [label]), `C = ${classes}, D = ${dimension}`].join(', ');

/** Those of one training together, where there are two marks or more. */
function trainings(results: readonly Marked[]): readonly (readonly Marked[])[] {
  return [...new Set(results.map(modelOf))]
    .map((model) => results.filter((result) => modelOf(result) === model))
    .filter((all) => new Set(all.map(({ step }) => step)).size > 1)
    .map(inOrder);
}

function ratioPanel(results: readonly Marked[], title: string): Panel {
  const steps = results.map(({ step }) => step);
  const places = steps.map(stepPlace(steps));
  const [first, last] = [results[0]!, results.at(-1)!];
  const ends = [places[0]!, places.at(-1)!] as const;
  const whole = { meta: { x: [first.step, last.step] } };
  const along = { type: 'scatter', x: places, customdata: steps, meta: { x: steps }, showlegend: true };
  const hovertemplate = 'step %{customdata}: %{y:.4g}<extra>%{fullData.name}</extra>';
  const start = startOf(first);
  const targets = last.unigram.targets?.t ?? null;
  return {
    name: modelOf(first),
    title,
    data: [
      ...(start === null
        ? []
        : [
            {
              ...level(start, ends, 'formula at initialisation', { color: '@green', width: 1.2, dash: '4px,3px' }),
              ...whole,
            },
          ]),
      ...(targets === null
        ? []
        : [
            {
              ...level(targets, ends, 'unigram formula, frequencies', {
                color: '@purple',
                width: 1.2,
                dash: '9px,3px',
              }),
              ...whole,
            },
          ]),
      {
        ...along,
        mode: 'lines+markers',
        ...{ name: 'unigram formula, mean predictions', y: results.map(unigramOf) },
        line: { color: '@blue', width: 1.2, dash: '1.5px,1.5px' },
        marker: { color: '@blue', size: 4.5, symbol: 'square-open' },
        hovertemplate,
      },
      {
        ...along,
        mode: 'lines+markers',
        ...{ name: 'measured', y: results.map(({ population }) => population.t.value), ...errorBars(results) },
        line: { color: '@vermillion', width: 1.4 },
        marker: { color: '@vermillion', size: 5 },
        hovertemplate,
      },
    ],
    x: logStepAxis(steps, { title: 'step' }),
    y: logAxis(
      logExtent([
        ...results.flatMap((result) => [result.population.t.value, unigramOf(result) ?? 0]),
        ...[start, targets].filter((value) => value !== null),
      ]),
      { title: '<i>t</i>' },
    ),
    height: { inches: 2 },
  };
}

export const headRatioAlongTraining = figureDefinition<readonly HeadResult[]>({
  id: 'head-ratio-along-training',
  title: 'Off-diagonal over diagonal blocks of the head along training',
  needs: 'two exports or more at different steps',
  plan: (given) => {
    const shown = trainings(given.filter(isMarked));
    if (shown.length === 0) return undefined;
    return {
      id: 'head-ratio-along-training',
      title: 'Off-diagonal over diagonal blocks of the head along training',
      column: shown.length === 1 ? 'single' : 'double',
      groups: shown.map((all) => [ratioPanel(all, shown.length === 1 ? '' : plotlyText(modelOf(all[0]!)))]),
      most: { single: 1, double: 3 },
      caption: `$t = \\sum_{i \\ne j} \\lVert H_{ij} \\rVert_F^2 / \\sum_i \\lVert H_{ii} \\rVert_F^2$ of the head against the step of training (0 left of the logarithmic axis), measured over pairs of different sequences with twice its standard error, beside the formula at initialisation and $[(\\sum q^2)^2 - \\sum q^4] / \\sum q^2 (1 - q)^2$ for predictions $q$ that do not depend on the context: the mean predictions, and the frequencies of the tokens. What a model learns first takes $t$ from $1/C$ to the collision probability of its predictions.`,
      source: headSource(shown.flat()),
    };
  },
});
