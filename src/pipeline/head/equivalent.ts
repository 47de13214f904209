/** Spectra of blocks against those that normal features of the same mean and covariance have. */
import { judge, type SequentialPower } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import {
  equivalentTest,
  excess,
  normMetric,
  numberedGroups,
  type Alternative,
} from '../../../simulations/head/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';
import type { HeadFiles } from './headFiles.js';
import type { EquivalentFinding, HeadStatement } from './headResult.js';
import type { HeadMeasurement } from './measureHead.js';
import { finiteRows } from './readRows.js';
import { tokensAcrossRanks } from './whitened.js';

const mostTokens = 8;
/** The least p-value is a quarter of the level. */
const drawsFor = (level: number): number => Math.max(199, Math.ceil(4 / level) - 1);
/** Multiplications of all draws: half an hour with OpenBLAS. */
const work = 2e13;

const alternatives: Readonly<Record<Alternative, string>> = {
  independent: 'weights independent of the features',
  largest: `the largest eigenvalue of each block ${100 * excess} % larger`,
  every: `every eigenvalue ${100 * excess} % larger`,
};

export interface EquivalentSettings {
  readonly backend: Backend;
  readonly level: number;
  readonly seed: string;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** @throws UsageError for too few independent positions, or too many classes to be drawn that often */
export function judgeEquivalent(
  files: HeadFiles,
  { first: { features, numbers, sums } }: HeadMeasurement,
  byRank: readonly number[],
  { backend, level, seed, onProgress }: EquivalentSettings,
): { readonly finding: EquivalentFinding; readonly statement: HeadStatement } {
  const { samples, dimension, classes } = sums;
  const chosen = oneOfEach(
    files.groups === undefined ? undefined : Float64Array.from(numbers, (n) => files.groups![n]!),
    samples,
    seed,
  );
  const draws = drawsFor(level);
  const each = draws * (classes * dimension + 2 * mostTokens * dimension ** 2);
  const count = Math.min(chosen.length, Math.floor(work / each));
  if (chosen.length < dimension + 2)
    throw new UsageError(
      `--equivalent takes one position of each group, and needs ${dimension + 2} for ${dimension} features, got ${chosen.length}: take more sequences${files.groups === undefined ? '' : ', with fewer positions each'}`,
    );
  if (count < dimension + 2)
    throw new UsageError(
      `--equivalent draws ${draws} sets of features and predicts ${classes} classes from each, which is too much here: leave it out, or give a larger --level`,
    );
  const tokens = tokensAcrossRanks(byRank, mostTokens);
  const positions = chosen.slice(0, count);
  const found = equivalentTest({
    features: Float64Array.from(
      { length: count * dimension },
      (_, at) => features[positions[Math.floor(at / dimension)]! * dimension + (at % dimension)]!,
    ),
    samples: count,
    // Of all positions: a gain has as many unknowns as features.
    metric: normMetric(features, samples, backend),
    readout: { rows: finiteRows('--output', files.output), bias: files.bias },
    ...{ tokens, draws, level, seed, backend, onProgress },
  });
  const { verdict, reason } = judge({
    level,
    tests: [{ id: `this head among ${draws} draws`, pValue: found.jointPValue }],
    powers: found.powers.map(({ against, power }) => ({
      alternative: alternatives[against],
      power: power.probability,
      replicatesNeeded: Infinity,
    })),
    remedy: () => 'take more sequences: one position of each counts',
  });
  return {
    finding: {
      positions: count,
      draws,
      isNormalised: found.isNormalised,
      jointPValue: found.jointPValue,
      independentPValue: found.independentPValue,
      blocks: found.blocks.map((block) => ({ rank: byRank.indexOf(block.token) + 1, ...block })),
      powers: found.powers.map(({ against, power }) => ({ against: alternatives[against], ...shown(power) })),
    },
    statement: {
      id: 'equivalent',
      statement: 'Spectra of diagonal blocks are those of normal features through the same V',
      verdict,
      reason,
    },
  };
}

const shown = ({ probability, draws, interval: [low, high] }: SequentialPower) => ({
  power: probability,
  draws,
  interval: [low, high] as const,
});

/** One position of each group, at random: positions of one sequence depend on each other. */
function oneOfEach(groups: Float64Array | undefined, samples: number, seed: string): number[] {
  const { group, groups: count } = numberedGroups(groups, samples);
  const members = Array.from({ length: count }, (): number[] => []);
  group.forEach((name, n) => members[name]!.push(n));
  const stream = randomStream(seed, 'head-equivalent-positions', 0);
  return members.map((positions) => positions[stream.integer(positions.length)]!);
}
