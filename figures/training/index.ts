import type { FigureDefinition } from '../figure.js';
import type { TrainResult } from '../trainResult.js';
import { hessianShares } from './hessianShares.js';
import { lawDistances } from './lawDistances.js';
import { leastSquaresDescent } from './leastSquaresDescent.js';
import { lowerEigenvalues } from './lowerEigenvalues.js';
import { memorisationScores } from './memorisationScores.js';
import { ratiosAlongTraining } from './ratiosAlongTraining.js';
import { residualBounds } from './residualBounds.js';
import { residualSpectrum } from './residualSpectrum.js';
import { trainingHeatMaps, trainingHeatMapsByUnit } from './trainingHeatMaps.js';

/**
 * Every figure of a training, in the order of its report. Those that several runs share a picture in read all that are
 * given, the others the first.
 */
export const trainingFigures: readonly FigureDefinition<readonly TrainResult[]>[] = [
  trainingHeatMaps,
  trainingHeatMapsByUnit,
  residualBounds,
  hessianShares,
  ratiosAlongTraining,
  memorisationScores,
  lawDistances,
  residualSpectrum,
  leastSquaresDescent,
  lowerEigenvalues,
];
