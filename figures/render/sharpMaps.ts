/** Heat maps as a vector file holds them: sharp where a reader enlarges them, and no larger a file than need be. */
import { pixelsPerInch, type PaperFigure, type PlotlyObject } from '../figure.js';

/** Pixels to an inch of paper. */
const sharpness = 300;

/** Of a map of so many pixels, twice is sharp enough. */
const manyPixels = 96;

/** Bits for all pixels of a figure together, and those that a pixel takes beside its colour: a PDF stays below 200 kB. */
const budget = 1.15e6;
const overhead = 1.5;

type Rows = readonly (readonly (number | null)[])[];

/** Cells with gaps, or with edges of their own, are drawn at the size they have and may hold text: they stay. */
function pixelsOf(trace: PlotlyObject): Rows | undefined {
  const rows = trace['z'];
  const hasOwnSize = trace['xgap'] !== undefined || trace['x'] !== undefined;
  return trace['type'] === 'heatmap' && !hasOwnSize && Array.isArray(rows) && Array.isArray(rows[0])
    ? (rows as Rows)
    : undefined;
}

/** Steps of colour, so that maps of many pixels fit the budget; 256 are all that a screen shows. */
const colourSteps = (pixels: number): number =>
  Math.round(Math.min(256, Math.max(24, 2 ** (budget / pixels - overhead))));

/**
 * The traces of a figure, its maps with pixels repeated, so that a reader that smooths an enlarged image smooths a sliver
 * of each, and with as many steps of colour as the size of the file allows. Maps on whole-numbered positions only, which is
 * how every heat map here is laid out.
 */
export function sharpMaps({ data, layout }: Pick<PaperFigure, 'data' | 'layout'>): readonly PlotlyObject[] {
  const maps = data.map(pixelsOf);
  const steps = colourSteps(
    maps.reduce((sum, rows) => sum + (rows === undefined ? 0 : rows.length * rows[0]!.length), 0),
  );
  return data.map((trace, i) => {
    const rows = maps[i];
    if (rows === undefined) return trace;
    const longest = Math.max(rows.length, rows[0]!.length);
    const needed = Math.ceil((sharpness * inchesAcross(trace, layout)) / longest);
    return repeated(
      trace,
      inSteps(rows, trace, steps),
      Math.max(1, longest > manyPixels ? Math.min(2, needed) : needed),
    );
  });
}

/** Of the plotting area. */
function inchesAcross({ xaxis }: PlotlyObject, layout: PaperFigure['layout']): number {
  const { domain } = layout[`xaxis${String(xaxis).slice(1)}`] as { readonly domain: readonly [number, number] };
  return ((domain[1] - domain[0]) * layout.width) / pixelsPerInch;
}

function inSteps(rows: Rows, { zmin, zmax }: PlotlyObject, steps: number): Rows {
  if (typeof zmin !== 'number' || typeof zmax !== 'number' || steps >= 256) return rows;
  const step = (zmax - zmin) / (steps - 1);
  return rows.map((row) => row.map((z) => (z === null ? null : zmin + step * Math.round((z - zmin) / step))));
}

function repeated(trace: PlotlyObject, rows: Rows, times: number): PlotlyObject {
  const wide = rows.map((row) => row.flatMap((value) => new Array<number | null>(times).fill(value)));
  const start = -0.5 + 0.5 / times;
  return {
    ...trace,
    z: wide.flatMap((row) => new Array<typeof row>(times).fill(row)),
    ...{ x0: start, dx: 1 / times, y0: start, dy: 1 / times },
  };
}
