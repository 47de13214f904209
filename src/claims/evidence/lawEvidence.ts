/**
 * From draws of d×d blocks to tests, figures and statements of power: shared by every claim about a spectral law.
 */
import type { BlockKind } from '../../../theory/contracts.js';
import {
  dispersionTest,
  exponentTest,
  fitExponent,
  iidKolmogorovPValue,
  laneTest,
  meanSpectrumTest,
  outlierPlaceTest,
  pooledChiSquare,
  powerOfChiSquareTest,
  requiredReplicates,
  smallestDetectedFactor,
  spreadTest,
} from '../../../simulations/comparisons/index.js';
import type { PowerAgainst, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { dispersionPowers } from '../../draws/check/traceTask.js';
import type { LawBlockResult, LawTask, LawTaskResult, TraceTask, TraceTaskResult } from '../../draws/check/index.js';
import type { TestDraft } from '../claim.js';
import { regimeName } from '../taskLists.js';

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
  seed: string,
): LawEvidence {
  const tests: TestDraft[] = [];
  const exactFailures: string[] = [];
  const alive: LawBlockResult[][] = [];
  const blockCount = draws[0]?.result.blocks.length ?? 0;
  for (let b = 0; b < blockCount; b++) {
    const blocks = draws.map(({ result }) => result.blocks[b]!).filter((block) => !block.vanishes);
    if (blocks.length < 2) continue;
    const label = `${name}, ${blockLabel(blocks[0]!)}`;
    const dimensions = draws
      .filter(({ result }) => !result.blocks[b]!.vanishes)
      .map(({ task }) => task.settings.dimension);
    tests.push(...testsOfLaw(blocks, dimensions, label, seed), ...testsOfDraws(blocks, dimensions, label));
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
      (['statistics', 'weightSums'] as const)
        .map((part) => powerPairs(blocks, index, part))
        .filter((pairs) => pairs.length >= 2)
        .map((pairs) => powerOf(pairs, testLevel)),
    );
    if (candidates.length === 0) return [];
    return [statedPower(`${name}: ${label}`, candidates, size)];
  });
}

const claimOf = (block: LawBlockResult) => block.claims[0]!;

/** Tests whose expected values come from the claimed law's own distribution function. */
function testsOfLaw(
  blocks: readonly LawBlockResult[],
  dimensions: readonly number[],
  label: string,
  seed: string,
): TestDraft[] {
  const tests: TestDraft[] = [];
  const statistics = blocks.flatMap((block) => claimOf(block).statistics ?? []);
  if (statistics.length >= 2) {
    const { shift } = pooledChiSquare(statistics);
    tests.push({
      name: `${label}: linear statistics against the law's own distribution function`,
      statistic: `χ² of Σf(λ) − d∫f dF for exp(−x²/2c²), atan(2x/c), log(1 + x²/c²) over draws, ${shift.degrees} degrees of freedom`,
      observed: shift.statistic,
      null: 'd∫f dF by parts from the claimed F; shift and covariance of Bai and Silverstein',
      pValue: clamp(shift.pValue),
      replicates: 0,
    });
  }
  const rows = blocks.map((block) => claimOf(block).gaps).filter(({ length }) => length > 0);
  if (rows.length >= 2) {
    const mean = meanSpectrumTest({ rows, stream: randomStream(seed, `mean spectrum ${label}`, 0) });
    tests.push({
      name: `${label}: mean spectrum against the law's own distribution function`,
      statistic: 'largest mean of n(F_n − F) over draws, in eigenvalues',
      observed: mean.gap,
      null: `a quarter of an eigenvalue at finite size, and the spread between ${mean.draws} draws by a multiplier bootstrap; fitted gamma tail`,
      pValue: clamp(mean.fittedPValue),
      replicates: 0,
    });
  }
  const sizes = [...new Set(dimensions)].sort((a, b) => a - b);
  const values = sizes.map((size) =>
    blocks.filter((_, r) => dimensions[r] === size).map((block) => claimOf(block).twinDistance),
  );
  if (sizes.length >= 2 && values.every((list) => list.length >= 2 && list.every(Number.isFinite))) {
    const fit = fitExponent({ sizes, values, logCorrection: true });
    tests.push({
      name: `${label}: exponent of the distance to the law given the drawn weights`,
      statistic: `exponent of d in D/log d over d = ${sizes.join(', ')}; interval ${fit.interval.map((end) => end.toFixed(3)).join(' … ')}`,
      observed: fit.exponent,
      null: `−1 or less: a wrong law keeps the distance from falling; Student's t with ${fit.degrees.toFixed(0)} degrees of freedom, one-sided`,
      pValue: clamp(exponentTest(fit, -1, 'upper').pValue),
      replicates: 0,
    });
  }
  return tests;
}

