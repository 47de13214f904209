/**
 * The explorer's worker: heavy laws, outliers, and draws by the embedded kernels. Bundled into the page and started
 * from a Blob.
 */
import { deepRatios } from '../../../theory/deep/index.js';
import { needsReadout, softmaxWeightsOf } from './lawOfState.js';
import type { WorkerAnswer, WorkerRequest } from './messages.js';
import { samplesOf, type ExplorerState } from './state.js';
import { drawEigenvalues, drawReadout } from './workerDraw.js';
import { lawViewOf, outliersOfState } from './workerLaw.js';

interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(answer: WorkerAnswer): void;
}
const scope = globalThis as unknown as WorkerScope;

/** V as drawn, for the laws that are given it. */
const readoutOf = (state: ExplorerState): Float64Array | undefined =>
  needsReadout(state) ? drawReadout(state) : undefined;

function answer(request: WorkerRequest): WorkerAnswer {
  if (request.kind === 'deep')
    return { number: request.number, kind: request.kind, layers: deepRatios(request.network) };
  const { number, kind, state } = request;
  switch (kind) {
    case 'weights':
      return { number, kind, weights: softmaxWeightsOf(state) };
    case 'law':
      return { number, kind, ...lawViewOf(state, readoutOf(state)) };
    case 'outliers':
      return { number, kind, ...outliersOfState(state, readoutOf(state)) };
    case 'readout':
      return { number, kind, readout: drawReadout(state) };
    case 'draw': {
      const started = performance.now();
      const eigenvalues = drawEigenvalues(state);
      return {
        number,
        kind,
        drawn: { eigenvalues, samples: samplesOf(state), milliseconds: performance.now() - started },
      };
    }
  }
}

scope.onmessage = ({ data: request }) => {
  try {
    scope.postMessage(answer(request));
  } catch (failure) {
    scope.postMessage({
      number: request.number,
      kind: 'failure',
      of: request.kind,
      message: failure instanceof Error ? failure.message : String(failure),
    });
  }
};
