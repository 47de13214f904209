import type { Atom, Complex, Interval, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';

/** x in place of 0, where the density of the roots is a limit: x · density(x²) with x² still a number. */
const nextToZero = 1e-140;

/**
 * The law of [[0, S], [Sᵀ, 0]] from that of S Sᵀ: an eigenvalue λ of the latter is two of the former, ±√λ. Where S Sᵀ
 * has d eigenvalues and the matrix has n, `share` = 2d/n is the mass that goes to the roots (zeros among them); what is
 * missing to 1 are further zeros, and what is too much was zeros of `law`: d > n/2 makes n/2 zeros fewer.
 *
 * Survival at x > 0 is share/2 · survival of `law` at x², to its accuracy; moments and transform are exact images. A
 * quantile p is computed from 1 − 2 min(p, 1 − p)/share, so quantiles below about 1e-10 lose digits.
 *
 * @param law of S Sᵀ, without negative eigenvalues
 * @param share above 0, and at most 1/(1 − mass of `law` at 0)
 * @throws UsageError for a law on the negative axis, or a share out of range
 */
export function signedRootLaw(law: SpectralLaw, share = 1): SpectralLaw {
  if (law.support.some(([lower]) => lower < 0) || law.atoms.some(({ at }) => at < 0))
    throw new UsageError('signedRootLaw: the law must have no mass below 0, where roots are not real');
  const zeroMass = law.atoms.find(({ at }) => at === 0)?.mass ?? 0;
  const atZero = 1 - share * (1 - zeroMass);
  if (!(share > 0 && atZero >= -1e-14))
    throw new UsageError(`signedRootLaw: share must lie above 0 and at most at ${1 / (1 - zeroMass)}, got ${share}`);
  const atoms = atomsOfRoots(law, share, atZero);
  const upperMass = (x: number): number => (share / 2) * law.survival(x * x);
  const survival = (x: number): number => (x >= 0 ? upperMass(x) : 1 - lowerMass(x));
  const cdf = (x: number): number => (x >= 0 ? 1 - upperMass(x) : lowerMass(x));
  const density = (x: number): number => {
    const size = Math.max(Math.abs(x), nextToZero);
    return share * size * law.density(size * size);
  };
  /** P(−√λ ≤ x) for x < 0: the atom at x belongs to it. */
  function lowerMass(x: number): number {
    return upperMass(x) + (atoms.find(({ at }) => at === x)?.mass ?? 0);
  }
  function quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
    const outer = (2 * Math.min(p, 1 - p)) / share;
    const root = outer >= 1 ? 0 : Math.sqrt(law.quantile(1 - outer));
    return p <= 0.5 ? 0 - root : root;
  }
  return {
    aspectRatio: law.aspectRatio,
    support: supportOfRoots(law.support),
    atoms,
    density,
    cdf,
    survival,
    densities: (points) => points.map(density),
    cdfs: (points) => points.map(cdf),
    quantile,
    moment: (k) => (k === 0 ? 1 : k % 2 === 0 ? share * law.moment(k / 2) : law.moment(k) * 0),
    stieltjes: (z) => transformOfRoots(law, share, z),
    get diagnostics() {
      return law.diagnostics;
    },
  };
}

function atomsOfRoots(law: SpectralLaw, share: number, atZero: number): readonly Atom[] {
  const upper = law.atoms
    .filter(({ at }) => at > 0)
    .map(({ at, mass }) => ({ at: Math.sqrt(at), mass: (share / 2) * mass }));
  const lower = upper.map(({ at, mass }) => ({ at: -at, mass })).reverse();
  return [...lower, ...(atZero > 1e-14 ? [{ at: 0, mass: atZero }] : []), ...upper];
}

/** Mirrored; an interval that begins at 0 joins its image. */
function supportOfRoots(support: readonly Interval[]): readonly Interval[] {
  const upper = support.map(([l, u]): Interval => [Math.sqrt(l), Math.sqrt(u)]);
  const lower = upper.map(([l, u]): Interval => [-u, -l]).reverse();
  if (upper.length === 0 || upper[0][0] > 0) return [...lower, ...upper];
  return [...lower.slice(0, -1), [-upper[0][1], upper[0][1]], ...upper.slice(1)];
}

/** E of 1/(x − z) over x = ±√λ is z/(λ − z²); what the share leaves sits at 0. */
function transformOfRoots(law: SpectralLaw, share: number, z: Complex): Complex {
  const square = { re: z.re * z.re - z.im * z.im, im: 2 * z.re * z.im };
  // The transform at a conjugate is the conjugate.
  const flipped = square.im < 0;
  const m = law.stieltjes(flipped ? { re: square.re, im: -square.im } : square);
  const im = flipped ? -m.im : m.im;
  const modulus = z.re * z.re + z.im * z.im;
  if (modulus === 0) throw new UsageError('the Stieltjes transform of a symmetric law is not defined at 0');
  const rest = (share - 1) / modulus;
  return {
    re: share * (z.re * m.re - z.im * im) + rest * z.re,
    im: share * (z.re * im + z.im * m.re) - rest * z.im,
  };
}
