/** Worker entry of `limitlaw sweep`: one backend for each worker, one draw at a time. */
import { workerData } from 'node:worker_threads';
import type { BackendName } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { serveTasks } from '../../../simulations/runner/index.js';
import { createEnvironment } from '../environment.js';
import { performSweepTask } from './sweepTask.js';
import type { SweepTask } from './contract.js';

const { backend } = workerData as { backend: BackendName };
const environment = createBackend(backend).then(createEnvironment);
serveTasks(async (task: SweepTask) => performSweepTask(task, await environment));
