export { renderReport } from './renderReport.js';
