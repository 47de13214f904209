/** Histogram against density, quantiles against quantiles, F_n − F with its band: the three views of a spectrum. */
import { seriesColours } from './palette.js';
import { axis, exactLine, panelNote } from './parts.js';
import type { Panel, PlotlyObject } from './figure.js';
import type { Histogram, SpectrumPanel } from './results.js';
import { formatNumber } from './text.js';

/** What is drawn of a spectrum and its law. */
export type DrawnSpectrum = Pick<
  SpectrumPanel,
  'eigenvalues' | 'histogram' | 'lawX' | 'lawDensity' | 'lawCdf' | 'atoms' | 'support' | 'outliers' | 'band'
>;

/** What a view gives its panel. */
export type PanelContent = Pick<Panel, 'data' | 'x' | 'y' | 'notes'>;

const zeroMass = (panel: DrawnSpectrum) => panel.atoms.find((atom) => atom.at === 0);

/** An eigenvalue that is zero but for rounding. */
const isZero = (value: number, scale: number): boolean => Math.abs(value) <= 1e-10 * scale;

/** Histogram of the continuous part of `panel`: exact zeros and outliers left out of the bars, kept in the total. */
export function continuousHistogram(panel: DrawnSpectrum): Histogram {
  if (panel.histogram !== undefined) return panel.histogram;
  const { eigenvalues } = panel;
  const scale = Math.max(...eigenvalues.map(Math.abs), 0);
  const apart = new Set(panel.outliers.observed);
  const hasZeros = zeroMass(panel) !== undefined;
  const live = eigenvalues.filter((value) => !apart.has(value) && !(hasZeros && isZero(value, scale)));
  if (live.length === 0) return { edges: [0, 1], counts: [0], total: Math.max(eigenvalues.length, 1) };
  const lower = Math.min(live[0] as number, panel.support[0]?.[0] ?? Infinity);
  const upper = Math.max(live[live.length - 1] as number, panel.support.at(-1)?.[1] ?? -Infinity);
  const bins = Math.max(8, Math.min(48, Math.round(2.2 * Math.cbrt(live.length) + 4)));
  const width = (upper - lower) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of live) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - lower) / width)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => lower + i * width), counts, total: eigenvalues.length };
}

/**
 * The law's curve, interval by interval: down to zero at an edge, but at a hard edge at 0, and broken between two
 * intervals.
 */
function lawCurve(panel: DrawnSpectrum): {
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
} {
  const { lawX, lawDensity, lawCdf, support } = panel;
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const put = (at: number | null, value: number | null): void => {
    x.push(at);
    y.push(value);
  };
  const size = Math.max(...support.flat().map(Math.abs), 0);
  let next = 0;
  for (const [lower, upper] of support) {
    const first = next;
    while (next < lawX.length && (lawX[next] as number) <= upper) next++;
    // A long tail of discrete weights ends in thin intervals that would be specks on the axis.
    if (support.length > 3 && (lawCdf[next - 1] ?? 1) - (lawCdf[first] ?? 0) < 5e-4) continue;
    if (x.length > 0) put(null, null);
    if (Math.abs(lower) > 1e-9 * size) put(lower, 0);
    for (let i = first; i < next; i++) put(lawX[i] as number, lawDensity[i] as number);
    if (Math.abs(upper) > 1e-9 * size) put(upper, 0);
  }
  return { x, y };
}

/**
 * The draw, its outliers and the atoms, and the law as far as it is near them: a law with a long tail has edges far
 * beyond what any draw of this size shows.
 */
function visibleRange(panel: DrawnSpectrum, histogram: Histogram): readonly [number, number] {
  const { eigenvalues, outliers, atoms, support } = panel;
  const occupied = histogram.counts.flatMap((count, i) =>
    count > 0 ? [histogram.edges[i] as number, histogram.edges[i + 1] as number] : [],
  );
  const marks = [
    ...eigenvalues.slice(0, 1),
    ...eigenvalues.slice(-1),
    ...occupied,
    ...outliers.observed,
    ...outliers.predicted.map((outlier) => outlier.at),
    ...atoms.map((atom) => atom.at),
  ];
  if (marks.length === 0) marks.push(...support.flat());
  const [low, high] = [Math.min(...marks), Math.max(...marks)];
  const reach = 0.15 * (high - low);
  const [lower, upper] = [support[0]?.[0] ?? low, support.at(-1)?.[1] ?? high];
  return [Math.min(low, Math.max(lower, low - reach)), Math.max(high, Math.min(upper, high + reach))];
}

/**
 * Eigenvalues of a small block under those of its limit: two rows of ticks, because a handful of atoms has no density.
 */
