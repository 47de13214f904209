/** The numbers of a figure as one table: a line for each mark, in the order drawn. */
import type { PaperFigure, Panel, PlotlyObject } from '../figure.js';
import { plainText } from '../text.js';

type Cell = string | number | null | undefined;

const header = ['panel', 'series', 'x', 'y', 'low', 'high', 'value'] as const;

const written = (cell: Cell): string => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(Number(cell.toPrecision(10))) : '';
  const text = cell ?? '';
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * Numbers have ten digits. Columns: panel, series, x, y; low and high where the mark has an interval, of x where that lies along x; value where it
 * is a cell of a map.
 */
export function figureCsv({ panels }: Pick<PaperFigure, 'panels'>): string {
  const rows = panels.flatMap((panel) =>
    [...panel.data, ...(panel.more ?? [])].flatMap((trace, i) => rowsOf(panel, trace, i === 0)),
  );
  return `${[header, ...rows].map((row) => row.map(written).join(',')).join('\n')}\n`;
}

function rowsOf(panel: Panel, trace: PlotlyObject, isFirst: boolean): Cell[][] {
  const series = plainText(String(trace['name'] ?? ''));
  if (panel.cells !== undefined)
    return isFirst ? panel.cells().map(([x, y, value]) => [panel.name, series, x, y, '', '', value]) : [];
  // What has no name is drawn for the eye alone.
  if (series === '') return [];
  // Where a place on an axis is not the number meant (0 on a logarithmic one), that stands in `meta`.
  const { x: xs, y: ys } = { ...trace, ...(trace['meta'] as PlotlyObject | undefined) } as Readonly<
    Record<string, readonly Cell[] | undefined>
  >;
  if (xs === undefined || ys === undefined) return [];
  return xs.flatMap((x, i): Cell[][] => {
    const y = ys[i];
    // A gap between two lines.
    if (x === null || y === null || y === undefined) return [];
    return [[panel.name, series, x, y, ...intervalAt(trace, i), '']];
  });
}

function intervalAt(trace: PlotlyObject, i: number): [Cell, Cell] {
  for (const [key, values] of [
    ['error_y', trace['y']],
    ['error_x', trace['x']],
  ] as const) {
    const bars = trace[key] as { readonly array: readonly Cell[]; readonly arrayminus?: readonly Cell[] } | undefined;
    const at = (values as readonly Cell[])[i];
    const [plus, minus] = [bars?.array[i], (bars?.arrayminus ?? bars?.array)?.[i]];
    if (typeof at === 'number' && typeof plus === 'number' && typeof minus === 'number') return [at - minus, at + plus];
  }
  return ['', ''];
}
