export {
  largestWholeClasses,
  linearCrossEntropyHessianLaw,
  type LinearHessianLaw,
  type LinearHessianOptions,
} from './linearCrossEntropyHessianLaw.js';
export { matrixStieltjes, type MatrixStieltjesOptions } from './matrixStieltjes.js';
export { softmaxCovarianceEigenvalues } from './softmaxCovarianceEigenvalues.js';
