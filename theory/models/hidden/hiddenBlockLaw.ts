import { UsageError } from '../../errors.js';
import { bridgedLaw, isSmooth, outlineOf } from '../../gmp/index.js';
import { activations } from '../../names.js';
import { gateMeasure } from '../../network/gates.js';
import { hiddenMseLimitOutliers } from '../../outliers/hiddenMseLimitOutliers.js';
import { hiddenCeLimitWeights, hiddenMseLimitWeights } from '../../weights/hiddenLimitWeights.js';
import { hiddenWeightsGivenReadout } from '../../weights/hiddenWeightsGivenReadout.js';
import { estimatedLaw } from '../estimatedLaw.js';
import { givenReadoutNote } from '../givenReadoutNote.js';
import { describeLaw, lawOfWeights } from '../lawOfWeights.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { requirePair } from '../requirePair.js';
import { hiddenOutliers } from './hiddenOutliers.js';
import { limitLayers } from './limitLayers.js';

const caller = 'blockLaw';

export function hiddenBlockLaw(spec: BlockLawSpec): BlockLaw {
  if (spec.block === 'off-diagonal' && spec.width! < 2)
    throw new UsageError(`${caller}: an off-diagonal hidden block needs width ≥ 2, got ${spec.width}`);
  if (spec.readout !== undefined) return lawGivenReadout(spec, spec.readout);
  return spec.loss === 'mse' ? mseLaw(spec) : ceLaw(spec);
}

function lawGivenReadout(spec: BlockLawSpec, readout: ArrayLike<number>): BlockLaw {
  const { loss, classes, aspectRatio } = spec;
  const { activation, width, hiddenFactor } = limitLayers(caller, spec);
  const layers = { loss, activation, readout, classes, width, ...requirePair(spec), varianceFactor: hiddenFactor };
  const estimate = hiddenWeightsGivenReadout({
    ...layers,
    ...(spec.points === undefined ? {} : { points: spec.points }),
  });
  const law = estimatedLaw(estimate, aspectRatio);
  return {
    ...describeLaw(law, estimate.measure, givenReadoutNote(estimate)),
    outliers: (options) => hiddenOutliers(layers, { law: outlineOf(law), ...options }),
  };
}

function mseLaw(spec: BlockLawSpec): BlockLaw {
  const { block, aspectRatio } = spec;
  const { activation, hiddenFactor } = limitLayers(caller, spec);
  const { gated } = activations[activation];
  const found = lawOfWeights(
    gated ? gateMeasure(block === 'diagonal' ? 0.5 : 0.25) : hiddenMseLimitWeights(activation, hiddenFactor, block),
    aspectRatio,
  );
  const limit =
    'The law as C → ∞; at finite C the other units and the label enter through σ″, so that it is random given V: give V for it.';
  return {
    ...found,
    hiddenFactor,
    scale: block === 'diagonal' ? 'eigenvalues in units of |v_i|²' : 'eigenvalues in units of v_i·v_j',
    outliers: () => hiddenMseLimitOutliers({ law: found.outline!(), activation, hiddenFactor, block }),
    ...(!gated && block === 'diagonal' ? { note: `${limit} ${found.note}` } : {}),
  };
}

function ceLaw(spec: BlockLawSpec): BlockLaw {
  const { block, classes, aspectRatio } = spec;
  if (block === 'off-diagonal' && classes === Infinity) {
    return {
      note:
        'As C → ∞ the weight vanishes like C^{-1/2}, and √C times it tends to a Gaussian field over x that stays random given V: no deterministic limit law. ' +
        'Give V for its law, or see the ratio for its average size.',
    };
  }
  if (classes !== Infinity) {
    return {
      note: 'At fixed C and m the weights depend on V as drawn, so the law is random: give V for it. Only C = inf on the diagonal has a limit.',
    };
  }
  const { activation, hiddenFactor, entry } = limitLayers(caller, spec);
  if (entry.variance === 0) {
    return {
      note: "Xavier's readout variance depends on C and vanishes as C → ∞, and the block with it: no limit law in these units.",
    };
  }
  const weights = hiddenCeLimitWeights(activation, hiddenFactor, entry);
  if (isSmooth(weights) || weights.nodes.length === 2) return lawOfWeights(weights, aspectRatio);
  return describeLaw(
    bridgedLaw(weights, aspectRatio),
    weights,
    'The weight depends on a pre-activation and on the label’s entry of V, and its law is taken from points of both: the density is an ' +
      'estimate, in thin tails the mean between neighbouring points.',
  );
}
