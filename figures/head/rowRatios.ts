import { figureDefinition } from '../layout/layOut.js';
import type { Panel, PlotlyObject } from '../figure.js';
import type { HeadResult } from '../headResult.js';
import { seriesColours, seriesSymbols } from '../palette.js';
import { level, logAxis, logExtent, spread } from '../parts.js';
import { headName, headSource, inOrder } from './headParts.js';

/** More heads, and more of the crowd of rare tokens, would hide each other. */
const mostHeads = 5;
const tokensPerDecade = 20;

function pointsOf(result: HeadResult, name: string, k: number): PlotlyObject {
  const { rows } = result;
  const places = rows.map(({ rank }) => Math.floor(tokensPerDecade * Math.log10(rank)));
  const shown = rows.filter(({ ratio }, i) => ratio > 0 && places.indexOf(places[i]!) === i);
  return {
    type: 'scatter',
    mode: 'markers',
    ...{ name, showlegend: true, x: shown.map(({ rank }) => rank), y: shown.map(({ ratio }) => ratio) },
    marker: { color: seriesColours[k], size: 3.2, symbol: seriesSymbols[k] },
    hovertemplate: `rank %{x}: %{y:.4g}<extra>${name}</extra>`,
  };
}

function rowPanel(results: readonly HeadResult[]): Panel {
  const last = Math.max(...results.flatMap(({ rows }) => rows.map(({ rank }) => rank)));
  const ends = [1, last] as const;
  const classes = [...new Set(results.map((result) => result.classes))];
  return {
    name: 'rows against rank',
    title: '',
    data: [
      ...classes.map((each) =>
        level(1 / each, ends, classes.length === 1 ? '1/<i>C</i>' : `1/${each}`, {
          ...{ color: '@muted', width: 1.2, dash: '1.5px,1.5px' },
        }),
      ),
      ...results.flatMap(({ unigram }, k) =>
        unigram.predictions === null
          ? []
          : [
              level(1 / unigram.predictions.effectiveClasses, ends, '1/<i>C</i><sub>eff</sub>', {
                ...{ color: seriesColours[k], width: 1, dash: '5px,2px' },
              }),
            ],
      ),
      ...results.map((result, k) => pointsOf(result, headName(result, results), k)),
    ],
    x: logAxis(logExtent([...ends], 0.08), { title: 'rank of the token' }),
    y: logAxis(
      logExtent(
        results.flatMap(({ rows, classes: count, unigram }) => [
          ...rows.map(({ ratio }) => ratio),
          ...[1 / count, 1 / (unigram.predictions?.effectiveClasses ?? count)],
        ]),
      ),
      { title: 'row ratio' },
    ),
    height: { inches: 2.1 },
  };
}

export const headRowRatios = figureDefinition<readonly HeadResult[]>({
  id: 'head-row-ratios',
  title: 'Rows of the head against the frequency of their tokens',
  needs: 'ratios of rows',
  plan: (given) => {
    const results = spread(inOrder(given.filter(({ rows }) => rows.some(({ ratio }) => ratio > 0))), mostHeads);
    if (results.length === 0) return undefined;
    const by = results.every(({ unigram }) => unigram.targets !== null) ? 'in the text' : 'in the mean prediction';
    return {
      id: 'head-row-ratios',
      title: 'Rows of the head against the frequency of their tokens',
      column: 'single',
      groups: [[rowPanel(results)]],
      most: { single: 1, double: 1 },
      caption: `$\\sum_{j \\ne i} \\lVert H_{ij} \\rVert_F^2 / \\lVert H_{ii} \\rVert_F^2$ of single tokens $i$ against the rank of their frequency ${by}, over pairs of different sequences, up to ${tokensPerDecade} tokens a decade. Dotted: $1/C$; dashed, in the colour of its points: $1/C_{\\mathrm{eff}} = \\sum q^2$ of the mean prediction $q$, which is where rare tokens lie when predictions do not depend on the context.`,
      source: headSource(results),
    };
  },
});
