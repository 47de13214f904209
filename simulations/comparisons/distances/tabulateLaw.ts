import { NumericalError, UsageError } from '../../../theory/errors.js';
import type { Interval, SpectralLaw } from '../../../theory/contracts.js';
import { chebyshevCoefficients, chebyshevIntegral, chebyshevNodes, chebyshevSum } from './chebyshev.js';

/** Points per panel; the antiderivative has one coefficient more. */
const pointsPerPanel = 14;
const determinantNodes = chebyshevNodes(pointsPerPanel);
const firstPanels = 4;
const deepestHalving = 12;
/** A cdf with rounding noise above the tolerance would be halved everywhere; a singular point needs about 50 panels. */
const mostPanels = 512;
/** An interval of smaller mass is kept as a point in its middle: no spectrum that fits in memory can tell. */
const negligibleMass = 1e-13;

/**
 * A part of a law: an atom, or an interval that carries a density. `below` and `above` are F just before and just after
 * it.
 */
export interface LawPiece {
  readonly lower: number;
  readonly upper: number;
  readonly below: number;
  readonly above: number;
  readonly isAtom: boolean;
}

/**
 * A law prepared for many comparisons: its cdf as Chebyshev panels, so that a spectrum costs no further call of the
 * law. All arguments and results are in the units of the law.
 */
export interface TabulatedLaw {
  readonly law: SpectralLaw;
  readonly pieces: readonly LawPiece[];
  /** Largest last coefficient of any panel: the absolute error of the tabulated cdf, estimated. */
  readonly error: number;
  /** F(x) = P(λ ≤ x). */
  cdf(x: number): number;
  /** `cdf` at ascending points. */
  cdfs(points: Float64Array): Float64Array;
  /** inf { x : F(x) ≥ p } */
  quantile(p: number): number;
  /** F(x) and ∫_lower^x F(t) dt for x in the piece with this index. */
  cumulative(piece: number, x: number): { cdf: number; integral: number };
  /** The x in the piece with this index where F(x) = p. */
  invert(piece: number, p: number): number;
}

/** x = lower + (upper − lower) sin²(angle/2): F is smooth in the angle at square-root edges and at hard edges alike. */
function pointAt(lower: number, upper: number, angle: number): number {
  if (angle <= Math.PI / 2) return lower + (upper - lower) * Math.sin(angle / 2) ** 2;
  return upper - (upper - lower) * Math.cos(angle / 2) ** 2;
}

function angleAt(lower: number, upper: number, x: number): number {
  const fraction = (x - lower) / (upper - lower);
  if (fraction <= 0.5) return fraction <= 0 ? 0 : 2 * Math.asin(Math.sqrt(fraction));
  const rest = (upper - x) / (upper - lower);
  return rest <= 0 ? Math.PI : Math.PI - 2 * Math.asin(Math.sqrt(rest));
}

/** The panels of one interval, ascending in the angle. */
interface PanelSet {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** F at the start of each panel, and in the last place at the end of the interval. */
  readonly levels: Float64Array;
  /** ∫ F dx from the lower end of the interval to the start of each panel. */
  readonly areas: Float64Array;
  readonly values: Float64Array[];
  readonly integrals: Float64Array[];
  readonly error: number;
}

function panelPoints(
  lower: number,
  upper: number,
  start: number,
  end: number,
  out: Float64Array,
  offset: number,
): void {
  for (let j = 0; j < pointsPerPanel; j++)
    out[offset + j] = pointAt(lower, upper, start + ((determinantNodes[j]! + 1) / 2) * (end - start));
}

