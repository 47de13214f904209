/** The blocks of a given matrix, from words: `8x500,500x8`, or sizes one by one. */
import { UsageError } from '../../../theory/errors.js';

/** Neighbouring blocks of one size: those of a layer. */
export interface BlockGroup {
  readonly name: string;
  readonly count: number;
  readonly size: number;
  /** First row of the matrix. */
  readonly start: number;
  /** Of its blocks, in order. */
  readonly labels: readonly string[];
}

/** More would make a table of a million pairs, and a picture with less than a pixel for each. */
const mostBlocks = 1024;

/**
 * @param text counts and sizes with commas between; of sizes alone, neighbours that are equal belong together
 * @param names with commas between, one for each item of `text` or one for each block
 * @param order of the matrix, which the blocks must take up
 * @throws UsageError for anything else, with the numbers
 */
export function blockGroups(text: string, names: string | undefined, order: number, source: string): BlockGroup[] {
  const items = mergeSingles(text.split(',').map((item) => itemOf(item.trim(), text)));
  const rows = items.reduce((sum, { count, size }) => sum + count * size, 0);
  if (rows !== order)
    throw new UsageError(
      `--blocks ${text} take up ${rows} rows, and ${source} has ${order}: give blocks that take up every row`,
    );
  const blocks = items.reduce((sum, { count }) => sum + count, 0);
  if (blocks > mostBlocks)
    throw new UsageError(`--blocks must be at most ${mostBlocks} blocks, got ${blocks}: give larger ones`);
  const given = names === undefined ? undefined : namesOf(names, items.length, blocks);
  const isOfBlocks = given !== undefined && given.length === blocks && blocks !== items.length;
  let [start, first] = [0, 0];
  return items.map(({ count, size }, k): BlockGroup => {
    const own = isOfBlocks ? given.slice(first, first + count) : undefined;
    const name = groupName(own ?? given?.slice(k, k + 1), k, items.length);
    const labels =
      own ??
      Array.from({ length: count }, (_, i) => (count === 1 ? name : name === '' ? `${i + 1}` : `${name}_${i + 1}`));
    const group = { name, count, size, start, labels };
    start += count * size;
    first += count;
    return group;
  });
}

/** A group by its own name, or by the first and last of its blocks; without names by a letter, if there are several. */
function groupName(names: readonly string[] | undefined, index: number, groups: number): string {
  if (names === undefined) return groups === 1 ? '' : String.fromCharCode(...letters(index));
  return names.length === 1 ? names[0]! : `${names[0]}…${names.at(-1)}`;
}

/** a, b, … z, aa, ab, … */
const letters = (index: number): number[] => [
  ...(index < 26 ? [] : letters(Math.floor(index / 26) - 1)),
  'a'.charCodeAt(0) + (index % 26),
];

interface Item {
  readonly count: number;
  readonly size: number;
  readonly isSingle: boolean;
}

function itemOf(item: string, text: string): Item {
  const match = /^(?:([1-9]\d{0,8})\s*[x×*]\s*)?([1-9]\d{0,8})$/i.exec(item);
  if (match === null)
    throw new UsageError(
      `--blocks must be counts x sizes with commas between, or sizes, got '${text}': write 8x500,500x8 for 8 blocks of 500 rows and 500 of 8`,
    );
  return { count: Number(match[1] ?? 1), size: Number(match[2]), isSingle: match[1] === undefined };
}

function mergeSingles(items: readonly Item[]): Item[] {
  const merged: Item[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (last?.isSingle && item.isSingle && last.size === item.size)
      merged[merged.length - 1] = { ...last, count: last.count + 1 };
    else merged.push(item);
  }
  return merged;
}

function namesOf(text: string, groups: number, blocks: number): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length !== groups && names.length !== blocks)
    throw new UsageError(
      `--names must be one for ${groups === 1 ? 'the group' : `each of the ${groups} groups`} of --blocks, or one for each of its ${blocks} blocks, got ${names.length}: '${text}'`,
    );
  return names;
}
