import { pointMass } from '../gmp/index.js';
import type { BlockLaw, FrobeniusRatio } from './model.js';

/** Blocks between two outputs under squared error, whatever the model. */
const reason = 'Squared error does not couple the outputs';

export const uncoupledLaw = (): BlockLaw => ({
  law: pointMass(0),
  outliers: () => [],
  note: `${reason}: the block is exactly zero.`,
});

export const uncoupledRatio: FrobeniusRatio = {
  ratio: 0,
  ratioError: 0,
  scaled: 0,
  exponent: 2,
  limit: 0,
  reason: `${reason}: off-diagonal output blocks are exactly zero.`,
};
