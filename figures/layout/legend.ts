/** The legend of a figure: every name once, below its panels. */
import { pixelsOfPoints, printPoints } from '../figure.js';
import type { PlotlyObject } from '../figure.js';
import { tickFont } from '../parts.js';
import { textWidth, wrapped } from './textWidth.js';

const isNamed = ({ name, showlegend }: PlotlyObject): boolean => name !== undefined && showlegend === true;

/** Room that Plotly takes for the sign of an entry and between two entries, and the height of a line of entries. */
const signWidth = 46;
const entryHeight = 19;

export interface Legend {
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject;
  readonly height: number;
}

export function legendOf(data: readonly PlotlyObject[], width: number): Legend {
  const named = new Set<unknown>();
  const once = data.map((trace): PlotlyObject => {
    const isFirst = isNamed(trace) && !named.has(trace['name']);
    if (isFirst) named.add(trace['name']);
    if (!isFirst) return { ...trace, showlegend: false };
    return { ...trace, name: wrapped(String(trace['name']), tickFont.size, width - signWidth) };
  });
  const entries = once.filter(isNamed).map(({ name }) => String(name));
  const height = heightOf(entries, width);
  return {
    data: once,
    height,
    layout: {
      showlegend: entries.length > 0,
      legend: {
        orientation: 'h',
        ...{ xref: 'container', x: 0, xanchor: 'left', yref: 'container', y: 0, yanchor: 'bottom' },
        font: { ...tickFont, size: pixelsOfPoints(printPoints.tick), color: '@ink' },
        bgcolor: '@clear',
      },
    },
  };
}

/** Entries that do not fit into one line stand below each other, all as wide as the widest. */
function heightOf(entries: readonly string[], room: number): number {
  if (entries.length === 0) return 0;
  const widths = entries.map((text) => textWidth(text, tickFont.size) + signWidth);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const perLine = total <= room ? entries.length : Math.max(1, Math.floor(room / Math.max(...widths)));
  const lines = Math.max(...entries.map((text) => text.split('<br>').length));
  return Math.ceil(entries.length / perLine) * (entryHeight + (lines - 1) * tickFont.size * 1.3) + 4;
}
