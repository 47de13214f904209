import { wignerMatrix, wignerSpectrum } from '../../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../../simulations/contracts.js';
import type { WignerEnsemble } from '../../law/ensemble.js';
import { eitherWay, type Alternative, type Change } from '../alternatives.js';
import { pooledSpectrum } from '../givenSpectrum.js';
import type { DrawSizes, EnsembleDraws } from './contract.js';

const anySign = { positive: [0, Infinity], negative: [0, Infinity] } as const;
const scatter = 0.25;
const shift = 0.05;

export function wignerDraws({ variance }: WignerEnsemble): EnsembleDraws {
  return {
    describe: () =>
      `a real symmetric matrix of independent normal entries, of variance ${variance}/d off the diagonal and twice that on it`,
    sampler: (sizes) => {
      const deviation = sizes.scale * Math.sqrt(variance);
      return (stream, change = {}) =>
        pooledSpectrum(Array.from({ length: sizes.draws }, () => changedSpectrum(stream, sizes, deviation, change)));
    },
    signs: () => anySign,
    hasExactTraces: true,
    alternatives: (fit) => [
      ...(fit.includes('scale')
        ? []
        : [{ id: 'scale', description: 'radius 5 % off', change: (draw: number) => ({ scale: eitherWay(draw) }) }]),
      {
        id: 'shift',
        description: `mean off by ${100 * shift} % of the standard deviation`,
        change: (draw) => ({ shift: draw % 2 === 0 ? shift : -shift }),
      } satisfies Alternative,
      {
        id: 'scatter',
        description: `each row and its column ${100 * scatter} % smaller or larger`,
        change: () => ({ scatter }),
      },
    ],
  };
}

function changedSpectrum(
  stream: RandomStream,
  { backend, order }: DrawSizes,
  deviation: number,
  { scale = 1, shift: moved = 0, scatter: unevenness = 0 }: Change,
): Float64Array {
  const values =
    unevenness === 0
      ? wignerSpectrum(stream, order)
      : backend.symmetricEigenvalues(wignerMatrix(stream, unevenRows(stream, order, unevenness)), order);
  return values.map((value) => deviation * (scale * value + moved));
}

/** Factors 1 ± unevenness with equal chance, whose mean square is 1. */
function unevenRows(stream: RandomStream, order: number, unevenness: number): Float64Array {
  const size = Math.sqrt(1 + unevenness * unevenness);
  return Float64Array.from({ length: order }, () => (1 + (stream.uniform() < 0.5 ? 1 : -1) * unevenness) / size);
}
