import { NumericalError, UsageError } from '../errors.js';
import { requireClasses } from '../requirements.js';

export interface ClassPair {
  /** C, from 2 to 1e7. */
  readonly classes: number;
  /** Variances of the two inputs' logits, in (0, 64]. */
  readonly own: number;
  readonly other: number;
  /** Their covariance; its square at most own·other. */
  readonly shared: number;
}

/** Moments of the softmax probabilities p, p′ of two inputs whose logits are iid normal pairs over the classes. */
export interface ClassPairMoments {
  /** log C⁴ E[p_i p_j p′_i p′_j], i ≠ j. */
  readonly logBoth: number;
  /** log C⁴ E[p_i p_j p′_i p′_k], i, j, k different; −Infinity at C = 2. */
  readonly logOne: number;
}

/** Largest logit variance for which halving every step has been checked. */
export const largestPairVariance = 64;

/**
 * With 1/S² = ∫ u e^{−uS} du for either input, u = e^x, the C classes factor:
 *
 *   E[p_i p_j p′_i p′_j] = ∫∫ Ψ₁₁² Ψ^{C−2} dx dx′,  E[p_i p_j p′_i p′_k] = ∫∫ Ψ₁₁ Ψ₁₀ Ψ₀₁ Ψ^{C−3} dx dx′,
 *   Ψ_kl(x, x′) = E[w^k w′^l e^{−w−w′}],  w = e^{x+z},  w′ = e^{x′+z′},
 *
 * so that C is only an exponent. The logits of a class are a common normal s and two rests that are independent of it
 * and of each other, z = αs + r, z′ = ±βs + r′; given s the expectation is a product of functions of one variable.
 * Trapezoidal rules throughout: all functions are analytic in a strip of half-width π/2. Both integrands are marginals of
 * log-concave functions, hence log-concave in (x, x′) (Prékopa), so that rows scanned outwards from the peak miss
 * nothing. All terms are positive. Relative error below 1e-9 against steps half as long (paper-notes.md, heads of
 * language models).
 *
 * @param refinement divides every step; 2 for checks, `refinementFor` where a larger error will do
 * @throws UsageError for C not a whole number from 2 to 1e7, variances outside (0, 64], a covariance beyond theirs
 */
export function classPairMoments(pair: ClassPair, refinement = 1): ClassPairMoments {
  const { classes } = pair;
  const { both, one } = pairIntegrals(pair, refinement);
  const scale = 4 * Math.log(classes);
  return { logBoth: both() + scale, logOne: classes === 2 ? -Infinity : one() + scale };
}

/** Logarithms of the moments themselves, each worked out when it is asked for. */
export interface PairIntegrals {
  /** log E[p_i p_j p′_i p′_j], i ≠ j. */
  readonly both: () => number;
  /** log E[p_i p_j p′_i p′_k], i, j, k different. */
  readonly one: () => number;
  /** log E[p_i p_j p′_k p′_l], i, j, k, l different: Ψ₁₀² Ψ₀₁² Ψ^{C−4} in the place of the above. */
  readonly none: () => number;
}

/** The integrals of `classPairMoments`, of the same accuracy; errors as there. */
export function pairIntegrals(pair: ClassPair, refinement = 1): PairIntegrals {
  requirePair(pair);
  const { classes } = pair;
  const cells = pairCells(pair, refinement);
  return {
    both: () => integrate(cells, ({ log11, logRest }) => 2 * log11 + (classes - 2) * logRest),
    one: () => integrate(cells, ({ log11, log10, log01, logRest }) => log11 + log10 + log01 + (classes - 3) * logRest),
    none: () => integrate(cells, ({ log10, log01, logRest }) => 2 * (log10 + log01) + (classes - 4) * logRest),
  };
}

/**
 * The refinement of `classPairMoments` for an error of a logarithm of at most `accuracy`, from 1e-8 to 1e-5: what the steps leave
 * falls like e^{−π²/step}, and was at most 600 times that for C and variances in all of their range.
 */
export function refinementFor(accuracy: number): number {
  return (Math.log(600 / accuracy) * logStep) / Math.PI ** 2;
}

function requirePair({ classes, own, other, shared }: ClassPair): void {
  const caller = 'classPairMoments';
  requireClasses(caller, classes);
  if (classes > 1e7)
    throw new UsageError(`${caller}: classes must be at most 1e7, got ${classes}; Infinity has a limit`);
  for (const [name, variance] of [
    ['own', own],
    ['other', other],
  ] as const)
    if (!(variance > 0 && variance <= largestPairVariance))
      throw new UsageError(`${caller}: ${name} must be a variance in (0, ${largestPairVariance}], got ${variance}`);
  if (!(shared * shared <= own * other * (1 + 1e-9)))
    throw new UsageError(`${caller}: shared must be at most √(own·other) in size, got ${shared}`);
}

