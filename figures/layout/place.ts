/** A panel on the axes of its number in a figure. */
import type { Panel, PlotlyObject } from '../figure.js';
import { axisSuffix, panelTitle, tickFont } from '../parts.js';
import { numberWidth } from './panelRoom.js';
import { textWidth } from './textWidth.js';

/** Shares of the figure. */
export interface Domain {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** 'x domain' to 'x3 domain'; the whole figure, 'paper', stays. */
const onAxes = (item: PlotlyObject, suffix: string): PlotlyObject => ({
  ...item,
  ...Object.fromEntries(
    ['xref', 'yref'].flatMap((key) => {
      const ref = item[key];
      return typeof ref === 'string' ? [[key, ref.replace(/^([xy])(?= domain$|$)/, `$1${suffix}`)]] : [];
    }),
  ),
});

export interface PlacedPanel {
  readonly data: readonly PlotlyObject[];
  readonly axes: PlotlyObject;
  readonly annotations: readonly PlotlyObject[];
  readonly shapes: readonly PlotlyObject[];
}

export interface PanelPlace {
  readonly position: number;
  readonly domain: Domain;
  /** Of the plotting area, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Its title in lines, and pixels between it and the plotting area. */
  readonly title: string;
  readonly titleShift: number;
  readonly isTitledX: boolean;
  readonly isTitledY: boolean;
  readonly showsBar: boolean;
}

const untitled = ({ title: _, ...axis }: PlotlyObject): PlotlyObject => axis;

export function placePanel(panel: Panel, place: PanelPlace): PlacedPanel {
  const { position, domain } = place;
  const suffix = axisSuffix(position);
  const { scaleanchor, ...y } = thinned(place.isTitledY ? panel.y : untitled(panel.y), place.height, () => tickLine);
  const x = thinned(place.isTitledX ? panel.x : untitled(panel.x), place.width, (text) =>
    textWidth(text, tickFont.size),
  );
  return {
    data: panel.data.map((trace, i) => ({
      ...trace,
      ...(i === 0 && place.showsBar && panel.bar !== undefined ? barBeside(domain, panel.bar.options) : {}),
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
    })),
    axes: {
      [`xaxis${suffix}`]: { ...x, ...fewer(x, place.width), domain: domain.x, anchor: `y${suffix}` },
      [`yaxis${suffix}`]: {
        ...y,
        ...(scaleanchor === undefined ? {} : { scaleanchor: `x${suffix}` }),
        domain: domain.y,
        anchor: `x${suffix}`,
      },
    },
    annotations: [
      ...(place.title === '' ? [] : [panelTitle(place.title, { yshift: place.titleShift })]),
      ...(panel.notes ?? []).map((note) => fitting(note, place.width)),
    ].map((note) => onAxes(note, suffix)),
    shapes: (panel.shapes ?? []).map((shape) => onAxes(shape, suffix)),
  };
}

const tickLine = tickFont.size;

/** Numbers that Plotly chooses by itself: as many as stand apart on a narrow panel, but three. */
function fewer({ nticks, range, type }: PlotlyObject, width: number): PlotlyObject {
  if (typeof nticks !== 'number' || type === 'log') return {};
  const each = range === undefined ? 24 : numberWidth(range as [number, number], 3);
  return { nticks: Math.max(3, Math.min(nticks, Math.floor(width / (each + 5)))) };
}

/** Leaves out names that would run into the one before. */
function thinned(axis: PlotlyObject, length: number, sizeOf: (text: string) => number): PlotlyObject {
  const { tickvals, ticktext, range, type } = axis as {
    readonly tickvals?: readonly number[];
    readonly ticktext?: readonly string[];
    readonly range?: readonly [number, number];
    readonly type?: string;
  };
  if (tickvals === undefined || ticktext === undefined || axis['tickangle'] === -90) return axis;
  const places = tickvals.map((value) => (type === 'log' ? Math.log10(value) : value));
  const [from, to] = range ?? [Math.min(...places), Math.max(...places)];
  const at = places.map((place) => (length * Math.abs(place - from)) / (Math.abs(to - from) || 1));
  const order = at.map((_, k) => k).sort((a, b) => at[a]! - at[b]!);
  let end = -Infinity;
  const kept = new Set(
    order.filter((k) => {
      const half = sizeOf(ticktext[k]!) / 2;
      const fits = at[k]! - half >= end + 2;
      if (fits) end = at[k]! + half;
      return fits;
    }),
  );
  return kept.size === at.length ? axis : { ...axis, ticktext: ticktext.map((text, k) => (kept.has(k) ? text : '')) };
}

function fitting({ narrow, ...note }: PlotlyObject, width: number): PlotlyObject {
  const fits = textWidth(String(note['text']), tickFont.size) < 0.96 * width;
  return narrow === undefined || fits ? note : { ...note, text: narrow };
}

function barBeside({ x, y }: Domain, options: PlotlyObject): PlotlyObject {
  const place = { xanchor: 'left', xpad: 5, x: x[1], yanchor: 'middle', ypad: 0, y: (y[0] + y[1]) / 2 };
  return { showscale: true, colorbar: { ...options, ...place, len: y[1] - y[0], lenmode: 'fraction' } };
}
