/** Heat maps as panels of a figure, with or without a colour bar beside them. */
import type { Panel, PlotlyObject } from './figure.js';
import { mapContent, type MapColours } from './heatMapParts.js';
import type { MatrixPicture } from './results.js';
import { plotlyText } from './text.js';

export interface MapPanelParts<Map extends MatrixPicture> {
  readonly name: string;
  /** Above the map; none for an empty one. */
  readonly heading: string;
  readonly colours: MapColours<Map>;
  /** Of maps that share a colour bar. */
  readonly scale: string;
  /** Names of the axes in place of those of the blocks. */
  readonly axes?: { readonly x: PlotlyObject; readonly y: PlotlyObject };
}

export function mapPanel<Map extends MatrixPicture>(
  map: Map,
  { name, heading, colours, scale, axes }: MapPanelParts<Map>,
): Panel {
  const { trace, xaxis, yaxis, shapes } = mapContent(map, colours, { labels: axes === undefined });
  return {
    name,
    title: plotlyText(heading),
    data: [trace],
    x: { ...xaxis, ...axes?.x },
    y: { ...yaxis, ...axes?.y },
    shapes,
    height: { perWidth: map.rows / map.columns },
    bar: { scale, options: colours.bar },
    cells: () => map.values.map((value, k) => [k % map.columns, Math.floor(k / map.columns), value]),
  };
}
