/** Names of the files of a run folder that more than one process must agree on. */

/** The k-th of n parts of a run, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Where the shards of one shared run folder lie. */
export const shardFolder = 'shards';

const digits = 4;

/**
 * What the names of one process's files begin with: `journal` of a whole run, `shards/0003-of-0200` of a shard, to
 * which `.jsonl`, `.bin` and `.lock` are added.
 */
export function fileStem(shard: Shard | null): string {
  if (shard === null) return 'journal';
  const [index, count] = [shard.index, shard.count].map((number) => String(number).padStart(digits, '0'));
  return `${shardFolder}/${index}-of-${count}`;
}

/** The shard whose journal has this name; undefined for any other file. */
export function shardOfFile(name: string): Shard | undefined {
  const match = /^(\d{4,})-of-(\d{4,})\.jsonl$/.exec(name);
  return match === null ? undefined : { index: Number(match[1]), count: Number(match[2]) };
}
