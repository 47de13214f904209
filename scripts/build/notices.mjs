// Third-party notices of what the build puts into its own files, from the packages' own licence files: one text for each
// bundle, below dist/notices/.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}dist/notices/`;

/** Folders of the packages that have left bytes in the outputs of an esbuild metafile, relative to the project. */
export function packagesIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders)].filter((path) => path !== undefined).sort();
}

/** Name, version, licence and its text. Throws when a package carries no text: then one has to be found. */
export function noticeOf(packageFolder) {
  const { name, version, license } = JSON.parse(readFileSync(`${root}${packageFolder}/package.json`, 'utf8'));
  const files = readdirSync(`${root}${packageFolder}`).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0)
    throw new Error(`${packageFolder} is bundled and has no licence file (see scripts/build/notices.mjs)`);
  const text = files.map((file) => readFileSync(`${root}${packageFolder}/${file}`, 'utf8').trim()).join('\n\n');
  return { name, version, licence: license, text };
}

/** Writes dist/notices/`bundle`.txt. */
export function writeNotices(bundle, notices) {
  // One version of a package may lie in several folders.
  const parts = new Set(
    notices.map(
      ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.replaceAll('\r', '')}\n`,
    ),
  );
  mkdirSync(folder, { recursive: true });
  const head = `Software of others inside ${bundle} of limitlaw, and the terms it is under.\n`;
  writeFileSync(`${folder}${bundle}.txt`, [head, ...parts].join(`\n${'-'.repeat(80)}\n\n`));
}
