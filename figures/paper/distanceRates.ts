import { pixelsPerInch } from '../figure.js';
import type { columnInches } from '../figure.js';
import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import { seriesColours, seriesSymbols } from '../palette.js';
import {
  axis,
  inPanel,
  joinPanels,
  logAxis,
  panelAxes,
  panelDomain,
  panelNote,
  panelTitle,
  paperFigure,
  type FigurePanel,
} from '../parts.js';
import type { DistanceSeries, RunResults } from '../results.js';
import { formatNumber, levelName, plotlyText, provenance, settingName } from '../text.js';

/** One line of a panel: distances to one law as d grows. */
export interface DistanceLine extends Pick<
  DistanceSeries,
  'label' | 'model' | 'loss' | 'layer' | 'block' | 'distance' | 'dimensions' | 'medians' | 'replicates'
> {
  /** In the legend. */
  readonly name: string;
  /** Number of its colour and symbol, from 0; lines of a panel stand in this order. */
  readonly slot: number;
  /** Where a power of d was fitted. */
  readonly rate?: Pick<DistanceSeries, 'exponent' | 'interval' | 'expected' | 'logCorrection'>;
}

const lineOf = (series: DistanceSeries): DistanceLine => ({
  ...series,
  name: `level ${series.level}: ${levelName(series.level)}`,
  slot: series.level - 1,
  rate: series,
});

/** Value of the fitted law at d: c · d^exponent, times log d / log d_0 when the logarithm was fitted. */
function fittedLine(
  { dimensions, medians }: DistanceLine,
  { exponent, logCorrection }: NonNullable<DistanceLine['rate']>,
): readonly number[] {
  const shape = dimensions.map((d) => d ** exponent * (logCorrection ? Math.log(d) : 1));
  const offsets = medians.map((value, i) => Math.log(value / (shape[i] as number))).filter(Number.isFinite);
  const scale = Math.exp(offsets.reduce((sum, value) => sum + value, 0) / Math.max(offsets.length, 1));
  return shape.map((value) => value * scale);
}

const settingHeading = (series: Pick<DistanceSeries, 'model' | 'layer' | 'loss' | 'block'>): string =>
  `${settingName(series)}, ${series.block}`;

const settingKey = (series: DistanceLine): string => `${settingHeading(series)}|${series.label ?? ''}`;

const distanceName = (series: Pick<DistanceSeries, 'distance'>): string =>
  /^[A-Z]/.test(series.distance) ? `${series.distance} distance` : series.distance;

/**
 * Headings of the panels; on a second line the label where the setting alone would name two panels alike, and a
 * distance unlike the first.
 */
function panelHeadings(groups: readonly (readonly DistanceLine[])[]): readonly string[] {
  const leads = groups.map((group) => group[0] as DistanceLine);
  const plain = leads.map(settingHeading);
  return leads.map((lead, i) => {
    const text = plain[i] as string;
    const details = [
      ...(lead.label !== undefined && plain.filter((other) => other === text).length > 1 ? [lead.label] : []),
      ...(lead.distance === leads[0]?.distance ? [] : [distanceName(lead)]),
    ];
    return details.length > 0
      ? `${plotlyText(text)}<br><span style="font-size:85%">${plotlyText(details.join(', '))}</span>`
      : plotlyText(text);
  });
}

const expectedText = ({ expected, logCorrection }: NonNullable<DistanceLine['rate']>): string =>
  `${expected === -0.5 ? '-1/2' : formatNumber(expected)}${logCorrection ? ' (log)' : ''}`;

/** The three levels of prediction in each panel. */
export function distanceFigure(
  id: string,
  all: readonly DistanceSeries[],
  results: RunResults,
): PaperFigure | undefined {
  const judged = all.some((series) => series.dimensions.length > 1 && series.judged)
    ? `; those for the ${levelName(3)} are judged, the others shown, not judged`
    : '';
  return distanceLinesFigure(id, all.map(lineOf), { judged, source: provenance(results) });
}

/** Distances against d on logarithmic axes, the laws of a setting in each panel, fitted slopes in a note. */
export function distanceLinesFigure(
  id: string,
  all: readonly DistanceLine[],
  { judged, source, widest = 3 }: { readonly judged: string; readonly source: string; readonly widest?: number },
): PaperFigure | undefined {
  const usable = all.filter((series) => series.dimensions.length > 1);
  if (usable.length === 0) return undefined;
  const groups = new Map<string, DistanceLine[]>();
  for (const series of usable) groups.set(settingKey(series), [...(groups.get(settingKey(series)) ?? []), series]);
  const panels = [...groups.values()];
  const headings = panelHeadings(panels);
  const tall = headings.some((heading) => heading.includes('<br>'));
  const columns = Math.min(panels.length, panels.length === 4 ? 2 : widest);
  const rows = Math.ceil(panels.length / columns);
  const column: keyof typeof columnInches = columns === 1 ? 'single' : 'double';
  // Four rows and more must leave room for a caption on the page.
  // In one column the three levels stand below each other.
  const legendRoom = columns === 1 ? 38 : 0;
  const heightInches = 0.6 + legendRoom / pixelsPerInch + (tall ? 2.1 : 1.95) * rows * (rows > 3 ? 0.85 : 1);
  const grid = { rows, columns, horizontalGap: 0.07, verticalGap: (tall ? 0.65 : 0.5) / heightInches };
  const named = new Set<number>();
  const content = panels.map((group, position) => {
    const levels = [...group].sort((x, y) => x.slot - y.slot);
    // Each law stands in the legend once.
    const unnamed = levels.filter(({ slot }) => !named.has(slot) && named.add(slot));
    const isLowest = position >= panels.length - columns;
    const isSameDistance = group[0]!.distance === panels[0]![0]!.distance;
    return distancePanel(levels, unnamed, position, headings[position]!, {
      domain: panelDomain(grid, Math.floor(position / columns), position % columns),
      x: isLowest ? { title: 'd' } : {},
      y: position % columns === 0 ? { title: isSameDistance ? distanceName(group[0]!) : 'distance' } : {},
    });
  });
  return paperFigure({
    id,
    title: 'Distance of spectra to their laws against d',
    column,
    heightInches,
    ...joinPanels(content),
    margin: { t: (tall ? 54 : 42) + legendRoom, b: 34, l: 44 },
    caption: `Distance of spectra to their laws against $d$ (${distanceName(usable[0]!)} unless a panel names another). Large marks: medians of independent draws (small dots); lines: fitted powers of $d$, with $\\log d$ where the theory has it; noted: exponents with their ${formatNumber(100 * (usable[0]?.rate?.interval.level ?? 0.95))} % intervals beside what is expected${judged}. Draws for each point: ${usable[0]?.replicates[0]?.length ?? 0}. ${source}`,
  });
}

