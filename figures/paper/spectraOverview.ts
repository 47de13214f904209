import type { FigureDefinition, Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import type { RunResults, SpectrumPanel } from '../results.js';
import { spectrumView, type PanelContent } from '../spectrumParts.js';
import { formatClasses, formatNumber, levelName, listValues, plotlyText, provenance, settingName } from '../text.js';

/** Histogram against density, or another view of a spectrum. */
export const spectrumPanel = (
  panel: SpectrumPanel,
  heading: string,
  view: (panel: SpectrumPanel) => PanelContent = spectrumView,
): Panel => ({ name: heading, title: plotlyText(heading), ...view(panel), height: { inches: 1.05 } });

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
  const valueOf = (panel: SpectrumPanel): string =>
    parameter === 'classes' ? formatClasses(panel.classes) : formatNumber(panel[parameter]);
  return figureDefinition({
    id,
    title,
    needs: `spectra of one block at two or more values of ${name}`,
    plan: (results) => {
      const series = seriesBy(results, parameter);
      const lead = series[0]?.[0];
      if (lead === undefined) return undefined;
      const columns = Math.max(2, Math.min(4, Math.max(...series.map((group) => group.length))));
      const groups = series.map((group) =>
        thin(group, columns).map((panel) => spectrumPanel(panel, `${panel.block}, ${name} = ${valueOf(panel)}`)),
      );
      const kept = {
        dimension: `d = ${lead.dimension}`,
        aspectRatio: `d/N = ${formatNumber(lead.aspectRatio)}`,
        classes: `C = ${formatClasses(lead.classes)}`,
      };
      const others = Object.entries(kept)
        .filter(([key]) => key !== parameter && !(parameter === 'aspectRatio' && key === 'dimension'))
        .map(([, text]) => text);
      return {
        id,
        title,
        column: 'double',
        groups,
        most: { single: 2, double: columns },
        caption: `Eigenvalues against their law (${levelName(lead.level)}) as ${name} changes: ${settingName(lead)}, ${others.join(', ')}.`,
        source: provenance(results),
      };
    },
  });
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

export const spectraOverview = figureDefinition({
  id: 'spectra',
  title: 'Every block against its law',
  needs: 'spectra of any claim',
  plan: (results) => {
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
    const panels = [...best.values()];
    if (panels.length === 0) return undefined;
    return {
      id: 'spectra',
      title: 'Every block against its law',
      column: 'double',
      groups: panels.map((panel) => [spectrumPanel(panel, `${settingName(panel)}, ${panel.block}`)]),
      most: { single: 2, double: 3 },
      caption: `Eigenvalues of the diagonal and off-diagonal blocks at initialisation against their limit laws; blocks that are exactly zero are not drawn. Dimensions: ${listValues(panels.map(({ dimension }) => dimension))}; classes: ${listValues(panels.map(({ classes }) => classes))}.`,
      source: provenance(results),
    };
  },
});
