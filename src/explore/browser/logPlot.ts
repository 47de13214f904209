/** A plot with two logarithmic axes on a canvas. */
import { superscript } from '../../../figures/text.js';
import { fitToScreen } from './plot.js';

export interface LogPlot {
  readonly context: CanvasRenderingContext2D;
  /** The plotting area, in pixels of the page. */
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  /** A colour of the page's theme. */
  readonly colour: (name: string) => string;
  line(from: readonly [x: number, y: number], to: readonly [x: number, y: number]): void;
  /** A curve through values. */
  curve(points: readonly (readonly [x: number, y: number])[]): void;
}

const margin = { left: 60, right: 14, top: 14, bottom: 44 };

/**
 * Clears the canvas and draws the axes, a line a power of ten.
 *
 * @param x the smallest and the largest value, above 0; y likewise
 * @param right pixels to the right of the area
 */
export function logPlot(
  canvas: HTMLCanvasElement,
  { x, y, title, right = margin.right }: LogAxes,
): LogPlot | undefined {
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  fitToScreen(canvas, context);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const area = { left: margin.left, right: width - right, top: margin.top, bottom: height - margin.bottom };
  const across = (value: number, [low, high]: readonly [number, number]): number =>
    Math.log(value / low) / Math.log(high / low);
  const toX = (value: number): number => area.left + across(value, x) * (area.right - area.left);
  const toY = (value: number): number => area.bottom - across(value, y) * (area.bottom - area.top);
  const curve: LogPlot['curve'] = (points) => {
    context.beginPath();
    for (const [k, [px, py]] of points.entries()) context[k === 0 ? 'moveTo' : 'lineTo'](px, py);
    context.stroke();
  };
  const line: LogPlot['line'] = (from, to) => curve([from, to]);
  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = colour('muted');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const power of powersIn(y)) {
    const at = toY(10 ** power);
    line([area.left, at], [area.right, at]);
    context.fillText(powerText(power), area.left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const power of powersIn(x)) {
    const at = toX(10 ** power);
    line([at, area.top], [at, area.bottom]);
    context.fillText(powerText(power), at, area.bottom + 6);
  }
  context.fillText(title, (area.left + area.right) / 2, height - 18);
  context.lineWidth = 2;
  return {
    context,
    area,
    toX,
    toY,
    colour,
    line,
    curve: (points) => curve(points.map(([a, b]) => [toX(a), toY(b)])),
  };
}

interface LogAxes {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  /** Of the axis of x. */
  readonly title: string;
  readonly right?: number;
}

/** Powers of ten in a range, ends that rounding put outside included. */
function powersIn([low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k);
}

const powerText = (power: number): string => (power === 0 ? '1' : `10${superscript(String(power))}`);
