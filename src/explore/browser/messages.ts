import type { Outlier } from '../../../theory/contracts.js';
import type { DeepNetwork, DeepRatio } from '../../../theory/deep/index.js';
import type { LawView, PlainWeights } from './lawOfState.js';
import type { ExplorerState } from './state.js';

/** What the page asks of its worker. Answers carry the number of the request. */
export type WorkerRequest = LawRequest | DeepRequest;

export interface LawRequest {
  readonly number: number;
  readonly kind: 'weights' | 'law' | 'outliers' | 'draw' | 'readout';
  readonly state: ExplorerState;
}

/** Ratios of the layers of a deep network. */
interface DeepRequest {
  readonly number: number;
  readonly kind: 'deep';
  readonly network: DeepNetwork;
}

/** Ascending eigenvalues of one drawn block, already scaled like the law. */
export interface DrawnSpectrum {
  readonly eigenvalues: Float64Array;
  readonly samples: number;
  readonly milliseconds: number;
}

export type WorkerAnswer =
  | { readonly number: number; readonly kind: 'weights'; readonly weights: PlainWeights }
  | { readonly number: number; readonly kind: 'law'; readonly view: LawView | undefined; readonly note: string }
  | { readonly number: number; readonly kind: 'outliers'; readonly outliers: readonly Outlier[]; readonly note: string }
  | { readonly number: number; readonly kind: 'draw'; readonly drawn: DrawnSpectrum }
  | { readonly number: number; readonly kind: 'readout'; readonly readout: Float64Array }
  | { readonly number: number; readonly kind: 'deep'; readonly layers: readonly DeepRatio[] }
  | { readonly number: number; readonly kind: 'failure'; readonly of: WorkerRequest['kind']; readonly message: string };
