import type { Interval, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';

/**
 * The law of factor · λ where λ has the given law. A negative factor reflects, and then a quantile p is computed from
 * the quantile 1 − p, so quantiles below about 1e-10 lose digits; 0 is refused (see `pointMass`).
 *
 * @throws UsageError when the factor is 0 or not finite
 */
export function scaledLaw(law: SpectralLaw, factor: number): SpectralLaw {
  if (factor === 0 || !Number.isFinite(factor)) throw new UsageError(`factor must be finite and not 0, got ${factor}`);
  const reflects = factor < 0;
  const size = Math.abs(factor);
  const support = law.support.map(([l, u]): Interval =>
    reflects ? [u * factor, l * factor] : [l * factor, u * factor],
  );
  if (reflects) support.reverse();
  const atoms = law.atoms.map(({ at, mass }) => ({ at: at * factor + 0, mass }));
  if (reflects) atoms.reverse();
  const atomAt = (x: number): number => atoms.find(({ at }) => at === x)?.mass ?? 0;
  const density = (x: number): number => law.density(x / factor) / size;
  // P(factor·λ ≤ x) = P(λ ≥ x/factor) under reflection: the atom at x changes sides.
  const cdf = (x: number): number => (reflects ? law.survival(x / factor) + atomAt(x) : law.cdf(x / factor));
  const survival = (x: number): number => (reflects ? law.cdf(x / factor) - atomAt(x) : law.survival(x / factor));
  return {
    aspectRatio: law.aspectRatio,
    support,
    atoms,
    density,
    cdf,
    survival,
    densities: (points) => points.map(density),
    cdfs: (points) => points.map(cdf),
    quantile: (p) => law.quantile(reflects ? 1 - p : p) * factor,
    moment: (k) => law.moment(k) * factor ** k,
    stieltjes(z) {
      const m = law.stieltjes({ re: z.re / factor, im: z.im / factor });
      return { re: m.re / factor, im: m.im / factor };
    },
    get diagnostics() {
      return law.diagnostics;
    },
  };
}
