// A check of one claim at small sizes, which the command line does not offer: `node smallCheck.mjs --out RUN`. What is
// drawn is told after each draw; the same line again goes on with what a killed one has left.
const built = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url));
const { checkJob } = await built('pipeline/check/checkJob.js');
const { runJob } = await built('pipeline/run/runJob.js');
const { presets } = await built('claims/presets.js');
const { createRunFolder } = await built('store/runFolder.js');

const { quick } = presets;
const preset = {
  ...quick,
  name: 'small',
  dimensions: [16, 24],
  draws: [12, 12],
  traces: { ...quick.traces, dimension: 16, samples: 64, weights: 2, draws: 40 },
  outliers: { ...quick.outliers, draws: 4 },
  norms: { ...quick.norms, dimension: 32, classes: [4, 8], draws: 6 },
  moments: { ...quick.moments, batches: 4, readouts: 20, blocks: 20, samples: 128 },
};
const job = checkJob({ preset, claims: 'linear-mse', seed: '1', level: '0.01', pictures: false });
const folder = createRunFolder(process.argv.at(-1), { holding: 'journal' });
await runJob(job, folder, {
  workers: 2,
  backend: 'wasm',
  clock: () => new Date(),
  onProgress: ({ done, total }) => process.stderr.write(`${done}/${total} draws\n`),
});
folder.close();
