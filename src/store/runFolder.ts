/**
 * A run folder: manifest.json (how it was made), results.json (what was found, the same bytes for the same seed),
 * spectra/*.npy, report.html. Nothing in it is ever overwritten by another run.
 */
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, relative } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { makeFolder } from './makeFolder.js';

export interface RunFolder {
  readonly path: string;
  /** Writes a file below the folder; a reader never sees half of it. */
  write(name: string, content: string | Uint8Array): void;
}

/** Folder used when the user names none: below ./limitlaw-runs, named by time and job, so that it is always new. */
export function defaultRunPath(job: string, now: Date = new Date()): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-').replace('T', '_').slice(0, 19);
  const base = join('limitlaw-runs', `${stamp}-${job}`);
  for (let k = 1; ; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    if (!existsSync(path)) return path;
  }
}

/** Creates the folder. Throws UsageError when it holds something already, or cannot be written. */
export function createRunFolder(path: string): RunFolder {
  if (path.trim() === '') throw new UsageError(`--out must name a folder, got '${path}': give it a name`);
  const full = resolve(path);
  if (existsSync(full)) {
    if (!statSync(full).isDirectory()) {
      throw new UsageError(`--out must name a folder, but '${path}' is a file: name another`);
    }
    if (entriesOf(full, path).length > 0) {
      throw new UsageError(
        `--out must name a new or empty folder, but '${path}' holds files already and nothing is overwritten: name another`,
      );
    }
  }
  makeOutputFolder(path);
  return {
    path: full,
    write(name, content) {
      const target = join(full, name);
      makeFolder(dirname(target));
      const partial = `${target}.partial`;
      writeFileSync(partial, content);
      renameSync(partial, target);
    },
  };
}

/**
 * Makes the folder that --out names, where files may be already. Throws UsageError when it cannot be made or written.
 */
export function makeOutputFolder(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--out must be writable, but '${path}' is not (${(error as NodeJS.ErrnoException).code ?? String(error)}): name another folder`,
    );
  }
}

function entriesOf(full: string, path: string): string[] {
  try {
    return readdirSync(full);
  } catch (error) {
    throw new UsageError(
      `--out must name a new or empty folder, but '${path}' cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}): name another`,
    );
  }
}

/**
 * Reads one JSON file of a run folder. Throws UsageError when there is none or it is not JSON; `maker` is the command
 * that makes one.
 */
export function readRunJson(path: string, name: string, maker: string): unknown {
  const file = join(path, name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`'${path}' must be a run folder, but it has no ${name}: name a folder that '${maker}' made`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(
      `'${file}' must hold JSON, but it does not parse: the run that wrote it may have been cut short`,
    );
  }
}

/** The folder's path as a person in the current folder would write it. */
export function shownPath({ path }: RunFolder): string {
  const shown = relative(process.cwd(), path);
  return shown === '' || shown.startsWith('..') ? path : shown;
}
