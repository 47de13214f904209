import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import { colourBar, logRange, mapContent, normsContent } from '../heatMapParts.js';
import { panelAxes, panelTitle, paperFigure, tickFont } from '../parts.js';
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

/** Whole Hessians side by side, each with its own scale, and below each the norms of its blocks. */
function wholeFigure(maps: readonly HeatMap[], results: RunResults): PaperFigure {
  const count = maps.length;
  const data: PlotlyObject[] = [];
  const annotations: PlotlyObject[] = [];
  const shapes: PlotlyObject[] = [];
  let layout: PlotlyObject = {};
  let position = 0;
  const withNorms = maps.some((map) => (map.norms ?? []).length > 0);
  const gap = 0.16;
  const width = (1 - 0.09 - gap * (count - 1)) / count;
  const mapBottom = withNorms ? 0.34 : 0;
  maps.forEach((map, column) => {
    const left = column * (width + gap);
    const range = logRange([map]);
    const content = mapContent(map, position, range);
    data.push({
      ...content.trace,
      showscale: true,
      colorbar: colourBar(range, {
        x: left + width + 0.01,
        xanchor: 'left',
        xpad: 0,
        y: (1 + mapBottom) / 2,
        yanchor: 'middle',
        len: 1 - mapBottom,
        lenmode: 'fraction',
      }),
    });
    shapes.push(...content.shapes);
    layout = {
      ...layout,
      ...panelAxes(position, { x: [left, left + width], y: [mapBottom, 1] }, content.xaxis, content.yaxis),
    };
    annotations.push(
      panelTitle(position, plotlyText(`${lossName(map.loss)}, ${initialisationName(map.initialisation)}`), {
        yshift: 15,
      }),
    );
    position++;
    const norms = map.norms ?? [];
    norms.slice(0, 2).forEach((inset, i) => {
      const part = normsContent(inset, position);
      const share = width / 2;
      const from = left + i * share;
      data.push(part.trace);
      layout = {
        ...layout,
        ...panelAxes(position, { x: [from, from + 0.82 * share], y: [0, mapBottom - 0.1] }, part.xaxis, part.yaxis),
      };
      annotations.push(
        panelTitle(position, plotlyText(`norms of ${inset.label} blocks`), { font: { ...tickFont, color: '@ink' } }),
      );
      position++;
    });
  });
  const lead = maps[0] as HeatMap;
  return paperFigure({
    id: 'hessian-heat-maps',
    title: 'The whole Hessian at initialisation',
    column: count === 1 ? 'single' : 'double',
    heightInches: (count === 1 ? 3.2 : 3.2) + (withNorms ? 1.45 : 0),
    data,
    layout: { ...layout, annotations, shapes },
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
  const range = logRange(maps);
  const data: PlotlyObject[] = [];
  const annotations: PlotlyObject[] = [];
  const shapes: PlotlyObject[] = [];
  let layout: PlotlyObject = {};
  const gap = 0.035;
  const area = 0.93;
  const width = (area - gap * (maps.length - 1)) / maps.length;
  maps.forEach((map, position) => {
    const left = position * (width + gap);
    const content = mapContent(map, position, range);
    const last = position === maps.length - 1;
    data.push(
      last
        ? {
            ...content.trace,
            showscale: true,
            colorbar: colourBar(range, {
              x: area + 0.008,
              xanchor: 'left',
              xpad: 0,
              len: 1,
              y: 0.5,
              yanchor: 'middle',
            }),
          }
        : content.trace,
    );
    shapes.push(...content.shapes);
    layout = {
      ...layout,
      ...panelAxes(position, { x: [left, left + width], y: [0, 1] }, content.xaxis, content.yaxis),
    };
    annotations.push(panelTitle(position, plotlyText(parts.heading(map)), { yshift: 15 }));
  });
  return paperFigure({
    id: parts.id,
    title: parts.title,
    column: 'double',
    heightInches: 6.4 * width + 0.5,
    data,
    layout: { ...layout, annotations, shapes },
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
