// Plotly as the figures use it: lines and points, bars, heat maps. Its one file holds every kind of trace and three map
// and 3D engines, 4.8 MB minified, which a browser reads for seconds before the first figure. Here the list of kinds is
// cut, and what nothing calls any more is dropped.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Terms of the packages inside plotly.js-dist's one file, from those that plotly.js 4.1.1 names: it brings no list. */
const licences = JSON.parse(readFileSync(new URL('plotlyLicences.json', import.meta.url), 'utf8'));

const opening = 'var Plotly = (() => {\n';
const closing = '  return require_index();\n})();';
const allKinds = /Plotly\.register\(\[\s*\/\/ traces\s+(?:(?:require_\w+\(\)|\/\/ components),?\s+)+\]\);/;
const kinds = ['bar', 'heatmap'];

/**
 * The text of plotly.js-dist's file to a script that sets `window.Plotly`. Throws when the file is not laid out as it
 * was.
 */
export async function smallPlotly(text) {
  const [from, to] = [text.indexOf(opening), text.indexOf(closing)];
  const modules = text.slice(from + opening.length, to);
  const list = allKinds.exec(modules)?.[0] ?? '';
  const requires = kinds.map((kind) => new RegExp(`\\brequire_${kind}\\d*\\(\\)`).exec(list)?.[0]);
  if (from < 0 || to < from || requires.includes(undefined)) {
    throw new Error('plotly.js-dist has another layout than the one known here (see scripts/build/plotly.mjs)');
  }
  const wrapped = modules
    .replace(list, `Plotly.register([${requires.join(', ')}]);`)
    // A wrapper of a module does nothing until it is called: one that nobody calls can go.
    .replace(/^( {2}var \w+ = )(?=__(?:commonJS|esm)\()/gm, '$1/* @__PURE__ */ ');
  const { outputFiles } = await build({
    stdin: { contents: `${wrapped}\nwindow.Plotly = require_index();` },
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0].text;
}

/** The packages left in a script of `smallPlotly`, whose modules keep their paths. Throws for one without known terms. */
export function partsOf(script) {
  const names = [...script.matchAll(/"node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)].map(([, name]) => name);
  return [...new Set(names)].sort().map((name) => {
    if (licences[name] === undefined)
      throw new Error(`terms of ${name} inside plotly.js are missing in plotlyLicences.json`);
    return { name, ...licences[name] };
  });
}
