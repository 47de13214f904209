// Draws what the figure of ratios against C needs, and little else: `node scripts/ratioRun.mjs RUN [WORKERS]` leaves a
// run folder in which norms of blocks are drawn at the numbers of classes of preset full, C from 2 to 10 000, 60 times
// at each, at d = 500 under LeCun's initialisation; spectra are few and small.
import { fileURLToPath } from 'node:url';

const built = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const { parsePerturbation, resolveCheck, runCheck } = await import(built('src/pipeline/check/runCheck.js'));
const { presets } = await import(built('src/claims/presets.js'));
const { createRunFolder } = await import(built('src/store/runFolder.js'));
const { saveRun } = await import(built('src/pipeline/check/saveRun.js'));

const [out, workers = '1'] = process.argv.slice(2);
if (out === undefined) {
  console.error('ratioRun: name a folder for the run');
  process.exit(2);
}
const { quick, full } = presets;
const preset = {
  ...quick,
  name: 'ratios',
  dimensions: [32, 64],
  draws: [8, 8],
  weights: { ...quick.weights, draws: 8 },
  norms: { ...full.norms, dimension: 500 },
};
const resolved = resolveCheck({
  preset,
  claims: 'linear-ce,hidden-mse,hidden-ce,output-ce',
  workers,
  backend: 'auto',
  seed: '1',
  level: '0.01',
  perturbation: parsePerturbation(undefined),
  pictures: false,
});
console.error(resolved.plan);
const created = new Date();
let shown = 0;
const outcome = await runCheck(resolved, {
  onProgress: ({ done, total, label }) => {
    if (done < shown + total / 50) return;
    shown = done;
    console.error(`${done}/${total} ${Math.round((Date.now() - created.getTime()) / 1000)} s  ${label}`);
  },
});
const files = await saveRun(createRunFolder(out), outcome, {
  created,
  seconds: (Date.now() - created.getTime()) / 1000,
  workers: resolved.workers,
  tasks: resolved.tasks.length,
  drawn: resolved.tasks.length - outcome.failed.length,
});
console.error(files.map((file) => `wrote ${out}/${file}`).join('\n'));
