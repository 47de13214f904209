import { deepBlockLaw, deepOpenWeights, type DeepNetwork } from '../../deep/index.js';
import { gatedNormalWeights, type OpenWeights } from '../../weights/gatedNormalWeights.js';
import { scaledLaw } from '../../gmp/index.js';
import { initialisationScheme } from '../../network/initialisationScheme.js';
import { layerNumber, paperActivation, paperInitialisation } from '../../names.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { lawOfWeights } from '../lawOfWeights.js';

const bulkOnly =
  'Bulk law of a wide network: gates lean on the rows of their units, which may push single eigenvalues out of it.';

/**
 * The law of a block of the first hidden layer, given the open weights or a signal, or over all signals; else the reason why
 * there is none. A ReLU network with variance factors v_1 … v_L and v has the block of one with factors 2 and s² = v Π v_k/2, divided by v_1/2.
 */
export function deepHiddenLaw(spec: BlockLawSpec): BlockLaw {
  const { layer, block, activation = paperActivation, signal, open, openShare } = spec;
  const number = layerNumber(layer)!;
  if (number > 1)
    return {
      note: 'No limit law is known to the accuracy of the program above the first layer, whose inputs alone are normal: compare draws with draws (limitlaw sample, then compare).',
    };
  if (activation !== 'relu')
    return { note: `Laws of a deep network are known with activation relu, not ${activation}: draw it.` };
  const scales = scalesOf(spec);
  if (scales === undefined)
    return { note: 'The weights of this block have no scale in the limit: give finite classes, widths and variances.' };
  const { network, factor } = scales;
  const place = { layer: number, block };
  if (open === undefined && signal === undefined)
    return {
      note: `The weights of a ${block} block are random from pair to pair of units, whatever the width. Give their mean and deviation over the samples for which the units are open, or a signal, standard normal over pairs, or all signals for the mean spectrum.`,
    };
  if (signal === 'all') {
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
    ...(open ?? { mean: factor * predicted.mean, deviation: factor * predicted.deviation }),
  };
  const [shut, mean, deviation] = [1 - weights.openShare, weights.mean, weights.deviation].map((value) =>
    value.toPrecision(4),
  );
  return {
    ...lawOfWeights(gatedNormalWeights(weights), spec.aspectRatio),
    note: `Weights: 0 for a share of ${shut} of the samples, of mean ${mean} and deviation ${deviation} for the others. ${bulkOnly}`,
  };
}

/** A network whose layers all have variance factor 2, and what its blocks are to be multiplied by. */
function scalesOf(spec: BlockLawSpec): { readonly network: DeepNetwork; readonly factor: number } | undefined {
  const { loss, model, classes, widths = [], aspectRatio, dimension = Infinity, logitVariance } = spec;
  const named = { loss, dimension, aspectRatio, widths, classes };
  if (classes === Infinity || widths.some((width) => width === Infinity)) return undefined;
  if (logitVariance !== undefined) return { network: { ...named, logitVariance }, factor: 1 };
  const scheme = initialisationScheme(spec.initialisation ?? paperInitialisation, {
    ...{ model, dimension, width: 0, widths, classes },
  });
  const layers = Object.values(scheme);
  const variance = layers.reduce((product, { varianceFactor }) => (product * varianceFactor) / 2, 2);
  // Xavier's factors fall like 1/d.
  if (!(variance > 0 && layers[0]!.varianceFactor > 0)) return undefined;
  return { network: { ...named, logitVariance: variance }, factor: 2 / layers[0]!.varianceFactor };
}
