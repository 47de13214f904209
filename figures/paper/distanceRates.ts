import type { FigurePlan, PaperFigure, Panel, PlotlyObject } from '../figure.js';
import { figureDefinition, layOut } from '../layout/layOut.js';
import { seriesColours, seriesSymbols } from '../palette.js';
import { axis, logAxis, logExtent, panelNote } from '../parts.js';
import type { DistanceSeries, RunResults } from '../results.js';
import { formatNumber, levelName, plainText, plotlyText, provenance, settingName } from '../text.js';

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
      ? `${plotlyText(text)}<br><span style="font-size:88%">${plotlyText(details.join(', '))}</span>`
      : plotlyText(text);
  });
}

const expectedText = ({ expected, logCorrection }: NonNullable<DistanceLine['rate']>): string =>
  `${expected === -0.5 ? '-1/2' : formatNumber(expected)}${logCorrection ? ' (log)' : ''}`;

const judgedText = (all: readonly DistanceSeries[]): string =>
  all.some((series) => series.dimensions.length > 1 && series.judged)
    ? `; those for the ${levelName(3)} are judged`
    : '';

/** The three levels of prediction in each panel. */
export function distanceFigure(
  id: string,
  all: readonly DistanceSeries[],
  results: RunResults,
): PaperFigure | undefined {
  const plan = distancePlan(id, all.map(lineOf), { judged: judgedText(all), source: provenance(results) });
  return plan === undefined ? undefined : layOut(plan);
}

/** Distances against d on logarithmic axes, the laws of a setting in each panel, fitted slopes in a note. */
export function distancePlan(
  id: string,
  all: readonly DistanceLine[],
  { judged, source, remark = '' }: { readonly judged: string; readonly source: string; readonly remark?: string },
): FigurePlan | undefined {
  const lines = all.filter((series) => series.dimensions.length > 1);
  const [first] = lines;
  if (first === undefined) return undefined;
  const groups = new Map<string, DistanceLine[]>();
  for (const series of lines) groups.set(settingKey(series), [...(groups.get(settingKey(series)) ?? []), series]);
  const settings = [...groups.values()];
  const headings = panelHeadings(settings);
  return {
    id,
    title: 'Distance of spectra to their laws against d',
    column: settings.length === 1 ? 'single' : 'double',
    groups: settings.map((group, i) => [distancePanel(group, headings[i]!, first.distance)]),
    most: { single: 1, double: 2 },
    caption: `Distance of spectra to their laws against $d$ (${distanceName(first)} unless a panel names another): medians (large marks) of ${first.replicates[0]?.length ?? 0} independent draws (dashes), and fitted powers of $d$, with $\\log d$ where the theory has it. Noted: exponents with their ${formatNumber(100 * (first.rate?.interval.level ?? 0.95))} % intervals, where there is room for them, beside what is expected${judged}${remark}.`,
    source,
  };
}

/** The levels of one setting, in their order. */
function distancePanel(group: readonly DistanceLine[], title: string, usual: string): Panel {
  const levels = [...group].sort((x, y) => x.slot - y.slot);
  const dimensions = [...new Set(levels.flatMap((series) => series.dimensions))].sort((a, b) => a - b);
  const ticks =
    dimensions.length <= 5 ? dimensions : dimensions.filter((_, i) => i % Math.ceil(dimensions.length / 5) === 0);
  const shown = levels.flatMap((series) => [...drawnPoints(series).map(([, value]) => value), ...series.medians]);
  const [lowest, highest] = logExtent(shown, 0);
  // Room below the points for the slopes.
  const room = 0.1 + (0.16 * levels.length * (highest - lowest)) / (1 - 0.16 * levels.length);
  const lead = levels[0]!;
  return {
    name: plainText(title),
    title,
    data: levels.flatMap(levelTraces),
    more: levels.map((series) => ({
      name: `${series.name}, draws`,
      x: drawnPoints(series).map(([d]) => d),
      y: drawnPoints(series).map(([, value]) => value),
    })),
    shapes: levels.filter((series) => drawnPoints(series).length > 0).map(drawsOf),
    notes: [exponentNotes(levels)],
    x: axis({ type: 'log', tickvals: ticks, ticktext: ticks.map(String), nticks: undefined, title: '<i>d</i>' }),
    y: logAxis([lowest - room, highest + 0.1], { title: lead.distance === usual ? distanceName(lead) : 'distance' }),
    height: { inches: 1.2 },
  };
}

function drawnPoints({ replicates, dimensions }: DistanceLine): (readonly [number, number])[] {
  return replicates
    .flatMap((row, i) => row.map((value) => [dimensions[i]!, value] as const))
    .filter(([, value]) => value > 0);
}

/** Exponents beside what theory expects, with their intervals where there is room. */
function exponentNotes(levels: readonly DistanceLine[]): PlotlyObject {
  const lines = (isWide: boolean): string =>
    levels
      .flatMap(({ rate, slot }) => {
        if (rate === undefined) return [];
        const { exponent, interval } = rate;
        const range = isWide ? ` [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}]` : '';
        const text = `${exponent.toFixed(2)}${range}, theory ${expectedText(rate)}`.replaceAll('-', '−');
        return [`<span style="color:${seriesColours[slot]}">●</span> ${isWide ? text : text.replace(' theory', '')}`];
      })
      .join('<br>');
  return panelNote(lines(true), 'bottom-left', lines(false));
}

/** A dash for each draw, all in one path: an element for each makes a large file. */
function drawsOf(series: DistanceLine): PlotlyObject {
  const dashes = drawnPoints(series).map(
    ([d, value]) =>
      `M${(d * 0.985).toPrecision(6)},${value.toPrecision(6)}L${(d * 1.015).toPrecision(6)},${value.toPrecision(6)}`,
  );
  return {
    ...{ type: 'path', path: dashes.join(''), xref: 'x', yref: 'y', layer: 'below', opacity: 0.4 },
    line: { color: seriesColours[series.slot], width: 0.5 },
  };
}

/** Fitted line, medians. */
function levelTraces(series: DistanceLine): PlotlyObject[] {
  const { slot, name, rate, dimensions, medians } = series;
  const colour = seriesColours[slot];
  const common = { type: 'scatter', showlegend: false };
  return [
    ...(rate === undefined
      ? []
      : [
          {
            ...common,
            mode: 'lines',
            name: `${name}, fitted`,
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
      showlegend: true,
      x: dimensions,
      y: medians,
      marker: { color: colour, symbol: seriesSymbols[slot], size: 5 },
      hovertemplate: `d = %{x}: median %{y:.3g}<extra>${name.replace(/:.*/, '')}</extra>`,
    },
  ];
}

export const distanceRates = figureDefinition({
  id: 'distance-against-dimension',
  title: 'Distance against d at three levels of prediction',
  needs: 'distances at two or more dimensions',
  plan: (results) => {
    const all = results.claims.flatMap((claim) => claim.distances);
    // One experiment of each setting fills a page; a report shows them all, claim by claim.
    const kept = all.filter(
      (series) => all.find((other) => settingHeading(other) === settingHeading(series))?.label === series.label,
    );
    const shown = [...new Set(kept.map((series) => series.label ?? ''))].join(', ');
    return distancePlan('distance-against-dimension', kept.map(lineOf), {
      judged: judgedText(kept),
      source: provenance(results),
      remark: kept.length === all.length ? '' : `; experiments shown: ${shown}`,
    });
  },
});
