/**
 * A run folder: manifest.json (how it was made), results.json (what was found, the same bytes for the same seed),
 * spectra/*.npy, report.html; journal.jsonl and journal.bin, or shards/, while it is drawn and after. Nothing in it is
 * ever overwritten by another run: a process claims it, or its shard of it, while it is at work.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, relative } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { claim } from './lock.js';
import { makeFolder } from './makeFolder.js';
import { fileStem, shardFolder } from './runFiles.js';
import type { Shard } from './runFiles.js';
import { asStoreError } from './storeError.js';

export interface RunFolder {
  readonly path: string;
  /**
   * Writes a file below the folder; a reader never sees half of it.
   * @throws StoreError when it cannot be written.
   */
  write(name: string, content: string | Uint8Array): void;
  /** Removes a file below the folder, if it is there. */
  remove(name: string): void;
  /** Gives the folder back for other processes; at the end of the process it is given back anyway. */
  close(): void;
}

export interface RunFolderUse {
  /**
   * What the folder may hold already: a journal to go on with, or shards, of which this process draws one or joins all.
   * Nothing by default.
   */
  readonly holding?: 'nothing' | 'journal' | 'shards';
  /** The part that this process claims; the whole folder when null, as by default. */
  readonly shard?: Shard | null;
}

/** Below ./limitlaw-runs, named by time and job. */
export const runPathNamed = (job: string, now: Date = new Date()): string =>
  join('limitlaw-runs', `${now.toISOString().replace(/[:.]/g, '-').replace('T', '_').slice(0, 19)}-${job}`);

/**
 * Makes the folder used when the user names none (`runPathNamed`). Two processes in the
 * same second make two. Throws UsageError when none can be made.
 */
export function defaultRunPath(job: string, now: Date = new Date()): string {
  const base = runPathNamed(job, now);
  makeOutputFolder(dirname(base));
  for (let k = 1; ; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(path, error);
    }
  }
}

/**
 * Creates the folder, or opens it where its use allows that, and claims it for this process. What a process that has
 * gone had begun to write is removed.
 * @throws UsageError when it holds something else already, is in use by another process, or cannot be written.
 */
export function createRunFolder(path: string, { holding = 'nothing', shard = null }: RunFolderUse = {}): RunFolder {
  if (path.trim() === '') throw new UsageError(`--out must name a folder, got '${path}': give it a name`);
  const full = resolve(path);
  if (existsSync(full)) {
    if (!statSync(full).isDirectory()) {
      throw new UsageError(`--out must name a folder, but '${path}' is a file: name another`);
    }
    requireContent(full, path, holding);
    if (holding !== 'nothing' && holdsRun(entriesOf(full, path))) requireWritable(full, path);
  }
  makeOutputFolder(path);
  const lockFile = join(full, `${fileStem(shard)}.lock`);
  makeOutputFolder(dirname(lockFile));
  const lock = claimFolder(lockFile, shard === null ? `'${path}'` : `shard ${shard.index}/${shard.count} of '${path}'`);
  try {
    // Another process may have been at work in between.
    requireContent(full, path, holding);
    if (shard === null) removePartials(full);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path: full,
    write: (name, content) => writeInto(full, name, content),
    remove: (name) => rmSync(join(full, name), { force: true }),
    close: lock.release,
  };
}

function claimFolder(lockFile: string, subject: string): ReturnType<typeof claim> {
  try {
    return claim(lockFile, subject);
  } catch (error) {
    throw asStoreError(error, lockFile, 'Nothing is drawn yet', 'give the command again');
  }
}

function writeInto(folder: string, name: string, content: string | Uint8Array): void {
  const target = join(folder, name);
  const partial = `${target}.partial`;
  try {
    makeFolder(dirname(target));
    writeFileSync(partial, content);
    renameSync(partial, target);
  } catch (error) {
    try {
      rmSync(partial, { force: true });
    } catch {
      // The next process that claims the folder removes it.
    }
    throw asStoreError(error, target, 'What was written before it is kept', 'give the command again');
  }
}

/** What is there while a process claims the folder, or was when it was killed. */
const isPassing = (name: string): boolean => /\.lock(\.|$)/.test(name) || name.endsWith(partialEnding);

const partialEnding = '.partial';

/** Of processes that have gone: this one has claimed the folder. Shards have their own. */
function removePartials(full: string): void {
  for (const name of readdirSync(full, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith(partialEnding) && !name.startsWith(shardFolder)) rmSync(join(full, name), { force: true });
  }
}

const wholeJournal = `${fileStem(null)}.jsonl`;

const holdsRun = (entries: readonly string[]): boolean =>
  entries.includes(wholeJournal) || entries.includes(shardFolder);

/** Throws StoreError where a run that is there cannot be gone on with: another folder would not do. */
function requireWritable(full: string, path: string): void {
  try {
    accessSync(full, constants.W_OK);
  } catch (error) {
    throw asStoreError(error, path, 'What it holds is kept', 'give the command again');
  }
}

function requireContent(full: string, path: string, holding: 'nothing' | 'journal' | 'shards'): void {
  const all = entriesOf(full, path);
  const [journal, shards] = [all.includes(wholeJournal), all.includes(shardFolder)];
  // Arrays without a journal are of a process that was killed as it began one.
  const entries = all.filter((name) => !isPassing(name) && (journal || name !== `${fileStem(null)}.bin`));
  if (entries.length === 0 || (holding === 'journal' && journal) || (holding === 'shards' && shards)) return;
  throw new UsageError(
    `--out must name a new or empty folder, but '${path}' holds files already and nothing is overwritten: name another`,
  );
}

/**
 * Makes the folder that --out names, where files may be already. Throws UsageError when it cannot be made or written.
 */
export function makeOutputFolder(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw notWritable(path, error);
  }
}

const notWritable = (path: string, error: unknown): UsageError =>
  new UsageError(
    `--out must be writable, but '${path}' is not (${(error as NodeJS.ErrnoException).code ?? String(error)}): name another folder`,
  );

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
