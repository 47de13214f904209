// One file in place of a module and all it imports: reading some eighty modules takes longer than running them.
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/**
 * Bundles `from` into `to`, both below dist/. Left outside: what is imported only when it is needed, and the modules found by their own place on
 * disk (version) or shared with what is outside (errors).
 */
export async function bundle(from, to, options = {}) {
  const folder = dirname(`${dist}${to}`);
  const outside = {
    name: 'outside',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        if (importer.includes('node_modules')) return undefined;
        if (kind !== 'dynamic-import' && !/\/(version|errors)\.js$/.test(path)) return undefined;
        const place = relative(folder, resolve(dirname(importer), path)).replaceAll('\\', '/');
        return { path: place.startsWith('.') ? place : `./${place}`, external: true };
      });
    },
  };
  await build({
    entryPoints: [`${dist}${from}`],
    outfile: `${dist}${to}`,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [outside],
    ...options,
  });
}