function atomsView(panel: DrawnSpectrum): PanelContent {
  const ticks = (values: readonly number[], from: number, to: number) => ({
    x: values.flatMap((value) => [value, value, null]),
    y: values.flatMap(() => [from, to, null]),
  });
  const predicted = panel.atoms.map((atom) => atom.at);
  const all = [...panel.eigenvalues, ...predicted];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = 0.08 * (high - low || 1);
  const row = {
    type: 'scatter',
    mode: 'lines',
    hovertemplate: '%{x:.4g}<extra>%{fullData.name}</extra>',
  };
  return {
    data: [
      {
        ...row,
        name: 'law',
        showlegend: true,
        ...ticks(predicted, 0.55, 0.95),
        line: { color: '@blue', width: 1.6 },
      },
      {
        ...row,
        name: 'single eigenvalues',
        showlegend: true,
        ...ticks(panel.eigenvalues, 0.05, 0.45),
        line: { color: '@vermillion', width: 1.2 },
      },
    ],
    x: axis({ title: 'eigenvalue', range: [low - pad, high + pad], nticks: 5 }),
    y: axis({
      range: [0, 1],
      nticks: undefined,
      tickvals: [0.25, 0.75],
      ticktext: ['drawn', 'law'],
      showgrid: false,
    }),
  };
}

/** Density of the law and histogram of the draw, outliers marked with their predictions, atoms in a note. */
export function spectrumView(panel: DrawnSpectrum): PanelContent {
  if (panel.support.length === 0) return atomsView(panel);
  const histogram = continuousHistogram(panel);
  const widths = widthsOf(histogram);
  const heights = histogram.counts.map((count, i) => count / (histogram.total * (widths[i] as number)));
  const sorted = [...panel.lawDensity].filter(Number.isFinite).sort((a, b) => a - b);
  // A density may be unbounded at a hard edge: the axis follows the bars there.
  const tallest = Math.max(...heights, 0);
  const highest = sorted.at(-1) ?? 0;
  const top = 1.18 * Math.max(tallest, Math.min(highest, 1.5 * tallest || highest));
  const [low, high] = visibleRange(panel, histogram);
  const pad = 0.05 * (high - low || 1);
  return {
    data: [
      barsTrace(histogram, heights),
      curveTrace(panel),
      ...outlierTraces(panel, top),
      ...panel.atoms.map((atom) => atomTrace(atom, top)),
    ],
    x: axis({ title: 'eigenvalue', range: [low - pad, high + pad], nticks: 5 }),
    y: axis({ title: 'density', range: [0, top], nticks: 5 }),
    notes: panel.atoms.map((atom) => atomNote(panel, atom)),
  };
}

const hover = '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>';

const widthsOf = ({ counts, edges }: Histogram): number[] =>
  counts.map((_, i) => (edges[i + 1] as number) - (edges[i] as number));

function barsTrace(histogram: Histogram, heights: readonly number[]): PlotlyObject {
  const { counts, edges } = histogram;
  return {
    type: 'bar',
    name: 'eigenvalues',
    showlegend: true,
    x: counts.map((_, i) => ((edges[i] as number) + (edges[i + 1] as number)) / 2),
    y: heights,
    width: widthsOf(histogram),
    marker: { color: '@bar', line: { width: 0 } },
    hovertemplate: hover,
  };
}

const curveTrace = (panel: DrawnSpectrum): PlotlyObject => ({
  type: 'scatter',
  mode: 'lines',
  name: 'law',
  showlegend: true,
  ...lawCurve(panel),
  line: exactLine({ color: '@blue', width: 1.4 }),
  hovertemplate: hover,
});

/** Predictions as dashed lines up from the axis, drawn outliers as diamonds on it. */
function outlierTraces(panel: DrawnSpectrum, top: number): PlotlyObject[] {
  const { predicted, observed } = panel.outliers;
  const lines = {
    type: 'scatter',
    mode: 'lines',
    name: 'predicted outliers',
    showlegend: true,
    x: predicted.flatMap(({ at }) => [at, at, null]),
    y: predicted.flatMap(() => [0, 0.34 * top, null]),
    line: { color: '@vermillion', width: 1, dash: '3px,2px' },
    hovertemplate: hover,
  };
  const diamonds = {
    type: 'scatter',
    mode: 'markers',
    name: 'observed outliers',
    showlegend: true,
    x: observed,
    y: observed.map(() => 0.03 * top),
    marker: { color: '@vermillion', symbol: 'diamond', size: 5 },
    hovertemplate: '%{x:.5g}<extra>%{fullData.name}</extra>',
  };
  return [...(predicted.length > 0 ? [lines] : []), ...(observed.length > 0 ? [diamonds] : [])];
}

type PanelAtom = SpectrumPanel['atoms'][number];

const atomTrace = ({ at, mass }: PanelAtom, top: number): PlotlyObject => ({
  type: 'scatter',
  mode: 'lines+markers',
  name: 'atom of the law',
  showlegend: false,
  x: [at, at],
  y: [0, 0.5 * top],
  line: { color: '@purple', width: 1.4 },
  marker: { color: '@purple', symbol: ['circle', 'triangle-up'], size: [1, 7] },
  hovertemplate: `atom at ${formatNumber(at)}, mass ${formatNumber(mass)}<extra></extra>`,
});