/** Logarithms of Ψ₁₁, Ψ₁₀, Ψ₀₁ and Ψ at one (x, x′). */
interface Cell {
  readonly log11: number;
  readonly log10: number;
  readonly log01: number;
  readonly logRest: number;
}

interface Cells {
  readonly row: (i: number) => (j: number) => Cell;
  /** Terms below this fraction of the peak, as a logarithm, are dropped. */
  readonly negligible: number;
  /** log of the area of a cell. */
  readonly logArea: number;
}

/** Steps: in x and in a logit, where e^{−π²/0.35} = 6e-13; in a standard normal variable that is smooth already. */
const logStep = 0.35;
const normalStep = 0.6;
/** As small as what such steps leave. */
const negligible = -27;
/** A normal density beyond this many deviations is below rounding. */
const deviations = 8.5;

function pairCells({ classes, own, other, shared }: ClassPair, refinement: number): Cells {
  const correlation = Math.min(1, Math.abs(shared) / Math.sqrt(own * other));
  const [alpha, beta] = [Math.sqrt(own * correlation), Math.sqrt(other * correlation)];
  // What the rests have smoothed by (1 − ρ)/ρ in units of s needs no finer step.
  const smoothed = normalStep * Math.sqrt((1 - correlation) / (1 + correlation));
  const step = Math.min(normalStep, Math.max(logStep / Math.max(alpha, beta), smoothed)) / refinement;
  const reach = Math.ceil((deviations + alpha + beta) / step);
  const masses = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, k) => (step / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * ((k - reach) * step) ** 2),
  );
  const options = { roots: masses.map(Math.sqrt), reach, refinement, classes };
  const first = side({ ...options, spacing: alpha * step, rest: (1 - correlation) * own, variance: own });
  const second = side({
    ...options,
    spacing: (shared < 0 ? -1 : 1) * beta * step,
    rest: (1 - correlation) * other,
    variance: other,
  });
  const known = new Map<number, Map<number, Cell>>();
  return {
    row: (i) => {
      let cells = known.get(i);
      if (cells === undefined) known.set(i, (cells = new Map<number, Cell>()));
      const own = cells;
      return (j) => {
        let cell = own.get(j);
        if (cell === undefined) own.set(j, (cell = cellOf(first.row(i), second.row(j))));
        return cell;
      };
    },
    negligible: negligible * refinement,
    logArea: Math.log(first.step * second.step),
  };
}

/**
 * Of one input at node x: E given each s of 1 − e^{−w}, of e^{−w} and of w e^{−w}, times the root of the mass of s, so that sums
 * of products of two inputs are expectations; and the mean of the first over s.
 */
interface Row {
  readonly missing: Float64Array;
  readonly kept: Float64Array;
  readonly slope: Float64Array;
  readonly mean: number;
}

interface Side {
  readonly step: number;
  readonly row: (i: number) => Row;
}

interface SideOptions {
  /** Of the masses of s. */
  readonly roots: Float64Array;
  readonly reach: number;
  readonly refinement: number;
  readonly classes: number;
  /** Change of the logit from one s to the next. */
  readonly spacing: number;
  /** Variance of the rest, and of the whole logit. */
  readonly rest: number;
  readonly variance: number;
}

