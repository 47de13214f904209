import type { FigurePlan } from '../figure.js';
import { linearColours, logarithmicColours } from '../heatMapParts.js';
import { figureDefinition } from '../layout/layOut.js';
import { mapPanel } from '../mapPanels.js';
import type { MatrixResult } from '../matrixResult.js';
import { formatNumber, literal } from '../text.js';
import { clippedTicks, drawnBy } from './matrixParts.js';

function planOf(result: MatrixResult): FigurePlan {
  const { picture, clip } = result;
  const isLinear = result.colours === 'linear';
  const logarithmic = logarithmicColours([picture]);
  const linear = linearColours(clip, clippedTicks(picture.largest / clip, clip > 1));
  const colours = isLinear ? { ...linear, bar: { ...logarithmic.bar, ...linear.bar } } : logarithmic;
  const scale = isLinear
    ? `linear colours from 0 to ${clip === 1 ? 'the largest' : `1/${clip} of the largest`}`
    : 'logarithmic colours, exact zeros blank';
  return {
    id: 'matrix-heat-map',
    title: `Heat map of ${result.source}`,
    column: 'single',
    groups: [[mapPanel(picture, { name: picture.label, heading: '', colours, scale: 'own' })]],
    most: { single: 1, double: 1 },
    caption: `Absolute entries of ${literal(result.source)}, a symmetric matrix of order ${picture.order}${meaning(picture)}; ${scale}. Largest $|H_{ij}|$: ${formatNumber(picture.largest)}.`,
    source: drawnBy(result),
  };
}

const meaning = ({ rows, order }: MatrixResult['picture']): string =>
  rows === order ? '' : ', averaged over the entries under a pixel';

export const matrixHeatMap = figureDefinition<MatrixResult>({
  id: 'matrix-heat-map',
  title: 'Heat map of a given matrix',
  needs: 'a matrix',
  plan: planOf,
});
