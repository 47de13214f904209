/** Worker entry of `limitlaw check`: one backend for each worker, one task at a time. */
import { workerData } from 'node:worker_threads';
import type { BackendName } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { serveTasks } from '../../../simulations/runner/index.js';
import { createEnvironment } from '../environment.js';
import { performTask } from './index.js';
import type { CheckTask } from './index.js';

const { backend } = workerData as { backend: BackendName };
const environment = createBackend(backend).then(createEnvironment);
serveTasks(async (task: CheckTask) => performTask(task, await environment));