/** The levels of one setting, in their order; those of `inLegend` name themselves there. */
function distancePanel(
  levels: readonly DistanceLine[],
  inLegend: readonly DistanceLine[],
  position: number,
  title: string,
  axes: { readonly domain: ReturnType<typeof panelDomain>; readonly x: PlotlyObject; readonly y: PlotlyObject },
): FigurePanel {
  const dimensions = [...new Set(levels.flatMap((series) => series.dimensions))].sort((a, b) => a - b);
  const ticks =
    dimensions.length <= 5 ? dimensions : dimensions.filter((_, i) => i % Math.ceil(dimensions.length / 5) === 0);
  const shown = levels.flatMap((series) => [...drawnPoints(series).map(([, value]) => value), ...series.medians]);
  const [lowest, highest] = [Math.min(...shown.filter((value) => value > 0)), Math.max(0, ...shown)];
  // Room below the points for the slopes.
  const range = [
    Math.log10(lowest) - 0.16 - 0.14 * levels.length * (Math.log10(highest / lowest) / 1.2),
    Math.log10(highest) + 0.1,
  ];
  return {
    data: levels.flatMap((series) => levelTraces(series, inLegend.includes(series), position)),
    annotations: [
      panelTitle(position, title),
      panelNote(position, levels.flatMap(exponentNote).join('<br>'), 'bottom-left'),
    ],
    axes: panelAxes(
      position,
      axes.domain,
      axis({ type: 'log', tickvals: ticks, ticktext: ticks.map(String), nticks: undefined, ...axes.x }),
      logAxis({ range, ...axes.y }),
    ),
  };
}

function drawnPoints({ replicates, dimensions }: DistanceLine): (readonly [number, number])[] {
  return replicates
    .flatMap((row, i) => row.map((value) => [dimensions[i]!, value] as const))
    .filter(([, value]) => value > 0);
}

function exponentNote({ rate, slot }: DistanceLine): string[] {
  if (rate === undefined) return [];
  const { exponent, interval } = rate;
  const text = `${exponent.toFixed(2)} [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}], theory ${expectedText(rate)}`;
  return [`<span style="color:${seriesColours[slot]}">●</span> ${text.replaceAll('-', '−')}`];
}

/** Draws, fitted line, medians. */
function levelTraces(series: DistanceLine, isInLegend: boolean, position: number): PlotlyObject[] {
  const { slot, name, rate, dimensions, medians } = series;
  const colour = seriesColours[slot];
  const points = drawnPoints(series);
  const common = { type: 'scatter', showlegend: false, ...inPanel(position) };
  return [
    {
      ...common,
      mode: 'markers',
      x: points.map(([d]) => d),
      y: points.map(([, value]) => value),
      marker: { color: colour, size: 2, opacity: 0.3 },
      hoverinfo: 'skip',
    },
    ...(rate === undefined
      ? []
      : [
          {
            ...common,
            mode: 'lines',
            x: dimensions,
            y: fittedLine(series, rate),
            line: { color: colour, width: 1.2 },
            hoverinfo: 'skip',
          },
        ]),
    {
      ...common,
      mode: 'markers',
      name,
      legendgroup: String(slot + 1),
      showlegend: isInLegend,
      x: dimensions,
      y: medians,
      marker: { color: colour, symbol: seriesSymbols[slot], size: 5 },
      hovertemplate: `d = %{x}: median %{y:.3g}<extra>${name.replace(/:.*/, '')}</extra>`,
    },
  ];
}

export const distanceRates: FigureDefinition = {
  id: 'distance-against-dimension',
  title: 'Distance against d at three levels of prediction',
  needs: 'distances at two or more dimensions',
  build: (results) => {
    const all = results.claims.flatMap((claim) => claim.distances);
    // One experiment of each setting fills a page; a report shows them all, claim by claim.
    const kept = all.filter(
      (series) => all.find((other) => settingHeading(other) === settingHeading(series))?.label === series.label,
    );
    const figure = distanceFigure('distance-against-dimension', kept, results);
    const shown = [...new Set(kept.map((series) => series.label ?? ''))].join(', ');
    return figure === undefined || kept.length === all.length
      ? figure
      : {
          ...figure,
          caption: figure.caption.replace(
            ' Settings of the run:',
            ` Experiments shown: ${shown}. Settings of the run:`,
          ),
        };
  },
};
