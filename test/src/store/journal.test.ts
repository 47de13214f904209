import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { openJournal, type FileCalls, type Journal } from '../../../src/store/journal.js';
import { digestOf, digestOfFile, type JournalHeader } from '../../../src/store/journalHeader.js';
import { readJournal } from '../../../src/store/readJournal.js';
import { StoreError } from '../../../src/store/storeError.js';

const header: JournalHeader = {
  kind: 'check',
  version: '0.2.0',
  seed: '1',
  settings: digestOf({ dimensions: [100, 200] }),
  request: { dimensions: [100, 200] },
  backend: 'wasm',
  kernels: '0123',
  node: '20.19.0',
  inputs: {},
  tasks: 20,
  shard: null,
};

const resultOf = (index: number) => ({
  kind: 'law',
  eigenvalues: Float64Array.from({ length: 40 + index }, (_, k) => Math.sin(k + index)),
  distance: index % 3 === 0 ? -0 : NaN,
  none: undefined,
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

async function journalOf(indices: readonly number[], calls: FileCalls = fs): Promise<void> {
  const journal = openJournal(folder, header, calls);
  for (const index of indices) journal.append(index, resultOf(index));
  await journal.close();
}

const failing = (code: string) => Object.assign(new Error(code), { code });

/** Real calls, of which some are replaced. */
const withCalls = (calls: { readonly [Name in keyof FileCalls]?: unknown }): FileCalls =>
  ({ ...fs, ...calls }) as FileCalls;

/** A disk with this much room for both files together, which writes what still fits before it refuses. */
function smallDisk(room: number): { readonly calls: FileCalls; free(bytes: number): void } {
  let left = room;
  const writeSync = (file: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    const count = Math.min(length, left);
    if (count === 0 && length > 0) throw failing('ENOSPC');
    left -= count;
    return fs.writeSync(file, bytes, offset, count, position);
  };
  return { calls: withCalls({ writeSync }), free: (bytes) => void (left += bytes) };
}

describe('openJournal', () => {
  it('gives back what was appended, in any order and over several openings', async () => {
    await journalOf([3, 0]);
    await journalOf([7]);
    const journal = openJournal<ReturnType<typeof resultOf>>(folder, header);
    expect([...journal.kept.keys()]).toEqual([3, 0, 7]);
    for (const [index, result] of journal.kept) {
      expect(result).toStrictEqual(resultOf(index));
      expect(Object.is(result.distance, resultOf(index).distance)).toBe(true);
    }
    await journal.close();
  });

  it('keeps a shard below shards/, named by its place among all', async () => {
    const journal = openJournal(folder, { ...header, shard: { index: 3, count: 200 } });
    journal.append(3, 'x');
    await journal.close();
    expect(fs.readdirSync(join(folder, 'shards')).sort()).toEqual(['0003-of-0200.bin', '0003-of-0200.jsonl']);
  });

  it('refuses a journal of another run, naming what differs', async () => {
    await journalOf([1]);
    const open = (other: Partial<JournalHeader>) => () => openJournal(folder, { ...header, ...other });
    expect(open({ seed: '2' })).toThrow(UsageError);
    expect(open({ seed: '2', backend: 'native' })).toThrow(/has seed 1 instead of 2, backend wasm instead of native:/);
    expect(open({ settings: digestOf({ dimensions: [100, 201] }) })).toThrow(/has other settings:/);
    expect(open({ inputs: { 'x.csv': 'ab' } })).toThrow(/has other inputs:/);
    expect(open({ node: '24.0.0' })).toThrow(/node 20.19.0 instead of 24.0.0/);
    await open({ node: '20.20.1' })().close();
  });

  it('refuses an index that the run does not have', async () => {
    const journal = openJournal(folder, header);
    expect(() => journal.append(20, 'x')).toThrow(RangeError);
    await journal.close();
  });
});

describe('a journal cut short', () => {
  it('at any byte keeps every record whole before it, and goes on from there', async () => {
    const journal = openJournal(folder, header);
    const ends = [0, 1, 2].map((index) => {
      journal.append(index, resultOf(index));
      return fs.statSync(path).size;
    });
    // As a killed process leaves it: no mark, nothing synced.
    const [lines, arrays] = [fs.readFileSync(path), fs.readFileSync(join(folder, 'journal.bin'))];
    await journal.close();
    const first = lines.indexOf(10) + 1;
    for (let cut = first; cut <= lines.length; cut += 7) {
      fs.writeFileSync(path, lines.subarray(0, cut));
      fs.writeFileSync(join(folder, 'journal.bin'), arrays);
      const whole = ends.filter((end) => end <= cut).length;
      expect(readJournal(path).kept.size).toBe(whole);
      const resumed = openJournal(folder, header);
      for (let index = whole; index < 3; index++) resumed.append(index, resultOf(index));
      await resumed.close();
      expect([...readJournal(path).kept]).toStrictEqual([0, 1, 2].map((index) => [index, resultOf(index)]));
    }
  });

  it('drops a record whose arrays did not reach the disk', async () => {
    const journal = openJournal(folder, header);
    for (const index of [0, 1]) journal.append(index, resultOf(index));
    const lines = fs.readFileSync(path);
    await journal.close();
    fs.writeFileSync(path, lines);
    fs.truncateSync(join(folder, 'journal.bin'), fs.statSync(join(folder, 'journal.bin')).size - 8);
    expect([...readJournal(path).kept.keys()]).toEqual([0]);
  });

  it('is cut before the first line that is not sound, whatever its length and what follows', async () => {
    for (const tail of ['\0'.repeat(5000), `${'\0'.repeat(100)}\n{"sum":"0"}\n`, `{"sum":"`.padEnd(5000, '0')]) {
      fs.rmSync(path, { force: true });
      const journal = openJournal(folder, header);
      journal.append(0, resultOf(0));
      const lines = fs.readFileSync(path);
      await journal.close();
      fs.writeFileSync(path, Buffer.concat([lines, Buffer.from(tail)]));
      expect(readJournal(path)).toMatchObject({ torn: tail.length, sound: { lines: lines.length } });
      const resumed = openJournal(folder, header);
      resumed.append(1, 'short');
      await resumed.close();
      expect(readJournal(path).torn).toBe(0);
      expect([...readJournal(path).kept]).toStrictEqual([
        [0, resultOf(0)],
        [1, 'short'],
      ]);
    }
  });
});

describe('a journal that was altered', () => {
  it('is refused at every digit of a record that was on the disk, naming file and line', async () => {
    await journalOf([0, 1, 2]);
    const text = fs.readFileSync(path, 'utf8');
    const start = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
    const end = text.indexOf('\n', start);
    for (let at = start; at < end; at += 5) {
      fs.writeFileSync(path, `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`);
      expect(() => readJournal(path)).toThrow(/journal\.jsonl' was altered or damaged: line 3 /);
    }
  });

  it('is refused for one bit of an array, and for a record of another journal', async () => {
    await journalOf([0, 1, 2]);
    const arrays = fs.readFileSync(join(folder, 'journal.bin'));
    arrays[9]! ^= 1;
    fs.writeFileSync(join(folder, 'journal.bin'), arrays);
    expect(() => readJournal(path)).toThrow(StoreError);
    arrays[9]! ^= 1;
    fs.writeFileSync(join(folder, 'journal.bin'), arrays);
    const lines = fs.readFileSync(path, 'utf8');
    fs.writeFileSync(path, lines.replace(/"bytes":\[0,\d+\]/, '"bytes":[0,9000000000000]'));
    expect(() => readJournal(path)).toThrow(/line 2 /);
    fs.writeFileSync(path, lines);
    const [first, ...rest] = fs.readFileSync(path, 'utf8').split('\n');
    const other = openJournal(join(folder, 'other'), { ...header, seed: '2' });
    await other.close();
    const [otherHeader] = fs.readFileSync(join(folder, 'other', 'journal.jsonl'), 'utf8').split('\n');
    fs.writeFileSync(path, [otherHeader, ...rest].join('\n'));
    expect(readJournal(path).kept.size).toBe(0);
    fs.writeFileSync(path, [first!.replace('"seed":"1"', '"seed":"2"'), ...rest].join('\n'));
    expect(() => readJournal(path)).toThrow(/is no journal/);
  });

  it('is refused when an index has two results; the same one twice is no matter', async () => {
    await journalOf([0, 1]);
    await journalOf([1]);
    expect(readJournal(path).kept.size).toBe(2);
    const journal = openJournal(folder, header);
    journal.append(1, resultOf(2));
    await journal.close();
    expect(() => readJournal(path)).toThrow(/line \d+: task 1 is there already with another result/);
  });
});

describe('a disk that refuses', () => {
  it('full: says so in a sentence, keeps what was whole, and is usable once there is room', async () => {
    const disk = smallDisk(2500);
    const journal = openJournal(folder, header, disk.calls);
    let index = 0;
    const fill = () => {
      for (; index < header.tasks; index++) journal.append(index, resultOf(index));
    };
    expect(fill).toThrow(StoreError);
    // What was half written takes no room.
    const { torn, sound } = readJournal(path);
    expect([torn, fs.statSync(join(folder, 'journal.bin')).size]).toEqual([0, sound.arrays]);
    expect(index).toBeGreaterThan(1);
    expect(fill).toThrow(
      `'${path}' cannot be written: the disk is full (ENOSPC). ${index} of 20 tasks are kept; free some space, then go on with --resume '${folder}'`,
    );
    expect([...readJournal(path).kept.keys()]).toEqual(Array.from({ length: index }, (_, k) => k));
    disk.free(1e6);
    fill();
    await journal.close();
    expect([...readJournal(path).kept]).toStrictEqual(Array.from({ length: 20 }, (_, k) => [k, resultOf(k)]));
  });

  it('full, and not even to be cut back: a half-written line is dropped', async () => {
    const disk = smallDisk(2500);
    const ftruncateSync = () => {
      throw failing('EIO');
    };
    let calls = disk.calls;
    const journal = openJournal(
      folder,
      header,
      withCalls({
        writeSync: calls.writeSync,
        ftruncateSync: (file: number, length: number) => calls.ftruncateSync(file, length),
      }),
    );
    let index = 0;
    journal.append(index++, resultOf(0));
    calls = withCalls({ ftruncateSync });
    expect(() => {
      for (; index < header.tasks; index++) journal.append(index, resultOf(index));
    }).toThrow(/disk is full/);
    expect(readJournal(path).torn).toBeGreaterThanOrEqual(0);
    expect(readJournal(path).kept.size).toBe(index);
    await journal.close();
  });

  const codes = [
    ['EDQUOT', 'quota'],
    ['EROFS', 'read-only'],
    ['ESTALE', 'moved or removed'],
    ['EIO', 'device'],
  ] as const;
  it.each(codes)('%s: %s', async (code, word) => {
    const writeSync = () => {
      throw failing(code);
    };
    await journalOf([]);
    const journal = openJournal(folder, header, withCalls({ writeSync }));
    expect(() => journal.append(0, 'x')).toThrow(new RegExp(`${word}.*\\(${code}\\)\\. 0 of 20 tasks are kept`));
    await journal.close();
  });

  it('at the sync: the next append and close say so, and count only what was synced', async () => {
    let refusals = 1;
    const fdatasync = (file: number, done: (error: Error | null) => void) =>
      refusals-- > 0 ? done(failing('EDQUOT')) : fs.fdatasync(file, done);
    const journal = openJournal(folder, header, withCalls({ fdatasync }));
    journal.append(0, 'x');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(() => journal.append(1, 'x')).toThrow(/quota.*0 of 20 tasks are kept/);
    // A disk that says yes afterwards is not believed: no mark is written.
    await expect(journal.close()).rejects.toThrow(/quota.*0 of 20 tasks are kept/);
    expect(fs.readFileSync(path, 'utf8')).not.toContain('synced');
  });

  it('at the sync, while more is appended: that is not marked either', async () => {
    const waiting: (() => void)[] = [];
    const fdatasync = (file: number, done: (error: Error | null) => void) =>
      waiting.length === 0 ? waiting.push(() => done(failing('EIO'))) : fs.fdatasync(file, done);
    const journal = openJournal(folder, header, withCalls({ fdatasync }));
    journal.append(0, 'x');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    journal.append(1, 'x');
    waiting[0]!();
    await expect(journal.close()).rejects.toThrow(/device reports an error \(EIO\)/);
    expect(fs.readFileSync(path, 'utf8')).not.toContain('synced');
    expect(readJournal(path).kept.size).toBe(2);
  });

  it('a folder that has gone: says so at the next sync', async () => {
    const journal = openJournal(folder, header);
    journal.append(0, 'x');
    fs.rmSync(folder, { recursive: true });
    await expect(journal.close()).rejects.toThrow(/moved or removed \(ENOENT\)/);
  });

  it('/dev/full itself', async () => {
    if (!fs.existsSync('/dev/full')) throw new Error('this test needs /dev/full: run it on Linux');
    await journalOf([]);
    const openSync = (name: string, flags: string) => fs.openSync(name.endsWith('.jsonl') ? '/dev/full' : name, flags);
    const ftruncateSync = () => undefined;
    const journal: Journal<unknown> = openJournal(folder, header, withCalls({ openSync, ftruncateSync }));
    expect(() => journal.append(0, 'x')).toThrow(/the disk is full \(ENOSPC\)/);
    await journal.close().catch(() => undefined);
    expect(readJournal(path).kept.size).toBe(0);
  });
});

describe('digests', () => {
  it('differ for settings that differ in a sign of zero or one bit of an array', () => {
    expect(digestOf({ a: 0 })).toBe(digestOf({ a: 0 }));
    expect(digestOf({ a: -0 })).not.toBe(digestOf({ a: 0 }));
    const array = new Float64Array(100);
    const before = digestOf({ array });
    array[99] = 5e-324;
    expect(digestOf({ array })).not.toBe(before);
  });

  it('of a file is SHA-256: the example "abc" of FIPS 180-4', () => {
    fs.writeFileSync(path, 'abc');
    expect(digestOfFile(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('syncing', () => {
  it('happens within a second and a bit after an append, without another', async () => {
    let syncs = 0;
    const fdatasync = (file: number, done: (error: Error | null) => void) => {
      syncs++;
      fs.fdatasync(file, done);
    };
    const journal = openJournal(folder, header, withCalls({ fdatasync }));
    for (let index = 0; index < 10; index++) journal.append(index, resultOf(index));
    expect(syncs).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    // Arrays and lines, once for all ten.
    expect(syncs).toBe(2);
    await journal.close();
  });
});
