/** Heat maps of the whole Hessian along training, each on its own scale and all on one. */
import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import { linearColours, logarithmicColours, pixelOf, type MapColours } from '../heatMapParts.js';
import { joinMaps, mapPanel } from '../mapPanels.js';
import { paperFigure, titled } from '../parts.js';
import type { TrainHeatMap, TrainResult } from '../trainResult.js';
import { markName, provenanceOf } from './trainingParts.js';

/** Side by side in two columns of a paper. */
const mostMaps = 5;

/** The first, the last, and some evenly between. */
function chosenMaps({ heatMaps }: TrainResult, order: TrainHeatMap['readoutOrder']): readonly TrainHeatMap[] {
  const maps = heatMaps.filter(({ readoutOrder }) => readoutOrder === order);
  if (maps.length <= mostMaps) return maps;
  return Array.from({ length: mostMaps }, (_, k) => maps[Math.round((k * (maps.length - 1)) / (mostMaps - 1))]!);
}

/** Clipped where the authors clip: at a hundredth of the largest entry of each picture. */
const ownScale = linearColours(100, ['0', 'max/200', '≥ max/100']);

/** Names the two halves of the rows: the first layer and the readout. */
function halves(map: TrainHeatMap): PlotlyObject {
  const last = map.blocks.findIndex(({ label }) => label.startsWith('V'));
  if (last <= 0) return {};
  const border = map.blocks[last]!.start;
  return {
    tickvals: [(pixelOf(map, 0) + pixelOf(map, border)) / 2, (pixelOf(map, border) + pixelOf(map, map.order)) / 2],
    ticktext: ['<i>w</i>', '<i>v</i>'],
  };
}

function heatMapFigure(id: string, title: string, maps: readonly TrainHeatMap[], run: TrainResult): PaperFigure {
  const count = maps.length;
  const gap = 0.022;
  const [rowGap, area] = [0.09, 0.9];
  const width = (area - gap * (count - 1)) / count;
  const height = (1 - rowGap) / 2;
  const rows: readonly { readonly title: string; readonly colours: MapColours<TrainHeatMap> }[] = [
    { title: 'own scale', colours: ownScale },
    { title: 'one scale', colours: logarithmicColours(maps) },
  ];
  const panels = rows.flatMap(({ title: rowTitle, colours }, r) =>
    maps.map((map, k) => {
      const left = k * (width + gap);
      const top = 1 - r * (height + rowGap);
      const bar = {
        ...{ tickfont: { size: 8, color: '@muted' }, x: area + 0.008 },
        ...{ y: top - height / 2, len: height, lenmode: 'fraction' },
      };
      const domain = { x: [left, left + width], y: [top - height, top] } as const;
      return mapPanel(map, r * count + k, domain, {
        heading: r === 0 ? markName(run, map.step) : '',
        headingShift: 13,
        colours,
        bar: k === count - 1 ? bar : undefined,
        axes: { x: halves(map), y: k === 0 ? titled(halves(map), rowTitle) : {} },
      });
    }),
  );
  const { data, layout } = joinMaps(panels);
  const plotInches = 6.55;
  return paperFigure({
    id,
    title,
    column: 'double',
    heightInches: (2 * plotInches * width) / (1 - rowGap) + 0.42,
    data,
    layout,
    margin: { t: 32, b: 6, l: 34, r: 4 },
    caption: captionOf(maps, run),
  });
}

function captionOf(maps: readonly TrainHeatMap[], run: TrainResult): string {
  const order =
    maps[0]!.readoutOrder === 'class'
      ? 'in the order of its parameters: the rows $w_i$ of the first layer, then those of the readout, class by class; there the residual part is column $i$ of every block $(w_i, v_j)$, a stripe narrower than a pixel'
      : 'with the readout $V$ unit by unit: columns $V_{:i}$ in place of rows $v_j$, so that the residual part $R$, spread over all cross-layer blocks in the order of classes, lies in the blocks of $w_i$ and $V_{:i}$ of one unit $i$ alone';
  const largest = maps.map((map) => `${markName(run, map.step)}: ${map.largest.toPrecision(3)}`).join(', ');
  return `The whole Hessian along training, on the training data, ${order}: $|H|$ averaged over the entries under a pixel. Above: colours from 0 to a hundredth of the largest entry of each picture by itself, as the authors clip it: what fades there may have grown, only less than the largest entry. Below: one logarithmic scale for all. Largest $|H|$ at ${largest}. ${provenanceOf([run])}`;
}

const definition = (
  id: string,
  title: string,
  order: TrainHeatMap['readoutOrder'],
): FigureDefinition<readonly TrainResult[]> => ({
  id,
  title,
  needs: 'heat maps at marks: train with --heat-maps',
  build: ([run]) => {
    const maps = run === undefined ? [] : chosenMaps(run, order);
    return maps.length === 0 ? undefined : heatMapFigure(id, title, maps, run!);
  },
});

export const trainingHeatMaps = definition('training-heat-maps', 'The Hessian along training', 'class');

export const trainingHeatMapsByUnit = definition(
  'training-heat-maps-by-unit',
  'The Hessian along training, readout by units',
  'unit',
);
