import type { FigureDefinition, PaperFigure } from '../figure.js';
import { logarithmicColours, normsContent } from '../heatMapParts.js';
import { joinMaps, mapPanel, type MapDomain, type MapPanel } from '../mapPanels.js';
import { panelAxes, panelTitle, paperFigure, smallTitleFont } from '../parts.js';
import { paperActivation } from '../../theory/names.js';
import type { HeatMap, RunResults } from '../results.js';
import { activationName, initialisationName, lossName, plotlyText, provenance, widthText } from '../text.js';

export const allHeatMaps = (results: RunResults): readonly HeatMap[] => [
  ...(results.heatMaps ?? []),
  ...results.claims.flatMap((claim) => claim.heatMaps ?? []),
];

/** d, N, C, m in one line. */
export const sizes = (map: HeatMap): string =>
  `d = ${map.dimension}, N = ${map.samples}, C = ${map.classes}${widthText(map)}`;

function normsPanel(norms: NonNullable<HeatMap['norms']>[number], position: number, domain: MapDomain): MapPanel {
  const { trace, xaxis, yaxis } = normsContent(norms, position);
  return {
    data: [trace],
    annotations: [panelTitle(position, plotlyText(`norms of ${norms.label} blocks`), { font: smallTitleFont })],
    axes: panelAxes(position, domain, xaxis, yaxis),
    shapes: [],
  };
}

/** Whole Hessians side by side, each with its own scale, and below each the norms of its blocks. */
function wholeFigure(maps: readonly HeatMap[], results: RunResults): PaperFigure {
  const count = maps.length;
  const withNorms = maps.some((map) => (map.norms ?? []).length > 0);
  const gap = 0.16;
  const width = (1 - 0.09 - gap * (count - 1)) / count;
  const mapBottom = withNorms ? 0.34 : 0;
  const panels: MapPanel[] = [];
  maps.forEach((map, column) => {
    const left = column * (width + gap);
    const domain: MapDomain = { x: [left, left + width], y: [mapBottom, 1] };
    const heading = `${lossName(map.loss)}, ${initialisationName(map.initialisation)}`;
    const bar = { x: left + width + 0.01, y: (1 + mapBottom) / 2, len: 1 - mapBottom, lenmode: 'fraction' };
    panels.push(mapPanel(map, panels.length, domain, { heading, colours: logarithmicColours([map]), bar }));
    (map.norms ?? []).slice(0, 2).forEach((norms, i) => {
      const share = width / 2;
      const from = left + i * share;
      panels.push(normsPanel(norms, panels.length, { x: [from, from + 0.82 * share], y: [0, mapBottom - 0.1] }));
    });
  });
  const lead = maps[0] as HeatMap;
  return paperFigure({
    id: 'hessian-heat-maps',
    title: 'The whole Hessian at initialisation',
    column: count === 1 ? 'single' : 'double',
    heightInches: 3.2 + (withNorms ? 1.45 : 0),
    ...joinMaps(panels),
    margin: { t: 38, b: 18, l: 26, r: 4 },
    caption: `Absolute values of the whole Hessian of a one-hidden-layer network at initialisation, averaged over tiles (logarithmic colours, exact zeros blank): hidden blocks first, then output blocks; the mixed part is block-circulant. Below: Frobenius norms of the blocks, each picture from zero (blank) to its largest. ${sizes(lead)}, ${activationName(lead.activation ?? paperActivation)}; losses: ${maps.map((map) => lossName(map.loss)).join(', ')}. ${provenance(results)}`,
  });
}

/** Maps on one colour scale, side by side. */
export function mapRow(parts: {
  readonly id: string;
  readonly title: string;
  readonly maps: readonly HeatMap[];
  readonly heading: (map: HeatMap) => string;
  readonly caption: string;
}): PaperFigure {
  const { maps } = parts;
  const colours = logarithmicColours(maps);
  const gap = 0.035;
  const area = 0.93;
  const width = (area - gap * (maps.length - 1)) / maps.length;
  const panels = maps.map((map, position) => {
    const left = position * (width + gap);
    const bar = position === maps.length - 1 ? { x: area + 0.008, y: 0.5, len: 1 } : undefined;
    return mapPanel(
      map,
      position,
      { x: [left, left + width], y: [0, 1] },
      { heading: parts.heading(map), colours, bar },
    );
  });
  return paperFigure({
    id: parts.id,
    title: parts.title,
    column: 'double',
    heightInches: 6.4 * width + 0.5,
    ...joinMaps(panels),
    margin: { t: 36, b: 8, l: 22, r: 4 },
    caption: parts.caption,
  });
}

export const hessianHeatMaps: FigureDefinition = {
  id: 'hessian-heat-maps',
  title: 'The whole Hessian at initialisation',
  needs: 'heat maps of whole Hessians',
  build: (results) => {
    const whole = allHeatMaps(results).filter((map) => map.part === 'whole');
    if (whole.length === 0) return undefined;
    // One initialisation in the main picture: the first one drawn.
    const initialisation = whole[0]?.initialisation;
    return wholeFigure(whole.filter((map) => map.initialisation === initialisation).slice(0, 2), results);
  },
};
