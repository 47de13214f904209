import { UsageError } from '../errors.js';
import { requirePositive, requirePositiveInteger } from '../requirements.js';

/** Limits of C²·r, r the mean of ‖H_ij‖² off the diagonal over that on it. */
export interface InitialisationLimit {
  /** Over all pairs of samples: of the Hessian on these samples. */
  readonly all: number;
  /** Without n = m: of the population that the samples come from. NaN where no two samples overlap. */
  readonly population: number;
}

/**
 * A head f = Vh at initialisation, V with C rows iid N(0, τI) independent of the features h, C → ∞:
 *
 *   C² r → Σ_nm K_nm e^{2τ h_n·h_m} / Σ_nm K_nm e^{τ h_n·h_m},  K_nm = (h_n·h_m)²,
 *
 * for any features at all (paper-notes.md, heads of language models). For C finite see `initialisationSums`. The
 * exponentials are taken relative to the largest, so that only the result itself may overflow, to Infinity.
 *
 * @param gram N×N, h_n·h_m
 * @param samples N
 * @param variance τ of an entry of V
 * @throws UsageError for sizes that do not fit, a variance that is not positive, entries that are not finite, or
 *   features that are all zero
 */
export function initialisationLimit(gram: ArrayLike<number>, samples: number, variance: number): InitialisationLimit {
  const caller = 'initialisationLimit';
  requirePositive(caller, 'variance', variance);
  requireGram(caller, gram, samples);
  const pairs = { gram, samples, variance };
  const all = tiltedRatio({ ...pairs, withSame: true });
  if (Number.isNaN(all)) throw new UsageError(`${caller}: gram has only zeros, so that every block vanishes`);
  return { all, population: tiltedRatio({ ...pairs, withSame: false }) };
}

interface Pairs {
  readonly gram: ArrayLike<number>;
  readonly samples: number;
  readonly variance: number;
  /** Whether n = m counts. */
  readonly withSame: boolean;
}

/** Σ K e^{2τg} / Σ K e^{τg}, NaN where every K vanishes. */
function tiltedRatio({ gram, samples, variance, withSame }: Pairs): number {
  const forEach = (visit: (inner: number) => void): void => {
    for (let n = 0; n < samples; n++)
      for (let m = 0; m < samples; m++)
        if ((withSame || n !== m) && gram[n * samples + m] !== 0) visit(gram[n * samples + m]!);
  };
  let [largest, scale] = [-Infinity, 0];
  forEach((inner) => {
    largest = Math.max(largest, inner);
    scale = Math.max(scale, Math.abs(inner));
  });
  let [numerator, denominator] = [0, 0];
  forEach((inner) => {
    const tilt = Math.exp(variance * (inner - largest));
    const term = (inner / scale) ** 2 * tilt;
    numerator += term * tilt;
    denominator += term;
  });
  return (numerator / denominator) * Math.exp(variance * largest);
}

/** N×N and finite. */
export function requireGram(caller: string, gram: ArrayLike<number>, samples: number): void {
  requirePositiveInteger(caller, 'samples', samples);
  if (gram.length !== samples * samples)
    throw new UsageError(`${caller}: gram must be samples×samples = ${samples}×${samples}, got ${gram.length} entries`);
  for (let k = 0; k < gram.length; k++)
    if (!Number.isFinite(gram[k]!))
      throw new UsageError(`${caller}: gram must be finite, got ${gram[k]} in row ${Math.floor(k / samples)}`);
}
