export { compressMeasure, type CompressedMeasure, type CompressOptions } from './compressMeasure.js';
export { discreteMeasure } from './discreteMeasure.js';
export { exactSum } from './exactSum.js';
export { gaussQuadrature } from './gaussQuadrature.js';
export { measureMoment } from './measureMoment.js';
export { scaleMeasure } from './scaleMeasure.js';
