import { checkAscending } from './probabilityLevels.js';
import { snapToAtoms } from './snapToAtoms.js';
import type { TabulatedLaw } from './tabulateLaw.js';

/**
 * The law cut into n bins of mass 1/n, ascending, and each bin into the parts that lie in one piece of the law. The
 * optimal transport to a spectrum of n eigenvalues moves bin i onto λ_i.
 */
export interface QuantileBins {
  readonly count: number;
  /** Index of the bin, from 0. */
  readonly bin: Int32Array;
  readonly piece: Int32Array;
  readonly mass: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly levelBelow: Float64Array;
  readonly levelAbove: Float64Array;
  /** ∫ F dx from the start of the piece to `lower` and to `upper`. */
  readonly areaBelow: Float64Array;
  readonly areaAbove: Float64Array;
}

/** Positive half of Gauss–Legendre with eight points. */
const legendre = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
const subintervals = 4;

/**
 * ∫ (t − mean)² dF over part of a piece, by parts: (x₁−c)² p₁ − (x₀−c)² p₀ − 2 ∫ (t − c) F dt with F measured from its
 * middle.
 */
function centredSecondMoment(
  table: TabulatedLaw,
  piece: number,
  x0: number,
  x1: number,
  p0: number,
  p1: number,
  mean: number,
): number {
  const middle = (p0 + p1) / 2;
  const half = (p1 - p0) / 2;
  let integral = 0;
  // F may rise like a square root or a power 3/2 at an end; t = x0 + w sin²(s) makes the integrand smooth there.
  for (let k = 0; k < subintervals; k++) {
    const start = (k * Math.PI) / (2 * subintervals);
    const step = Math.PI / (2 * subintervals);
    for (const [point, weight] of legendre) {
      for (const sign of [-1, 1]) {
        const s = start + (step * (1 + sign * point)) / 2;
        const t = x0 + (x1 - x0) * Math.sin(s) ** 2;
        const level = table.cumulative(piece, t).cdf - middle;
        integral += ((weight * step) / 2) * (t - mean) * level * (x1 - x0) * Math.sin(2 * s);
      }
    }
  }
  return Math.max(0, half * ((x1 - mean) ** 2 + (x0 - mean) ** 2) - 2 * integral);
}

const remembered = new WeakMap<TabulatedLaw, Map<number, QuantileBins>>();

/** The bins of a law for spectra of n eigenvalues, made once for each table and n. */
function quantileBins(table: TabulatedLaw, count: number): QuantileBins {
  const known = remembered.get(table)?.get(count);
  if (known) return known;
  const rows: number[][] = [];
  let piece = 0;
  const total = table.pieces.at(-1)!.above;
  for (let i = 0; i < count; i++) {
    const end = i === count - 1 ? total : ((i + 1) / count) * total;
    let level = i === 0 ? 0 : (i / count) * total;
    while (level < end) {
      while (piece < table.pieces.length - 1 && table.pieces[piece]!.above <= level) piece++;
      const { lower, upper, above, isAtom } = table.pieces[piece]!;
      const reach = Math.min(end, above);
      const mass = (reach - level) / total;
      if (isAtom) {
        rows.push([i, piece, mass, lower, 0, lower, upper, level, reach, 0, 0]);
      } else if (mass > 0) {
        const x0 = table.invert(piece, level);
        const x1 = table.invert(piece, reach);
        const area0 = table.cumulative(piece, x0).integral;
        const area1 = table.cumulative(piece, x1).integral;
        // ∫ t dF = x₁ p₁ − x₀ p₀ − ∫ F, taken from x₀.
        const mean = x0 + ((x1 - x0) * reach - (area1 - area0)) / (reach - level);
        const centre = Math.min(x1, Math.max(x0, mean));
        const variance = centredSecondMoment(table, piece, x0, x1, level, reach, centre) / (reach - level);
        rows.push([i, piece, mass, centre, variance, x0, x1, level, reach, area0, area1]);
      }
      if (reach >= end) break;
      level = reach;
      if (piece === table.pieces.length - 1) break;
    }
  }
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]!);
  const bins: QuantileBins = {
    count,
    bin: Int32Array.from(rows, (row) => row[0]!),
    piece: Int32Array.from(rows, (row) => row[1]!),
    mass: column(2),
    mean: column(3),
    variance: column(4),
    lower: column(5),
    upper: column(6),
    levelBelow: column(7),
    levelAbove: column(8),
    areaBelow: column(9),
    areaAbove: column(10),
  };
  if (!remembered.has(table)) remembered.set(table, new Map());
  remembered.get(table)!.set(count, bins);
  return bins;
}

/**
 * Wasserstein distances between an ascending spectrum and a law: W_p = (∫₀¹ |Q_n(s) − Q(s)|^p ds)^{1/p}, p = 1 and 2.
 * No grid: each eigenvalue is moved from its own bin of mass 1/n, whose mean and variance are integrals of the
 * tabulated cdf (relative error about 1e-8, or n · error of the table where that is larger).
 */
export function wassersteinDistances(
  eigenvalues: Float64Array,
  table: TabulatedLaw,
  { snapTolerance }: { snapTolerance?: number } = {},
): { wasserstein1: number; wasserstein2: number } {
  checkAscending('wassersteinDistances', eigenvalues);
  const snapped = snapToAtoms(eigenvalues, table.law.atoms, snapTolerance);
  const bins = quantileBins(table, eigenvalues.length);
  let first = 0;
  let second = 0;
  for (let j = 0; j < bins.bin.length; j++) {
    const value = snapped[bins.bin[j]!]!;
    const mass = bins.mass[j]!;
    const away = value - bins.mean[j]!;
    second += mass * (away * away + bins.variance[j]!);
    const lower = bins.lower[j]!;
    const upper = bins.upper[j]!;
    if (value <= lower || value >= upper) {
      first += mass * Math.abs(away);
    } else {
      // ∫ |λ − t| dF over the bin = ∫_{lower}^{λ} (F − p₀) dt + ∫_{λ}^{upper} (p₁ − F) dt.
      const area = table.cumulative(bins.piece[j]!, value).integral;
      first += area - bins.areaBelow[j]! - bins.levelBelow[j]! * (value - lower);
      first += bins.levelAbove[j]! * (upper - value) - (bins.areaAbove[j]! - area);
    }
  }
  return { wasserstein1: first, wasserstein2: Math.sqrt(second) };
}
