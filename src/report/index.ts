export { renderReport } from './renderReport.js';
export { renderTrainReport } from './trainReport.js';
