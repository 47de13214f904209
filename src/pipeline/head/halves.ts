/** Two halves of the text: the one comparison of spectra that needs no law of trained features. */
import { halvesTest, numberedGroups, tokenFields } from '../../../simulations/head/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import type { HeadFiles } from './headFiles.js';
import type { HalvesFinding, HeadStatement } from './headResult.js';
import type { HeadMeasurement } from './measureHead.js';
import { finiteRows } from './readRows.js';
import { tokensAcrossRanks } from './whitened.js';

const draws = 199;
const mostTokens = 4;
/** Multiplications of all spectra: a minute or two. */
const work = 2e12;
const fewestGroups = 8;

/** @throws UsageError for too few groups, or blocks too large to be drawn that often */
export function judgeHalves(
  files: HeadFiles,
  { first: { features, numbers, sums } }: HeadMeasurement,
  byRank: readonly number[],
  { backend, level, seed }: { readonly backend: Backend; readonly level: number; readonly seed: string },
): { readonly finding: HalvesFinding; readonly statement: HeadStatement } {
  const { samples, dimension } = sums;
  const { group, groups } = numberedGroups(
    files.groups === undefined ? undefined : Float64Array.from(numbers, (n) => files.groups![n]!),
    samples,
  );
  if (groups < fewestGroups)
    throw new UsageError(
      `--halves needs at least ${fewestGroups} groups to divide, got ${groups}: take more sequences`,
    );
  const order = Math.min(samples / 2, dimension);
  const each = 2 * (draws + 1) * order * order * (samples / 2 + 2 * order);
  const count = Math.min(mostTokens, Math.floor(work / each));
  if (count < 1)
    throw new UsageError(
      `--halves takes ${draws + 1} spectra of order ${Math.round(order)} a token, which is too much here: give fewer positions, or leave it out`,
    );
  const tokens = tokensAcrossRanks(byRank, count);
  const readout = { rows: finiteRows('--output', files.output), bias: files.bias };
  const fields = tokenFields(features, readout, sums.logNormaliser, tokens, backend);
  const found = halvesTest(fields, features, group, { draws, seed, backend });
  const rejected = found.pValue <= level;
  return {
    finding: { tokens, draws, ...found },
    statement: {
      id: 'halves',
      statement: 'Spectra of diagonal blocks are the same in both halves of the text',
      verdict: rejected ? 'disagree' : 'undecided',
      reason: `Their distance is ${found.distance.toPrecision(3)}, that of random halves ${found.typical.toPrecision(3)} (p = ${found.pValue.toPrecision(2)}, ${draws} draws)${rejected ? ': the sequences are not of one kind' : '; no limit law is known to hold them against'}.`,
    },
  };
}
