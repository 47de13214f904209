import type { Panel, PlotlyObject } from '../figure.js';
import { colourScale } from '../heatMapParts.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis, tickFont } from '../parts.js';
import type { PhaseMap } from '../results.js';
import { formatNumber, plotlyText, provenance, type RunFacts } from '../text.js';

/** Steps of colour for small whole numbers, so that each number has one colour. */
function countScale(largest: number): readonly (readonly [number, string])[] {
  const steps = largest + 1;
  return Array.from({ length: steps }, (_, k) => {
    const colour = (
      colourScale[Math.round((k / Math.max(largest, 1)) * (colourScale.length - 1))] as readonly [number, string]
    )[1];
    return [[k / steps, colour] as const, [(k + 1) / steps, colour] as const];
  }).flat();
}

/** Axis of a grid of values: each value has the same room, whatever its neighbours; about six are named. */
function gridAxis(name: string, values: readonly number[]): PlotlyObject {
  const step = Math.ceil(values.length / 6);
  const named = values.map((_, i) => i).filter((i) => i % step === 0);
  return axis({
    title: plotlyText(name),
    showgrid: false,
    range: [-0.5, values.length - 0.5],
    nticks: undefined,
    tickvals: named,
    ticktext: named.map((i) => formatNumber(values[i] as number, 2)),
  });
}

/** Largest value in any map of the same quantity: one number has one colour in all of them. */
const largestOf = (maps: readonly PhaseMap[], { kind, quantity }: PhaseMap): number =>
  Math.max(
    0,
    ...maps
      .filter((map) => map.kind === kind && map.quantity === quantity)
      .flatMap((map) => map.values.flat().filter((value) => value !== null)),
  );

/** Verdicts from worst to best; each has a colour and a sign, so that it is told apart without any colour. */
export const verdictSteps = [
  { value: -1, word: 'disagree', name: '✕ disagree', colour: '@vermillion', textColour: '@paper', sign: 'x' },
  { value: 0, word: 'undecided', name: 'undecided', colour: '@grid', textColour: '@ink' },
  {
    value: 0.5,
    word: 'agree in the limit',
    name: '○ in the limit',
    colour: '@bar',
    textColour: '@ink',
    sign: 'circle-open',
  },
  { value: 1, word: 'agree', name: '● agree', colour: '@blue', textColour: '@paper', sign: 'circle' },
] as const;

/** Cells beyond which a sign in each would be a grain, not a sign. */
const mostSigned = 400;

/** One trace for each verdict that has a sign. */
function signTraces(map: PhaseMap): PlotlyObject[] {
  if (map.kind !== 'verdict' || map.x.length * map.y.length > mostSigned) return [];
  return verdictSteps.flatMap((step) => {
    const cells = map.values.flatMap((row, j) =>
      row.flatMap((value, i) => (value === step.value ? [[i, j] as const] : [])),
    );
    if (!('sign' in step) || cells.length === 0) return [];
    const marker = { symbol: step.sign, size: 7, color: step.textColour, line: { width: 1.3, color: step.textColour } };
    return [
      {
        type: 'scatter',
        mode: 'markers',
        x: cells.map(([i]) => i),
        y: cells.map(([, j]) => j),
        marker,
        hoverinfo: 'skip',
        showlegend: false,
      },
    ];
  });
}

/** The map, and the colour bar that goes with it. */
function mapTrace(map: PhaseMap, bar: PlotlyObject, largest: number): { trace: PlotlyObject; bar: PlotlyObject } {
  const text = map.y.map((y) => map.x.map((x) => `(${formatNumber(x)}, ${formatNumber(y)})`));
  const common = { type: 'heatmap', z: map.values, hovertext: text, hoverongaps: false };
  if (map.kind === 'verdict') {
    const stepOf = (value: number | null): number | null =>
      value === null ? null : verdictSteps.findIndex((step) => step.value === value);
    const count = verdictSteps.length;
    const names = verdictSteps.map(({ word }) => word);
    return {
      trace: {
        ...common,
        z: map.values.map((row) => row.map(stepOf)),
        hovertext: map.values.map((row, j) =>
          row.map((value, i) => `${text[j]?.[i] ?? ''}: ${names[stepOf(value) ?? -1] ?? ''}`),
        ),
        zmin: -0.5,
        zmax: count - 0.5,
        colorscale: verdictSteps.flatMap(({ colour }, k) => [
          [k / count, colour],
          [(k + 1) / count, colour],
        ]),
        hovertemplate: '%{hovertext}<extra></extra>',
      },
      bar: {
        ...bar,
        tickvals: verdictSteps.map((_, k) => k),
        ticktext: verdictSteps.map(({ name }) => name),
        title: undefined,
      },
    };
  }
  if (map.kind === 'count' && largest <= 12) {
    const range = { zmin: -0.5, zmax: largest + 0.5, colorscale: countScale(largest) };
    return {
      trace: { ...common, ...range, hovertemplate: '%{hovertext}: %{z}<extra></extra>' },
      bar: { ...bar, dtick: 1 },
    };
  }
  return { trace: { ...common, colorscale: colourScale, hovertemplate: '%{hovertext}: %{z:.4g}<extra></extra>' }, bar };
}

function phasePanel(map: PhaseMap, maps: readonly PhaseMap[]): Panel {
  const common = {
    thickness: 7,
    outlinewidth: 0,
    tickfont: tickFont,
    title: { text: plotlyText(map.quantity), side: 'right', font: tickFont },
  };
  const { trace, bar } = mapTrace(map, common, largestOf(maps, map));
  return {
    name: map.label,
    title: plotlyText(map.label),
    data: [{ name: plotlyText(map.quantity), ...trace }, ...signTraces(map)],
    x: gridAxis(map.xName, map.x),
    y:
      map.y.length === 1
        ? axis({ showgrid: false, ticks: '', nticks: undefined, tickvals: [0], ticktext: [''] })
        : gridAxis(map.yName, map.y),
    // One parameter alone needs no height, but room for the words beside it.
    height: { inches: map.y.length === 1 ? 0.75 : 1.55 },
    bar: { scale: map.id, options: bar },
    cells: () => map.values.flatMap((row, j) => row.map((value, i) => [map.x[i]!, map.y[j]!, value] as const)),
  };
}

export const phaseMaps = figureDefinition<RunFacts & { readonly phaseMaps?: readonly PhaseMap[] }>({
  id: 'phase-diagram',
  title: 'Phase diagrams: where outliers appear, where laws hold',
  needs: 'phase maps',
  plan: (results) => {
    const maps = (results.phaseMaps ?? []).slice(0, 4);
    if (maps.length === 0) return undefined;
    return {
      id: 'phase-diagram',
      title: 'Phase diagrams',
      column: maps.length === 1 ? 'single' : 'double',
      groups: maps.map((map) => [phasePanel(map, maps)]),
      most: { single: 1, double: 2 },
      caption: `${maps.map((map) => `${map.label}: ${map.quantity} over ${map.xName} and ${map.yName}${map.fixed === undefined ? '' : ` (${map.fixed})`}`).join('; ')}. Every value of the grid has the same room.`,
      source: provenance(results),
    };
  },
});
