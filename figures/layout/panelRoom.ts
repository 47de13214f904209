/** Pixels that a panel needs around its plotting area. */
import { pixelsOfPoints, printPoints } from '../figure.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { lineCount, textWidth, wrapped } from './textWidth.js';

export const lineHeight = {
  text: 1.3 * pixelsOfPoints(printPoints.text),
  tick: 1.3 * pixelsOfPoints(printPoints.tick),
};

const tickSize = pixelsOfPoints(printPoints.tick);
/** Between an axis and its numbers, a title and what it stands above. */
const gap = 4;

export const titleText = ({ title }: PlotlyObject): string =>
  ((title as { readonly text?: string } | undefined) ?? {}).text ?? '';

const ticksOf = ({ ticktext }: PlotlyObject): readonly string[] | undefined =>
  ticktext as readonly string[] | undefined;

function extentOf(panel: Panel, { range, type }: PlotlyObject): readonly [number, number] {
  if (range !== undefined && type !== 'log') return range as [number, number];
  const values = panel.data.flatMap(({ y }) => ((y ?? []) as readonly unknown[]).filter(Number.isFinite)) as number[];
  return values.reduce<[number, number]>(([low, high], y) => [Math.min(low, y), Math.max(high, y)], [0, 0]);
}

/** Of the numbers that Plotly chooses between two ends, about `count`. */
export function numberWidth([low, high]: readonly [number, number], count = 5): number {
  const step = (high - low) / count || 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  if (decimals > 4) return textWidth('−5×10−0', tickSize);
  const digits = Math.max(...[low, high].map((end) => String(Math.trunc(Math.abs(end))).length));
  const text = `${low < 0 ? '−' : ''}${'0'.repeat(digits)}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  return textWidth(text, tickSize);
}

const tickWidth = (panel: Panel): number => {
  const named = ticksOf(panel.y);
  return named === undefined
    ? panel.y['type'] === 'log'
      ? textWidth('10−00', tickSize)
      : numberWidth(extentOf(panel, panel.y))
    : Math.max(0, ...named.map((text) => textWidth(text, tickSize))) + gap;
};

export const leftRoom = (panel: Panel, isTitled: boolean): number =>
  tickWidth(panel) + 2 * gap + (isTitled && titleText(panel.y) !== '' ? lineHeight.text + gap : 0);

/** With room for half of the last number of the x axis. */
export function rightRoom({ bar, x }: Panel, showsBar: boolean): number {
  if (bar === undefined || !showsBar) return x['side'] === 'top' ? 2 * gap : 2.5 * gap;
  const { ticktext, title } = bar.options;
  const texts = (ticktext as readonly string[] | undefined) ?? ['−0.00'];
  const width = Math.max(...texts.map((text) => textWidth(text, tickSize)));
  return (
    5 + Number(bar.options['thickness'] ?? 7) + 2 * gap + width + (title === undefined ? 0 : lineHeight.tick + gap)
  );
}

/** The title as it will stand above this width. */
export const brokenTitle = ({ title }: Panel, width: number): string =>
  wrapped(title, pixelsOfPoints(printPoints.text), width);

/** Of an axis along the upper edge, whose names may have several lines or stand upright. */
export function upperTicks({ x }: Panel): number {
  if (x['side'] !== 'top') return 0;
  const texts = ticksOf(x) ?? [];
  return x['tickangle'] === -90
    ? gap + Math.max(0, ...texts.map((text) => textWidth(text, tickSize)))
    : gap / 2 + lineHeight.tick * Math.max(0, ...texts.map(lineCount));
}

export const titleRoom = (title: string): number => lineCount(title) * lineHeight.text + gap;

export function lowerRoom(panel: Panel, isTitled: boolean): number {
  const { x, bar } = panel;
  // Half of the lowest number of a colour bar stands below it.
  const least = bar === undefined ? gap : 2 * gap;
  const ticks =
    x['side'] === 'top' || ticksOf(x)?.every((text) => text === '') === true ? least : lineHeight.tick + 2 * gap;
  return ticks + (isTitled && titleText(x) !== '' ? lineHeight.text : 0);
}
