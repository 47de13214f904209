/** Heat maps of the whole Hessian along training, each on its own scale and all on one. */
import type { FigureDefinition, FigurePlan, PlotlyObject } from '../figure.js';
import { linearColours, logarithmicColours, pixelOf, type MapColours } from '../heatMapParts.js';
import { figureDefinition } from '../layout/layOut.js';
import { mapPanel } from '../mapPanels.js';
import { titled } from '../parts.js';
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

function mapGroups(maps: readonly TrainHeatMap[], run: TrainResult): FigurePlan['groups'] {
  const rows: readonly { readonly title: string; readonly colours: MapColours<TrainHeatMap> }[] = [
    { title: 'own scale', colours: ownScale },
    { title: 'one scale', colours: logarithmicColours(maps) },
  ];
  return rows.map(({ title, colours }) =>
    maps.map((map) => {
      const step = markName(run, map.step);
      const axes = { x: halves(map), y: titled(halves(map), title) };
      return mapPanel(map, { name: `${step}, ${title}`, heading: step, colours, scale: title, axes });
    }),
  );
}

function captionOf(maps: readonly TrainHeatMap[], run: TrainResult): string {
  const order =
    maps[0]!.readoutOrder === 'class'
      ? 'in the order of its parameters: the rows $w_i$ of the first layer, then those of the readout, class by class; there the residual part is column $i$ of every block $(w_i, v_j)$, a stripe narrower than a pixel'
      : 'with the readout $V$ unit by unit: columns $V_{:i}$ in place of rows $v_j$, so that the residual part $R$, spread over all cross-layer blocks in the order of classes, lies in the blocks of $w_i$ and $V_{:i}$ of one unit $i$ alone';
  const largest = maps.map((map) => `${markName(run, map.step)}: ${map.largest.toPrecision(3)}`).join(', ');
  return `$|H|$ of the whole network along training, on the training data, averaged over the entries under a pixel, ${order} (largest $|H|$ at ${largest}). Own scale: colours from 0 to a hundredth of the largest entry of each picture, as the authors clip it, where what fades may have grown, only less than that entry; one scale: logarithmic, the same for all.`;
}

const definition = (
  id: string,
  title: string,
  order: TrainHeatMap['readoutOrder'],
): FigureDefinition<readonly TrainResult[]> =>
  figureDefinition({
    id,
    title,
    needs: 'heat maps at marks: train with --heat-maps',
    plan: ([run]) => {
      const maps = run === undefined ? [] : chosenMaps(run, order);
      if (run === undefined || maps.length === 0) return undefined;
      return {
        id,
        title,
        column: 'double',
        groups: mapGroups(maps, run),
        most: { single: 3, double: mostMaps },
        caption: captionOf(maps, run),
        source: provenanceOf([run]),
      };
    },
  });

export const trainingHeatMaps = definition('training-heat-maps', 'The Hessian along training', 'class');

export const trainingHeatMapsByUnit = definition(
  'training-heat-maps-by-unit',
  'The Hessian along training, readout by units',
  'unit',
);
