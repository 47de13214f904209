import { UsageError } from '../../../../theory/errors.js';
import { modelTraits, paperActivation, paperInitialisation } from '../../../../theory/names.js';
import { fullHessian, largestDenseOrder } from '../../../../simulations/blocks/index.js';
import type { DrawSettings, RandomStream, Workspace } from '../../../../simulations/contracts.js';
import { inputSampler } from '../../../../simulations/inputs/index.js';
import { drawReplicate, layerInitialisation } from '../../../../simulations/models/index.js';
import type { HessianEnsemble } from '../../law/ensemble.js';
import { alternativesTo, type Alternative, type Change } from '../alternatives.js';
import { pooledSpectrum } from '../givenSpectrum.js';
import { changedSamples } from '../spectrumSampler.js';
import type { DrawSizes, EnsembleDraws } from './contract.js';

/** Whole Hessians of the model itself: what its weights depend on is drawn with them, and so are their outliers. */
export function hessianDraws(ensemble: HessianEnsemble): EnsembleDraws {
  const { setting } = ensemble;
  const { classes } = setting;
  return {
    describe: (samples) =>
      `the whole Hessian of the ${setting.model} model at initialisation, ${setting.loss}, C = ${classes}, N = ${samples}`,
    sampler: (sizes) => hessianSampler(ensemble, sizes),
    // Positive semidefinite, and of full rank but for the logits' common shift and too few samples.
    signs: (_draw, order, scale, samples) => {
      const most = (ensemble.freeLogits * Math.min(order / classes, samples ?? Infinity)) | 0;
      const count = [samples === undefined ? 0 : most, most] as const;
      return scale > 0 ? { positive: count, negative: [0, 0] } : { positive: [0, 0], negative: count };
    },
    hasExactTraces: true,
    alternatives: (fit) => [
      ...alternativesTo(fit).filter(({ id }) => id !== 'scatter'),
      ...(ensemble.freeLogits < classes ? [otherVariance] : []),
    ],
  };
}

const otherVariance: Alternative = {
  id: 'logit-variance',
  description: 'logit variance 25 % smaller or larger',
  change: (draw) => ({ logitVariance: draw % 2 === 0 ? 1.25 : 1 / 1.25 }),
};

function hessianSampler({ setting }: HessianEnsemble, { backend, order, samples, draws, scale }: DrawSizes) {
  if (order > largestDenseOrder)
    throw new UsageError(
      `compare: whole Hessians of order ${order} are too large to be drawn again and again: ${largestDenseOrder} is the most. Compare a block.`,
    );
  const dimension = order / setting.classes;
  const layer = modelTraits[setting.model].weightedLayer;
  const workspaces = new Map<number, Workspace>();
  const matrix = (stream: RandomStream, change: Change): Float64Array => {
    const count = changedSamples(samples, change.samples ?? 1);
    const settings = settingsOf(setting, dimension, count);
    if (!workspaces.has(count)) workspaces.set(count, backend.createWorkspace(dimension, count));
    const { varianceFactor, distribution } =
      setting.logitVariance === undefined
        ? layerInitialisation(settings.initialisation, dimension, setting.classes)
        : { varianceFactor: setting.logitVariance, distribution: 'normal' as const };
    const draw = drawReplicate(settings, workspaces.get(count)!, String(stream.integer(2 ** 31)), 0, {
      layers: { [layer]: { varianceFactor: varianceFactor * (change.logitVariance ?? 1), distribution } },
      ...(change.inputs === undefined ? {} : { inputs: inputSampler(change.inputs, dimension) }),
    });
    const factor = scale * (change.scale ?? 1);
    return backend.symmetricEigenvalues(fullHessian(draw), order).map((value) => factor * value);
  };
  return (stream: RandomStream, change: Change = {}) =>
    pooledSpectrum(Array.from({ length: draws }, () => matrix(stream, change)));
}

function settingsOf(
  { model, loss, classes, initialisation, width = 0, activation }: HessianEnsemble['setting'],
  dimension: number,
  samples: number,
): DrawSettings {
  return {
    model,
    loss,
    classes,
    dimension,
    samples,
    width,
    activation: activation ?? paperActivation,
    initialisation: initialisation ?? paperInitialisation,
  };
}
