import type { Atom, Outlier } from '../../../theory/contracts.js';
import type { LawView } from './lawOfState.js';

export interface PlotContent {
  readonly view: LawView | undefined;
  readonly outliers: readonly Outlier[];
  /** Ascending; absent until a Hessian has been drawn. */
  readonly eigenvalues: Float64Array | undefined;
  readonly axisTitle: string;
  /** A law from before the last change, kept until the new one is there. */
  readonly stale: boolean;
}

const margin = { left: 66, right: 14, top: 26, bottom: 44 };

/** About `count` round numbers in a range. */
function roundTicks(low: number, high: number, count: number): readonly number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + 1e-9 * step; tick += step)
    ticks.push(Math.abs(tick) < 1e-9 * step ? 0 : tick);
  return ticks;
}

const tickText = (value: number): string =>
  (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(6)))
  ).replaceAll('-', '−');

/** The end of the window nearer to the highest point of the density. */
function steepEdge(view: LawView): number {
  let best = 0;
  view.density.forEach((value, i) => {
    if (value > (view.density[best] as number) || Number.isNaN(view.density[best])) best = i;
  });
  const [lower, upper] = view.window;
  return (view.x[best] ?? lower) - lower <= upper - (view.x[best] ?? lower) ? lower : upper;
}

/**
 * Eigenvalues inside the window, in bins, as a density of all of them; exact zeros left to the atom when there is one.
 */
function histogram(
  eigenvalues: Float64Array,
  low: number,
  high: number,
  anchor: number,
  withoutZeros: boolean,
): { readonly edges: readonly number[]; readonly heights: readonly number[] } {
  const scale = Math.max(...eigenvalues.map(Math.abs), 0);
  const live = Array.from(eigenvalues).filter(
    (value) => !(withoutZeros && Math.abs(value) <= 1e-10 * scale) && value >= low && value <= high,
  );
  // The rule of Freedman and Diaconis with a smaller factor, because these densities are steep at an edge.
  const spread = (live[Math.floor(0.75 * live.length)] ?? high) - (live[Math.floor(0.25 * live.length)] ?? low);
  const width = Math.min((high - low) / 16, Math.max((high - low) / 150, (1.4 * spread) / Math.cbrt(live.length)));
  // A bin begins at the edge of the law where the density is steepest.
  const start = anchor - Math.ceil((anchor - low) / width) * width;
  const bins = Math.ceil((high - start) / width);
  const heights = new Array<number>(bins).fill(0);
  for (const value of live) {
    const bin = Math.min(bins - 1, Math.floor((value - start) / width));
    heights[bin] = (heights[bin] as number) + 1 / (eigenvalues.length * width);
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => start + i * width), heights };
}

/** What is drawn, in the units of the law, and where the canvas has it. */
interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly low: number;
  readonly high: number;
  readonly top: number;
  readonly fontFamily: string;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  /** The value of a colour of the style sheet. */
  readonly colour: (name: string) => string;
}

type Bars = ReturnType<typeof histogram>;

/** Draws law, histogram, atoms and outliers; returns nothing else, so a frame costs only this. */
export function drawPlot(canvas: HTMLCanvasElement, content: PlotContent): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  fitToScreen(canvas, context);
  const { view, eigenvalues } = content;
  if (view === undefined) return;
  const [low, high] = rangeOf(view, content);
  const bars =
    eigenvalues === undefined || view.x.length === 0
      ? undefined
      : histogram(
          eigenvalues,
          low,
          high,
          steepEdge(view),
          view.atoms.some((atom) => atom.at === 0),
        );
  const frame = frameOf(canvas, context, low, high, topOf(view, bars));
  drawGrid(frame, content.axisTitle);
  drawDensity(frame, view, bars, content.stale);
  context.strokeStyle = frame.colour('axis');
  context.lineWidth = 1;
  context.strokeRect(margin.left, margin.top, frame.plotWidth, frame.plotHeight);
  drawAtoms(frame, view.atoms);
  drawOutliers(frame, content.outliers);
  if (eigenvalues !== undefined) drawTicks(frame, eigenvalues);
}

/** As many pixels as the screen has, in units of the page's pixels, and cleared. */
export function fitToScreen(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): void {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
}

