export { continuousMarchenkoPastur } from './continuousMarchenkoPastur.js';
export { shiftedRule, type ContourMeasure } from './contourMeasure.js';
export { generalisedMarchenkoPastur, type GmpLaw } from './generalisedMarchenkoPastur.js';
export { marchenkoPastur } from './marchenkoPastur.js';
export { momentsFromFreeCumulants } from './freeCumulants.js';
export { narrowWeights } from './narrowWeights.js';
export { pointMass } from './pointMass.js';
export { scaledLaw } from './scaledLaw.js';
export { semicircle } from './semicircle.js';
