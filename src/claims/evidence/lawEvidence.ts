/**
 * From draws of d×d blocks to tests, figures and statements of power: shared by every claim about a spectral law.
 */
import { counted } from '../../../figures/text.js';
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
import { heldOf, statedOf } from '../../draws/perturbation.js';
import type { AlternativeId } from '../../draws/perturbation.js';
import type {
  FreshDraws,
  LawBlockResult,
  LawTask,
  LawTaskResult,
  TraceTask,
  TraceTaskResult,
} from '../../draws/check/index.js';
import type { Alternative } from '../alternatives.js';
import type { TestDraft } from '../claim.js';
import { regimeName, regimeWords } from '../taskLists.js';
import type { Regime } from '../taskLists.js';
import { nameTest } from './nameTest.js';

export interface LawDraw {
  readonly task: LawTask;
  readonly result: LawTaskResult;
}

export interface LawEvidence {
  readonly tests: readonly TestDraft[];
  readonly exactFailures: readonly string[];
  powers(testLevel: number): readonly PowerAgainst[];
}

export function lawEvidence(
  draws: readonly LawDraw[],
  regime: Regime,
  alternatives: readonly Alternative[],
  seed: string,
): LawEvidence {
  const blockCount = draws[0]?.result.blocks.length ?? 0;
  const own = Array.from({ length: blockCount }, (_, b): BlockDraws => {
    const alive = draws.filter(({ result }) => !result.blocks[b]!.vanishes);
    return {
      regime,
      blocks: alive.map(({ result }) => result.blocks[b]!),
      dimensions: alive.map(({ task }) => task.settings.dimension),
    };
  }).filter(({ blocks }) => blocks.length >= 2);
  return {
    tests: own.flatMap((block) => testsOf(block, seed)),
    exactFailures: own.flatMap(couplingFailures),
    powers: (testLevel) =>
      bestPowers(
        own.map(({ blocks }) => blocks),
        regimeWords(regime),
        alternatives,
        testLevel,
      ),
  };
}

/** The same block in several draws of one regime; nowhere does it vanish. */
interface BlockDraws {
  readonly regime: Regime;
  readonly blocks: readonly LawBlockResult[];
  /** d of each draw. */
  readonly dimensions: readonly number[];
}

/** Names the streams of their tests. */
function streamName({ regime, blocks }: BlockDraws): string {
  return `${regimeName(regime)}, ${blockLabel(blocks[0]!)}`;
}

function testsOf(own: BlockDraws, seed: string): TestDraft[] {
  const called = (what: string) => nameTest(regimeWords(own.regime), what, blockLabel(own.blocks[0]!));
  return [
    // Tests whose expected values come from the claimed law's own distribution function,
    ...statisticsTests(own, called),
    ...meanSpectrumTests(own, called, seed),
    ...exponentTests(own, called),
    // tests of the draws: against fresh draws, exact moments, the law of the weights.
    ...freshDrawTests(own, called),
    ...traceTests(own, called),
    ...traceSpreadTests(own, called),
    ...weightTests(own, called),
  ];
}

/** Name and label of a test of these draws. */
type Called = (what: string) => ReturnType<typeof nameTest>;

/** For each alternative the power of the one test that sees it best. */
function bestPowers(
  alive: readonly (readonly LawBlockResult[])[],
  name: string,
  alternatives: readonly Alternative[],
  testLevel: number,
): PowerAgainst[] {
  return alternatives.flatMap(({ id, label, size }) => {
    const candidates = alive.flatMap((blocks) =>
      (['statistics', 'weightSums'] as const)
        .map((part) => powerPairs(blocks, id, part))
        .filter((pairs) => pairs.length >= 2)
        .map((pairs) => powerOf(pairs, testLevel)),
    );
    if (candidates.length === 0) return [];
    return [statedPower(`${label} (${name})`, candidates, size)];
  });
}

const claimOf = ({ claims }: LawBlockResult) => statedOf(claims);

function statisticsTests({ blocks }: BlockDraws, called: Called): TestDraft[] {
  const statistics = blocks.flatMap((block) => claimOf(block).statistics ?? []);
  if (statistics.length < 2) return [];
  const { shift } = pooledChiSquare(statistics);
  return [
    {
      ...called("linear statistics against the law's own distribution function"),
      statistic: `χ² of Σf(λ) − d∫f dF for exp(−x²/2c²), atan(2x/c), log(1 + x²/c²) over draws, ${counted(shift.degrees, 'degree')} of freedom`,
      observed: shift.statistic,
      null: 'd∫f dF by parts from the claimed F; shift and covariance of Bai and Silverstein',
      pValue: clamp(shift.pValue),
      replicates: 0,
    },
  ];
}

