import type { FigureDefinition, PaperFigure } from '../figure.js';
import { linearColours, logarithmicColours } from '../heatMapParts.js';
import { joinMaps, mapPanel } from '../mapPanels.js';
import type { MatrixResult } from '../matrixResult.js';
import { paperFigure } from '../parts.js';
import { formatNumber, literal } from '../text.js';
import { beside, clippedTicks, drawnBy, squareOf } from './matrixParts.js';

function figureOf(result: MatrixResult): PaperFigure {
  const { picture, clip } = result;
  const isLinear = result.colours === 'linear';
  const colours = isLinear
    ? linearColours(clip, clippedTicks(picture.largest / clip, clip > 1))
    : logarithmicColours([picture]);
  const titled = { ...colours, bar: { ...logarithmicColours([picture]).bar, ...colours.bar } };
  const square = squareOf('single');
  const panel = mapPanel(picture, 0, square.domain, {
    heading: '',
    colours: isLinear ? titled : colours,
    bar: beside(square.domain),
  });
  const scale = isLinear
    ? `linear colours from 0 to ${clip === 1 ? 'the largest' : `1/${clip} of the largest`}`
    : 'logarithmic colours, exact zeros blank';
  return paperFigure({
    id: 'matrix-heat-map',
    title: `Heat map of ${result.source}`,
    column: 'single',
    heightInches: square.heightInches,
    ...joinMaps([panel]),
    margin: square.margin,
    caption: `Absolute entries of ${literal(result.source)}, a symmetric matrix of order ${picture.order}${meaning(picture)}; ${scale}. Largest $|H_{ij}|$: ${formatNumber(picture.largest)}. ${drawnBy(result)}`,
  });
}

const meaning = ({ rows, order }: MatrixResult['picture']): string =>
  rows === order ? '' : ', averaged over the entries under a pixel';

export const matrixHeatMap: FigureDefinition<MatrixResult> = {
  id: 'matrix-heat-map',
  title: 'Heat map of a given matrix',
  needs: 'a matrix',
  build: figureOf,
};
