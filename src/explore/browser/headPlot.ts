import type { HeadView } from './headView.js';
import { fitToScreen } from './plot.js';

const margin = { left: 60, right: 14, top: 14, bottom: 44 };

/** Row ratios against rank, both logarithmic, with the levels 1/C and 1/C_eff. */
export function drawRows(
  canvas: HTMLCanvasElement,
  { rows, perClass, perEffectiveClass }: Pick<HeadView, 'rows' | 'perClass' | 'perEffectiveClass'>,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  fitToScreen(canvas, context);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [plotWidth, plotHeight] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const decades = Math.max(Math.log10(rows.at(-1)![0]), 0.3);
  const levels = [...rows.map(([, ratio]) => ratio), perClass, perEffectiveClass].map(Math.log10);
  const [low, high] = [Math.floor(Math.min(...levels) - 0.1), Math.ceil(Math.max(...levels) + 0.1)];
  const toX = (rank: number): number => margin.left + (Math.log10(rank) / decades) * plotWidth;
  const toY = (ratio: number): number =>
    margin.top + plotHeight - ((Math.log10(ratio) - low) / (high - low)) * plotHeight;
  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = colour('muted');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let power = low; power <= high; power++) {
    line(context, margin.left, toY(10 ** power), width - margin.right, toY(10 ** power));
    context.fillText(powerText(power), margin.left - 6, toY(10 ** power));
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (let power = 0; power <= decades; power++) {
    line(context, toX(10 ** power), margin.top, toX(10 ** power), margin.top + plotHeight);
    context.fillText(powerText(power), toX(10 ** power), margin.top + plotHeight + 6);
  }
  context.fillText('rank of the class', margin.left + plotWidth / 2, height - 18);
  context.lineWidth = 2;
  for (const [level, name, dash] of [
    [perClass, 'purple', []],
    [perEffectiveClass, 'vermillion', [6, 4]],
  ] as const) {
    context.setLineDash([...dash]);
    context.strokeStyle = colour(name);
    line(context, margin.left, toY(level), width - margin.right, toY(level));
  }
  context.setLineDash([]);
  context.strokeStyle = colour('blue');
  context.beginPath();
  rows.forEach(([rank, ratio], k) =>
    k === 0 ? context.moveTo(toX(rank), toY(ratio)) : context.lineTo(toX(rank), toY(ratio)),
  );
  context.stroke();
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const powerText = (power: number): string =>
  power === 0
    ? '1'
    : `10${power < 0 ? '⁻' : ''}${[...String(Math.abs(power))].map((digit) => superscripts[Number(digit)]).join('')}`;
