// One file in place of a module and all it imports: reading some eighty modules takes longer than running them.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticeOf, packagesIn, writeNotices } from './notices.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = `${root}dist/`;

/**
 * Bundles the module `from` below dist/ into `name`.js beside it. Modules found by their own place on disk (version) or
 * shared with what is left outside (errors) stay outside, and so does what is imported only when it is needed, unless
 * `atOnce` matches "importer path": that gets files of its own, `name`-….js. `plugins` are esbuild's, beside its own.
 */
export async function bundle(from, name, { atOnce, plugins = [], ...options } = {}) {
  const folder = dirname(`${dist}${from}`);
  // Parts of an earlier build have other names.
  for (const part of readdirSync(folder).filter((file) => file.startsWith(`${name}-`))) rmSync(`${folder}/${part}`);
  const outside = {
    name: 'outside',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        if (importer.includes('node_modules')) return undefined;
        const isLater = kind === 'dynamic-import' && !atOnce?.test(`${importer} ${path}`);
        if (!isLater && !/\/(version|errors)\.js$/.test(path)) return undefined;
        const place = relative(folder, resolve(dirname(importer), path)).replaceAll('\\', '/');
        return { path: place.startsWith('.') ? place : `./${place}`, external: true };
      });
    },
  };
  const { metafile } = await build({
    entryPoints: { [name]: `${dist}${from}` },
    outdir: folder,
    chunkNames: `${name}-[hash]`,
    splitting: atOnce !== undefined,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [outside, ...plugins],
    absWorkingDir: root,
    metafile: true,
    ...options,
  });
  const packages = packagesIn(metafile);
  if (packages.length > 0) writeNotices(name, packages.map(noticeOf));
}
