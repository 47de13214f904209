import type { FigureDefinition } from '../figure.js';
import type { HeadResult } from '../headResult.js';
import { headRatioAlongTraining } from './ratioAlongTraining.js';
import { headRowRatios } from './rowRatios.js';
import { headWhitenedSpectrum } from './whitenedSpectrum.js';

/** Every figure of heads, of one or of several exports. */
export const headFigures: readonly FigureDefinition<readonly HeadResult[]>[] = [
  headRatioAlongTraining,
  headRowRatios,
  headWhitenedSpectrum,
];
