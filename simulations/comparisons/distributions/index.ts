export { binomialLowerTail, binomialUpperTail, clopperPearsonInterval } from './binomial.js';
export { chiSquareCdf, chiSquareSurvival, chiSquareUpperQuantile, noncentralChiSquareSurvival } from './chiSquare.js';
export { incompleteBeta } from './incompleteBeta.js';
export { incompleteGamma } from './incompleteGamma.js';
export { kolmogorovSurvival } from './kolmogorov.js';
export { normalQuantile, normalSurvival, normalTwoSided } from './normal.js';
export { pearsonThreeSurvival } from './pearsonThree.js';
export { logGamma } from './stirling.js';
export { studentSurvival, studentTwoSided, studentUpperQuantile } from './studentT.js';
