// Builds what pages need: Plotly made small and compressed, the explorer and its worker as one script each. Part of
// `npm run build`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticeOf, packagesIn, writeNotices } from './notices.mjs';
import { partsOf, smallPlotly } from './plotly.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const assets = `${root}dist/assets/`;
mkdirSync(assets, { recursive: true });

/** Safe between script tags. */
const inScript = (code) => code.replaceAll('</script', '<\\/script');

// Plotly is large and rarely changes: done again only when its file, or how it is made small, does.
const plotly = readFileSync(`${root}node_modules/plotly.js-dist/plotly.js`);
const digest = createHash('sha256').update(plotly);
for (const file of ['plotly.mjs', 'plotlyLicences.json', 'notices.mjs', 'browser.mjs'])
  digest.update(readFileSync(new URL(file, import.meta.url)));
const stamp = digest.digest('hex');
const stampFile = `${assets}plotly.stamp`;
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const licence = '/* plotly.js, MIT licence, copyright Plotly, Inc. */\n';
  const small = await smallPlotly(plotly.toString('utf8'));
  const script = inScript(licence + small);
  writeNotices('plotly', [noticeOf('node_modules/plotly.js-dist'), ...partsOf(small)]);
  writeFileSync(`${assets}plotly.min.js.gz`, gzipSync(script, { level: 9 }));
  writeFileSync(stampFile, stamp);
}

// The explorer: the worker is bundled first and its text becomes a constant of the page, which starts it from a Blob.
const bundledPackages = new Set();
const bundle = async (entry, define = {}) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${root}${entry}`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    define,
    absWorkingDir: root,
    metafile: true,
  });
  for (const folder of packagesIn(metafile)) bundledPackages.add(folder);
  return outputFiles[0].text;
};
writeFileSync(`${assets}pageRuntime.js`, inScript(await bundle('figures/render/page/runtime.ts')));
const page = 'src/explore/browser/page.ts';
if (existsSync(`${root}${page}`)) {
  const worker = await bundle('src/explore/browser/worker.ts');
  const script = await bundle(page, { workerSource: JSON.stringify(worker) });
  writeFileSync(`${assets}explorer.js`, inScript(script));
}
if (bundledPackages.size > 0) writeNotices('pages', [...bundledPackages].sort().map(noticeOf));