function atomNote(panel: DrawnSpectrum, { at, mass, observed }: PanelAtom): PlotlyObject {
  const share = observed === undefined ? '' : `<br>drawn ${formatNumber(observed)}`;
  const corner = (panel.support[0]?.[1] ?? 0) > 0 ? 'top-right' : 'top-left';
  return panelNote(`atom at ${formatNumber(at)}: ${formatNumber(mass)}${share}`, corner);
}

/** Smallest x with F(x) ≥ p, from the law's table; an atom outside the table is where its mass is. */
export function tabulatedQuantile(panel: DrawnSpectrum, p: number): number {
  const { lawX, lawCdf } = panel;
  if (lawX.length === 0) return atomicQuantile(panel.atoms, p);
  const last = lawX.length - 1;
  const below = panel.atoms.find((atom) => atom.at < (lawX[0] ?? 0));
  if (p <= (lawCdf[0] ?? 0)) return below?.at ?? (lawX[0] as number);
  if (p > (lawCdf[last] ?? 1))
    return panel.atoms.find((atom) => atom.at > (lawX[last] ?? 0))?.at ?? (lawX[last] as number);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lawCdf[middle] as number) < p) low = middle;
    else high = middle;
  }
  const [left, right] = [lawX[low] as number, lawX[high] as number];
  const [from, to] = [lawCdf[low] as number, lawCdf[high] as number];
  const inside = panel.atoms.find((atom) => atom.at >= left && atom.at <= right && atom.mass > 0.5 * (to - from));
  if (inside !== undefined) return inside.at;
  return to > from ? left + ((right - left) * (p - from)) / (to - from) : left;
}

/** Of a law of atoms alone, such as that of a block whose order stays fixed. */
function atomicQuantile(atoms: SpectrumPanel['atoms'], p: number): number {
  const ascending = [...atoms].sort((a, b) => a.at - b.at);
  let mass = 0;
  const found = ascending.find((atom) => (mass += atom.mass) >= p);
  return (found ?? ascending.at(-1))?.at ?? NaN;
}

/** Quantiles of the draw against quantiles of the law. */
export function quantileView(panel: DrawnSpectrum): PanelContent {
  const count = panel.eigenvalues.length;
  const step = Math.max(1, Math.ceil(count / 300));
  const ranks = Array.from({ length: count }, (_, i) => i).filter(
    (i) => i % step === 0 || i === count - 1 || i < 5 || i >= count - 5,
  );
  const x = ranks.map((i) => tabulatedQuantile(panel, (i + 0.5) / count));
  const y = ranks.map((i) => panel.eigenvalues[i] as number);
  const low = Math.min(...x, ...y);
  const high = Math.max(...x, ...y);
  const pad = 0.05 * (high - low || 1);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'equal',
        showlegend: false,
        x: [low, high],
        y: [low, high],
        line: { color: '@axis', width: 0.75 },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'quantiles',
        showlegend: false,
        x,
        y,
        marker: { color: '@blue', size: 2.6 },
        hovertemplate: 'law %{x:.4g}, drawn %{y:.4g}<extra></extra>',
      },
    ],
    x: axis({ title: 'quantile of the law', range: [low - pad, high + pad], nticks: 5 }),
    y: axis({ title: 'quantile drawn', range: [low - pad, high + pad], nticks: 5 }),
  };
}

/** F_n − F and the band of the null; nothing when no band was simulated. */
export function differenceView(panel: DrawnSpectrum): PanelContent | undefined {
  const { band } = panel;
  if (band === undefined) return undefined;
  const largest = 1.15 * Math.max(...[...band.difference, ...band.lower, ...band.upper].map(Math.abs), 1e-12);
  const name = `${formatNumber(100 * band.level)} % of ${band.replicates} null draws`;
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        showlegend: false,
        name,
        x: band.x,
        y: band.lower,
        line: { width: 0, color: '@clear' },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'lines',
        showlegend: true,
        name: 'null band',
        x: band.x,
        y: band.upper,
        fill: 'tonexty',
        fillcolor: '@band',
        line: { width: 0, color: '@clear' },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'lines',
        showlegend: true,
        name: 'F<sub>n</sub> − F',
        x: band.x,
        y: band.difference,
        line: { color: seriesColours[1], width: 1.1 },
        hovertemplate: '%{x:.4g}: %{y:.3g}<extra></extra>',
      },
    ],
    x: axis({ title: 'eigenvalue', nticks: 5 }),
    y: axis({ range: [-largest, largest], nticks: 5, zeroline: true, zerolinecolor: '@axis', zerolinewidth: 0.75 }),
  };
}
