// node test/bench/runLaws.mjs: the law benchmark alone, one JSON row a law. Bundles the TypeScript first, so that no
// build is needed.
import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Beside the source, because the bundle finds numpyLaw.py next to itself.
const outfile = fileURLToPath(new URL('./laws.bundle.mjs', import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL('./laws.ts', import.meta.url))],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'error',
});
try {
  const { benchLaws } = await import(pathToFileURL(outfile).href);
  for (const row of benchLaws()) console.log(JSON.stringify(row));
} finally {
  rmSync(outfile);
}
