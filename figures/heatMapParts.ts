/** A matrix as pixels on a colour scale, with the lines and names of its blocks. */
import { UsageError } from '../theory/errors.js';
import { axis, tickFont } from './parts.js';
import type { PlotlyObject } from './figure.js';
import type { HeatMap, MatrixPicture } from './results.js';
import { formatNumber, plotlyText } from './text.js';

/** Viridis: even in lightness, read by every colour vision and in grey. */
export const colourScale: readonly (readonly [number, string])[] = [
  [0, '#440154'],
  [0.1111, '#482878'],
  [0.2222, '#3e4989'],
  [0.3333, '#31688e'],
  [0.4444, '#26828e'],
  [0.5556, '#1f9e89'],
  [0.6667, '#35b779'],
  [0.7778, '#6ece58'],
  [0.8889, '#b5de2b'],
  [1, '#fde725'],
];

/**
 * Range of log10 that shows most of the positive pixels: the 1st percentile (of at most eight decades) to the largest.
 */
export function logRange(maps: readonly Pick<MatrixPicture, 'values'>[]): readonly [number, number] {
  const values = maps.flatMap((map) => map.values.filter((value) => value > 0)).sort((a, b) => a - b);
  if (values.length === 0) return [-1, 0];
  const high = Math.log10(values[Math.floor(0.999 * (values.length - 1))] as number);
  const low = Math.max(high - 8, Math.log10(values[Math.floor(0.01 * values.length)] as number));
  return [low, high > low ? high : low + 1];
}