function side({ roots, reach, refinement, classes, spacing, rest, variance }: SideOptions): Side {
  const longest = logStep / refinement;
  // x and the steps of s are whole multiples of one unit, so that both share their arguments.
  const every = Math.max(1, Math.ceil(Math.abs(spacing) / longest - 1e-9));
  const unit = Math.abs(spacing) / every;
  const onGrid = unit > 1e-3 * longest;
  const stride = onGrid ? Math.floor(longest / unit + 1e-9) : 1;
  const step = onGrid ? stride * unit : longest;
  const origin = -Math.log(classes) - variance / 2;
  const smooth = smoothedBy(rest, refinement);
  const values = new Map<number, Float64Array>();
  const rows = new Map<number, Row>();
  const makeRow = (i: number): Row => {
    const [missing, kept, slope] = [0, 1, 2].map(() => new Float64Array(roots.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let mean = 0;
    for (let k = 0; k < roots.length; k++) {
      const place = i * stride + Math.sign(spacing) * every * (k - reach);
      let value = onGrid ? values.get(place) : undefined;
      if (value === undefined) {
        value = smooth(origin + i * step + (k - reach) * spacing);
        if (onGrid) values.set(place, value);
      }
      const root = roots[k]!;
      missing[k] = root * value[0]!;
      kept[k] = root * value[1]!;
      slope[k] = root * value[2]!;
      mean += root * missing[k]!;
    }
    return { missing, kept, slope, mean };
  };
  return {
    step,
    row: (i) => {
      let row = rows.get(i);
      if (row === undefined) rows.set(i, (row = makeRow(i)));
      return row;
    },
  };
}

/** E over r ~ N(0, variance) of 1 − e^{−w}, e^{−w}, w e^{−w} at w = e^{y+r}. */
function smoothedBy(variance: number, refinement: number): (y: number) => Float64Array {
  const deviation = Math.sqrt(variance);
  const step = Math.min(normalStep, logStep / deviation) / refinement;
  const reach = variance < 1e-14 ? 0 : Math.ceil((deviations + deviation) / step);
  const nodes = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => (k - reach) * step);
  const masses = nodes.map((node) =>
    reach === 0 ? 1 : (step / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * node * node),
  );
  const factors = nodes.map((node) => Math.exp(node * deviation));
  return (y) => {
    const scale = Math.exp(y);
    const sums = new Float64Array(3);
    for (let k = 0; k < factors.length; k++) {
      const w = scale * factors[k]!;
      // The larger of e^{−w} and 1 − e^{−w} is the other's complement, to the last digit.
      const small = w < Math.LN2;
      const smaller = small ? -Math.expm1(-w) : Math.exp(-w);
      const fall = small ? 1 - smaller : smaller;
      sums[0]! += masses[k]! * (small ? smaller : 1 - smaller);
      sums[1]! += masses[k]! * fall;
      if (fall > 0) sums[2]! += masses[k]! * w * fall;
    }
    return sums;
  };
}

function cellOf(first: Row, second: Row): Cell {
  const { missing, kept, slope } = first;
  const { missing: otherMissing, kept: otherKept, slope: otherSlope } = second;
  let [both, left, right, gone] = [0, 0, 0, 0];
  for (let k = 0; k < slope.length; k++) {
    const a = slope[k]!;
    const b = otherSlope[k]!;
    both += a * b;
    left += a * otherKept[k]!;
    right += b * kept[k]!;
    gone += missing[k]! * otherMissing[k]!;
  }
  // 1 − Ψ = E[1 − e^{−w}] + E[1 − e^{−w′}] − E[their product] keeps its digits where Ψ is within rounding of 1.
  const lost = first.mean + second.mean - gone;
  return {
    log11: Math.log(both),
    log10: Math.log(left),
    log01: Math.log(right),
    logRest: lost < 0.5 ? Math.log1p(-lost) : Math.log(keptTogether(kept, otherKept)),
  };
}

/** Ψ itself, where it is small. */
function keptTogether(kept: Float64Array, otherKept: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < kept.length; k++) sum += kept[k]! * otherKept[k]!;
  return sum;
}

/** log ∫∫ e^{f}, f concave: from the peak row by row, and in each row outwards from its own peak. */
function integrate({ row, negligible, logArea }: Cells, logOf: (cell: Cell) => number): number {
  const rowAt = (i: number): ((j: number) => number) => {
    const cellAt = row(i);
    return (j) => logOf(cellAt(j));
  };
  let [i, j, top] = [0, 0, rowAt(0)(0)];
  for (let moved = true, steps = 0; moved; steps++) {
    if (steps > 10000) throw new NumericalError('classPairMoments: no peak of the integrand found');
    moved = false;
    for (const [di, dj] of directions) {
      for (let next = rowAt(i + di)(j + dj); next > top; next = rowAt(i + di)(j + dj)) {
        i += di;
        j += dj;
        top = next;
        moved = true;
      }
    }
  }
  if (!Number.isFinite(top)) throw new NumericalError('classPairMoments: the integrand is not finite at its peak');
  let sum = 0;
  for (const down of [-1, 1]) {
    let peak = j;
    for (let k = down < 0 ? i : i + 1; ; k += down) {
      const at = rowAt(k);
      let highest = at(peak);
      for (const aside of [-1, 1])
        for (let next = at(peak + aside); next > highest; next = at(peak + aside)) {
          peak += aside;
          highest = next;
        }
      if (!(highest - top > negligible)) break;
      sum += Math.exp(highest - top);
      for (const aside of [-1, 1]) {
        for (let column = peak + aside; ; column += aside) {
          const below = at(column) - top;
          if (!(below > negligible)) break;
          sum += Math.exp(below);
        }
      }
    }
  }
  return top + Math.log(sum) + logArea;
}

const directions = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
] as const;
