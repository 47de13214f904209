/** Worker entry of `limitlaw train`: one backend for each worker, one training at a time. */
import { workerData } from 'node:worker_threads';
import type { BackendName } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { serveTasks } from '../../../simulations/runner/index.js';
import { createEnvironment } from '../environment.js';
import { taskNotes } from '../taskNotes.js';
import { performTrainTask } from './trainTask.js';
import type { TrainTask } from './trainContract.js';

const { backend } = workerData as { backend: BackendName };
const environment = createBackend(backend).then(createEnvironment);
serveTasks(async (task: TrainTask, tell) =>
  performTrainTask(
    task,
    await environment,
    taskNotes(tell, () => performance.now()),
  ),
);
