/**
 * What is kept of a task that is not finished, so that it need not begin anew: a file beside the journal,
 * `journal.3.state` or `shards/0003-of-0200.3.state` for task 3, which is replaced whole and goes when the task's result
 * is in the journal. It holds one line of a journal (journalLine.ts) and the bytes of its arrays.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodeResult, encodeResult } from './encodedResult.js';
import { openLine, sealLine } from './journalLine.js';
import { journalPaths } from './journalPaths.js';
import { readSealedHeader } from './readJournal.js';
import type { RunFolder } from './runFolder.js';
import { fileStem } from './runFiles.js';
import type { Shard } from './runFiles.js';

interface StateLine {
  readonly state: unknown;
}

export interface TaskStates {
  /** The state last kept of a task; undefined where there is none, or one that is not sound: the task begins anew. */
  read(index: number): unknown;
  /** @throws StoreError when it cannot be written. */
  write(index: number, state: unknown): void;
  remove(index: number): void;
}

/** @param salt of the journal that they stand beside: those of another are not read */
export function taskStates(folder: RunFolder, shard: Shard | null, salt: string): TaskStates {
  const nameOf = (index: number) => `${fileStem(shard)}.${index}.state`;
  return {
    read(index) {
      const path = join(folder.path, nameOf(index));
      return existsSync(path) ? opened(readFileSync(path), salt) : undefined;
    },
    write(index, state) {
      const { text, bytes } = encodeResult(state);
      const { line } = sealLine(salt, `{"state":${text}}`, bytes);
      folder.write(nameOf(index), Buffer.concat([line, bytes]));
    },
    remove: (index) => folder.remove(nameOf(index)),
  };
}

/** Of every task of a run, in whatever shard, that has begun and is not finished. */
export function readTaskStates(folder: string): Map<number, unknown> {
  const states = new Map<number, unknown>();
  for (const path of journalPaths(folder)) {
    const salt = readSealedHeader(path)?.salt;
    if (salt === undefined) continue;
    const stem = `${basename(path, '.jsonl')}.`;
    for (const name of readdirSync(dirname(path))) {
      const index = name.startsWith(stem) ? /^(\d+)\.state$/.exec(name.slice(stem.length))?.[1] : undefined;
      if (index === undefined) continue;
      const state = opened(readFileSync(join(dirname(path), name)), salt);
      if (state !== undefined) states.set(Number(index), state);
    }
  }
  return states;
}

function opened(content: Buffer, salt: string): unknown {
  const end = content.indexOf('\n');
  const arrays = content.subarray(end + 1);
  const line = openLine<StateLine>(salt, content.subarray(0, Math.max(end, 0)), () => arrays);
  return line && decodeResult(line.content.state, line.bytes);
}
