// Tests of means over small draws by the built program: `node builtMoments.mjs REQUESTS`, a JSON list of {preset, subject,
// loss, classes, perturbation}; prints the tests of each. In the test runner's own context the predictions behind them
// take several times as long.
import { createBackend } from '../../dist/simulations/linalg/index.js';
import { momentEvidence } from '../../dist/src/claims/evidence/momentEvidence.js';
import { finishedOf, momentTasks } from '../../dist/src/claims/taskLists.js';
import { performTask } from '../../dist/src/draws/check/index.js';
import { createEnvironment } from '../../dist/src/draws/environment.js';
import { unperturbed } from '../../dist/src/draws/perturbation.js';

const environment = createEnvironment(await createBackend('auto'));
const out = [];
for (const { preset, subject, loss, classes, perturbation } of JSON.parse(process.argv[2])) {
  const model = subject.startsWith('linear') ? 'linear' : 'hidden';
  const context = { preset, seed: 'moments', perturbation: { ...unperturbed, ...perturbation } };
  const tasks = momentTasks(context, subject, { model, loss, initialisation: 'lecun', classes });
  const finished = [];
  for (const task of tasks) finished.push({ task, result: await performTask(task, environment) });
  out.push(momentEvidence(finishedOf(finished, 'moments'), subject === 'hidden norms' ? 'hidden' : 'output').tests);
}
process.stdout.write(JSON.stringify(out));
