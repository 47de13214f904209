/**
 * Laws in closed form, written for tests of the comparisons: they owe nothing to theory/. Checked against quadrature of
 * their densities by test/fixtures/scipy/comparisonsDistances.py, which states them a second time.
 */
import type { Atom, Interval, SpectralLaw } from '../../theory/contracts.js';

interface Parts {
  readonly aspectRatio?: number;
  readonly support: readonly Interval[];
  readonly atoms?: readonly Atom[];
  readonly density: (x: number) => number;
  readonly cdf: (x: number) => number;
  readonly moment: (k: number) => number;
}

export function lawFromParts({
  aspectRatio = NaN,
  support,
  atoms = [],
  density,
  cdf,
  moment,
}: Parts): SpectralLaw & { readonly cdfCalls: number } {
  let cdfCalls = 0;
  return {
    aspectRatio,
    support,
    atoms,
    density,
    cdf,
    survival: (x) => 1 - cdf(x),
    densities: (points) => points.map(density),
    cdfs: (points) => {
      cdfCalls++;
      return points.map(cdf);
    },
    quantile(p) {
      let low = Math.min(...support.map(([lower]) => lower), ...atoms.map(({ at }) => at));
      let high = Math.max(...support.map(([, upper]) => upper), ...atoms.map(({ at }) => at));
      for (let step = 0; step < 200 && low < high; step++) {
        const middle = low + (high - low) / 2;
        if (middle === low || middle === high) break;
        if (cdf(middle) < p) low = middle;
        else high = middle;
      }
      return high;
    },
    moment,
    stieltjes: () => ({ re: NaN, im: NaN }),
    diagnostics: { converged: true, residual: 0, nodes: 0, notes: [] },
    get cdfCalls() {
      return cdfCalls;
    },
  };
}

/** Law of scale·q·MP(aspectRatio/q), q = liveFraction: Marchenko and Pastur's closed forms, atom at 0 included. */
export function marchenkoPasturDouble(
  aspectRatio: number,
  { scale = 1, liveFraction = 1 } = {},
): ReturnType<typeof lawFromParts> {
  const c = aspectRatio / liveFraction;
  const s = scale * liveFraction;
  const a = (1 - Math.sqrt(c)) ** 2;
  const b = (1 + Math.sqrt(c)) ** 2;
  const atom = Math.max(0, 1 - 1 / c);
  const cdf = (x: number): number => {
    const t = x / s;
    if (t < 0) return 0;
    if (t <= a) return atom;
    if (t >= b) return 1;
    const r = Math.sqrt((b - t) / (t - a));
    let core = Math.PI * c + Math.sqrt((b - t) * (t - a)) - (1 + c) * Math.atan((r * r - 1) / (2 * r));
    if (c !== 1) core += (1 - c) * Math.atan((a * r * r - b) / (2 * (1 - c) * r));
    return core / (2 * Math.PI * c) + (c > 1 ? (c - 1) / (2 * c) : 0);
  };
  // Narayana polynomials: ∫ t^k dMP = Σ_j C(k, j) C(k−1, j) c^j / (j + 1).
  const choose = (n: number, j: number): number => (j === 0 ? 1 : (choose(n, j - 1) * (n - j + 1)) / j);
  const moment = (k: number): number => {
    if (k === 0) return 1;
    let sum = 0;
    for (let j = 0; j < k; j++) sum += (choose(k, j) * choose(k - 1, j) * c ** j) / (j + 1);
    return s ** k * sum;
  };
  return lawFromParts({
    aspectRatio,
    support: [[s * a, s * b]],
    atoms: atom > 0 ? [{ at: 0, mass: atom }] : [],
    density: (x) => {
      const t = x / s;
      return t > a && t < b ? Math.sqrt((b - t) * (t - a)) / (2 * Math.PI * c * t * s) : 0;
    },
    cdf,
    moment,
  });
}

export function semicircleDouble(mean: number, variance: number): ReturnType<typeof lawFromParts> {
  const radius = 2 * Math.sqrt(variance);
  const clamp = (x: number): number => Math.min(1, Math.max(-1, (x - mean) / radius));
  const catalan = [1, 0, 1, 0, 2, 0, 5, 0, 14];
  const choose = (n: number, j: number): number => (j === 0 ? 1 : (choose(n, j - 1) * (n - j + 1)) / j);
  return lawFromParts({
    support: [[mean - radius, mean + radius]],
    density: (x) => (2 / (Math.PI * radius)) * Math.sqrt(1 - clamp(x) ** 2),
    cdf: (x) => {
      const t = clamp(x);
      return 0.5 + (t * Math.sqrt(1 - t * t) + Math.asin(t)) / Math.PI;
    },
    moment: (k) => {
      let sum = 0;
      for (let j = 0; j <= k; j++) sum += choose(k, j) * catalan[j]! * Math.sqrt(variance) ** j * mean ** (k - j);
      return sum;
    },
  });
}

/** Uniform parts with the given masses, and atoms: everything about it is elementary. */
export function uniformPartsDouble(
  parts: readonly { readonly interval: Interval; readonly mass: number }[],
  atoms: readonly Atom[] = [],
): ReturnType<typeof lawFromParts> {
  const cdf = (x: number): number => {
    let sum = 0;
    for (const { interval, mass } of parts)
      sum += mass * Math.min(1, Math.max(0, (x - interval[0]) / (interval[1] - interval[0])));
    for (const { at, mass } of atoms) if (x >= at) sum += mass;
    return sum;
  };
  return lawFromParts({
    support: parts.map(({ interval }) => interval),
    atoms,
    density: (x) =>
      parts.reduce(
        (sum, { interval, mass }) =>
          sum + (x > interval[0] && x < interval[1] ? mass / (interval[1] - interval[0]) : 0),
        0,
      ),
    cdf,
    moment: (k) =>
      parts.reduce(
        (sum, { interval: [l, u], mass }) => sum + (mass * (u ** (k + 1) - l ** (k + 1))) / ((k + 1) * (u - l)),
        0,
      ) + atoms.reduce((sum, { at, mass }) => sum + mass * at ** k, 0),
  });
}