function meanSpectrumTests(own: BlockDraws, called: Called, seed: string): TestDraft[] {
  const rows = own.blocks.map((block) => claimOf(block).gaps).filter(({ length }) => length > 0);
  if (rows.length < 2) return [];
  const mean = meanSpectrumTest({ rows, stream: randomStream(seed, `mean spectrum ${streamName(own)}`, 0) });
  return [
    {
      ...called("mean spectrum against the law's own distribution function"),
      statistic: 'largest mean of n(F_n − F) over draws, in eigenvalues',
      observed: mean.gap,
      null: `a quarter of an eigenvalue at finite size, and the spread between ${mean.draws} draws by a multiplier bootstrap; fitted gamma tail`,
      pValue: clamp(mean.fittedPValue),
      replicates: 0,
    },
  ];
}

function exponentTests({ blocks, dimensions }: BlockDraws, called: Called): TestDraft[] {
  const sizes = [...new Set(dimensions)].sort((a, b) => a - b);
  const values = sizes.map((size) =>
    blocks.filter((_, r) => dimensions[r] === size).map((block) => claimOf(block).twinDistance),
  );
  if (sizes.length < 2 || !values.every((list) => list.length >= 2 && list.every(Number.isFinite))) return [];
  const fit = fitExponent({ sizes, values, logCorrection: true });
  return [
    {
      ...called('exponent of the distance to the law given the drawn weights'),
      statistic: `exponent of d in D/log d over d = ${sizes.join(', ')}; interval ${fit.interval.map((end) => end.toFixed(3)).join(' … ')}`,
      observed: fit.exponent,
      null: `−1 or less: a wrong law keeps the distance from falling; Student's t with ${fit.degrees.toFixed(0)} degrees of freedom, one-sided`,
      pValue: clamp(exponentTest(fit, -1, 'upper').pValue),
      replicates: 0,
    },
  ];
}

/** Fresh draws of every block, enough of them to compare with; `undefined` where one is without. */
function freshOf({ blocks }: BlockDraws): readonly FreshDraws[] | undefined {
  const fresh = blocks.flatMap((block) => block.fresh ?? []);
  return fresh.length === blocks.length && fresh.every(({ distances }) => distances.length >= 2) ? fresh : undefined;
}

function freshDrawTests(own: BlockDraws, called: Called): TestDraft[] {
  const fresh = freshOf(own);
  if (fresh === undefined) return [];
  const { dimensions } = own;
  const lane = laneTest({
    observed: fresh.map(({ twinDistance }, r) => dimensions[r]! * twinDistance),
    nulls: fresh.map(({ distances }, r) => distances.map((value) => dimensions[r]! * value)),
  });
  const last = fresh.length - 1;
  return [
    {
      ...called('draws against draws, Kolmogorov distance given the drawn weights'),
      statistic: 'sum over draws of d·D, of the twin',
      observed: lane.statistic,
      null: `${lane.nullReplicates} fresh draws with the same weights for each of ${lane.replicates} draws, measured against the same law: judges the draws, not the law; tail of the fitted gamma law`,
      pValue: clamp(lane.fittedPValue),
      replicates: lane.nullReplicates * lane.replicates,
      voidIidPValue: iidKolmogorovPValue(fresh[last]!.twinDistance, dimensions[last]!).value,
    },
  ];
}

function tracesUnderClaim({ blocks }: BlockDraws): StatisticsOfDraw[] {
  return blocks.flatMap((block) => claimOf(block).traces ?? []);
}

function traceTests(own: BlockDraws, called: Called): TestDraft[] {
  const traces = tracesUnderClaim(own);
  if (traces.length < 2) return [];
  const { shift } = pooledChiSquare(traces);
  return [
    {
      ...called('tr H, tr H², tr H³, tr H⁴ given the drawn weights'),
      statistic: `χ² of the sums over draws, ${counted(shift.degrees, 'degree')} of freedom`,
      observed: shift.statistic,
      null: 'exact mean and covariance at this d and N',
      pValue: clamp(shift.pValue),
      replicates: 0,
    },
  ];
}

