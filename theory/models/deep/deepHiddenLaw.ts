import { deepBlockLaw, deepOpenWeights, type DeepNetwork } from '../../deep/index.js';
import { gatedNormalWeights, type OpenWeights } from '../../weights/gatedNormalWeights.js';
import { scaledLaw } from '../../gmp/index.js';
import { initialisationScheme } from '../../network/initialisationScheme.js';
import { activations, layerNumber, paperActivation, paperInitialisation } from '../../names.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { lawOfWeights } from '../lawOfWeights.js';

const bulkOnly =
  'Bulk law of a wide network: gates lean on the rows of their units, which may push single eigenvalues out of it.';

/**
 * The law of a block of a hidden layer, given the open weights or a signal, or, in the first, over all signals; else the reason why
 * there is none. A ReLU network with variance factors v_1 … v_L and v has the block of one with factors 2 and s² = v Π v_k/2, divided by v_ℓ/2;
 * its features have |h_{ℓ−1}|² = n_{ℓ−1} Π_{k<ℓ} v_k/2, and the weights the rest.
 */
export function deepHiddenLaw(spec: BlockLawSpec): BlockLaw {
  const { layer, block, activation = paperActivation, signal, open, openShare, dimension = Infinity } = spec;
  const number = layerNumber(layer)!;
  if (!activations[activation].gated)
    return { note: `Laws of a deep network are known with activation relu, not ${activation}: draw it.` };
  const scales = scalesOf(spec, number);
  if (scales === undefined)
    return { note: 'The weights of this block have no scale in the limit: give finite classes, widths and variances.' };
  const { network, factor, features } = scales;
  const place = { layer: number, block };
  if (open === undefined && signal === undefined)
    return {
      note: `The weights of a ${block} block are random from pair to pair of units, whatever the width. Give their mean and deviation over the samples for which the units are open, or a signal, standard normal over pairs${number === 1 ? ', or all signals for the mean spectrum' : ''}.`,
    };
  if (number > 1 && dimension === Infinity)
    return {
      note: 'Above the first layer the law depends on the covariance of the features, and so on quotients of dimension and widths: give the dimension.',
    };
  if (signal === 'all') {
    if (number > 1)
      return {
        note: 'Above the first layer the share of open samples is random from unit to unit, and no mean law over pairs is known: give a signal.',
      };
    if (deepOpenWeights(network, place, 0).deviation === 0)
      return {
        note: 'Under squared error all inputs share the weight of the last layer, and the mean law over pairs is not smooth: give a signal.',
      };
    const { law } = deepBlockLaw({ network, ...place });
    return { law: scaledLaw(law, factor), note: `Mean spectrum over all pairs of units. ${bulkOnly}` };
  }
  const predicted = deepOpenWeights(network, place, signal ?? 0);
  // Given weights are those of the block as it is drawn.
  const weights: OpenWeights = {
    openShare: openShare ?? predicted.openShare,
    ...(open ?? {
      mean: (factor / features) * predicted.mean,
      deviation: (factor / features) * predicted.deviation,
    }),
  };
  const [shut, mean, deviation] = [1 - weights.openShare, weights.mean, weights.deviation].map((value) =>
    value.toPrecision(4),
  );
  const note = `Weights: 0 for a share of ${shut} of the samples, of mean ${mean} and deviation ${deviation} for the others.`;
  if (number === 1)
    return { ...lawOfWeights(gatedNormalWeights(weights), spec.aspectRatio), note: `${note} ${bulkOnly}` };
  const { law } = deepBlockLaw({ network, ...place, open: weights, openShare: weights.openShare });
  const share =
    openShare === undefined ? ' The share is that of units of median share: it is random from unit to unit.' : '';
  return { law: scaledLaw(law, features), note: `${note}${share} ${bulkOnly}` };
}

/** A network whose layers all have variance factor 2, and what its blocks and the squares of its features are to be multiplied by. */
interface Scales {
  readonly network: DeepNetwork;
  readonly factor: number;
  readonly features: number;
}

function scalesOf(spec: BlockLawSpec, number: number): Scales | undefined {
  const { loss, model, classes, widths = [], aspectRatio, dimension = Infinity, logitVariance } = spec;
  const named = { loss, dimension, aspectRatio, widths, classes };
  if (classes === Infinity || widths.some((width) => width === Infinity)) return undefined;
  if (logitVariance !== undefined) return { network: { ...named, logitVariance }, factor: 1, features: 1 };
  const scheme = initialisationScheme(spec.initialisation ?? paperInitialisation, {
    ...{ model, dimension, width: 0, widths, classes },
  });
  const factors = Object.values(scheme).map(({ varianceFactor }) => varianceFactor / 2);
  const product = (some: readonly number[]): number => some.reduce((so, factor) => so * factor, 1);
  const variance = 2 * product(factors);
  // Xavier's factors fall like 1/d.
  if (!(variance > 0 && factors[number - 1]! > 0)) return undefined;
  return {
    network: { ...named, logitVariance: variance },
    factor: 1 / factors[number - 1]!,
    features: product(factors.slice(0, number - 1)),
  };
}
