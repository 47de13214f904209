/**
 * The journal of a run: every finished task is appended at once, so that a run that is killed loses nothing that it has
 * drawn. readJournal.ts tells the format.
 *
 * A record is handed to the system at once, arrays before the line that speaks of them: a killed process loses nothing.
 * It is on the disk itself after at most a second, and after `close`: a machine that loses its power loses no more.
 */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeResult } from './encodedResult.js';
import { requireSameRun } from './journalHeader.js';
import type { JournalHeader } from './journalHeader.js';
import { sealLine } from './journalLine.js';
import { makeFolder } from './makeFolder.js';
import { arraysOf, journalFormat, readJournal } from './readJournal.js';
import { fileStem } from './runFiles.js';
import { asStoreError } from './storeError.js';

export interface Journal<Result> {
  /** Results by index that were there when the journal was opened. */
  readonly kept: ReadonlyMap<number, Result>;
  /** Checksum of the header, which other files that belong to this journal are sealed with. */
  readonly salt: string;
  /**
   * Keeps one more. After a StoreError the journal is as it was before the call, and may be tried again.
   * @throws StoreError when it cannot be written.
   */
  append(index: number, result: Result): void;
  /**
   * Brings what is there to the disk.
   * @throws StoreError when that cannot be done; the files are closed all the same.
   */
  close(): Promise<void>;
}

/** The calls of the system that a journal makes; tests give some that fail. */
export type FileCalls = Pick<
  typeof fs,
  'openSync' | 'writeSync' | 'ftruncateSync' | 'fdatasync' | 'fstatSync' | 'statSync' | 'closeSync'
>;

/** Longest time for which what is appended may not be on the disk, in milliseconds. */
const syncInterval = 1000;

/**
 * Opens the journal of a run, or of the shard that `header` names, in a run folder that this process has claimed
 * (lock.ts). One that is there is gone on with.
 * @throws UsageError when it is of another run; StoreError when it is damaged or cannot be written.
 */
export function openJournal<Result>(folder: string, header: JournalHeader, calls: FileCalls = fs): Journal<Result> {
  const path = join(folder, `${fileStem(header.shard)}.jsonl`);
  try {
    if (!fs.existsSync(path)) begin(path, header, calls);
    const stored = readJournal<Result>(path);
    requireSameRun(path, stored.header, header);
    return new OpenJournal<Result>(folder, path, header.tasks, stored, calls);
  } catch (error) {
    throw asStoreError(error, path, 'What it holds is kept', `go on with --resume '${folder}'`);
  }
}

/** The header appears whole or not at all. */
function begin(path: string, header: JournalHeader, calls: FileCalls): void {
  makeFolder(dirname(path));
  const partial = `${path}.partial`;
  const { line } = sealLine('', JSON.stringify({ format: journalFormat, ...header }), new Uint8Array(0));
  for (const [name, content] of [
    [arraysOf(path), new Uint8Array(0)],
    [partial, line],
  ] as const) {
    const file = calls.openSync(name, 'w');
    try {
      writeWhole(calls, file, content, 0);
      fs.fsyncSync(file);
    } finally {
      calls.closeSync(file);
    }
  }
  fs.renameSync(partial, path);
  syncFolder(dirname(path));
}

class OpenJournal<Result> implements Journal<Result> {
  readonly kept: ReadonlyMap<number, Result>;
  readonly salt: string;
  private readonly lines: number;
  private readonly arrays: number;
  /** Bytes of each file that are sound; what lies beyond them is cut before the next write. */
  private end: { lines: number; arrays: number };
  private records: number;
  /** Of them on the disk. */
  private durable: number;
  /** Something lies beyond `end`. */
  private untidy = true;
  /** When the oldest record not on the disk was written; undefined when all are. */
  private waitingSince: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private syncing: Promise<void> | undefined;
  /** A disk that has failed to keep what it was given is not asked again: it may say yes and mean no. */
  private failure: { readonly error: unknown } | undefined;
  private readonly inode: number;

  constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly tasks: number,
    private readonly stored: {
      readonly kept: Map<number, Result>;
      readonly salt: string;
      readonly sound: { lines: number; arrays: number };
    },
    private readonly calls: FileCalls,
  ) {
    this.kept = stored.kept;
    this.salt = stored.salt;
    this.records = stored.kept.size;
    this.durable = this.records;
    this.end = { ...stored.sound };
    this.lines = calls.openSync(path, 'r+');
    try {
      this.arrays = calls.openSync(arraysOf(path), 'r+');
    } catch (error) {
      calls.closeSync(this.lines);
      throw error;
    }
    this.inode = calls.fstatSync(this.lines).ino;
  }

  append(index: number, result: Result): void {
    if (!(Number.isInteger(index) && index >= 0 && index < this.tasks))
      throw new RangeError(`a journal of ${this.tasks} tasks has none with index ${index}`);
    if (this.failure !== undefined) throw this.failure.error;
    const { text, bytes } = encodeResult(result);
    const head = JSON.stringify({ index, bytes: [this.end.arrays, bytes.length] });
    const { line } = sealLine(this.stored.salt, `${head.slice(0, -1)},"result":${text}}`, bytes);
    this.write(line, bytes);
    this.records++;
    this.waitingSince ??= performance.now();
    if (performance.now() - this.waitingSince >= syncInterval) void this.sync();
    else this.startTimer();
  }

  private startTimer(): void {
    this.timer ??= setTimeout(() => void this.sync(), syncInterval);
  }

  async close(): Promise<void> {
    try {
      await this.syncing;
      if (this.waitingSince !== undefined) await this.sync();
      if (this.failure !== undefined) throw this.failure.error;
      // The mark that the last sync has left.
      await this.synced(this.lines);
    } catch (error) {
      throw this.failed(error);
    } finally {
      clearTimeout(this.timer);
      for (const file of [this.lines, this.arrays]) this.calls.closeSync(file);
    }
  }

  /** Arrays first: a line never speaks of what is not there. */
  private write(line: Uint8Array, bytes: Uint8Array): void {
    try {
      if (this.untidy) this.tidy();
      this.untidy = true;
      writeWhole(this.calls, this.arrays, bytes, this.end.arrays);
      writeWhole(this.calls, this.lines, line, this.end.lines);
      this.untidy = false;
    } catch (error) {
      this.cutBack();
      throw this.failed(error);
    }
    this.end = { lines: this.end.lines + line.length, arrays: this.end.arrays + bytes.length };
  }

  private tidy(): void {
    this.calls.ftruncateSync(this.lines, this.end.lines);
    this.calls.ftruncateSync(this.arrays, this.end.arrays);
  }

  private cutBack(): void {
    try {
      this.tidy();
      this.untidy = false;
    } catch {
      // The reader drops a last line that is not whole, and the next write tries again.
    }
  }

  /** Never rejects: its failure is told by the next `append` or `close`. */
  private sync(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.syncing ??= this.bringToDisk().finally(() => {
      this.syncing = undefined;
      if (this.waitingSince !== undefined && this.failure === undefined) this.startTimer();
    });
    return this.syncing;
  }

  private async bringToDisk(): Promise<void> {
    if (this.failure !== undefined) return;
    const { lines } = this.end;
    const records = this.records;
    this.waitingSince = undefined;
    try {
      await this.synced(this.arrays);
      await this.synced(this.lines);
      if (this.calls.statSync(this.path).ino !== this.inode)
        throw Object.assign(new Error('another file is there'), { code: 'ENOENT' });
      this.durable = records;
    } catch (error) {
      this.failure ??= { error: this.failed(error, this.durable) };
      return;
    }
    const nothing = new Uint8Array(0);
    try {
      this.write(sealLine(this.stored.salt, JSON.stringify({ synced: lines }), nothing).line, nothing);
    } catch {
      // A mark says no more than is so already; the next record tells the trouble.
    }
  }

  private synced(file: number): Promise<void> {
    return new Promise((resolve, reject) =>
      this.calls.fdatasync(file, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  private failed(error: unknown, records = this.records): unknown {
    const kept = `${records} of ${this.tasks} tasks are kept`;
    return asStoreError(error, this.path, kept, `go on with --resume '${this.folder}'`);
  }
}

/** A system may write less than it was given, without an error. */
function writeWhole(calls: FileCalls, file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = calls.writeSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    done += count;
  }
}

/** The name of a new file is kept by its folder. Systems that cannot sync a folder do without. */
function syncFolder(path: string): void {
  try {
    const folder = fs.openSync(path, 'r');
    fs.fsyncSync(folder);
    fs.closeSync(folder);
  } catch {
    // Windows, and some network file systems.
  }
}
