// Puts the command line's own modules and yargs into one file, what `law` and `ratio` compute into a few beside it, and
// each worker's modules into one: a start reads one module instead of some eighty (of a worker: 0.25 s in place of 0.65
// s). The rest of what commands compute stays where it is and is imported when it runs.
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const stringWidth = {
  name: 'string width',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules\/(yargs|cliui|wrap-ansi)\//.test(importer.replaceAll('\\', '/'))
        ? { path: fileURLToPath(new URL('stringWidth.mjs', import.meta.url)) }
        : undefined,
    );
  },
};

await bundle('src/cli/bin.js', 'limitlaw', {
  // Figures need a browser's driver, which is larger than all the rest.
  atOnce: /(commands\/(law|ratio)|pipeline\/law\/((law|ratio)Command|statedLaw))\.js (?!.*\/lawFiles\.js$)/,
  plugins: [stringWidth],
  // CommonJS packages inside an ES module ask for require.
  banner: {
    js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
  },
});
await bundle('src/draws/check/checkWorker.js', 'checkWorker.bundle', { packages: 'external' });
await bundle('src/draws/check/ratioWorker.js', 'ratioWorker.bundle', { packages: 'external' });
await bundle('src/draws/sweep/sweepWorker.js', 'sweepWorker.bundle', { packages: 'external' });
await bundle('src/draws/train/trainWorker.js', 'trainWorker.bundle', { packages: 'external' });
