/** Heat maps as panels of a figure, with or without a colour bar beside them. */
import type { PlotlyObject } from './figure.js';
import { mapContent, type MapColours } from './heatMapParts.js';
import { joinPanels, panelAxes, panelTitle, type FigurePanel } from './parts.js';
import type { MatrixPicture } from './results.js';
import { plotlyText } from './text.js';

export interface MapPanel extends FigurePanel {
  readonly shapes: readonly PlotlyObject[];
}

/** Shares of the plotting area. */
export interface MapDomain {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export interface MapPanelParts<Map extends MatrixPicture> {
  /** Above the map; none for an empty one. */
  readonly heading: string;
  /** Pixels between the map and its heading, where names of blocks stand. */
  readonly headingShift?: number;
  readonly colours: MapColours<Map>;
  /** Where the colour bar stands, if the map has one. */
  readonly bar?: PlotlyObject | undefined;
  /** Names of the axes in place of those of the blocks. */
  readonly axes?: { readonly x: PlotlyObject; readonly y: PlotlyObject };
}

const besideMap = { xanchor: 'left', xpad: 0, yanchor: 'middle' };

export function mapPanel<Map extends MatrixPicture>(
  map: Map,
  position: number,
  domain: MapDomain,
  { heading, headingShift = 15, colours, bar, axes }: MapPanelParts<Map>,
): MapPanel {
  const { trace, xaxis, yaxis, shapes } = mapContent(map, position, colours, { labels: axes === undefined });
  return {
    data: [
      bar === undefined ? trace : { ...trace, showscale: true, colorbar: { ...colours.bar, ...besideMap, ...bar } },
    ],
    annotations: heading === '' ? [] : [panelTitle(position, plotlyText(heading), { yshift: headingShift })],
    axes: panelAxes(position, domain, { ...xaxis, ...axes?.x }, { ...yaxis, ...axes?.y }),
    shapes,
  };
}

/** Maps have no legend. */
export function joinMaps(panels: readonly MapPanel[]): ReturnType<typeof joinPanels> {
  const { data, layout } = joinPanels(panels);
  return { data, layout: { ...layout, showlegend: false, shapes: panels.flatMap(({ shapes }) => shapes) } };
}
