import type { HeadView } from './headView.js';
import { logPlot } from './logPlot.js';

/** Row ratios against rank, both logarithmic, with the levels 1/C and 1/C_eff. */
export function drawRows(
  canvas: HTMLCanvasElement,
  { rows, perClass, perEffectiveClass }: Pick<HeadView, 'rows' | 'perClass' | 'perEffectiveClass'>,
): void {
  const levels = [...rows.map(([, ratio]) => ratio), perClass, perEffectiveClass].map(Math.log10);
  const plot = logPlot(canvas, {
    x: [1, Math.max(rows.at(-1)![0], 2)],
    y: [10 ** Math.floor(Math.min(...levels) - 0.1), 10 ** Math.ceil(Math.max(...levels) + 0.1)],
    title: 'rank of the class',
  });
  if (plot === undefined) return;
  const { context, area, toY, colour } = plot;
  for (const [level, name, dash] of [
    [perClass, 'purple', []],
    [perEffectiveClass, 'vermillion', [6, 4]],
  ] as const) {
    context.setLineDash([...dash]);
    context.strokeStyle = colour(name);
    plot.line([area.left, toY(level)], [area.right, toY(level)]);
  }
  context.setLineDash([]);
  context.strokeStyle = colour('blue');
  plot.curve(rows);
}
