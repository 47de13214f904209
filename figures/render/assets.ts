import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NumericalError } from '../../theory/errors.js';

// Beside the compiled code, or in dist when the sources run as they are.
const folders = ['../../assets/', '../../dist/assets/'];

/**
 * A file that the build made for pages: 'plotly.min.js.gz', 'explorer.js'.
 * Throws when the build has not run.
 */
export function readAsset(name: string): Buffer {
  for (const folder of folders) {
    const path = fileURLToPath(new URL(`${folder}${name}`, import.meta.url));
    if (existsSync(path)) return readFileSync(path);
  }
  throw new NumericalError(
    `the built file '${name}' is missing: run 'npm run build' (an installed package always holds it)`,
  );
}
