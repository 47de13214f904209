// Runs the built `check` once, with sizes of one's own: `node builtCheck.mjs REQUEST`, a JSON object; prints the results.
import { resolveCheck, runCheck, parsePerturbation } from '../../dist/src/pipeline/check/runCheck.js';

const request = JSON.parse(process.argv[2]);
const perturbation = parsePerturbation(request.perturbation);
const { results } = await runCheck(resolveCheck({ ...request, perturbation, backend: 'wasm', pictures: false }));
process.stdout.write(JSON.stringify(results));
