export { renderExplorer } from './renderExplorer.js';
export { serveExplorer, type ExplorerServer } from './serveExplorer.js';
