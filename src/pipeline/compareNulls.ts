/**
 * Distances of draws of the hypothesis to its law: the null of a comparison, and its power against a law made wrong.
 */
import type { SpectralLaw } from '../../theory/contracts.js';
import {
  findNullTable,
  kolmogorovDistance,
  nullTable,
  nullTableKey,
  tableOf,
  type NullTable,
  type NullTableSettings,
} from '../../simulations/comparisons/index.js';
import type { RandomStream } from '../../simulations/contracts.js';
import { randomStream } from '../../simulations/random/index.js';

export interface NullHypothesis {
  /** Fixes the null draws together with d, N and the seed: a digest of the weights, and what is fitted. */
  readonly key: string;
  readonly samples: number;
  readonly law: SpectralLaw;
  /** Whether `lawFor` differs from `law`. */
  readonly refit: boolean;
  /** The law as it would be fitted to another spectrum: itself when nothing is fitted. */
  lawFor(eigenvalues: Float64Array): SpectralLaw;
  /** Ascending eigenvalues, of as many draws together as the spectrum has. */
  draw(stream: RandomStream): Float64Array;
  /** A wrong hypothesis, fitted to a spectrum as this one is, for the power. */
  readonly alternative: { readonly description: string; lawFor(eigenvalues: Float64Array): SpectralLaw };
}

export interface NullDrawSettings {
  readonly nullReplicates: number;
  readonly seed: string;
  readonly nullTables?: Map<string, NullTable> | undefined;
}

export interface NullDraws {
  readonly nullDistances: readonly number[];
  /** Of the same draws to the wrong law of the power. */
  readonly wrongDistances: readonly number[];
  readonly fromTable: boolean;
}

/**
 * Draws of the hypothesis, or a table of them made before with the same settings; new draws are added to `nullTables`.
 */
export function nullDraws(
  hypothesis: NullHypothesis,
  dimension: number,
  { nullReplicates, seed, nullTables }: NullDrawSettings,
): NullDraws {
  const stream = 'compare null';
  const settingsOf = (statistic: string): NullTableSettings => ({
    statistic,
    dimension,
    samples: hypothesis.samples,
    weights: hypothesis.key,
    seed,
    stream,
    replicates: nullReplicates,
  });
  const own = settingsOf('sup |F_n − F|');
  const wrong = settingsOf(`sup |F_n − F| to the law of the power: ${hypothesis.alternative.description}`);
  const known = nullTables && findNullTable(nullTables, own);
  const knownWrong = nullTables && findNullTable(nullTables, wrong);
  if (known !== undefined && knownWrong !== undefined)
    return { nullDistances: known.values, wrongDistances: knownWrong.values, fromTable: true };
  const nullDistances: number[] = [];
  const wrongDistances: number[] = [];
  for (let r = 0; r < nullReplicates; r++) {
    const drawn = hypothesis.draw(randomStream(seed, stream, r));
    // A law that is fitted again is used once: not worth a table.
    const against = (law: SpectralLaw) => kolmogorovDistance(drawn, hypothesis.refit ? law : tableOf(law));
    nullDistances.push(against(hypothesis.lawFor(drawn)));
    wrongDistances.push(against(hypothesis.alternative.lawFor(drawn)));
  }
  nullTables?.set(nullTableKey(own), nullTable(own, nullDistances));
  nullTables?.set(nullTableKey(wrong), nullTable(wrong, wrongDistances));
  return { nullDistances, wrongDistances, fromTable: false };
}
