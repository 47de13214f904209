import type { SpectralLaw } from '../../../theory/contracts.js';
import { edgeGaps, type EdgeGaps } from './edgeGaps.js';
import { probabilityLevels, type LevelOptions } from './probabilityLevels.js';
import { andersonDarling, cramerVonMises } from './quadraticDistances.js';
import { oneSidedSuprema } from './supremumDistances.js';
import { isTabulated, tabulateLaw, type TabulatedLaw } from './tabulateLaw.js';
import { wassersteinDistances } from './wasserstein.js';

/**
 * How far a spectrum lies from a law. No field is a p-value: those come from `nullSpectra` and `monteCarloPValue`
 * alone.
 */
export interface Distances {
  /** Number of eigenvalues n. */
  readonly count: number;
  /** sup |F_n − F| */
  readonly kolmogorov: number;
  /** sup (F_n − F) + sup (F − F_n) */
  readonly kuiper: number;
  /** n ∫ (F_n − F)² dF */
  readonly cramerVonMises: number;
  /** n ∫ (F_n − F)² / (F (1 − F)) dF, levels kept off 0 and 1 as `andersonDarling` says */
  readonly andersonDarling: number;
  /** ∫ |F_n − F| dx, in the units of the eigenvalues */
  readonly wasserstein1: number;
  /** (∫ (Q_n − Q)² dp)^{1/2}, in the units of the eigenvalues */
  readonly wasserstein2: number;
  /** (1/n) Σ λ^k − ∫ x^k dF for k = 1..4 */
  readonly momentGaps: readonly number[];
  readonly edgeGaps: EdgeGaps;
}

const tables = new WeakMap<SpectralLaw, TabulatedLaw>();

/** The table of a law, made once. */
export function tableOf(law: SpectralLaw | TabulatedLaw): TabulatedLaw {
  if (isTabulated(law)) return law;
  let table = tables.get(law);
  if (!table) {
    table = tabulateLaw(law);
    tables.set(law, table);
  }
  return table;
}

const momentOrders = [1, 2, 3, 4];

/**
 * All distances of an ascending spectrum from a law: O(n), from a table of the law that is made at the first call and
 * kept with it (or passed, to choose its tolerance). Outliers that a finite-rank part predicts are taken out beforehand
 * with `separateOutliers`; F_n is then that of the bulk, renormalised.
 *
 * Throws UsageError when eigenvalues are empty, not finite or not ascending, or when the support is unbounded.
 */
export function distances(
  eigenvalues: Float64Array,
  law: SpectralLaw | TabulatedLaw,
  options: LevelOptions = {},
): Distances {
  const table = tableOf(law);
  const levels = probabilityLevels(eigenvalues, table, options);
  const { above, below } = oneSidedSuprema(levels);
  const momentGaps = momentOrders.map((k) => {
    let sum = 0;
    for (const value of eigenvalues) sum += value ** k;
    return sum / eigenvalues.length - table.law.moment(k);
  });
  return {
    count: eigenvalues.length,
    kolmogorov: Math.max(above, below),
    kuiper: above + below,
    cramerVonMises: cramerVonMises(levels),
    andersonDarling: andersonDarling(levels),
    ...wassersteinDistances(eigenvalues, table, options),
    momentGaps,
    edgeGaps: edgeGaps(eigenvalues, table, options.snapTolerance),
  };
}
