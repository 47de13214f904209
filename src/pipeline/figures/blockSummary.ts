/** Blocks of a given matrix in numbers: one pair at a time, and by groups of equal blocks. */
import { csvText } from '../../../figures/csvText.js';
import type { BlockSums } from '../../../simulations/blocks/index.js';
import type { BlockGroup } from './blockGroups.js';

/** Blocks of the same kind: on or off the diagonal of a group, or between two groups. */
export interface GroupPair {
  readonly rows: string;
  readonly columns: string;
  readonly kind: 'diagonal' | 'off-diagonal' | 'between';
  /** Blocks of this kind; those between groups are counted once, their mirror images left out. */
  readonly blocks: number;
  /** Of ‖H‖²_F; between groups with the mirror images. */
  readonly share: number;
  /** √ of the mean of ‖block‖²_F. */
  readonly norm: number;
  /** √ of the mean of squared entries. */
  readonly rootMeanSquare: number;
  readonly meanAbsolute: number;
  readonly signedMean: number;
}

export interface GroupRatio {
  readonly group: string;
  readonly blocks: number;
  /** r: mean ‖H_ij‖²_F over i ≠ j, by the mean of ‖H_ii‖²_F; null where the blocks on the diagonal are zero. */
  readonly ratio: number | null;
}

export interface BlockSummary {
  /** ‖H‖_F. */
  readonly norm: number;
  readonly pairs: readonly GroupPair[];
  readonly ratios: readonly GroupRatio[];
}

interface Totals {
  readonly blocks: number;
  readonly squares: number;
  readonly absolute: number;
  readonly signed: number;
}

export function blockSummary(groups: readonly BlockGroup[], sums: BlockSums): BlockSummary {
  const firsts = firstBlocks(groups);
  const count = groups.reduce((total, group) => total + group.count, 0);
  const all = sums.squares.reduce((total, value) => total + value, 0);
  const totalsOf = (a: number, b: number, keep: (i: number, j: number) => boolean): Totals => {
    let [blocks, squares, absolute, signed] = [0, 0, 0, 0];
    for (let i = firsts[a]!; i < firsts[a]! + groups[a]!.count; i++) {
      for (let j = firsts[b]!; j < firsts[b]! + groups[b]!.count; j++) {
        if (!keep(i, j)) continue;
        const at = i * count + j;
        blocks++;
        squares += sums.squares[at]!;
        absolute += sums.absolute[at]!;
        signed += sums.signed[at]!;
      }
    }
    return { blocks, squares, absolute, signed };
  };
  const pairs: GroupPair[] = [];
  const ratios: GroupRatio[] = [];
  const add = (kind: GroupPair['kind'], a: number, b: number, totals: Totals): void => {
    const { blocks, squares, absolute, signed } = totals;
    const entries = blocks * groups[a]!.size * groups[b]!.size;
    pairs.push({
      ...{ rows: groups[a]!.name, columns: groups[b]!.name, kind, blocks },
      share: all === 0 ? 0 : ((kind === 'between' ? 2 : 1) * squares) / all,
      norm: Math.sqrt(squares / blocks),
      rootMeanSquare: Math.sqrt(squares / entries),
      meanAbsolute: absolute / entries,
      signedMean: signed / entries,
    });
  };
  groups.forEach((group, a) => {
    const on = totalsOf(a, a, (i, j) => i === j);
    add('diagonal', a, a, on);
    if (group.count > 1) {
      const off = totalsOf(a, a, (i, j) => i !== j);
      add('off-diagonal', a, a, off);
      const ratio = on.squares === 0 ? null : off.squares / off.blocks / (on.squares / on.blocks);
      ratios.push({ group: group.name, blocks: group.count, ratio });
    }
    for (let b = a + 1; b < groups.length; b++)
      add(
        'between',
        a,
        b,
        totalsOf(a, b, () => true),
      );
  });
  return { norm: Math.sqrt(all), pairs, ratios };
}

/** Index of the first block of each group. */
function firstBlocks(groups: readonly BlockGroup[]): number[] {
  let next = 0;
  return groups.map(({ count }) => {
    const first = next;
    next += count;
    return first;
  });
}

interface Block {
  readonly label: string;
  readonly size: number;
}

/** Every pair of blocks, one a row; of a symmetric matrix the upper half, i ≤ j. */
export function blockCsv(blocks: readonly Block[], { signed, absolute, squares }: BlockSums): string {
  const head = 'row_block,column_block,rows,columns,frobenius_norm,root_mean_square,mean_absolute,signed_mean';
  const rows: (string | number)[][] = [head.split(',')];
  const count = blocks.length;
  blocks.forEach((row, i) => {
    blocks.slice(i).forEach((column, k) => {
      const at = i * count + i + k;
      const entries = row.size * column.size;
      const numbers = [
        Math.sqrt(squares[at]!),
        Math.sqrt(squares[at]! / entries),
        absolute[at]! / entries,
        signed[at]! / entries,
      ];
      rows.push([row.label, column.label, row.size, column.size, ...numbers]);
    });
  });
  return csvText(rows);
}