/** The rows of a table of pixels. Throws UsageError when it does not hold as many values as its sides say. */
export function rowsOf<Value>(values: readonly Value[], rows: number, columns: number): (readonly Value[])[] {
  if (!Number.isInteger(rows) || rows < 0 || !Number.isInteger(columns) || rows * columns !== values.length)
    throw new UsageError(
      `a heat map of ${rows} by ${columns} must hold as many values, it holds ${values.length}: the results it is from are damaged, run again`,
    );
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** How pixels become colours, and the colour bar that says so. */
export interface MapColours<Map extends MatrixPicture = MatrixPicture> {
  /** The numbers behind the colours; `null` stays blank. */
  readonly pixels: (map: Map) => readonly (readonly (number | null)[])[];
  /** Of those numbers. */
  readonly range: readonly [number, number];
  /** One of them in words. */
  readonly hover: string;
  readonly bar: PlotlyObject;
}

/**
 * Logarithms on one scale for all of `maps`, an exact zero blank. Hundredths: finer than the 256 colours of the scale
 * can show over three decades.
 */
export function logarithmicColours(maps: readonly MatrixPicture[]): MapColours {
  const range = logRange(maps);
  return {
    pixels: (map) =>
      rowsOf(map.values, map.rows, map.columns).map((row) =>
        row.map((value) => (value > 0 ? Math.round(100 * Math.log10(value)) / 100 : null)),
      ),
    range,
    hover: '10^%{z:.2f}',
    bar: colourBar(range),
  };
}

/** A map that knows the largest |entry| of its matrix. */
export type ClippedMap = MatrixPicture & { readonly largest: number };

/** Colours from 0 to the largest |entry| over `clip`, of each map by itself; what is larger has the last colour. */
export function linearColours(clip: number, ticktext: readonly string[]): MapColours<ClippedMap> {
  return {
    pixels: (map) =>
      rowsOf(map.values, map.rows, map.columns).map((row) =>
        row.map((value) => (map.largest > 0 ? Math.min(1, Number(((clip * value) / map.largest).toPrecision(3))) : 0)),
      ),
    range: [0, 1],
    hover: clip === 1 ? '%{z:.3f} of max' : `%{z:.3f} of max/${clip}`,
    bar: { thickness: 7, outlinewidth: 0, tickfont: tickFont, tickvals: [0, 0.5, 1], ticktext },
  };
}

export interface MapContent {
  readonly trace: PlotlyObject;
  readonly xaxis: PlotlyObject;
  readonly yaxis: PlotlyObject;
  readonly shapes: readonly PlotlyObject[];
}

/** Where on the axes of the picture an index of the matrix lies. */
export const pixelOf = (map: Pick<MatrixPicture, 'order' | 'columns'>, index: number): number =>
  (index / map.order) * map.columns - 0.5;

/** Lines between blocks, where there are at most 20 blocks. */
function blockLines(map: MatrixPicture): PlotlyObject[] {
  if (map.blocks.length > 20) return [];
  const common = {
    type: 'line',
    xref: 'x',
    yref: 'y',
    line: { color: 'rgba(255,255,255,0.75)', width: 0.5 },
  };
  return map.blocks.slice(1).flatMap(({ start }) => {
    const at = pixelOf(map, start);
    return [
      { ...common, x0: at, x1: at, y0: -0.5, y1: map.rows - 0.5 },
      { ...common, y0: at, y1: at, x0: -0.5, x1: map.columns - 0.5 },
    ];
  });
}

/** A name for an axis: w_1 with its index below the line, a single letter in italics. */
const blockLabel = (label: string): string =>
  plotlyText(label)
    .replace(/^([A-Za-z]+)_?(\d+)$/, '<i>$1</i><sub>$2</sub>')
    .replace(/^[A-Za-z]$/, '<i>$&</i>');

/** Names in the middle of their blocks, where there are at most 24. */
export function blockLabels(
  map: Pick<MatrixPicture, 'blocks' | 'order' | 'columns'>,
): { readonly at: number; readonly text: string }[] {
  const named = map.blocks
    .map(({ start, label }, i) => ({
      at: (pixelOf(map, start) + pixelOf(map, map.blocks[i + 1]?.start ?? map.order)) / 2,
      text: blockLabel(label),
    }))
    .filter(({ text }) => text !== '');
  return named.length > 24 ? [] : named;
}

/** The map on the axes of its panel. */
export function mapContent<Map extends MatrixPicture>(
  map: Map,
  colours: MapColours<Map>,
  options: { readonly labels?: boolean } = {},
): MapContent {
  const labels = options.labels === false ? [] : blockLabels(map);
  const common: PlotlyObject = {
    showgrid: false,
    ticks: '',
    nticks: undefined,
    tickvals: labels.map(({ at }) => at),
    ticktext: labels.map(({ text }) => text),
    linewidth: 0.5,
    ticklabelstandoff: 1,
    tickangle: 0,
    fixedrange: false,
  };
  return {
    trace: {
      type: 'heatmap',
      name: plotlyText(map.label),
      showscale: false,
      z: colours.pixels(map),
      zmin: colours.range[0],
      zmax: colours.range[1],
      zsmooth: false,
      colorscale: colourScale,
      hoverongaps: false,
      hovertemplate: `pixel (%{y}, %{x}): ${colours.hover}<extra></extra>`,
    },
    xaxis: axis({ ...common, side: 'top', range: [-0.5, map.columns - 0.5], constrain: 'domain' }),
    yaxis: axis({ ...common, range: [map.rows - 0.5, -0.5], scaleanchor: 'x', constrain: 'domain' }),
    shapes: blockLines(map),
  };
}

/** Colour bar for a logarithmic range, attached to one of the traces. */
export function colourBar(range: readonly [number, number], options: PlotlyObject = {}): PlotlyObject {
  const step = Math.max(1, Math.ceil((range[1] - range[0]) / 5));
  const ticks: number[] = [];
  for (let t = Math.ceil(range[0]); t <= range[1]; t += step) ticks.push(t);
  if (ticks.length < 2) ticks.splice(0, ticks.length, range[0], (range[0] + range[1]) / 2, range[1]);
  return {
    thickness: 7,
    outlinewidth: 0,
    tickvals: ticks,
    ticktext: ticks.map((t) =>
      Number.isInteger(t) ? `10<sup>${String(t).replace('-', '−')}</sup>` : formatNumber(10 ** t, 2),
    ),
    tickfont: tickFont,
    title: { text: 'mean |H|', side: 'right', font: tickFont },
    ...options,
  };
}

/** Frobenius norms of blocks as a small map of their own, on a grey scale from zero. */
export function normsContent(norms: NonNullable<HeatMap['norms']>[number]): {
  readonly trace: PlotlyObject;
  readonly xaxis: PlotlyObject;
  readonly yaxis: PlotlyObject;
} {
  const { order } = norms;
  const labels = order <= 8 ? Array.from({ length: order }, (_, i) => String(i + 1)) : [];
  const common: PlotlyObject = {
    showgrid: false,
    ticks: '',
    nticks: undefined,
    tickvals: labels.map((_, i) => i),
    ticktext: labels,
    linewidth: 0.5,
  };
  return {
    trace: {
      type: 'heatmap',
      showscale: false,
      z: rowsOf(norms.values, order, order),
      zmin: 0,
      zmax: Math.max(...norms.values, 1e-300),
      colorscale: [
        [0, '@plot'],
        [1, '@blue'],
      ],
      hovertemplate: 'block (%{y}, %{x}): %{z:.4g}<extra></extra>',
    },
    xaxis: axis({
      ...common,
      side: 'bottom',
      range: [-0.5, order - 0.5],
      constrain: 'domain',
      constraintoward: 'left',
    }),
    yaxis: axis({
      ...common,
      range: [order - 0.5, -0.5],
      scaleanchor: 'x',
      constrain: 'domain',
    }),
  };
}