/** Tests of the draws: against fresh draws, exact moments, the law of the weights. */
function testsOfDraws(blocks: readonly LawBlockResult[], dimensions: readonly number[], label: string): TestDraft[] {
  const tests: TestDraft[] = [];
  const first = claimOf;
  const fresh = blocks.flatMap((block) => block.fresh ?? []);
  const withFresh = fresh.length === blocks.length && fresh.every(({ distances }) => distances.length >= 2);
  if (withFresh) {
    const lane = laneTest({
      observed: fresh.map(({ twinDistance }, r) => dimensions[r]! * twinDistance),
      nulls: fresh.map(({ distances }, r) => distances.map((value) => dimensions[r]! * value)),
    });
    const last = blocks.length - 1;
    tests.push({
      name: `${label}: draws against draws, Kolmogorov distance given the drawn weights`,
      statistic: 'sum over draws of d·D, of the twin',
      observed: lane.statistic,
      null: `${lane.nullReplicates} fresh draws with the same weights for each of ${lane.replicates} draws, measured against the same law: judges the draws, not the law; tail of the fitted gamma law`,
      pValue: clamp(lane.fittedPValue),
      replicates: lane.nullReplicates * lane.replicates,
      voidIidPValue: iidKolmogorovPValue(fresh[last]!.twinDistance, dimensions[last]!).value,
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
  if (traces.length >= 2 && withFresh) {
    // Two traces: the higher ones depend on so few large eigenvalues that a handful of null draws does not show how far
    // they stray.
    const { statistic, expected, inflation, nullDraws, pValue } = spreadTest(
      traces.map((statistics) => firstTwo(statistics)),
      fresh.map((draws) => draws.traces.map((values) => values.slice(0, 2))),
    );
    tests.push({
      name: `${label}: spread of tr H and tr H² over draws given the drawn weights`,
      statistic: `sum over draws of χ², ${expected} degrees of freedom`,
      observed: statistic,
      null: `exact mean ${expected}; variance ${inflation.toFixed(2)} times that of χ², from ${nullDraws} fresh draws with the same weights; tail of a gamma law`,
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

/** Places of the outliers that stand clear of the bulk, over all draws of their experiment. */
export function outlierEvidence(draws: readonly LawDraw[]): TestDraft[] {
  const test = outlierPlaceTest(
    draws.flatMap(({ result }) => result.blocks.flatMap(({ outliers }) => outliers.scores)),
  );
  if (test === undefined) return [];
  const { model, loss, initialisation, classes, dimension, samples } = draws[0]!.task.settings;
  return [
    {
      name: `${regimeName({ model, loss, initialisation, classes })}, off-diagonal block at d/N = ${dimension}/${samples}: places of outliers`,
      statistic: `χ² of the z-scores of ${test.outliers} outliers nearer to zero and further from it than the bulk, in ${draws.length} draws, ${test.degrees} degrees of freedom`,
      observed: test.statistic,
      null: 'places and standard deviations given the drawn weights and projections',
      pValue: clamp(test.pValue),
      replicates: 0,
    },
  ];
}

export interface TraceDraw {
  readonly task: TraceTask;
  readonly result: TraceTaskResult;
}

/** Spread of tr H and tr H² over many small draws. */
export function dispersionEvidence(draws: readonly TraceDraw[]): TestDraft[] {
  return (draws[0]?.result.blocks ?? []).flatMap(({ block }, b): TestDraft[] => {
    const sums = draws.flatMap(({ result }) => result.blocks[b]!.sums ?? []);
    if (sums.length === 0) return [];
    const { mean, standardError, count, score, pValue } = dispersionTest(sums, dispersionPowers);
    const { model, loss, initialisation, classes, dimension, samples } = draws[0]!.task.settings;
    return [
      {
        name: `${regimeName({ model, loss, initialisation, classes })}, ${block.i === block.j ? 'diagonal' : 'off-diagonal'} block at d = ${dimension}, N = ${samples}: covariance of tr H and tr H² given the drawn weights`,
        statistic: `mean χ² of (tr H, tr H²) over ${count} draws, standard error ${standardError.toFixed(3)}, score ${score.toFixed(2)} freed of its skewness`,
        observed: mean,
        null: `exact expectation ${dispersionPowers}; normal law of the score`,
        pValue: clamp(pValue),
        replicates: 0,
      },
    ];
  });
}

/** A law claimed to be another shifts the same statistic by the difference of the two means. */
function powerPairs(blocks: readonly LawBlockResult[], index: number, part: 'statistics' | 'weightSums'): Shifted[] {
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
  part: 'statistics' | 'weightSums',
): Shifted[] {
  return draws.flatMap((claims) => {
    const truth = claims[0];
    const other = claims[index];
    return truth === undefined || other === undefined
      ? []
      : [{ shift: expectedShift(truth, other, part), statistics: other }];
  });
}

function expectedShift(truth: StatisticsOfDraw, other: StatisticsOfDraw, part: 'statistics' | 'weightSums'): number[] {
  if (part === 'statistics') return Array.from(truth.mean, (mean, k) => mean - other.mean[k]!);
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
