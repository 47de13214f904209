import { blocksFigures } from './blocks/index.js';
import type { BlocksResult } from './blocksResult.js';
import type { FigureDefinition, FigureStyle, PaperFigure } from './figure.js';
import { headFigures } from './head/index.js';
import type { HeadResult } from './headResult.js';
import { matrixFigures } from './matrix/index.js';
import type { MatrixResult } from './matrixResult.js';
import { paperFigures } from './paper/index.js';
import type { RunResults } from './results.js';
import { sweepFigures } from './sweep/index.js';
import type { SweepResult } from './sweepResult.js';
import { trainingFigures } from './training/index.js';
import type { TrainResult } from './trainResult.js';

/** What figures are drawn from: one run, trainings or heads of which some figures show several, blocks, or a given matrix. */
export type DrawnResults =
  RunResults | SweepResult | readonly TrainResult[] | readonly HeadResult[] | BlocksResult | MatrixResult;

const areHeads = (results: readonly TrainResult[] | readonly HeadResult[]): results is readonly HeadResult[] =>
  results[0]?.kind === 'head';

/** A figure of given results; `undefined` when they hold nothing to draw. */
export interface DrawableFigure extends Omit<FigureDefinition, 'build'> {
  readonly build: (style?: FigureStyle) => PaperFigure | undefined;
}

/** Every figure of the kind of run that these results are of. */
export function figuresOf(results: DrawnResults): readonly DrawableFigure[] {
  if (!('kind' in results))
    return areHeads(results) ? drawable(headFigures, results) : drawable(trainingFigures, results);
  if (results.kind === 'blocks') return drawable(blocksFigures, results);
  if (results.kind === 'matrix') return drawable(matrixFigures, results);
  return results.kind === 'sweep' ? drawable(sweepFigures, results) : drawable(paperFigures, results);
}

function drawable<Results>(definitions: readonly FigureDefinition<Results>[], results: Results): DrawableFigure[] {
  return definitions.map(({ build, ...definition }) => ({ ...definition, build: (style) => build(results, style) }));
}
