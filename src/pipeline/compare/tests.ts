/** The tests of a comparison: their statistics, and null values of them from draws of the hypothesis. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import {
  kolmogorovDistance,
  nullReference,
  scatterOf,
  supportExcess,
  tableOf,
  tabulated,
  type NullTable,
  type NullTableSettings,
} from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { Hypothesis } from './hypothesis.js';

/** What the tests see of a set of spectra. */
export interface SetStatistics {
  readonly kolmogorov: number;
  readonly below: number;
  readonly above: number;
  readonly within: number;
  /** Means of λ^k less those of the law, in units of the law's root mean square: at `tracePowers`. */
  readonly traces: readonly number[];
}

export interface PreparedTest {
  readonly id: 'kolmogorov' | 'traces' | 'above' | 'below' | 'within';
  readonly statistic: string;
  valueOf(set: SetStatistics): number;
  pValue(set: SetStatistics): number;
}

export interface PreparedTests {
  readonly tests: readonly PreparedTest[];
  /** Statistics of the null draws. */
  readonly nulls: readonly SetStatistics[];
  readonly fromTable: boolean;
}

/** @param eigenvalues ascending, of all draws of a set together */
export function setStatistics(
  eigenvalues: Float64Array,
  hypothesis: Pick<Hypothesis, 'lawFor' | 'refit' | 'tracePowers'>,
  snapTolerance?: number,
): SetStatistics {
  const law = hypothesis.lawFor(eigenvalues);
  const size = Math.sqrt(law.moment(2)) || 1;
  return {
    // A law that is fitted again is used once: not worth a table.
    kolmogorov: kolmogorovDistance(eigenvalues, hypothesis.refit ? law : tableOf(law), { snapTolerance }),
    ...supportExcess(eigenvalues, law, snapTolerance),
    traces: hypothesis.tracePowers.map((power) => {
      let sum = 0;
      for (const value of eigenvalues) sum += (value / size) ** power;
      return sum / eigenvalues.length - law.moment(power) / size ** power;
    }),
  };
}

export interface NullDrawSettings {
  readonly nullReplicates: number;
  readonly seed: string;
  /** By `nullTableKey`; those made are added. */
  readonly nullTables?: Map<string, NullTable> | undefined;
}

/** The tests of a hypothesis, with their null values. */
export function prepareTests(hypothesis: Hypothesis, dimension: number, settings: NullDrawSettings): PreparedTests {
  const { nulls, fromTable } = nullStatistics(hypothesis, dimension, settings);
  const scalar = (id: Exclude<PreparedTest['id'], 'traces'>, statistic: string): PreparedTest => {
    const reference = nullReference(nulls.map((set) => set[id]));
    return { id, statistic, valueOf: (set) => set[id], pValue: (set) => reference.pValue(set[id]) };
  };
  const { law, tracePowers } = hypothesis;
  const tests = [scalar('kolmogorov', 'sup |F_n − F|')];
  if (tracePowers.length > 0) tests.push(traceTest(nulls, tracePowers));
  // At 0 an edge of weights of one sign is hard: no eigenvalue may lie beyond it, which the signs say exactly.
  if (!isHard(law, law.support[0]?.[0])) tests.push(scalar('below', 'lowest edge − smallest eigenvalue off the atoms'));
  if (!isHard(law, law.support.at(-1)?.[1])) tests.push(scalar('above', 'largest eigenvalue − highest edge'));
  if (law.support.length > 1 && hypothesis.gapsAreReal)
    tests.push(scalar('within', 'largest distance from the support in its gaps'));
  return { tests, nulls, fromTable };
}

function traceTest(nulls: readonly SetStatistics[], powers: readonly number[]): PreparedTest {
  const scatter = scatterOf(nulls.map(({ traces }) => traces));
  const reference = nullReference(scatter.distances);
  const valueOf = ({ traces }: SetStatistics): number => scatter.distanceOf(traces);
  return {
    id: 'traces',
    statistic: `Mahalanobis' distance² of ${powers.map((power) => (power === 1 ? 'tr H' : `tr H^${power}`)).join(', ')}`,
    valueOf,
    pValue: (set) => reference.pValue(valueOf(set)),
  };
}

function isHard({ support }: SpectralLaw, edge: number | undefined): boolean {
  return edge === undefined || Math.abs(edge) <= 1e-9 * Math.max(...support.flat().map(Math.abs));
}

/** Of draws of the hypothesis, or from tables made before with the same settings; new ones are added. */
function nullStatistics(
  hypothesis: Hypothesis,
  dimension: number,
  { nullReplicates, seed, nullTables }: NullDrawSettings,
): { nulls: SetStatistics[]; fromTable: boolean } {
  const stream = 'compare null';
  const settingsOf = (statistic: string): NullTableSettings => ({
    statistic,
    dimension,
    // A law without samples has none to tell apart.
    samples: hypothesis.samples || 0,
    weights: hypothesis.key,
    seed,
    stream,
    replicates: nullReplicates,
  });
  const columns = [
    ...(['kolmogorov', 'below', 'above', 'within'] as const).map((name) => ({
      settings: settingsOf(name),
      of: (set: SetStatistics) => set[name],
    })),
    ...hypothesis.tracePowers.map((power, k) => ({
      settings: settingsOf(`trace of power ${power}`),
      of: (set: SetStatistics) => set.traces[k]!,
    })),
  ];
  const { values, fromTable } = tabulated(
    columns.map(({ settings }) => settings),
    nullTables,
    () => {
      const sets = Array.from({ length: nullReplicates }, (_, r) =>
        setStatistics(hypothesis.draw(randomStream(seed, stream, r)), hypothesis),
      );
      return columns.map(({ of }) => sets.map(of));
    },
  );
  const [kolmogorov, below, above, within, ...traces] = values;
  const nulls = kolmogorov!.map((value, r) => ({
    kolmogorov: value,
    below: below![r]!,
    above: above![r]!,
    within: within![r]!,
    traces: traces.map((column) => column[r]!),
  }));
  return { nulls, fromTable };
}
