import { curveOf, type DeepPoint } from './deepCurves.js';
import { deepLimits, type DeepChoice } from './deepChoice.js';
import { logPlot } from './logPlot.js';
import { seriesColours } from '../../../figures/palette.js';

/** Of a layer, by the name that the page's theme has for it. */
export const layerColour = (layer: number): string =>
  [...seriesColours.map((name) => name.slice(1)), 'ink'][(layer - 1) % (seriesColours.length + 1)]!;

/** Between the numbers of two layers beside their curves, in pixels. */
const lineHeight = 13;

/**
 * r of every layer against C with its floor dashed, the width as a dotted line, and the chosen number of classes as dots.
 *
 * @param points ascending in C, finite
 */
export function drawDeep(
  canvas: HTMLCanvasElement,
  { width }: DeepChoice,
  points: readonly DeepPoint[],
  chosen: DeepPoint | undefined,
): void {
  const layers = points[0]?.layers ?? [];
  const curves = layers.map(({ layer, floor }) => ({
    layer,
    floor,
    curve: curveOf(points, layer).filter(([, ratio]) => ratio > 0),
  }));
  const ratios = curves.flatMap(({ curve }) => curve.map(([, ratio]) => ratio));
  const plot = logPlot(canvas, {
    x: deepLimits.classes,
    y: ratios.length === 0 ? [1e-4, 1] : [Math.min(...ratios) / 1.5, Math.max(...ratios) * 1.5],
    title: 'C, classes',
    right: 24,
  });
  if (plot === undefined) return;
  const { context, area, toX, toY, colour } = plot;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.strokeStyle = context.fillStyle = colour('muted');
  plot.line([toX(width), area.top], [toX(width), area.bottom]);
  context.textAlign = 'left';
  context.fillText('C = n', toX(width) + 4, area.top);
  for (const { layer, floor, curve } of curves) {
    context.strokeStyle = context.fillStyle = colour(layerColour(layer));
    if (floor > 0) {
      context.lineWidth = 1;
      context.setLineDash([5, 4]);
      plot.line([area.left, toY(floor)], [area.right, toY(floor)]);
    }
    context.lineWidth = 2;
    context.setLineDash([]);
    plot.curve(curve);
    const at = chosen?.layers[layer - 1];
    if (chosen === undefined || at === undefined || chosen.classes === Infinity || !(at.ratio > 0)) continue;
    context.beginPath();
    context.arc(toX(chosen.classes), toY(at.ratio), 4, 0, 2 * Math.PI);
    context.fill();
  }
  context.textBaseline = 'middle';
  let above = -Infinity;
  const ends = curves.flatMap(({ layer, curve }) => (curve.length === 0 ? [] : [{ layer, y: toY(curve.at(-1)![1]) }]));
  for (const { layer, y } of ends.sort((a, b) => a.y - b.y)) {
    above = Math.max(y, above + lineHeight);
    context.fillStyle = colour(layerColour(layer));
    context.fillText(String(layer), area.right + 6, above);
  }
}
