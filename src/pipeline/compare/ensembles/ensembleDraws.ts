import type { Ensemble } from '../../law/ensemble.js';
import type { EnsembleDraws } from './contract.js';
import { drawnWeightsDraws } from './drawnWeightsDraws.js';
import { hessianDraws } from './hessianDraws.js';
import { weightedDraws } from './weightedDraws.js';
import { wignerDraws } from './wignerDraws.js';

const kinds: { readonly [Kind in Ensemble['kind']]: (ensemble: Extract<Ensemble, { kind: Kind }>) => EnsembleDraws } = {
  weighted: weightedDraws,
  drawn: drawnWeightsDraws,
  wigner: wignerDraws,
  hessian: hessianDraws,
};

/** Each kind of ensemble as a comparison draws it. */
export function ensembleDraws(ensemble: Ensemble): EnsembleDraws {
  return (kinds[ensemble.kind] as (ensemble: Ensemble) => EnsembleDraws)(ensemble);
}
