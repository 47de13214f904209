import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import {
  inPanel,
  joinPanels,
  panelAxes,
  panelDomain,
  panelTitle,
  paperFigure,
  titled,
  type FigurePanel,
  type PanelGrid,
} from '../parts.js';
import type { RunResults, SpectrumPanel } from '../results.js';
import { differenceView, quantileView, spectrumView } from '../spectrumParts.js';
import type { PanelContent } from '../spectrumParts.js';
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

/** Spectrum, quantiles and F_n − F of one panel. */
function rowPanels(panel: SpectrumPanel, row: number, grid: PanelGrid): FigurePanel[] {
  const last = row === grid.rows - 1;
  const positionOf = (column: number): number => row * grid.columns + column;
  const place = (
    content: PanelContent | undefined,
    column: number,
    heading: string,
    xTitle: string,
    yTitle: string,
  ): FigurePanel[] => {
    if (content === undefined) return [];
    const position = positionOf(column);
    const [x, y] = [titled(content.xaxis, last ? xTitle : ''), titled(content.yaxis, yTitle)];
    return [
      {
        data: content.traces,
        annotations: [...content.annotations, panelTitle(position, heading)],
        axes: panelAxes(position, panelDomain(grid, row, column), x, y),
      },
    ];
  };
  // The band is of draws with the same weights: so is the distance beside it, where it was measured.
  const distance = panel.distances?.['Kolmogorov, given the drawn weights'] ?? panel.distances?.['kolmogorov'];
  const distanceText = distance === undefined ? '' : `sup |F<sub>n</sub> − F| = ${formatNumber(distance)}`;
  const densityTitle = panel.support.length === 0 ? '' : 'density';
  return [
    ...place(
      spectrumView(panel, positionOf(0), { legend: true }),
      0,
      plotlyText(panelHeading(panel)),
      'eigenvalue',
      densityTitle,
    ),
    ...place(quantileView(panel, positionOf(1)), 1, '', 'quantile of the law', 'quantile drawn'),
    ...place(differenceView(panel, positionOf(2), { legend: true }), 2, distanceText, 'eigenvalue', ''),
  ];
}

/** Every name stands once in the legend. */
function namedOnce(data: readonly PlotlyObject[]): PlotlyObject[] {
  const named = new Set<unknown>();
  return data.map((trace) => {
    const first = trace['showlegend'] === true && !named.has(trace['name']);
    if (first) named.add(trace['name']);
    return { ...trace, showlegend: first };
  });
}

/** Spectrum, quantiles and F_n − F of each panel, one panel a row. */
function spectrumRows(parts: {
  readonly id: string;
  readonly title: string;
  readonly panels: readonly SpectrumPanel[];
  readonly caption: string;
}): PaperFigure {
  const { panels } = parts;
  const withBand = panels.some((panel) => panel.band !== undefined);
  const columns = withBand ? 3 : 2;
  const heightInches = 0.6 + 1.55 * panels.length;
  const grid = { rows: panels.length, columns, horizontalGap: 0.1, verticalGap: 0.45 / heightInches + 0.02 };
  const emptyPanel = (position: number): FigurePanel => ({
    data: [{ type: 'scatter', x: [], y: [], showlegend: false, ...inPanel(position) }],
    annotations: [],
    axes: {},
  });
  const { data, layout } = joinPanels(
    panels.flatMap((panel, row) => [
      ...rowPanels(panel, row, grid),
      ...(panel.band === undefined && withBand ? [emptyPanel(row * columns + 2)] : []),
    ]),
  );
  return paperFigure({
    id: parts.id,
    title: parts.title,
    column: 'double',
    heightInches,
    data: namedOnce(data),
    layout: { ...layout, bargap: 0 },
    margin: { t: 46, b: 34, l: 48 },
    caption: parts.caption,
  });
}

/** The figure of one panel alone, for a report. */
export const spectrumPanelFigure = (panel: SpectrumPanel, id: string): PaperFigure =>
  spectrumRows({
    id,
    title: panelHeading(panel),
    panels: [panel],
    caption: `${panelHeading(panel)}: ${levelName(panel.level)}.`,
  });

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

export const spectrumDetail: FigureDefinition = {
  id: 'spectrum-detail',
  title: 'Spectra against their laws, quantiles, and F_n − F with its band',
  needs: 'spectra of linear-ce, hidden-ce or hidden-mse',
  build: (results) => {
    const panels = choose(results);
    if (panels.length === 0) return undefined;
    const band = panels.find((panel) => panel.band !== undefined)?.band;
    return spectrumRows({
      id: 'spectrum-detail',
      title: 'Spectra against their laws',
      panels,
      caption:
        'Eigenvalues of single blocks against their laws. Left: histogram and density, outliers (diamonds) with their predictions (dashed). Middle: quantiles of the draw against quantiles of the law.' +
        (band === undefined
          ? ''
          : ` Right: $F_n - F$, $F$ the law given the drawn weights, with the pointwise ${formatNumber(100 * band.level)} % band of ${band.replicates} simulated nulls.`) +
        ` Laws shown: ${[...new Set(panels.map((panel) => levelName(panel.level)))].join('; ')}. ${provenance(results)}`,
    });
  },
};
