import type { BlockKind } from '../../contracts.js';
import { UsageError } from '../../errors.js';
import { blockKinds } from '../../names.js';
import { requireWord } from '../../requirements.js';
import type { OpenWeights } from '../../weights/gatedNormalWeights.js';
import type { DeepNetwork } from '../deepNetwork.js';
import { signalMoments } from './weightSignals.js';

/** Which block of a hidden layer. */
export interface DeepBlock {
  /** ℓ, from 1. */
  readonly layer: number;
  readonly block: BlockKind;
}

/**
 * The weights of a block over the inputs for which its units are open, given one scalar. In a wide network
 * b_iᵀΠb_j is, over the draws of the units, a normal field over inputs whose covariance is Y(1) for an input with itself and the
 * same Y(ρ) for any two others. So given ξ ~ N(0, 1), which the pair of units has and all inputs share,
 *
 *   a = √Y(ρ) ξ + √(Y(1) − Y(ρ)) η                         off the diagonal,
 *   a = √Z(ρ) + √(2Y(ρ)) ξ + √(Z(1) − Z(ρ) + 2(Y(1) − Y(ρ))) η  on it,
 *
 * η ~ N(0, 1) of each sample, where the gates are open: for ½ of the samples on the diagonal, ¼ off it (in layers above
 * the first the share is random, Φ(√(ρ/(1 − ρ)) ζ_i) of each unit, ζ_i ~ N(0, 1), and this is that of units of median share). Y(ρ) = Y(1) in the last layer under squared error, where the weight is v_i·v_j.
 *
 * Y and Z with their terms of order 1/width. Left out is that the field is a sum of only C_eff (`deepRatios`) products, so normal
 * only where that is large, and what open gates of the own layer say of those above, O(1/width). Given mean and deviation as drawn, rather than ξ, most of either is accounted for.
 *
 * @param signal ξ
 * @throws UsageError as `signalMoments`, or for a signal that is not finite
 */
export function deepOpenWeights(network: DeepNetwork, { layer, block }: DeepBlock, signal: number): OpenWeights {
  const caller = 'deepOpenWeights';
  requireWord(caller, 'block', block, blockKinds);
  if (!Number.isFinite(signal)) throw new UsageError(`${caller}: signal must be a finite number, got ${signal}`);
  const { overlap, sharedOverlap, traces, sharedTraces } = signalMoments(network, layer, { caller });
  if (block === 'off-diagonal')
    return {
      openShare: 1 / 4,
      mean: Math.sqrt(sharedOverlap) * signal,
      deviation: rootOfRest(overlap, sharedOverlap),
    };
  return {
    openShare: 1 / 2,
    mean: Math.sqrt(sharedTraces) + Math.sqrt(2 * sharedOverlap) * signal,
    deviation: rootOfRest(traces + 2 * overlap, sharedTraces + 2 * sharedOverlap),
  };
}

/** √(whole − part), 0 where the two are equal to rounding. */
function rootOfRest(whole: number, part: number): number {
  const rest = whole - part;
  return rest > 1e-12 * whole ? Math.sqrt(rest) : 0;
}
