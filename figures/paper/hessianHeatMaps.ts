import { paperActivation } from '../../theory/names.js';
import type { Caption, FigurePlan, PaperFigure, Panel } from '../figure.js';
import { logarithmicColours, normsContent } from '../heatMapParts.js';
import { figureDefinition, layOut } from '../layout/layOut.js';
import { mapPanel } from '../mapPanels.js';
import type { HeatMap, RunResults } from '../results.js';
import { activationName, initialisationName, lossName, plotlyText, provenance, widthText } from '../text.js';

export const allHeatMaps = (results: RunResults): readonly HeatMap[] => [
  ...(results.heatMaps ?? []),
  ...results.claims.flatMap((claim) => claim.heatMaps ?? []),
];

/** d, N, C, m in one line. */
export const sizes = (map: HeatMap): string =>
  `d = ${map.dimension}, N = ${map.samples}, C = ${map.classes}${widthText(map)}`;

function normsPanel(map: HeatMap, norms: NonNullable<HeatMap['norms']>[number]): Panel {
  const { trace, xaxis, yaxis } = normsContent(norms);
  return {
    name: `${settingOf(map)}, norms of ${norms.label} blocks`,
    title: plotlyText(`norms of ${norms.label} blocks`),
    data: [trace],
    x: xaxis,
    y: yaxis,
    height: { inches: 0.8 },
    cells: () => norms.values.map((value, k) => [k % norms.order, Math.floor(k / norms.order), value]),
  };
}

const settingOf = (map: HeatMap): string => `${lossName(map.loss)}, ${initialisationName(map.initialisation)}`;

/** Whole Hessians side by side, each with its own scale, then the norms of their blocks. */
function wholePlan(maps: readonly HeatMap[], results: RunResults): FigurePlan {
  const wholes = maps.map((map) =>
    mapPanel(map, { name: settingOf(map), heading: settingOf(map), colours: logarithmicColours([map]), scale: map.id }),
  );
  const norms = maps.flatMap((map) => (map.norms ?? []).slice(0, 2).map((each) => normsPanel(map, each)));
  const lead = maps[0] as HeatMap;
  return {
    id: 'hessian-heat-maps',
    title: 'The whole Hessian at initialisation',
    column: maps.length === 1 ? 'single' : 'double',
    groups: norms.length === 0 ? [wholes] : [wholes, norms],
    most: { single: 2, double: Math.max(2, norms.length) },
    caption: `Absolute values of the whole Hessian of a one-hidden-layer network at initialisation, averaged over tiles on logarithmic scales (exact zeros blank): hidden blocks first, then output blocks; the mixed part is block-circulant.${norms.length === 0 ? '' : ' Below: Frobenius norms of the blocks, from zero (blank) to the largest of each picture'}${norms.length === 0 ? ' ' : '; '}${sizes(lead)}, ${activationName(lead.activation ?? paperActivation)}.`,
    source: provenance(results),
  };
}

interface MapRow extends Caption {
  readonly id: string;
  readonly title: string;
  readonly maps: readonly HeatMap[];
  readonly heading: (map: HeatMap) => string;
}

/** Maps on one colour scale, side by side. */
export function mapRowPlan({ maps, heading, ...rest }: MapRow): FigurePlan {
  const colours = logarithmicColours(maps);
  return {
    ...rest,
    column: 'double',
    groups: maps.map((map) => [mapPanel(map, { name: heading(map), heading: heading(map), colours, scale: 'all' })]),
    most: { single: maps.length === 4 ? 2 : 3, double: 4 },
  };
}

export const mapRow = (parts: Omit<MapRow, 'source'>): PaperFigure => layOut(mapRowPlan({ ...parts, source: '' }));

export const hessianHeatMaps = figureDefinition({
  id: 'hessian-heat-maps',
  title: 'The whole Hessian at initialisation',
  needs: 'heat maps of whole Hessians',
  plan: (results) => {
    const whole = allHeatMaps(results).filter((map) => map.part === 'whole');
    if (whole.length === 0) return undefined;
    // One initialisation in the main picture: the first one drawn.
    const initialisation = whole[0]?.initialisation;
    return wholePlan(whole.filter((map) => map.initialisation === initialisation).slice(0, 2), results);
  },
});
