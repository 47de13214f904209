import type { InitialisationName, LayerInitialisation } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { initialisations } from '../../theory/names.js';
import type { RandomStream } from '../contracts.js';

/**
 * How a layer of `fanOut` rows and `fanIn` columns is drawn. Entries have mean 0 and variance varianceFactor / fanIn:
 * lecun N(0, 1/fanIn), he N(0, 2/fanIn), xavier N(0, 2/(fanIn + fanOut)), pytorch U(−1/√fanIn, 1/√fanIn) (variance 1/(3
 * fanIn)).
 */
export function layerInitialisation(name: InitialisationName, fanIn: number, fanOut: number): LayerInitialisation {
  switch (name) {
    case 'lecun':
      return { varianceFactor: 1, distribution: 'normal' };
    case 'he':
      return { varianceFactor: 2, distribution: 'normal' };
    case 'xavier':
      return { varianceFactor: (2 * fanIn) / (fanIn + fanOut), distribution: 'normal' };
    case 'pytorch':
      return { varianceFactor: 1 / 3, distribution: 'uniform' };
    default:
      throw new UsageError(`initialisation must be one of ${initialisations.join(', ')}, got ${String(name)}`);
  }
}

/**
 * Fills `out` with the next entries of a layer, in memory order: the same numbers whether asked for at once or piece by
 * piece.
 */
export function fillLayer(stream: RandomStream, scheme: LayerInitialisation, fanIn: number, out: Float64Array): void {
  const standardDeviation = Math.sqrt(scheme.varianceFactor / fanIn);
  if (scheme.distribution === 'normal') {
    stream.fillNormals(out);
    for (let n = 0; n < out.length; n++) out[n]! *= standardDeviation;
  } else {
    const halfWidth = Math.sqrt(3) * standardDeviation;
    stream.fillUniforms(out);
    for (let n = 0; n < out.length; n++) out[n] = (2 * out[n]! - 1) * halfWidth;
  }
}
