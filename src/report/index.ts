export { renderBlocksReport } from './blocksReport.js';
export { renderReport } from './renderReport.js';
export { renderHeadReport } from './headReport.js';
export { renderTrainReport } from './trainReport.js';
