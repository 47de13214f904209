import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import { panelAxes, panelDomain, panelTitle, paperFigure, titled } from '../parts.js';
import type { RunResults, SpectrumPanel } from '../results.js';
import { spectrumView, type PanelContent } from '../spectrumParts.js';
import { formatClasses, formatNumber, levelName, listValues, plotlyText, provenance, settingName } from '../text.js';

/** Histograms against densities on a grid of panels. */
export function spectrumGrid(parts: {
  readonly id: string;
  readonly title: string;
  readonly panels: readonly {
    readonly panel: SpectrumPanel;
    readonly heading: string;
    /** In place of a histogram and a density. */
    readonly view?: (panel: SpectrumPanel, position: number) => PanelContent;
  }[];
  readonly columns: number;
  readonly caption: string;
}): PaperFigure {
  const rows = Math.ceil(parts.panels.length / parts.columns);
  const heightInches = 0.75 + 1.5 * rows;
  const grid = { rows, columns: parts.columns, horizontalGap: 0.075, verticalGap: 0.42 / heightInches + 0.015 };
  const data: PlotlyObject[] = [];
  const annotations: PlotlyObject[] = [];
  let layout: PlotlyObject = {};
  const named = new Set<unknown>();
  parts.panels.forEach(({ panel, heading, view }, position) => {
    const content = view === undefined ? spectrumView(panel, position, { legend: true }) : view(panel, position);
    for (const trace of content.traces) {
      const first = trace['showlegend'] === true && !named.has(trace['name']);
      if (first) named.add(trace['name']);
      data.push({ ...trace, showlegend: first });
    }
    annotations.push(...content.annotations, panelTitle(position, plotlyText(heading)));
    const domain = panelDomain(grid, Math.floor(position / parts.columns), position % parts.columns);
    const isLowest = position + parts.columns >= parts.panels.length;
    const isFirst = position % parts.columns === 0 && panel.support.length > 0;
    const x = { ...content.xaxis, ...(parts.columns > 3 ? { nticks: 4 } : {}) };
    layout = {
      ...layout,
      ...panelAxes(
        position,
        domain,
        titled(x, isLowest ? (view === undefined ? 'eigenvalue' : '|eigenvalue|') : ''),
        titled(content.yaxis, isFirst ? (view === undefined ? 'density' : 'share') : ''),
      ),
    };
  });
  return paperFigure({
    id: parts.id,
    title: parts.title,
    column: 'double',
    heightInches,
    data,
    layout: { ...layout, annotations, bargap: 0, showlegend: true },
    margin: { t: 46, b: 34, l: 48 },
    caption: parts.caption,
  });
}

const allPanels = (results: RunResults): readonly SpectrumPanel[] => results.claims.flatMap((claim) => claim.spectra);

/** Panels that differ from each other in `dimension`, `aspectRatio` or `classes` only. */
function seriesBy(
  results: RunResults,
  parameter: 'dimension' | 'aspectRatio' | 'classes',
): readonly (readonly SpectrumPanel[])[] {
  const groups = new Map<string, SpectrumPanel[]>();
  for (const panel of allPanels(results)) {
    const fixed = ['dimension', 'aspectRatio', 'classes']
      .filter((name) => name !== parameter)
      .map((name) =>
        name === 'aspectRatio' ? formatNumber(panel.aspectRatio, 4) : String(panel[name as 'dimension' | 'classes']),
      );
    // Growing d at one aspect ratio is a series; so is a changing aspect ratio whatever N.
    const key = [
      panel.model,
      panel.loss,
      panel.layer,
      panel.block,
      panel.level,
      panel.initialisation,
      panel.activation,
      panel.width,
      ...fixed,
    ].join('|');
    const group = groups.get(key) ?? [];
    if (!group.some((other) => other[parameter] === panel[parameter])) group.push(panel);
    groups.set(key, group);
  }
  const value = (panel: SpectrumPanel): number => (panel[parameter] === 'inf' ? Infinity : Number(panel[parameter]));
  const series = [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => value(a) - value(b)));
  const longest = series.sort((a, b) => b.length - a.length);
  // One series for each kind of block, of one model and loss.
  const first = longest[0];
  if (first === undefined) return [];
  const lead = first[0] as SpectrumPanel;
  const partner = longest.find((group) => {
    const head = group[0] as SpectrumPanel;
    return (
      head.model === lead.model && head.loss === lead.loss && head.layer === lead.layer && head.block !== lead.block
    );
  });
  return [first, ...(partner === undefined ? [] : [partner])];
}

