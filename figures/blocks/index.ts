import type { BlocksResult } from '../blocksResult.js';
import type { FigureDefinition } from '../figure.js';
import { blocksAgainstClasses } from './againstClasses.js';
import { blocksByTensor } from './byTensor.js';
import { blocksFullAgainstGaussNewton } from './fullAgainstGaussNewton.js';

/** Every figure of norms of blocks. */
export const blocksFigures: readonly FigureDefinition<BlocksResult>[] = [
  blocksAgainstClasses,
  blocksByTensor,
  blocksFullAgainstGaussNewton,
];
