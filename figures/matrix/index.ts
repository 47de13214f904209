import type { FigureDefinition } from '../figure.js';
import type { MatrixResult } from '../matrixResult.js';
import { blockValues } from './blockValues.js';
import { matrixHeatMap } from './matrixHeatMap.js';

/** Every figure of a given matrix. */
export const matrixFigures: readonly FigureDefinition<MatrixResult>[] = [matrixHeatMap, blockValues];
