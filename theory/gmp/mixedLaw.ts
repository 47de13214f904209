import type { Atom, Interval, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { quantileBetween } from './quantileBetween.js';

/** A law and how much of it there is. */
export interface Share {
  readonly law: SpectralLaw;
  /** Positive; all sum to 1. */
  readonly mass: number;
}

/**
 * The mixture Σ mass · law: the mean spectrum of matrices that have one of several laws. Where supports overlap they are
 * one interval. Accuracy is that of the laws.
 *
 * @throws UsageError without laws, or for masses that are not positive or do not sum to 1 within 1e-9
 */
export function mixedLaw(shares: readonly Share[]): SpectralLaw {
  const total = sumOver(shares, ({ mass }) => mass);
  if (!shares.every(({ mass }) => mass > 0) || !(Math.abs(total - 1) <= 1e-9))
    throw new UsageError(`mixedLaw: masses must be positive and sum to 1, got ${shares.map(({ mass }) => mass)}`);
  const average = (value: (law: SpectralLaw) => number): number =>
    sumOver(shares, ({ law, mass }) => mass * value(law));
  const support = union(shares.flatMap(({ law }) => law.support));
  const atoms = mergedAtoms(shares);
  const density = (x: number): number => average((law) => law.density(x));
  const cdf = (x: number): number => average((law) => law.cdf(x));
  const survival = (x: number): number => average((law) => law.survival(x));
  return {
    aspectRatio: shares[0]!.law.aspectRatio,
    support,
    atoms,
    density,
    cdf,
    survival,
    densities: (points) => points.map(density),
    cdfs: (points) => points.map(cdf),
    quantile: (p) => quantileOf(p, { support, atoms, cdf, survival, density }),
    moment: (k) => average((law) => law.moment(k)),
    stieltjes: (z) => ({
      re: average((law) => law.stieltjes(z).re),
      im: average((law) => law.stieltjes(z).im),
    }),
    get diagnostics() {
      const each = shares.map(({ law }) => law.diagnostics);
      return {
        converged: each.every(({ converged }) => converged),
        residual: Math.max(...each.map(({ residual }) => residual)),
        nodes: each.reduce((sum, { nodes }) => sum + nodes, 0),
        notes: [`a mixture of ${shares.length} laws`],
      };
    },
  };
}

function sumOver<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function union(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const [lower, upper] of [...intervals].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && lower <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], upper)];
    else joined.push([lower, upper]);
  }
  return joined;
}

function mergedAtoms(shares: readonly Share[]): Atom[] {
  const masses = new Map<number, number>();
  for (const { law, mass } of shares)
    for (const atom of law.atoms) masses.set(atom.at, (masses.get(atom.at) ?? 0) + mass * atom.mass);
  return [...masses].map(([at, mass]) => ({ at, mass })).sort((a, b) => a.at - b.at);
}

/** Between atoms and ends of the support the distribution function has no jumps. */
function quantileOf(
  p: number,
  { support, atoms, cdf, survival, density }: Pick<SpectralLaw, 'support' | 'atoms' | 'cdf' | 'survival' | 'density'>,
): number {
  if (!(p >= 0 && p <= 1)) throw new UsageError(`quantile: p must lie in [0, 1], got ${p}`);
  const marks = [...new Set([...support.flat(), ...atoms.map(({ at }) => at)])].sort((a, b) => a - b);
  const jumpAt = (x: number): number => atoms.find(({ at }) => at === x)?.mass ?? 0;
  for (let k = 0; k < marks.length; k++) {
    const mark = marks[k]!;
    const upTo = cdf(mark);
    if (p <= upTo) {
      const before = upTo - jumpAt(mark);
      if (k === 0 || p > before || cdf(marks[k - 1]!) === before) return mark;
      const from = marks[k - 1]!;
      const left = cdf(from);
      return quantileBetween(p, [from, mark], left, before, (x) => [cdf(x), survival(x)], density);
    }
  }
  return marks.at(-1)!;
}
