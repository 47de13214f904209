import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const noticesOf = (bundle: string) => readFileSync(`${root}dist/notices/${bundle}.txt`, 'utf8');
/** A heading "name version (licence)" and the beginning of a text. */
const heading = (name: string) => new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w.-]+\\)\\n\\n\\S`, 'm');
const packagesOf = (text: string, mark: RegExp) => [...new Set(Array.from(text.matchAll(mark), ([, name]) => name!))];

describe('dist/notices names every package that the build has put into a file', () => {
  test('the command line, whose modules are marked by their paths', () => {
    const files = readdirSync(`${root}dist/src/cli`).filter((file) => /^limitlaw(-\w+)?\.js$/.test(file));
    const text = files.map((file) => readFileSync(`${root}dist/src/cli/${file}`, 'utf8')).join('\n');
    const names = packagesOf(text, /^\/\/ (?:\.\.\/)*(?:.*\/)?node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);
    expect(names).toEqual(expect.arrayContaining(['yargs', 'cliui', 'y18n']));
    for (const name of names) expect(noticesOf('limitlaw')).toMatch(heading(name));
  });
  test('the small Plotly and its parts, whose modules keep their paths', () => {
    const script = gunzipSync(readFileSync(`${root}dist/assets/plotly.min.js.gz`)).toString('utf8');
    const names = packagesOf(script, /"node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g);
    expect(names).toEqual(expect.arrayContaining(['@plotly/d3', 'd3-format', 'gl-mat4']));
    for (const name of ['plotly.js-dist', ...names]) expect(noticesOf('plotly')).toMatch(heading(name));
  });
  test('pages hold no package of their own but Plotly; if they do one day, it is named', async () => {
    for (const entry of [
      'figures/render/page/runtime.ts',
      'src/explore/browser/page.ts',
      'src/explore/browser/worker.ts',
    ]) {
      const { metafile } = await build({
        entryPoints: [`${root}${entry}`],
        bundle: true,
        write: false,
        metafile: true,
        absWorkingDir: root,
        define: { workerSource: '""' },
      });
      const names = packagesOf(Object.keys(metafile.inputs).join('\n'), /node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//g);
      for (const name of names) expect(noticesOf('pages')).toMatch(heading(name));
    }
  });
  test('the library inside the kernels', () => expect(noticesOf('kernels')).toMatch(heading('assemblyscript')));
});
