/** The shards of one shared run folder, read together. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { differingFields } from './journalHeader.js';
import type { JournalHeader } from './journalHeader.js';
import { keep, readJournal } from './readJournal.js';
import { shardFolder, shardOfFile } from './runFiles.js';
import type { Shard } from './runFiles.js';

export interface JoinedShards<Result> {
  /** Of the first shard; the others' are the same, but for what `mixed` allows and their place. */
  readonly header: JournalHeader;
  readonly kept: ReadonlyMap<number, Result>;
  /** Backends, kernels and versions of Node that differ among the shards. */
  readonly mixed: readonly string[];
}

/** Which of `count` shards, from 1, draws a task: each takes every `count`-th, so that all have some of every kind. */
export const shardOfTask = (index: number, count: number): number => (index % count) + 1;

/** Which of a run's tasks a shard draws, in ascending order; all of them where there are no shards. */
export function tasksOfShard(tasks: number, shard: Shard | null): number[] {
  const all = Array.from({ length: tasks }, (_, index) => index);
  return shard === null ? all : all.filter((index) => shardOfTask(index, shard.count) === shard.index);
}

/** The shards that draw these tasks, counted from 1, as an array expression for a scheduler; empty when there are none. */
export const shardsOfTasks = (tasks: readonly number[], count: number): string =>
  arrayExpression([...new Set(tasks.map((index) => shardOfTask(index, count)))]);

/**
 * Joins the shards of a run folder. With `mixed`, also those of different backends, kernels and versions of Node, whose
 * numbers may differ in their last digits.
 * @throws UsageError when there are none, or they are not of the same run, naming two of them and what differs;
 * StoreError when one was altered, or two have different results of a task.
 */
export function joinShards<Result>(folder: string, { mixed = false } = {}): JoinedShards<Result> {
  const paths = shardPaths(folder);
  const kept = new Map<number, Result>();
  const different = new Set<string>();
  let first: { readonly path: string; readonly header: JournalHeader } | undefined;
  for (const path of paths) {
    const shard = readJournal<Result>(path);
    first ??= { path, header: shard.header };
    requireJoinable(first, { path, header: shard.header }, mixed);
    for (const field of differingFields(first.header, shard.header)) different.add(field);
    for (const [index, result] of shard.kept) keep(kept, index, result, `'${path}'`, path);
  }
  if (first === undefined)
    throw new UsageError(`'${folder}' must hold shards to join, but it has none: name the folder they were drawn into`);
  return { header: first.header, kept, mixed: [...different] };
}

function shardPaths(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, shardFolder));
  } catch {
    return [];
  }
  return names
    .filter((name) => shardOfFile(name) !== undefined)
    .sort()
    .map((name) => join(folder, shardFolder, name));
}

interface Headed {
  readonly path: string;
  readonly header: JournalHeader;
}

function requireJoinable(first: Headed, other: Headed, mixed: boolean): void {
  const fields = differingFields(first.header, other.header, { mixed });
  if (first.header.shard?.count !== other.header.shard?.count) fields.push('number of shards');
  if (fields.length === 0) return;
  throw new UsageError(
    `shards must be of the same run to be joined, but '${other.path}' has other ${fields.join(', ')} than '${first.path}': remove the one that does not belong there`,
  );
}

/** Whole numbers as a scheduler writes them: 3,17-19. */
export function arrayExpression(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}
