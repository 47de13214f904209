import type { FigureDefinition, PlotlyObject } from '../figure.js';
import { colourScale } from '../heatMapParts.js';
import { axis, inPanel, panelAxes, panelDomain, panelTitle, paperFigure, smallTitleFont, tickFont } from '../parts.js';
import type { PhaseMap } from '../results.js';
import { formatNumber, plotlyText, provenance } from '../text.js';

/** Steps of colour for small whole numbers, so that each number has one colour. */
function countScale(largest: number): readonly (readonly [number, string])[] {
  const steps = largest + 1;
  return Array.from({ length: steps }, (_, k) => {
    const colour = (colourScale[Math.round((k / Math.max(largest, 1)) * (colourScale.length - 1))] as readonly [number, string])[1];
    return [[k / steps, colour] as const, [(k + 1) / steps, colour] as const];
  }).flat();
}

/** Axis of a grid of values: each value has the same room, whatever its neighbours; about six are named. */
function gridAxis(name: string, values: readonly number[]): PlotlyObject {
  const step = Math.ceil(values.length / 6);
  const named = values.map((_, i) => i).filter((i) => i % step === 0);
  return axis({ title: plotlyText(name), showgrid: false, range: [-0.5, values.length - 0.5], nticks: undefined, tickvals: named, ticktext: named.map((i) => formatNumber(values[i] as number, 2)) });
}

/** Largest value in any map of the same quantity: one number has one colour in all of them. */
const largestOf = (maps: readonly PhaseMap[], { kind, quantity }: PhaseMap): number =>
  Math.max(0, ...maps.filter((map) => map.kind === kind && map.quantity === quantity).flatMap((map) => map.values.flat().filter((value) => value !== null)));

function mapTrace(map: PhaseMap, position: number, bar: PlotlyObject, largest: number): PlotlyObject {
  const text = map.y.map((y) => map.x.map((x) => `(${formatNumber(x)}, ${formatNumber(y)})`));
  const common = { type: 'heatmap', z: map.values, hovertext: text, hoverongaps: false, ...inPanel(position) };
  if (map.kind === 'verdict') {
    return {
      ...common, zmin: -1.5, zmax: 1.5, colorscale: [[0, '@vermillion'], [0.3333, '@vermillion'], [0.3333, '@grid'], [0.6667, '@grid'], [0.6667, '@blue'], [1, '@blue']],
      colorbar: { ...bar, tickvals: [-1, 0, 1], ticktext: ['disagree', 'undecided', 'agree'], title: undefined }, hovertemplate: '%{hovertext}: %{z}<extra></extra>',
    };
  }
  if (map.kind === 'count' && largest <= 12) {
    return { ...common, zmin: -0.5, zmax: largest + 0.5, colorscale: countScale(largest), colorbar: { ...bar, dtick: 1 }, hovertemplate: '%{hovertext}: %{z}<extra></extra>' };
  }
  return { ...common, colorscale: colourScale, colorbar: bar, hovertemplate: '%{hovertext}: %{z:.4g}<extra></extra>' };
}

export const phaseMaps: FigureDefinition = {
  id: 'phase-diagram',
  title: 'Phase diagrams: where outliers appear, where laws hold',
  needs: 'phase maps',
  build: (results) => {
    const maps = (results.phaseMaps ?? []).slice(0, 4);
    if (maps.length === 0) return undefined;
    const columns = Math.min(2, maps.length);
    const rows = Math.ceil(maps.length / columns);
    const heightInches = 0.4 + (columns === 1 ? 2.4 : 2.3) * rows;
    const grid = { rows, columns, horizontalGap: 0.24, verticalGap: 0.65 / heightInches };
    const data: PlotlyObject[] = [];
    const annotations: PlotlyObject[] = [];
    let layout: PlotlyObject = {};
    maps.forEach((map, position) => {
      const full = panelDomain(grid, Math.floor(position / columns), position % columns);
      const domain = columns === 1 ? { x: [0, 0.84], y: full.y } : { x: [full.x[0], full.x[1] - 0.04], y: full.y };
      const bar = { thickness: 7, outlinewidth: 0, tickfont: tickFont, x: (domain.x[1] as number) + 0.015, xanchor: 'left', xpad: 0, y: (domain.y[0] as number) + ((domain.y[1] as number) - (domain.y[0] as number)) / 2, yanchor: 'middle', len: (domain.y[1] as number) - (domain.y[0] as number), title: { text: plotlyText(map.quantity), side: 'right', font: tickFont } };
      data.push(mapTrace(map, position, bar, largestOf(maps, map)));
      layout = {
        ...layout,
        ...panelAxes(position, domain, gridAxis(map.xName, map.x), gridAxis(map.yName, map.y)),
      };
      annotations.push(panelTitle(position, plotlyText(map.label), { font: smallTitleFont }));
    });
    return paperFigure({
      id: 'phase-diagram', title: 'Phase diagrams', column: columns === 1 ? 'single' : 'double', heightInches, data, layout: { ...layout, annotations }, margin: { t: 24, b: 36, l: 42, r: 16 },
      caption: `${maps.map((map) => `${map.label}: ${map.quantity} over ${map.xName} and ${map.yName}${map.fixed === undefined ? '' : ` (${map.fixed})`}`).join('; ')}. Every value of the grid has the same room. ${provenance(results)}`,
    });
  },
};
