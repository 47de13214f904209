import type { FigureDefinition } from '../figure.js';
import { phaseMaps } from '../paper/phaseMaps.js';
import type { SweepResult } from '../sweepResult.js';
import { sweepDistances } from './sweepDistances.js';
import { sweepSpectra } from './sweepSpectra.js';
import { sweepVerdicts } from './sweepVerdicts.js';

/** Every figure of a sweep. */
export const sweepFigures: readonly FigureDefinition<SweepResult>[] = [
  sweepVerdicts,
  sweepDistances,
  sweepSpectra,
  phaseMaps,
];
