import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { openJournal } from '../../../src/store/journal.js';
import type { JournalHeader } from '../../../src/store/journalHeader.js';
import { arrayExpression, joinShards, shardOfTask, shardsOfTasks } from '../../../src/store/shards.js';
import { StoreError } from '../../../src/store/storeError.js';

const tasks = 40;
const count = 12;
const header = (shard: number): JournalHeader => ({
  kind: 'sweep',
  version: '0.2.0',
  seed: '1',
  settings: 'ab',
  request: {},
  backend: 'wasm',
  kernels: '0123',
  node: '20.19.0',
  inputs: {},
  tasks,
  shard: { index: shard, count },
});
const resultOf = (index: number) => ({ eigenvalues: Float64Array.from({ length: 50 }, (_, k) => Math.sin(index + k)) });

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'shards-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

async function draw(shard: number, without: readonly number[] = [], own: Partial<JournalHeader> = {}): Promise<void> {
  const journal = openJournal(folder, { ...header(shard), ...own });
  for (let index = 0; index < tasks; index++)
    if (shardOfTask(index, count) === shard && !without.includes(index) && !journal.kept.has(index))
      journal.append(index, resultOf(index));
  await journal.close();
}

/** Tasks that no shard has finished, and the shards that draw them. */
function leftBy({ kept }: Pick<ReturnType<typeof joinShards>, 'kept'>) {
  const missing = Array.from({ length: tasks }, (_, index) => index).filter((index) => !kept.has(index));
  return { missing, incomplete: shardsOfTasks(missing, count) };
}

describe('joinShards', () => {
  it('has every task of every shard once, whatever the order they were drawn in', async () => {
    for (let shard = count; shard >= 1; shard--) await draw(shard);
    const { kept, mixed } = joinShards(folder);
    expect({ ...leftBy({ kept }), mixed }).toEqual({ missing: [], incomplete: '', mixed: [] });
    expect(kept.size).toBe(tasks);
    for (const [index, result] of kept) expect(result).toStrictEqual(resultOf(index));
  });

  it('names the tasks that are missing and the shards to draw again: one absent, two cut short', async () => {
    for (const shard of [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]) await draw(shard, [4, 8 + 12, 9 + 24]);
    const { missing, incomplete } = leftBy(joinShards(folder));
    expect(missing).toEqual([3, 4, 15, 20, 27, 33, 39]);
    expect(incomplete).toBe('4-5,9-10');
    for (const shard of [4, 5, 9, 10]) await draw(shard);
    expect(leftBy(joinShards(folder)).missing).toEqual([]);
  });

  it.each([{ version: '0.3.0' }, { seed: '2' }, { settings: 'cd' }, { inputs: { x: 'ef' } }, { tasks: 39 }])(
    'refuses a shard with %j',
    async (own) => {
      await draw(1);
      await draw(2, [], own);
      expect(() => joinShards(folder)).toThrow(UsageError);
      expect(() => joinShards(folder, { mixed: true })).toThrow(
        new RegExp(`0002-of-0012.jsonl' has other ${Object.keys(own)[0]} than '.*0001-of-0012.jsonl'`),
      );
    },
  );

  it.each([{ backend: 'native' }, { kernels: '4567' }, { node: '24.1.0' }])(
    'refuses %j unless mixed is allowed, and says that it is',
    async (own) => {
      await draw(1);
      await draw(2, [], own);
      expect(() => joinShards(folder)).toThrow(UsageError);
      expect(joinShards(folder, { mixed: true }).mixed).toEqual(Object.keys(own));
    },
  );

  it('refuses shards of another number, a number changed by hand, and a folder without shards', async () => {
    expect(() => joinShards(folder)).toThrow(/has none/);
    await draw(1);
    await draw(2, [], { shard: { index: 2, count: 13 } });
    expect(() => joinShards(folder)).toThrow(/has other number of shards/);
    const path = join(folder, 'shards', '0001-of-0012.jsonl');
    fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('"index":12', '"index":13'));
    expect(() => joinShards(folder)).toThrow(StoreError);
  });
});

describe('arrayExpression', () => {
  it('joins neighbours', () => {
    expect(arrayExpression([19, 3, 17, 18])).toBe('3,17-19');
    expect(arrayExpression([])).toBe('');
    expect(arrayExpression([2, 1])).toBe('1-2');
  });
});
