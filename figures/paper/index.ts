import type { FigureDefinition } from '../figure.js';
import { hiddenBlocksByClasses, linearBlocksByClasses } from './blockHeatMaps.js';
import { deepRatios } from './deepRatios.js';
import { distanceRates } from './distanceRates.js';
import { falseAlarms } from './falseAlarms.js';
import { hessianHeatMaps } from './hessianHeatMaps.js';
import { lawsByClasses, supportCurves } from './limitLaws.js';
import { phaseMaps } from './phaseMaps.js';
import { powerCurves } from './powerCurves.js';
import { ratioCurves } from './ratioCurves.js';
import { spectraByAspectRatio, spectraByClasses, spectraByDimension, spectraOverview } from './spectraOverview.js';
import { spectrumDetail } from './spectrumDetail.js';

/** Every figure, in the order of the paper. */
export const paperFigures: readonly FigureDefinition[] = [
  hessianHeatMaps,
  hiddenBlocksByClasses,
  linearBlocksByClasses,
  ratioCurves,
  deepRatios,
  spectraOverview,
  spectrumDetail,
  spectraByDimension,
  spectraByAspectRatio,
  spectraByClasses,
  distanceRates,
  lawsByClasses,
  supportCurves,
  phaseMaps,
  powerCurves,
  falseAlarms,
];