const thin = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as T);

function seriesFigure(
  id: string,
  title: string,
  parameter: 'dimension' | 'aspectRatio' | 'classes',
  name: string,
): FigureDefinition {
  return {
    id,
    title,
    needs: `spectra of one block at two or more values of ${name}`,
    build: (results) => {
      const series = seriesBy(results, parameter);
      if (series.length === 0) return undefined;
      const columns = Math.max(2, Math.min(4, Math.max(...series.map((group) => group.length))));
      const panels = series.flatMap((group) =>
        thin(group, columns).map((panel) => ({
          panel,
          heading: `${panel.block}, ${name} = ${parameter === 'classes' ? formatClasses(panel.classes) : formatNumber(panel[parameter])}`,
        })),
      );
      const lead = series[0]?.[0] as SpectrumPanel;
      const kept = {
        dimension: `d = ${lead.dimension}`,
        aspectRatio: `d/N = ${formatNumber(lead.aspectRatio)}`,
        classes: `C = ${formatClasses(lead.classes)}`,
      };
      const others = Object.entries(kept)
        .filter(([key]) => key !== parameter && !(parameter === 'aspectRatio' && key === 'dimension'))
        .map(([, text]) => text);
      return spectrumGrid({
        id,
        title,
        panels,
        columns,
        caption: `Eigenvalues against their law (${levelName(lead.level)}) for ${name} of ${parameter === 'classes' ? listValues(series[0]?.map((panel) => panel.classes) ?? []) : (series[0] ?? []).map((panel) => formatNumber(panel[parameter])).join(', ')}: ${settingName(lead)}, ${others.join(', ')}. ${provenance(results)}`,
      });
    },
  };
}

export const spectraByDimension = seriesFigure(
  'spectra-by-dimension',
  'Spectra against their law as d grows',
  'dimension',
  'd',
);
export const spectraByAspectRatio = seriesFigure(
  'spectra-by-aspect-ratio',
  'Spectra against their law for several aspect ratios',
  'aspectRatio',
  'd/N',
);
export const spectraByClasses = seriesFigure(
  'spectra-by-classes',
  'Spectra against their law for several numbers of classes',
  'classes',
  'C',
);

export const spectraOverview: FigureDefinition = {
  id: 'spectra',
  title: 'Every block against its law',
  needs: 'spectra of any claim',
  build: (results) => {
    const best = new Map<string, SpectrumPanel>();
    for (const panel of allPanels(results)) {
      const key = `${panel.model}|${panel.layer}|${panel.loss}|${panel.block}`;
      const held = best.get(key);
      if (
        held === undefined ||
        panel.dimension > held.dimension ||
        (panel.dimension === held.dimension && panel.level < held.level)
      )
        best.set(key, panel);
    }
    if (best.size === 0) return undefined;
    const panels = [...best.values()].map((panel) => ({ panel, heading: `${settingName(panel)}, ${panel.block}` }));
    return spectrumGrid({
      id: 'spectra',
      title: 'Every block against its law',
      panels,
      columns: Math.min(3, panels.length),
      caption: `Eigenvalues of the diagonal and off-diagonal blocks at initialisation against their limit laws; blocks that the theory says are exactly zero are not drawn. Dimensions: ${listValues(panels.map(({ panel }) => panel.dimension))}; classes: ${listValues(panels.map(({ panel }) => panel.classes))}. ${provenance(results)}`,
    });
  },
};
