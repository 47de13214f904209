/**
 * Reads a journal: the tasks of a run that are finished. The format, for other programs too:
 *
 * `journal.jsonl`, or `shards/0003-of-0200.jsonl` for the third shard of 200, is UTF-8, one JSON object a line, each
 * with its checksum (journalLine.ts). The first line is the header: `{"sum":…,"format":"limitlaw journal 1",…}` with
 * the fields of JournalHeader. The others are, in any order:
 *
 *     {"sum":…,"index":3,"bytes":[offset,length],"result":…}   a finished task; index counts from 0
 *     {"sum":…,"synced":8190}   what stands before this byte of this file, and its arrays, were on the disk by then
 *
 * `journal.bin` holds the longer arrays: those of a record begin at `offset` and take `length` bytes, and an array's own
 * offset counts from there (encodedResult.ts tells how values are written).
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeResult, encodeResult } from './encodedResult.js';
import type { JournalHeader } from './journalHeader.js';
import { openLine } from './journalLine.js';
import { StoreError } from './storeError.js';

/** First field of every header. */
export const journalFormat = 'limitlaw journal 1';

export interface StoredJournal<Result> {
  /** Of the file with the lines. */
  readonly path: string;
  readonly header: JournalHeader;
  readonly kept: Map<number, Result>;
  /** Checksum of the header: see sealLine. */
  readonly salt: string;
  /** Bytes of each file up to the end of the last sound record; what follows was being written when the run ended. */
  readonly sound: { readonly lines: number; readonly arrays: number };
  /** Bytes after that. */
  readonly torn: number;
}

interface RecordLine {
  readonly index: number;
  readonly bytes: readonly [offset: number, length: number];
  readonly result: unknown;
}

type Line = { readonly format: string } | RecordLine | { readonly synced: number };

/** Where the arrays of a journal lie. */
export const arraysOf = (path: string): string => path.replace(/\.jsonl$/, '.bin');

/**
 * Reads the journal whose lines are at `path`. What a process was writing when it was killed is left out: lines after
 * the last byte known to be on the disk, from the first that does not have its checksum.
 * @throws StoreError for a file that is no journal, a line before that byte without its checksum, and an index that is
 * given twice with unequal results, naming file and line.
 */
export function readJournal<Result>(path: string): StoredJournal<Result> {
  const lines = openSync(path, 'r');
  try {
    const arrays = openSync(arraysOf(path), 'r');
    try {
      return readLines<Result>(path, lines, arrays);
    } finally {
      closeSync(arrays);
    }
  } finally {
    closeSync(lines);
  }
}

/**
 * The header alone of the journal whose lines are at `path`; undefined when there is no such file.
 * @throws StoreError for a file that is no journal.
 */
export const readJournalHeader = (path: string): JournalHeader | undefined => readSealedHeader(path)?.header;

/** The same with its checksum: see sealLine. */
export function readSealedHeader(path: string): { readonly header: JournalHeader; readonly salt: string } | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    const [first] = linesOf(file);
    return openHeader(path, first?.bytes);
  } finally {
    closeSync(file);
  }
}

function readLines<Result>(path: string, file: number, arrays: number): StoredJournal<Result> {
  const bytesOf = (line: Line): Uint8Array | undefined => ('bytes' in line ? readBytes(arrays, line.bytes) : nothing);
  const kept = new Map<number, Result>();
  const sound = { lines: 0, arrays: 0 };
  let header: JournalHeader | undefined;
  let salt = '';
  let number = 0;
  let bad: { readonly number: number; readonly start: number } | undefined;
  const refuse = (at: number): never => {
    throw new StoreError(
      `'${path}' was altered or damaged: line ${at} does not have the checksum it was written with. The lines before it are sound: cut the file there to have the rest drawn again.`,
      path,
    );
  };
  for (const { bytes: text, start, end } of linesOf(file)) {
    number++;
    if (header === undefined) {
      ({ header, salt } = openHeader(path, text));
      sound.lines = end;
      continue;
    }
    const line = openLine<Line>(salt, text, bytesOf);
    if (line === undefined) {
      bad ??= { number, start };
    } else if ('synced' in line.content) {
      if (bad !== undefined && bad.start < line.content.synced) refuse(bad.number);
    } else if (bad === undefined && 'index' in line.content) {
      const { index, bytes, result } = line.content;
      keep(kept, index, decodeResult(result, line.bytes) as Result, `'${path}', line ${number}`, path);
      sound.arrays = Math.max(sound.arrays, bytes[0] + bytes[1]);
    }
    if (bad === undefined) sound.lines = end;
  }
  if (header === undefined)
    throw new StoreError(`'${path}' is no journal: it is empty. Remove it to begin anew.`, path);
  return { path, header, kept, salt, sound, torn: fstatSync(file).size - sound.lines };
}

/**
 * Adds a result to those known. The same one again is no matter; another of the same index is.
 * @throws StoreError
 */
export function keep<Result>(
  kept: Map<number, Result>,
  index: number,
  result: Result,
  where: string,
  path: string,
): void {
  if (kept.has(index) && !sameResult(kept.get(index), result))
    throw new StoreError(
      `${where}: task ${index} is there already with another result: the same task gives the same result always, so one of the two was altered or is of another run.`,
      path,
    );
  kept.set(index, result);
}

function sameResult(one: unknown, other: unknown): boolean {
  const [a, b] = [encodeResult(one), encodeResult(other)];
  return a.text === b.text && Buffer.compare(a.bytes, b.bytes) === 0;
}

const nothing = new Uint8Array(0);

function openHeader(path: string, text: Buffer | undefined): { readonly header: JournalHeader; readonly salt: string } {
  const line = text === undefined ? undefined : openLine<Line>('', text, () => nothing);
  if (line === undefined || !('format' in line.content) || line.content.format !== journalFormat)
    throw new StoreError(`'${path}' is no journal of this version of limitlaw: its first line is no header.`, path);
  return { header: headerOf(line.content), salt: line.sum };
}

function headerOf({
  sum: _sum,
  format: _format,
  ...header
}: Line & { readonly sum?: string; readonly format: string }): JournalHeader {
  return header as unknown as JournalHeader;
}

/** Undefined where the file does not have them. */
function readBytes(file: number, range: readonly [number, number]): Uint8Array | undefined {
  const [offset, length] = Array.isArray(range) ? range : [-1, -1];
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length)) || offset < 0 || length < 0) return undefined;
  if (offset + length > fstatSync(file).size) return undefined;
  const bytes = new Uint8Array(length);
  return readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
}

const chunkBytes = 1 << 20;
const lineFeed = 10;

/** Lines without their line feeds, and where they begin and end; what follows the last line feed is no line. */
function* linesOf(file: number): Generator<{ readonly bytes: Buffer; readonly start: number; readonly end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  let position = 0;
  for (;;) {
    const chunk = Buffer.alloc(chunkBytes);
    const count = readSync(file, chunk, 0, chunkBytes, position);
    if (count === 0) return;
    position += count;
    const text = Buffer.concat([rest, chunk.subarray(0, count)]);
    let from = 0;
    for (let feed = text.indexOf(lineFeed); feed >= 0; feed = text.indexOf(lineFeed, from)) {
      yield { bytes: text.subarray(from, feed), start: start + from, end: start + feed + 1 };
      from = feed + 1;
    }
    rest = text.subarray(from);
    start += from;
  }
}
