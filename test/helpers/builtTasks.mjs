// Performs the built tasks of claims at given sizes: `node builtTasks.mjs REQUEST`, a JSON object with claims, preset and
// seed; prints tasks with their results.
import { createBackend } from '../../dist/simulations/linalg/index.js';
import { claims } from '../../dist/src/claims/index.js';
import { performTask } from '../../dist/src/draws/check/index.js';
import { createEnvironment } from '../../dist/src/draws/environment.js';
import { unperturbed } from '../../dist/src/draws/perturbation.js';

const { claims: ids, preset, seed } = JSON.parse(process.argv[2]);
const environment = createEnvironment(await createBackend('wasm'));
const finished = [];
for (const id of ids)
  for (const task of claims[id].plan({ preset, seed, perturbation: unperturbed }))
    finished.push({ task, result: await performTask(task, environment) });
process.stdout.write(JSON.stringify(finished));
