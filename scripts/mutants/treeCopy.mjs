// A copy of the source and its build in which one file of theory/ is changed at a time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { applyMutant, transpile } from './applyMutant.mjs';

const copied = [
  'theory',
  'simulations',
  'figures',
  'src',
  'scripts',
  'test',
  'dist',
  'package.json',
  'jest.config.mjs',
];

/** Its `path`, `change(mutant)`, `bundle()` after a change that workers are to see, `restore()` and `remove()`. */
export function createTreeCopy(root) {
  if (!existsSync(join(root, 'dist/src/cli/limitlaw.js')))
    throw new Error('dist/ holds no build: run `npm run build` first');
  const path = mkdtempSync(join(tmpdir(), 'limitlaw-mutants-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  for (const name of copied) cpSync(join(root, name), join(path, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  let changed;
  return {
    path,
    async change(mutant) {
      const source = `theory/${mutant.file}`;
      const built = `dist/${source.replace(/ts$/, 'js')}`;
      const text = applyMutant(root, mutant);
      const code = await transpile(text, source);
      changed = [source, built];
      writeFileSync(join(path, source), text);
      writeFileSync(join(path, built), code);
    },
    bundle() {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', 'command line'], {
        cwd: path,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`the copy could not be bundled: ${stderr.trim()}`);
    },
    restore() {
      for (const name of changed ?? []) cpSync(join(root, name), join(path, name));
      changed = undefined;
    },
    remove() {
      process.off('exit', remove);
      remove();
    },
  };
}

/** A digest of every source file below the folders that `isWanted`: what a result depends on. */
export function digestOf(root, folders, isWanted = () => true) {
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && isWanted(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  return digestOfFiles(root, names);
}

export function digestOfFiles(root, names) {
  const digest = createHash('sha256');
  for (const name of names.toSorted()) digest.update(`${name}\0`).update(readFileSync(join(root, name)));
  return digest.digest('hex');
}
