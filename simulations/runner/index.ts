export { runTasks } from './workerPool.js';
export type { PoolOptions, PoolOutcome } from './workerPool.js';
export { serveTasks } from './serveTasks.js';
