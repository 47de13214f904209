/** Pieces from which panels are made: axes, titles, notes. */
import { pixelsOfPoints, printPoints } from './figure.js';
import type { PlotlyObject } from './figure.js';
import { formatNumber } from './text.js';

export const tickFont = { size: pixelsOfPoints(printPoints.tick), color: '@muted' };
export const textFont = { size: pixelsOfPoints(printPoints.text), color: '@ink' };

/** Suffix of an axis: Plotly calls the first one "x", the second "x2". */
export const axisSuffix = (position: number): string => (position === 0 ? '' : String(position + 1));

/** A line drawn through every point it is given. */
export const exactLine = (options: PlotlyObject): PlotlyObject => ({ simplify: false, ...options });

/** What every axis has; a panel adds its own. */
export function axis(options: PlotlyObject = {}): PlotlyObject {
  const { title, ...rest } = options;
  return {
    showline: true,
    mirror: true,
    linecolor: '@axis',
    linewidth: 0.75,
    gridcolor: '@grid',
    gridwidth: 0.5,
    zeroline: false,
    ticks: 'outside',
    ticklen: 3,
    tickwidth: 0.75,
    tickcolor: '@axis',
    tickfont: tickFont,
    exponentformat: 'power',
    minexponent: 4,
    nticks: 6,
    tickangle: 0,
    ...(title === undefined ? {} : { title: { text: title, font: textFont, standoff: 4 } }),
    ...rest,
  };
}

/** An axis with a title; none for an empty one. */
export const titled = (options: PlotlyObject, title: string): PlotlyObject =>
  title === '' ? options : { ...options, title: { text: title, font: textFont, standoff: 4 } };

/** Decades beyond which an axis has its numbers at whole powers of ten alone. */
const shortDecades = 2.2;

/** Digits of a decade that may have a number, the fewest first. */
const digitSets: readonly (readonly number[])[] = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  Array.from({ length: 18 }, (_, k) => 1 + k / 2),
  Array.from({ length: 45 }, (_, k) => 1 + k / 5),
  Array.from({ length: 90 }, (_, k) => 1 + k / 10),
];

/** The fewest round numbers of which three lie between two exponents of ten, or all where there are not three. */
function shortTicks([low, high]: readonly [number, number]): readonly number[] {
  const decades = Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, k) => Math.floor(low) + k);
  const within = (digits: readonly number[]): number[] =>
    decades
      .flatMap((decade) => digits.map((digit) => Number(`${digit.toFixed(1)}e${decade}`)))
      .filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
  return digitSets.map(within).find((ticks) => ticks.length > 2) ?? within(digitSets.at(-1)!);
}

/**
 * A logarithmic axis over `range`, exponents of ten: numbers at whole decades, and in between on a short one.
 */
export function logAxis(range: readonly [number, number], options: PlotlyObject = {}): PlotlyObject {
  const span = range[1] - range[0];
  const common = { type: 'log', nticks: undefined, range };
  if (span < shortDecades) {
    const ticks = shortTicks(range);
    return axis({ ...common, tickvals: ticks, ticktext: ticks.map((value) => formatNumber(value, 2)), ...options });
  }
  return axis({
    ...common,
    dtick: Math.ceil(span / 6),
    minor: { ticks: 'outside', ticklen: 1.5, tickwidth: 0.5, tickcolor: '@axis' },
    // Plotly enlarges the type of powers by a quarter, which is taken back here.
    tickfont: { ...tickFont, size: tickFont.size / 1.25 },
    ...options,
  });
}

/** Exponents of ten of the least and the largest positive value, with room on both sides; of none, a decade. */
export function logExtent(values: readonly number[], room = 0.1): readonly [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [-1, 0];
  const [low, high] = positive.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, 0]);
  return [Math.log10(low!) - room, Math.log10(high!) + room];
}

/** A line across a panel. */
export function level(value: number, [from, to]: readonly [number, number], name: string, line: PlotlyObject) {
  return {
    type: 'scatter',
    mode: 'lines',
    ...{ x: [from, to], y: [value, value], name, showlegend: true, line },
    hovertemplate: `%{y:.4g}<extra>${name}</extra>`,
  };
}

/** At most so many, evenly from the first to the last. */
export function spread<Result>(all: readonly Result[], most: number): readonly Result[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))]!);
}

/** A title above a panel, left-aligned with it. */
export function panelTitle(text: string, options: PlotlyObject = {}): PlotlyObject {
  return {
    text,
    showarrow: false,
    xref: 'x domain',
    yref: 'y domain',
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    font: textFont,
    align: 'left',
    ...options,
  };
}

/** Small text inside a panel, in one of its corners; `narrow` takes its place in a panel that it does not fit. */
export function panelNote(
  text: string,
  corner: 'top-right' | 'top-left' | 'bottom-left' | 'bottom-right',
  narrow?: string,
): PlotlyObject {
  const right = corner.endsWith('right');
  const top = corner.startsWith('top');
  return panelTitle(text, {
    x: right ? 0.98 : 0.02,
    y: top ? 0.97 : 0.03,
    xanchor: right ? 'right' : 'left',
    yanchor: top ? 'top' : 'bottom',
    align: right ? 'right' : 'left',
    yshift: 0,
    font: { ...tickFont, color: '@ink' },
    ...(narrow === undefined ? {} : { narrow }),
  });
}
