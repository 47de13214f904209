/** Figures of a matrix that somebody gives, and its blocks in numbers. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  blockValueNames,
  colourScaleNames,
  type BlockValueName,
  type ColourScaleName,
  type GivenBlocks,
  type MatrixResult,
  type RenderedFigures,
} from '../../../figures/index.js';
import { blockSums, matrixPicture, type BlockSums } from '../../../simulations/blocks/index.js';
import { UsageError } from '../../../theory/errors.js';
import { fourDigits } from '../../draws/fourDigits.js';
import { memoryLimit, requireMemory } from '../../store/allocation.js';
import { readArrayFile, splitMember } from '../../store/formats/index.js';
import { version } from '../../version.js';
import { requireFinite, shapeOf } from '../compare/given/arrays.js';
import { requireSymmetric } from '../compare/given/requireSymmetric.js';
import { choice } from '../options/textOptions.js';
import { blockGroups, type BlockGroup } from './blockGroups.js';
import { blockCsv, blockSummary, type BlockSummary } from './blockSummary.js';
import { renderWanted, type FiguresWanted } from './drawFigures.js';

/** How a matrix is drawn, as on the command line. */
export interface DrawingWords {
  readonly colours: string | undefined;
  readonly clip: number | undefined;
  readonly blockValues: string | undefined;
}

/** Words as on the command line. */
export interface MatrixFiguresRequest extends FiguresWanted, DrawingWords {
  readonly matrix: string;
  readonly blocks: string | undefined;
  readonly names: string | undefined;
}

export interface MatrixFigures extends RenderedFigures {
  readonly source: string;
  readonly order: number;
  /** Of |H|. */
  readonly largest: number;
  /** Without blocks there are none in numbers. */
  readonly summary: BlockSummary | undefined;
}

/** The colours of the authors' heat maps end at a hundredth of the largest entry. */
const authorsClip = 100;

/** Side of the picture: a column of a paper at 140 dots an inch. */
const pixels = 400;

/** Groups of more blocks have one name, and no lines within. */
const mostNamed = 16;

/**
 * @throws UsageError for a file that is no symmetric matrix of finite numbers, blocks that do not take it up, words that
 * are none of the choices, and as `renderFigures`
 */
export async function drawMatrixFigures(request: MatrixFiguresRequest): Promise<MatrixFigures> {
  const drawing = drawingOf(request, request.blocks !== undefined);
  const { matrix: path, blocks, names } = request;
  if (names !== undefined && blocks === undefined)
    throw new UsageError('--names are those of --blocks, and none are given: say --blocks 8x500, or leave them out');
  const source = basename(path);
  const { entries, order } = readSymmetric(path, source);
  const groups = blocks === undefined ? undefined : blockGroups(blocks, names, order, source);
  const { values, largest, pixels: side } = matrixPicture(entries, order, pixels);
  const list = groups?.flatMap(blocksOf);
  const sums =
    list &&
    blockSums(
      entries,
      order,
      list.map(({ start }) => start),
    );
  const result = matrixResult(
    drawing,
    { source, label: source },
    { order, largest, side, values },
    { groups: groups ?? [], sums },
  );
  const tables = list && sums ? [{ file: 'block-table.csv', text: blockCsv(list, sums) }] : [];
  const rendered = await renderWanted(result, request, tables);
  return { ...rendered, source, order, largest, summary: groups && sums && blockSummary(groups, sums) };
}

/** What is drawn of a matrix: its picture, with lines and names of the blocks, and where `sums` are given the picture of their values. */
export function matrixResult(
  { colours, clip, shown }: Drawing,
  names: { readonly source: string; readonly label: string },
  picture: { readonly order: number; readonly largest: number; readonly side: number; readonly values: Float64Array },
  blocks: { readonly groups: readonly BlockGroup[]; readonly sums: BlockSums | undefined },
): MatrixResult {
  const { order, largest, side, values } = picture;
  const list = blocks.groups.flatMap(blocksOf);
  return {
    kind: 'matrix',
    version,
    source: names.source,
    colours,
    clip,
    picture: {
      ...{ label: names.label, rows: side, columns: side, order, largest },
      values: Array.from(values, fourDigits),
      blocks: blocks.groups.flatMap(linesOf),
    },
    ...(blocks.sums ? { blocks: { list, shown, values: shownValues(list, blocks.sums, shown) } } : {}),
  };
}

interface Drawing {
  readonly colours: ColourScaleName;
  readonly clip: number;
  readonly shown: BlockValueName;
}

/** @throws UsageError for words that are none of the choices, or say something of blocks where there are none */
export function drawingOf({ colours: word, clip, blockValues }: DrawingWords, hasBlocks: boolean): Drawing {
  const colours = choice('--colours', word ?? 'logarithmic', colourScaleNames);
  if (clip !== undefined && colours !== 'linear')
    throw new UsageError('--clip is where linear colours end: give --colours linear, or leave it out');
  if (clip !== undefined && clip < 1)
    throw new UsageError(
      `--clip must be at least 1: colours end at the largest entry over it, got ${clip}; 1 clips nothing, the authors take 100`,
    );
  if (blockValues !== undefined && !hasBlocks)
    throw new UsageError('--block-values are of --blocks, and none are given: say --blocks 8x500, or leave them out');
  const shown = choice('--block-values', blockValues ?? 'root-mean-square', blockValueNames);
  return { colours, clip: clip ?? authorsClip, shown };
}

function readSymmetric(path: string, source: string): { readonly entries: Float64Array; readonly order: number } {
  const bytes = sizeOf(splitMember(path).file);
  // The file and its numbers, which of a float32 take twice the room.
  requireMemory(3 * bytes, memoryLimit(), `figures: reading ${source}`, 'give a smaller matrix, or a block of it');
  const array = readArrayFile(path);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2 || rows !== columns || rows === 0)
    throw new UsageError(
      `--matrix ${source}: a square matrix is needed, the file holds ${shapeOf(array)}. Give a whole Hessian, or its part of one layer.`,
    );
  const what = `--matrix ${source}`;
  requireFinite(array, what);
  requireSymmetric(array.data, rows!, what, 'Give (H + H.T) / 2 if that is what you mean.');
  return { entries: array.data, order: rows! };
}

/** 0 for a file that is not there: reading it says so. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

export const blocksOf = ({ start, size, labels }: BlockGroup): GivenBlocks['list'][number][] =>
  labels.map((label, i) => ({ start: start + i * size, size, label }));

/** What the picture has lines between and names of. */
const linesOf = (group: BlockGroup): { readonly start: number; readonly label: string }[] =>
  group.count > mostNamed
    ? [{ start: group.start, label: group.name }]
    : blocksOf(group).map(({ start, label }) => ({ start, label }));

function shownValues(list: GivenBlocks['list'], sums: BlockSums, shown: BlockValueName): number[] {
  const count = list.length;
  const values: Readonly<Record<BlockValueName, (at: number, entries: number) => number>> = {
    'root-mean-square': (at, entries) => Math.sqrt(sums.squares[at]! / entries),
    'mean-absolute': (at, entries) => sums.absolute[at]! / entries,
    'signed-mean': (at, entries) => sums.signed[at]! / entries,
  };
  return Array.from({ length: count * count }, (_, at) =>
    fourDigits(values[shown](at, list[Math.floor(at / count)]!.size * list[at % count]!.size)),
  );
}
