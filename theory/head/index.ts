export { unigramRatios, unigramRowRatio, type UnigramRatios } from './unigram.js';
export { zipfExponent, zipfProbabilities, zipfRatios, zipfRowRatio } from './zipf.js';
export { initialisationLimit, type InitialisationLimit } from './initialisation.js';
export { initialisationSums, type ExpectedSums, type InitialisationSums } from './initialisationSums.js';
export { headFeatureRatio, type FeatureRatio, type FeatureRatioSpec } from './featureRatio.js';
export type { FeatureLaw } from './featureLaw.js';
