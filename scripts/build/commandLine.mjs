// Puts the command line's own modules and yargs into one file, and each worker's modules into one: a start reads one module instead of some
// eighty (of a worker: 0.25 s in place of 0.65 s). What a command computes stays where it is and is imported when it runs.
import { bundle } from './bundle.mjs';

await bundle('src/cli/bin.js', 'src/cli/limitlaw.js', {
  // CommonJS packages inside an ES module ask for require.
  banner: { js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);" },
});
// In place: callers name the compiled module, and a bundle of a bundle is itself.
for (const worker of ['src/pipeline/check/checkWorker.js', 'src/pipeline/sweepWorker.js']) await bundle(worker, worker, { packages: 'external' });
