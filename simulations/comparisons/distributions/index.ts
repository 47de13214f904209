export { binomialLowerTail, binomialUpperTail, clopperPearsonInterval, wilsonInterval } from './binomial.js';
export { chiSquareCdf, chiSquareSurvival, chiSquareUpperQuantile, noncentralChiSquareSurvival } from './chiSquare.js';
export { incompleteBeta } from './incompleteBeta.js';
export { incompleteGamma } from './incompleteGamma.js';
export { kolmogorovCdf, kolmogorovSurvival } from './kolmogorov.js';
export { normalCdf, normalQuantile, normalSurvival, normalTwoSided } from './normal.js';
export { pearsonThreeSurvival } from './pearsonThree.js';
export { logGamma } from './stirling.js';
export { studentSurvival, studentTwoSided, studentUpperQuantile } from './studentT.js';
