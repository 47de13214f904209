export { crossBlock, type CrossBlock } from './crossBlock.js';
export { fullHessian, hessianOrder, LARGEST_DENSE_ORDER } from './fullHessian.js';
export { hiddenBlock, hiddenBlockWeights } from './hiddenBlock.js';
export { linearBlock, linearBlockWeights } from './linearBlock.js';
export { outputBlock } from './outputBlock.js';
export { coordinates, projectionBasis, twinInputs, type ProjectionBasis } from './projectionBasis.js';
