/** Words that say how a given matrix is drawn, for options. */
export { blockValueNames, colourScaleNames } from '../../../figures/matrixResult.js';
export { columnNames } from '../../../figures/figure.js';
