/**
 * From draws of d×d blocks to tests, figures and statements of power: shared by every claim about a spectral law.
 */
import type { BlockKind } from '../../../theory/contracts.js';
import {
  iidKolmogorovPValue,
  laneTest,
  pooledChiSquare,
  powerOfChiSquareTest,
  requiredReplicates,
  smallestDetectedFactor,
  spreadTest,
} from '../../../simulations/comparisons/index.js';
import type { PowerAgainst, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { LawBlockResult, LawTask, LawTaskResult } from '../../pipeline/check/tasks/index.js';
import type { TestDraft } from '../claim.js';

export interface LawDraw {
  readonly task: LawTask;
  readonly result: LawTaskResult;
}

export interface LawEvidence {
  readonly tests: readonly TestDraft[];
  readonly exactFailures: readonly string[];
  powers(testLevel: number): readonly PowerAgainst[];
}

/** A wrong law, its place among the claimed laws of a draw, and the relative size of its error where it has one. */
export interface IndexedAlternative {
  readonly label: string;
  readonly index: number;
  readonly size: number | undefined;
}

/** Powers below which a claim is not called settled. */
const requiredPower = 0.95;

export function lawEvidence(
  draws: readonly LawDraw[],
  name: string,
  alternatives: readonly IndexedAlternative[],
): LawEvidence {
  const tests: TestDraft[] = [];
  const exactFailures: string[] = [];
  const alive: LawBlockResult[][] = [];
  const blockCount = draws[0]?.result.blocks.length ?? 0;
  for (let b = 0; b < blockCount; b++) {
    const blocks = draws.map(({ result }) => result.blocks[b]!).filter((block) => !block.vanishes);
    if (blocks.length < 2) continue;
    const label = `${name}, ${blockLabel(blocks[0]!)}`;
    tests.push(...collectTests(draws, blocks, b, label));
    exactFailures.push(...couplingFailures(blocks, label));
    alive.push(blocks);
  }
  return { tests, exactFailures, powers: (testLevel) => bestPowers(alive, name, alternatives, testLevel) };
}

/** For each alternative the power of the one test that sees it best. */
function bestPowers(
  alive: readonly (readonly LawBlockResult[])[],
  name: string,
  alternatives: readonly IndexedAlternative[],
  testLevel: number,
): PowerAgainst[] {
  return alternatives.flatMap(({ label, index, size }) => {
    const candidates = alive.flatMap((blocks) =>
      (['traces', 'weightSums'] as const)
        .map((part) => powerPairs(blocks, index, part))
        .filter((pairs) => pairs.length >= 2)
        .map((pairs) => powerOf(pairs, testLevel)),
    );
    if (candidates.length === 0) return [];
    return [statedPower(`${name}: ${label}`, candidates, size)];
  });
}

function collectTests(
  draws: readonly LawDraw[],
  blocks: readonly LawBlockResult[],
  b: number,
  label: string,
): TestDraft[] {
  const tests: TestDraft[] = [];
  const first = (block: LawBlockResult) => block.claims[0]!;
  const dimensions = draws
    .filter(({ result }) => !result.blocks[b]!.vanishes)
    .map(({ task }) => task.settings.dimension);
  const withNull = blocks.every((block) => first(block).nullDistances.length >= 2);
  if (withNull) {
    const lane = laneTest({
      observed: blocks.map((block, r) => dimensions[r]! * first(block).twinDistance),
      nulls: blocks.map((block, r) => first(block).nullDistances.map((value) => dimensions[r]! * value)),
    });
    const last = blocks.length - 1;
    tests.push({
      name: `${label}: Kolmogorov distance to the law given the drawn weights`,
      statistic: 'sum over draws of d·D, of the twin',
      observed: lane.statistic,
      null: `${lane.nullReplicates} fresh draws of the claimed law for each of ${lane.replicates} draws; tail of the fitted gamma law`,
      pValue: clamp(lane.fittedPValue),
      replicates: lane.nullReplicates * lane.replicates,
      voidIidPValue: iidKolmogorovPValue(first(blocks[last]!).twinDistance, dimensions[last]!).value,
    });
  }
  const traces = blocks.map((block) => first(block).traces).filter((traces) => traces !== undefined);
  if (traces.length >= 2) {
    const { shift } = pooledChiSquare(traces);
    tests.push({
      name: `${label}: tr H, tr H², tr H³, tr H⁴ given the drawn weights`,
      statistic: `χ² of the sums over draws, ${shift.degrees} degrees of freedom`,
      observed: shift.statistic,
      null: 'exact mean and covariance at this d and N',
      pValue: clamp(shift.pValue),
      replicates: 0,
    });
  }
  if (traces.length >= 2 && withNull) {
    // Two traces: the higher ones depend on so few large eigenvalues that a handful of null draws does not show how far
    // they stray.
    const { statistic, expected, inflation, nullDraws, pValue } = spreadTest(
      traces.map((statistics) => firstTwo(statistics)),
      blocks
        .filter((block) => first(block).traces !== undefined)
        .map((block) => first(block).nullTraces.map((values) => values.slice(0, 2))),
    );
    tests.push({
      name: `${label}: spread of tr H and tr H² over draws given the drawn weights`,
      statistic: `sum over draws of χ², ${expected} degrees of freedom`,
      observed: statistic,
      null: `exact mean ${expected}; variance ${inflation.toFixed(2)} times that of χ², from ${nullDraws} fresh draws of the claimed law; tail of a gamma law`,
      pValue: clamp(pValue),
      replicates: nullDraws,
    });
  }
  const sums = blocks.map((block) => first(block).weightSums).filter((sums) => sums !== undefined);
  if (sums.length >= 2) {
    const { shift } = pooledChiSquare(sums);
    tests.push({
      name: `${label}: weights against their law given the initialisation`,
      statistic: `χ² of Σa and Σa² over draws, ${shift.degrees} degrees of freedom`,
      observed: shift.statistic,
      null: 'independent samples of the law given V and W',
      pValue: clamp(shift.pValue),
      replicates: 0,
    });
  }
  return tests;
}

/** A law claimed to be another shifts the same statistic by the difference of the two means. */
function powerPairs(blocks: readonly LawBlockResult[], index: number, part: 'traces' | 'weightSums'): Shifted[] {
  return shiftsBetween(
    blocks.map(({ claims }) => claims.map((claim) => claim[part])),
    index,
    part,
  );
}

interface Shifted {
  readonly shift: number[];
  readonly statistics: StatisticsOfDraw;
}

function shiftsBetween(
  draws: readonly (readonly (StatisticsOfDraw | undefined)[])[],
  index: number,
  part: 'traces' | 'weightSums',
): Shifted[] {
  return draws.flatMap((claims) => {
    const truth = claims[0];
    const other = claims[index];
    return truth === undefined || other === undefined
      ? []
      : [{ shift: expectedShift(truth, other, part), statistics: other }];
  });
}

function expectedShift(truth: StatisticsOfDraw, other: StatisticsOfDraw, part: 'traces' | 'weightSums'): number[] {
  if (part === 'traces') return Array.from(truth.mean, (mean, k) => mean - other.mean[k]!);
  // The two laws measure a in different units; the values are the same sums in either, so their quotient is the change
  // of units.
  return Array.from(truth.mean, (mean, k) => mean * (other.values[k]! / truth.values[k]!) - other.mean[k]!);
}

/** A test of some replicates, and its power as a function of their number. */
export interface PowerCandidate {
  readonly replicates: number;
  power(replicates: number): number;
}

function powerOf(pairs: readonly Shifted[], level: number): PowerCandidate {
  const draws = pairs.map(({ shift, statistics: { covariance } }) => ({ shift, covariance }));
  return { replicates: pairs.length, power: (count) => powerOfChiSquareTest({ draws, replicates: count, level }) };
}

/** What a claim says of its power: that of the candidate which sees the alternative best. */
export function statedPower(alternative: string, candidates: readonly PowerCandidate[], size?: number): PowerAgainst {
  const factor = (candidate: PowerCandidate): number => smallestDetectedFactor({ ...candidate, target: requiredPower });
  const best = candidates.reduce((a, b) => (factor(b) < factor(a) ? b : a));
  return {
    alternative,
    power: best.power(best.replicates),
    replicatesNeeded: requiredReplicates({ ...best, target: requiredPower }),
    ...(size === undefined ? {} : { smallestDetected: size * factor(best) }),
  };
}

function couplingFailures(blocks: readonly LawBlockResult[], label: string): string[] {
  const broken = blocks.filter(({ coupling }) => coupling !== undefined && !coupling.holds);
  return broken.map(
    ({ coupling }) => `${label}: sup |F_H − F_twin| = ${coupling!.distance} exceeds 2k/d = ${coupling!.bound}`,
  );
}

export function blockKind({ block: { i, j } }: LawBlockResult): BlockKind {
  return i === j ? 'diagonal' : 'off-diagonal';
}

function blockLabel(block: LawBlockResult): string {
  return `${blockKind(block)} block`;
}

function firstTwo({ values, mean, covariance }: StatisticsOfDraw): StatisticsOfDraw {
  const two = <Entry>(list: ArrayLike<Entry>): Entry[] => Array.from(list).slice(0, 2);
  return { values: two(values), mean: two(mean), covariance: two(covariance).map(two) };
}

/** Holm takes p-values in [0, 1]; a tail formula may leave it by rounding. */
function clamp(pValue: number): number {
  return Math.min(1, Math.max(0, pValue));
}
