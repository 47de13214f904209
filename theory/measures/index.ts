export { compressMeasure, type CompressedMeasure, type CompressOptions } from './compressMeasure.js';
export { discreteMeasure } from './discreteMeasure.js';
export { exactSum } from '../numerics/exactSum.js';
export { gaussQuadrature } from '../numerics/gaussQuadrature.js';
export { measureMoment } from './measureMoment.js';
export { scaleMeasure } from './scaleMeasure.js';