function buildPanels(law: SpectralLaw, piece: LawPiece, tolerance: number): PanelSet {
  const { lower, upper, below, above } = piece;
  let open: [start: number, end: number, halvings: number][] = [];
  for (let k = 0; k < firstPanels; k++) open.push([(k * Math.PI) / firstPanels, ((k + 1) * Math.PI) / firstPanels, 0]);
  const done: { start: number; end: number; values: Float64Array; samples: Float64Array }[] = [];
  let error = 0;
  while (open.length > 0) {
    const points = new Float64Array(open.length * pointsPerPanel);
    open.forEach(([start, end], k) => panelPoints(lower, upper, start, end, points, k * pointsPerPanel));
    const levels = law.cdfs(points);
    const next: typeof open = [];
    const mayHalve = done.length + 2 * open.length <= mostPanels;
    open.forEach(([start, end, halvings], k) => {
      const samples = levels.slice(k * pointsPerPanel, (k + 1) * pointsPerPanel);
      const values = chebyshevCoefficients(samples);
      const tail = Math.max(Math.abs(values[pointsPerPanel - 1]!), Math.abs(values[pointsPerPanel - 2]!));
      if (!Number.isFinite(tail)) {
        throw new NumericalError(
          `tabulateLaw: the law's cdf is not finite between ${points[k * pointsPerPanel]} and ${points[(k + 1) * pointsPerPanel - 1]}`,
        );
      }
      if (tail > tolerance && mayHalve && halvings < deepestHalving) {
        const middle = (start + end) / 2;
        next.push([start, middle, halvings + 1], [middle, end, halvings + 1]);
      } else {
        error = Math.max(error, tail);
        done.push({ start, end, values, samples });
      }
    });
    open = next;
  }
  done.sort((a, b) => a.start - b.start);

  const width = upper - lower;
  const levels = new Float64Array(done.length + 1);
  const areas = new Float64Array(done.length + 1);
  const integrals: Float64Array[] = [];
  done.forEach(({ start, end, values, samples }, k) => {
    levels[k] = k === 0 ? below : Math.min(above, Math.max(levels[k - 1]!, chebyshevSum(values, -1)));
    // dx = (width/2) sin(angle) d(angle), and d(angle) = (end − start)/2 dt.
    const integrand = samples.map((value, j) => {
      const angle = start + ((determinantNodes[j]! + 1) / 2) * (end - start);
      return (value * width * Math.sin(angle) * (end - start)) / 4;
    });
    const integral = chebyshevIntegral(chebyshevCoefficients(integrand));
    integrals.push(integral);
    areas[k + 1] = areas[k]! + chebyshevSum(integral, 1);
  });
  levels[done.length] = above;
  return {
    starts: Float64Array.from(done, (panel) => panel.start),
    ends: Float64Array.from(done, (panel) => panel.end),
    levels,
    areas,
    values: done.map((panel) => panel.values),
    integrals,
    error,
  };
}

/** Intervals cut at the atoms inside them, and the atoms, ascending. */
function piecesOf(law: SpectralLaw): LawPiece[] {
  const atoms = [...law.atoms].filter((atom) => atom.mass > 0).sort((a, b) => a.at - b.at);
  const massAt = new Map(atoms.map((atom) => [atom.at, atom.mass]));
  const pieces: LawPiece[] = [];
  const cuts = atoms.map((atom) => atom.at);
  const intervals = law.support
    .filter(([lower, upper]) => upper > lower)
    .flatMap(([lower, upper]) => {
      const ends = [lower, ...cuts.filter((at) => at > lower && at < upper), upper];
      return ends.slice(1).map((end, k): Interval => [ends[k]!, end]);
    });
  for (const { at, mass } of atoms) {
    const above = law.cdf(at);
    pieces.push({ lower: at, upper: at, below: Math.max(0, above - mass), above, isAtom: true });
  }
  for (const [lower, upper] of intervals) {
    if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
      throw new UsageError(
        `tabulateLaw: the support must be bounded, got [${lower}, ${upper}]; truncate the weights first`,
      );
    }
    const below = law.cdf(lower);
    const above = law.cdf(upper) - (massAt.get(upper) ?? 0);
    if (above - below > negligibleMass) pieces.push({ lower, upper, below, above, isAtom: false });
    else if (above > below) {
      const middle = lower + (upper - lower) / 2;
      pieces.push({ lower: middle, upper: middle, below, above, isAtom: true });
    }
  }
  pieces.sort((a, b) => a.lower - b.lower || a.upper - b.upper);
  const last = pieces.at(-1);
  if (!last || Math.abs(last.above - 1) > 1e-8) {
    throw new NumericalError(
      `tabulateLaw: the law's mass is ${last?.above ?? 0} at the upper end of its support, not 1`,
    );
  }
  return pieces;
}

/**
 * Tabulates F on every interval of the support, in the angle of x = l + (u − l) sin²(angle/2), by halving panels until
 * the last two Chebyshev coefficients are below `tolerance` (12 halvings and 512 panels at most for each interval;
 * `error` says what was reached). A smooth law takes 56 to 200 values of its cdf, all asked for in one or a few calls
 * of `cdfs`; afterwards a value costs 14 multiplications.
 *
 * Throws UsageError for an unbounded support, NumericalError when F is not finite or does not reach 1 within 1e-8.
 */
