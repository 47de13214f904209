import type { FigurePlan, PaperFigure, Panel } from '../figure.js';
import { figureDefinition, layOut } from '../layout/layOut.js';
import type { RunResults, SpectrumPanel } from '../results.js';
import { differenceView, quantileView, spectrumView } from '../spectrumParts.js';
import {
  formatClasses,
  formatNumber,
  initialisationName,
  levelName,
  plotlyText,
  provenance,
  settingName,
  widthText,
} from '../text.js';

/** "hidden layer, CE, diagonal: d = 500, N = 1000, C = 10, LeCun". */
export function panelHeading(panel: SpectrumPanel): string {
  return `${settingName(panel)}, ${panel.block}: d = ${panel.dimension}, N = ${panel.samples}, C = ${formatClasses(panel.classes)}${widthText(panel)}, ${initialisationName(panel.initialisation)}`;
}

/** Spectrum, quantiles and F_n − F of one block; without a band the last is left out. */
function rowOf(panel: SpectrumPanel): Panel[] {
  const heading = panelHeading(panel);
  // The band is of draws with the same weights: so is the distance beside it, where it was measured.
  const distance = panel.distances?.['Kolmogorov, given the drawn weights'] ?? panel.distances?.['kolmogorov'];
  const difference = differenceView(panel);
  const height = { inches: 1.1 };
  return [
    { name: heading, title: plotlyText(heading), ...spectrumView(panel), height },
    { name: `${heading}: quantiles`, title: '', ...quantileView(panel), height },
    ...(difference === undefined
      ? []
      : [
          {
            name: `${heading}: F_n - F`,
            title: distance === undefined ? '' : `sup |F<sub>n</sub> − F| = ${formatNumber(distance)}`,
            ...difference,
            height,
          },
        ]),
  ];
}

/** Two or three views of each block, one block a row where there is room. */
const detailPlan = (
  panels: readonly SpectrumPanel[],
  words: Pick<FigurePlan, 'id' | 'title' | 'caption' | 'source'>,
): FigurePlan => ({ ...words, column: 'double', groups: panels.map(rowOf), most: { single: 2, double: 3 } });

/** The figure of one panel alone, for a report. */
export const spectrumPanelFigure = (panel: SpectrumPanel, id: string): PaperFigure =>
  layOut(
    detailPlan([panel], {
      id,
      title: panelHeading(panel),
      caption: `${panelHeading(panel)}: ${levelName(panel.level)}.`,
      source: '',
    }),
  );

/** Largest dimension first, then the laws that are nearest to the draw. */
const preference = (a: SpectrumPanel, b: SpectrumPanel): number => b.dimension - a.dimension || b.level - a.level;

function choose(results: RunResults): readonly SpectrumPanel[] {
  const chosen: SpectrumPanel[] = [];
  for (const id of ['linear-ce', 'hidden-ce', 'hidden-mse']) {
    const claim = results.claims.find((candidate) => candidate.id === id);
    for (const block of ['diagonal', 'off-diagonal'] as const) {
      const best = claim?.spectra.filter((panel) => panel.block === block && panel.dimension >= 20).sort(preference)[0];
      if (best !== undefined) chosen.push(best);
    }
  }
  return chosen.slice(0, 4);
}

export const spectrumDetail = figureDefinition({
  id: 'spectrum-detail',
  title: 'Spectra against their laws, quantiles, and F_n − F with its band',
  needs: 'spectra of linear-ce, hidden-ce or hidden-mse',
  plan: (results) => {
    const panels = choose(results);
    if (panels.length === 0) return undefined;
    const band = panels.find((panel) => panel.band !== undefined)?.band;
    const differences =
      band === undefined
        ? ''
        : `, and $F_n - F$, $F$ the law given the drawn weights, with the pointwise ${formatNumber(100 * band.level)} % band of ${band.replicates} simulated nulls`;
    return detailPlan(panels, {
      id: 'spectrum-detail',
      title: 'Spectra against their laws',
      caption: `Eigenvalues of single blocks against their laws (${[...new Set(panels.map((panel) => levelName(panel.level)))].join('; ')}). Of each block: histogram and density, with outliers (diamonds) and their predictions (dashed); quantiles of the draw against those of the law${differences}.`,
      source: provenance(results),
    });
  },
});