/**
 * Of two traces: the higher ones depend on so few large eigenvalues that a handful of null draws does not show how far
 * they stray.
 */
function traceSpreadTests(own: BlockDraws, called: Called): TestDraft[] {
  const traces = tracesUnderClaim(own);
  const fresh = freshOf(own);
  if (fresh === undefined || traces.length < 2) return [];
  const { statistic, expected, inflation, nullDraws, pValue } = spreadTest(
    traces.map((statistics) => firstTwo(statistics)),
    fresh.map((draws) => draws.traces.map((values) => values.slice(0, 2))),
  );
  return [
    {
      ...called('spread of tr H and tr H² over draws given the drawn weights'),
      statistic: `sum over draws of χ², ${counted(expected, 'degree')} of freedom`,
      observed: statistic,
      null: `exact mean ${expected}; variance ${inflation.toFixed(2)} times that of χ², from ${nullDraws} fresh draws with the same weights; tail of a gamma law`,
      pValue: clamp(pValue),
      replicates: nullDraws,
    },
  ];
}

function weightTests({ blocks }: BlockDraws, called: Called): TestDraft[] {
  const sums = blocks.flatMap((block) => claimOf(block).weightSums ?? []);
  if (sums.length < 2) return [];
  const { shift } = pooledChiSquare(sums);
  return [
    {
      ...called('weights against their law given the initialisation'),
      statistic: `χ² of Σa and Σa² over draws, ${counted(shift.degrees, 'degree')} of freedom`,
      observed: shift.statistic,
      null: 'independent samples of the law given V and W',
      pValue: clamp(shift.pValue),
      replicates: 0,
    },
  ];
}

/** Places of the outliers that stand clear of the bulk, over all draws of their experiment. */
export function outlierEvidence(draws: readonly LawDraw[]): TestDraft[] {
  const test = outlierPlaceTest(
    draws.flatMap(({ result }) => result.blocks.flatMap(({ outliers }) => outliers.scores)),
  );
  if (test === undefined) return [];
  const { settings } = draws[0]!.task;
  return [
    {
      ...nameTest(
        regimeWords(settings),
        'places of outliers',
        `off-diagonal block at d/N = ${settings.dimension}/${settings.samples}`,
      ),
      statistic: `χ² of the z-scores of ${test.outliers} outliers nearer to zero and further from it than the bulk, in ${counted(draws.length, 'draw')}, ${counted(test.degrees, 'degree')} of freedom`,
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
    const { settings } = draws[0]!.task;
    return [
      {
        ...nameTest(
          regimeWords(settings),
          'covariance of tr H and tr H² given the drawn weights',
          `${blockLabel({ block })} at d = ${settings.dimension}, N = ${settings.samples}`,
        ),
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
function powerPairs(
  blocks: readonly LawBlockResult[],
  id: AlternativeId,
  part: 'statistics' | 'weightSums',
): Shifted[] {
  return blocks.flatMap((block) => {
    const truth = claimOf(block)[part];
    const other = heldOf(block.claims, id)?.[part];
    return truth === undefined || other === undefined
      ? []
      : [{ shift: expectedShift(truth, other, part), statistics: other }];
  });
}

interface Shifted {
  readonly shift: number[];
  readonly statistics: StatisticsOfDraw;
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
  const factor = (candidate: PowerCandidate): number => smallestDetectedFactor(candidate);
  const best = candidates.reduce((a, b) => (factor(b) < factor(a) ? b : a));
  return {
    alternative,
    power: best.power(best.replicates),
    replicatesNeeded: requiredReplicates(best),
    ...(size === undefined ? {} : { smallestDetected: size * factor(best) }),
  };
}

function couplingFailures(own: BlockDraws): string[] {
  const broken = own.blocks.filter(({ coupling }) => coupling !== undefined && !coupling.holds);
  return broken.map(
    ({ coupling }) =>
      `${regimeWords(own.regime)}, ${blockLabel(own.blocks[0]!)}: sup |F_H − F_twin| = ${coupling!.distance} exceeds 2k/d = ${coupling!.bound}`,
  );
}

export function blockKind({ block: { i, j } }: Pick<LawBlockResult, 'block'>): BlockKind {
  return i === j ? 'diagonal' : 'off-diagonal';
}

function blockLabel(block: Pick<LawBlockResult, 'block'>): string {
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