function frameOf(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  low: number,
  high: number,
  top: number,
): Frame {
  const style = getComputedStyle(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const plotWidth = width - margin.left - margin.right;
  const plotHeight = height - margin.top - margin.bottom;
  return {
    context,
    width,
    height,
    plotWidth,
    plotHeight,
    low,
    high,
    top,
    fontFamily: style.fontFamily,
    toX: (value) => margin.left + ((value - low) / (high - low)) * plotWidth,
    toY: (value) => margin.top + plotHeight - (value / top) * plotHeight,
    colour: (name) => style.getPropertyValue(`--${name}`).trim(),
  };
}

/** The ends of the horizontal axis. */
function rangeOf(view: LawView, { eigenvalues, outliers }: PlotContent): readonly [number, number] {
  const extent = [...view.window, ...outliers.map((outlier) => outlier.at), ...view.atoms.map((atom) => atom.at)];
  if (eigenvalues !== undefined && eigenvalues.length > 0) {
    // A lone far eigenvalue of a long tail should not flatten the picture.
    const span = Math.max(...extent) - Math.min(...extent);
    extent.push(
      Math.max(eigenvalues[0] as number, Math.min(...extent) - span / 3),
      Math.min(eigenvalues.at(-1) as number, Math.max(...extent) + span / 3),
    );
  }
  const [first, last] = [Math.min(...extent), Math.max(...extent)];
  const pad = 0.04 * (last - first || 1);
  return [first - pad, last + pad];
}

/** The upper end of the vertical axis. */
function topOf(view: LawView, bars: Bars | undefined): number {
  const finite = Array.from(view.density)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  // An unbounded density would flatten the rest: the axis ends where the highest 3 % of the points begin, if they stand
  // far out.
  const usual = finite[Math.floor(0.97 * (finite.length - 1))] ?? 1;
  const largest = finite.at(-1) ?? 1;
  const tallest = Math.max(...(bars?.heights ?? [0]));
  if (finite.length === 0) return 1.12 * tallest || 1;
  return 1.12 * Math.max(largest > 6 * usual ? 2 * usual : largest, Math.min(tallest, 2.5 * usual)) || 1;
}

function drawGrid(frame: Frame, axisTitle: string): void {
  const { context, width, height, plotWidth, plotHeight, toX, toY, colour } = frame;
  context.font = `12px ${frame.fontFamily}`;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  for (const tick of roundTicks(0, frame.top, 4)) {
    context.strokeStyle = colour('grid');
    context.beginPath();
    context.moveTo(margin.left, toY(tick));
    context.lineTo(width - margin.right, toY(tick));
    context.stroke();
    context.fillStyle = colour('muted');
    context.textAlign = 'right';
    context.fillText(tickText(tick), margin.left - 6, toY(tick));
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of roundTicks(frame.low, frame.high, width < 500 ? 4 : 8)) {
    context.strokeStyle = colour('grid');
    context.beginPath();
    context.moveTo(toX(tick), margin.top);
    context.lineTo(toX(tick), margin.top + plotHeight);
    context.stroke();
    context.fillStyle = colour('muted');
    context.fillText(tickText(tick), toX(tick), margin.top + plotHeight + 6);
  }
  context.fillStyle = colour('ink');
  context.fillText(axisTitle, margin.left + plotWidth / 2, height - 17);
  context.save();
  context.translate(4, margin.top + plotHeight / 2);
  context.rotate(-Math.PI / 2);
  context.fillText('density', 0, 0);
  context.restore();
}

/** The histogram under the curve of the law; before a draw, the area under the curve. */
function drawDensity(frame: Frame, view: LawView, bars: Bars | undefined, stale: boolean): void {
  const { context, toX, toY, colour } = frame;
  context.save();
  context.beginPath();
  context.rect(margin.left, margin.top, frame.plotWidth, frame.plotHeight);
  context.clip();
  if (bars !== undefined) {
    context.fillStyle = colour('bar');
    bars.heights.forEach((value, i) => {
      const [left, right] = [toX(bars.edges[i] as number), toX(bars.edges[i + 1] as number)];
      context.fillRect(left, toY(value), right - left - 0.5, toY(0) - toY(value));
    });
  } else {
    context.fillStyle = colour('band');
    traceCurve(context, view, toX, toY, true);
    context.fill();
  }
  context.strokeStyle = colour('blue');
  context.globalAlpha = stale ? 0.35 : 1;
  context.lineWidth = 2;
  traceCurve(context, view, toX, toY, false);
  context.stroke();
  context.restore();
}

/** An arrow as high as its mass, which stands above it. */
function drawAtoms({ context, plotHeight, toX, toY, colour }: Frame, atoms: readonly Atom[]): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.strokeStyle = context.fillStyle = colour('purple');
  context.lineWidth = 2;
  for (const { at, mass } of atoms) {
    const x = toX(at);
    const tip = margin.top + plotHeight * (1 - 0.85 * Math.min(1, mass));
    context.beginPath();
    context.moveTo(x, toY(0));
    context.lineTo(x, tip);
    context.stroke();
    context.beginPath();
    context.moveTo(x - 4, tip + 6);
    context.lineTo(x, tip);
    context.lineTo(x + 4, tip + 6);
    context.fill();
    context.fillText(`${Number(mass.toPrecision(3))}`, x, tip - 2);
  }
}

function drawOutliers({ context, plotHeight, toX, toY, colour }: Frame, outliers: readonly Outlier[]): void {
  context.setLineDash([4, 3]);
  context.strokeStyle = colour('vermillion');
  context.lineWidth = 1.5;
  for (const outlier of outliers) {
    context.beginPath();
    context.moveTo(toX(outlier.at), toY(0));
    context.lineTo(toX(outlier.at), toY(0) - 0.3 * plotHeight);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Every eigenvalue as a tick under the axis: outliers are seen, whatever the bins. */
function drawTicks({ context, plotHeight, low, high, toX, colour }: Frame, eigenvalues: Float64Array): void {
  context.strokeStyle = colour('ink');
  context.lineWidth = 0.7;
  context.beginPath();
  for (const value of eigenvalues) {
    if (value < low || value > high) continue;
    context.moveTo(toX(value), margin.top + plotHeight);
    context.lineTo(toX(value), margin.top + plotHeight + 4);
  }
  context.stroke();
}

function traceCurve(
  context: CanvasRenderingContext2D,
  view: LawView,
  toX: (x: number) => number,
  toY: (y: number) => number,
  closed: boolean,
): void {
  context.beginPath();
  let open = false;
  let lastX = 0;
  view.x.forEach((x, i) => {
    const y = view.density[i] as number;
    if (!Number.isFinite(y)) {
      if (open && closed) context.lineTo(lastX, toY(0));
      open = false;
      return;
    }
    lastX = toX(x);
    // Far above the window the curve is cut: canvases dislike huge coordinates.
    const at = Math.max(toY(y), -1e4);
    if (open) context.lineTo(lastX, at);
    else {
      if (closed) context.moveTo(lastX, toY(0));
      if (closed) context.lineTo(lastX, at);
      else context.moveTo(lastX, at);
    }
    open = true;
  });
  if (open && closed) context.lineTo(lastX, toY(0));
}
