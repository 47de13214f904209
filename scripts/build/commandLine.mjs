// Puts the command line's own modules and yargs into one file: a start reads one module instead of some eighty.
// What computes stays where it is and is imported when its command runs.
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../../dist/src/cli/', import.meta.url));

const lazy = {
  name: 'lazy',
  setup({ onResolve }) {
    const external = ({ path, importer }) => {
      const place = relative(folder, resolve(dirname(importer), path)).replaceAll('\\', '/');
      return { path: place.startsWith('.') ? place : `./${place}`, external: true };
    };
    onResolve({ filter: /^\./ }, (found) => {
      if (found.importer.includes('node_modules')) return undefined;
      if (found.kind === 'dynamic-import') return external(found);
      // Found by their own place on disk (version), or shared with what is imported later (errors).
      return /\/(version|errors)\.js$/.test(found.path) ? external(found) : undefined;
    });
  },
};

await build({
  entryPoints: [`${folder}bin.js`],
  outfile: `${folder}limitlaw.js`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  plugins: [lazy],
  // CommonJS packages inside an ES module ask for require.
  banner: { js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);" },
});
