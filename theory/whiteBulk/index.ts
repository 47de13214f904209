export { bulkPlaces, bulkPlacesBeside, type BulkPlaces, type BulkShape } from './bulkPlaces.js';
export { largestEigenvalueScaling } from './largestEigenvalueScaling.js';
export { spikeShift, spikeStrength } from './spikes.js';
export { angleAtLevel, densityAtAngle, levelAtAngle, placeAtAngle, stieltjesOfWhite } from './whiteLaw.js';