export function tabulateLaw(law: SpectralLaw, { tolerance = 1e-12 }: { tolerance?: number } = {}): TabulatedLaw {
  const pieces = piecesOf(law);
  const panels = pieces.map((piece) => (piece.isAtom ? undefined : buildPanels(law, piece, tolerance)));

  const locate = (ends: Float64Array, angle: number): number => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (angle <= ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const within = (index: number, x: number): { set: PanelSet; panel: number; t: number } => {
    const { lower, upper } = pieces[index]!;
    const set = panels[index]!;
    const angle = angleAt(lower, upper, x);
    const panel = locate(set.ends, angle);
    const t = (2 * (angle - set.starts[panel]!)) / (set.ends[panel]! - set.starts[panel]!) - 1;
    return { set, panel, t };
  };
  const levelIn = (index: number, x: number): number => {
    const { below, above, lower, upper } = pieces[index]!;
    if (x <= lower) return below;
    if (x >= upper) return above;
    const { set, panel, t } = within(index, x);
    return Math.min(above, Math.max(below, chebyshevSum(set.values[panel]!, t)));
  };
  const cdfFrom = (first: number, x: number): { value: number; piece: number } => {
    let index = first;
    // At a common end the later piece counts: F includes an atom there.
    while (
      index < pieces.length &&
      (x > pieces[index]!.upper ||
        (x === pieces[index]!.upper && (pieces[index]!.isAtom || pieces[index + 1]?.lower === x)))
    )
      index++;
    if (index === pieces.length) return { value: 1, piece: index };
    const piece = pieces[index]!;
    if (x < piece.lower || piece.isAtom) return { value: piece.below, piece: index };
    return { value: levelIn(index, x), piece: index };
  };
  const invert = (index: number, p: number): number => {
    const { lower, upper, below, above, isAtom } = pieces[index]!;
    if (isAtom || p <= below) return lower;
    if (p >= above) return upper;
    const set = panels[index]!;
    let panel = 0;
    while (panel < set.starts.length - 1 && p > set.levels[panel + 1]!) panel++;
    const coefficients = set.values[panel]!;
    let a = -1;
    let b = 1;
    let t = 0;
    for (let step = 0; step < 60; step++) {
      const excess = chebyshevSum(coefficients, t) - p;
      if (excess < 0) a = t;
      else b = t;
      // A difference quotient serves as the slope; bisection takes over whenever it leaves the bracket.
      const slope = (chebyshevSum(coefficients, t + 1e-6) - chebyshevSum(coefficients, t - 1e-6)) / 2e-6;
      let next = t - excess / slope;
      if (!(next > a && next < b)) next = (a + b) / 2;
      const change = Math.abs(next - t);
      t = next;
      if (change < 1e-13) break;
    }
    return pointAt(lower, upper, set.starts[panel]! + ((t + 1) / 2) * (set.ends[panel]! - set.starts[panel]!));
  };

  return {
    law,
    pieces,
    error: panels.reduce((worst, set) => Math.max(worst, set?.error ?? 0), 0),
    cdf: (x) => cdfFrom(0, x).value,
    cdfs(points) {
      const levels = new Float64Array(points.length);
      let piece = 0;
      for (let i = 0; i < points.length; i++) {
        const found = cdfFrom(piece, points[i]!);
        piece = found.piece;
        levels[i] = found.value;
      }
      return levels;
    },
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new UsageError(`quantile: p must lie in [0, 1], got ${p}`);
      const index = pieces.findIndex((piece) => p <= piece.above);
      return index < 0 ? pieces.at(-1)!.upper : invert(index, p);
    },
    cumulative(index, x) {
      const piece = pieces[index]!;
      if (piece.isAtom || x <= piece.lower) return { cdf: piece.below, integral: 0 };
      const { set, panel, t } = within(index, Math.min(x, piece.upper));
      return {
        cdf:
          x >= piece.upper
            ? piece.above
            : Math.min(piece.above, Math.max(piece.below, chebyshevSum(set.values[panel]!, t))),
        integral: set.areas[panel]! + chebyshevSum(set.integrals[panel]!, t),
      };
    },
    invert,
  };
}

export function isTabulated(law: SpectralLaw | TabulatedLaw): law is TabulatedLaw {
  return 'pieces' in law;
}
