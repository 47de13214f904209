// What the host calls. Memory is the host's: it gives addresses, nothing is allocated here.
export {
  stepBlock,
  tileRows,
  primalGram,
  addGram,
  dualGram,
  signedSquares,
  weightedTrace,
  largestMagnitude,
  multiply,
} from './gram';
export { projectFew, packInputs, projectTile } from './project';
export { squaredProducts } from './sharedGram';
export { packInputsSingle, projectTileSingle, tileSingle, addSingles } from './singleProduct';
export { accumulate, exponentials } from './softmax';
export { shiftRows, takeLogits, softmaxFields, rowDots } from './softmaxFields';
export { packTriangle, triangularTile } from './triangle';
export { momentsTile, packFeatures } from './softmaxMoments';
export { panelRows, tridiagonalise } from './tridiagonalise';
export { toBand } from './toBand';
export { bandRow, bandToTridiagonal, chaseRoom } from './bandToTridiagonal';
export { tridiagonalEigenvalues } from './tridiagonalEigenvalues';
export { cholesky } from './cholesky';
export { packRows } from './packing';
export { tileProducts, addOuterProducts, multiplyVectors } from './products';
export { softmaxResiduals, squaredResiduals } from './residuals';
export { peakRate } from './peakRate';
export { logitFields } from './logits';
export {
  rectify,
  openGates,
  softmaxOverPoints,
  columnMean,
  columnCovariance,
  addFieldProducts,
  multiplyFields,
} from './cubature';

/** Where the host's memory begins. */
export function firstFreeAddress(): usize {
  return __heap_base;
}

/** Whether a multiply-add here is rounded once: (1 + ε)(1 − ε) − 1 is −ε², not 0. */
export function isFused(): bool {
  if (!isDefined(FUSED)) return false;
  const epsilon: f64 = 1.1102230246251565e-16;
  return (
    f64x2.extract_lane(
      f64x2.relaxed_madd(f64x2.splat(1 + 2 * epsilon), f64x2.splat(1 - 2 * epsilon), f64x2.splat(-1)),
      0,
    ) != 0
  );
}
