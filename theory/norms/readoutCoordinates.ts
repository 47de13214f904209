import type { LayerInitialisation } from '../contracts.js';
import { gaussLegendre } from '../numerics/gaussLegendre.js';
import { gatedKernel } from '../network/gatedKernel.js';

/**
 * For many classes p_c ≈ e^{v_c·h} / (C Π_k M(h_k)) with M the moment generating function of an entry of V, so every
 * average over V and over inputs is a product over hidden units. These are the factors of one unit, with r = max(z, 0)
 * and h = (scale) r for standard normal z (paper-notes.md, cross-layer blocks). Names: `free` unit not singled out,
 * `own` the unit i of the block; `Single` one input with itself, `Pair` two independent inputs. The own factors of the
 * curvature carry (v − E_p v)² or the product of two such.
 */
export interface ReadoutCoordinates {
  readonly freeSingle: number;
  /** with h² */
  readonly freeSingleSquare: number;
  /** gated */
  readonly gateSingle: number;
  readonly ownSingle: number;
  readonly ownSingleSquare: number;
  /** with h (v − E_p v) */
  readonly ownSingleProduct: number;

  readonly freePair: number;
  /** with z z' */
  readonly freePairInput: number;
  /** with h h' */
  readonly freePairFeature: number;
  /** with z z' h h' */
  readonly freePairBoth: number;
  readonly gatePair: number;
  readonly gatePairInput: number;
  readonly ownPair: number;
  readonly ownPairInput: number;
  readonly ownPairFeature: number;
  readonly ownPairBoth: number;
  /** with h' (v − E_p' v), without and with z z' */
  readonly ownPairProduct: number;
  readonly ownPairProductInput: number;
}

/** Closed form for normal V: variance τ/m of an entry, ω of a pre-activation. Infinite where ω τ/m ≥ ½. */
export function normalReadoutCoordinates(preactivationVariance: number, entryVariance: number): ReadoutCoordinates {
  // Notation of paper-notes.md, cross-layer blocks.
  const w = preactivationVariance;
  const t = entryVariance;
  const a = w * t;
  const tilt = a < 0.5 ? 1 / Math.sqrt(1 - 2 * a) : Infinity;
  const [gate0, gate2, gate4] = [tilt / 2, tilt ** 3 / 2, (3 * tilt ** 5) / 2];
  const [j0, j1, j2, j3] = gatedKernel(a);
  const odd = j1 - 1 / (2 * Math.PI);
  return {
    freeSingle: 0.5 + gate0,
    freeSingleSquare: w * gate2,
    gateSingle: gate0,
    ownSingle: t * (gate0 + a * gate2),
    ownSingleSquare: a * (gate2 + a * gate4),
    ownSingleProduct: a * gate2,
    freePair: 0.75 + j0,
    freePairInput: odd,
    freePairFeature: w * j1,
    freePairBoth: w * j2,
    gatePair: j0,
    gatePairInput: j1,
    ownPair: t * (j0 + a * j1),
    ownPairInput: t * (j1 + a * j2),
    ownPairFeature: a * (j1 + a * j2),
    ownPairBoth: a * (j2 + a * j3),
    ownPairProduct: a * j1,
    ownPairProductInput: a * j2,
  };
}

/** M, M', M'' of an entry of V. */
export type MomentGeneratingFunction = (x: number) => readonly [value: number, first: number, second: number];

/** Entries uniform on ±halfWidth: M(x) = sinh(bx)/(bx). */
export function uniformGeneratingFunction(halfWidth: number): MomentGeneratingFunction {
  return (x) => {
    const y = halfWidth * x;
    if (Math.abs(y) < 0.1) {
      // Σ y^{2k}/(2k+1)!: the closed form would divide small differences by small numbers.
      const q = y * y;
      return [
        1 + (q / 6) * (1 + (q / 20) * (1 + (q / 42) * (1 + q / 72))),
        halfWidth * y * (1 / 3 + (q / 30) * (1 + (q / 28) * (1 + q / 54))),
        halfWidth ** 2 * (1 / 3 + (q / 10) * (1 + (q * 5) / 84 + (q * q) / 648)),
      ];
    }
    const sinh = Math.sinh(y);
    const cosh = Math.cosh(y);
    return [
      sinh / y,
      (halfWidth * (y * cosh - sinh)) / (y * y),
      (halfWidth ** 2 * ((y * y + 2) * sinh - 2 * y * cosh)) / y ** 3,
    ];
  };
}

/** Beyond twelve standard deviations a normal has mass 4e-33. */
const largestNormal = 12;
const determinantNodes = 96;

/** What points with a closed gate (z < 0, so h = 0) give, in a pair either of the two: the quadrature adds the rest. */
const closedGates = {
  freeSingle: 0.5,
  freeSingleSquare: 0,
  gateSingle: 0,
  ownSingle: 0,
  ownSingleSquare: 0,
  ownSingleProduct: 0,
  freePair: 0.75,
  freePairInput: 0,
  freePairFeature: 0,
  freePairBoth: 0,
  gatePair: 0,
  gatePairInput: 0,
  ownPair: 0,
  ownPairInput: 0,
  ownPairFeature: 0,
  ownPairBoth: 0,
  ownPairProduct: 0,
  ownPairProductInput: 0,
};

/**
 * By Gauss–Legendre quadrature over one and two half-normals, for entries of any law with a moment generating function.
 */
export function quadratureReadoutCoordinates(
  preactivationVariance: number,
  generatingFunction: MomentGeneratingFunction,
): ReadoutCoordinates {
  const scale = Math.sqrt(preactivationVariance);
  const rule = gaussLegendre(determinantNodes, 0, largestNormal);
  const z = rule.nodes;
  const mass = rule.masses.map((share, k) => (share * Math.exp(-z[k]! * z[k]! * 0.5)) / Math.sqrt(2 * Math.PI));
  const h = z.map((value) => scale * value);
  const single = Array.from(h, generatingFunction);
  const mean = single.map(([value, first]) => first / value);

  const sums = { ...closedGates };
  for (let k = 0; k < determinantNodes; k++) {
    for (let l = 0; l < determinantNodes; l++) {
      const [value, first, second] = generatingFunction(h[k]! + h[l]!);
      const normaliser = single[k]![0] * single[l]![0];
      const joint = value / normaliser;
      const own = (second - (mean[k]! + mean[l]!) * first + mean[k]! * mean[l]! * value) / normaliser;
      const product = (h[l]! * (first - mean[l]! * value)) / normaliser;
      const weight = mass[k]! * mass[l]!;
      const input = z[k]! * z[l]!;
      const feature = h[k]! * h[l]!;
      sums.freePair += weight * joint;
      sums.freePairInput += weight * input * (joint - 1);
      sums.freePairFeature += weight * feature * joint;
      sums.freePairBoth += weight * input * feature * joint;
      sums.gatePair += weight * joint;
      sums.gatePairInput += weight * input * joint;
      sums.ownPair += weight * own;
      sums.ownPairInput += weight * input * own;
      sums.ownPairFeature += weight * feature * own;
      sums.ownPairBoth += weight * input * feature * own;
      sums.ownPairProduct += weight * product;
      sums.ownPairProductInput += weight * input * product;
      if (k === l) {
        const square = h[k]! ** 2;
        sums.freeSingle += mass[k]! * joint;
        sums.freeSingleSquare += mass[k]! * square * joint;
        sums.gateSingle += mass[k]! * joint;
        sums.ownSingle += mass[k]! * own;
        sums.ownSingleSquare += mass[k]! * square * own;
        sums.ownSingleProduct += mass[k]! * product;
      }
    }
  }
  return sums;
}

/** The factors for a layer initialised as stated. */
export function readoutCoordinates(
  hidden: LayerInitialisation,
  output: LayerInitialisation,
  width: number,
): ReadoutCoordinates {
  const entryVariance = output.varianceFactor / width;
  return output.distribution === 'normal'
    ? normalReadoutCoordinates(hidden.varianceFactor, entryVariance)
    : quadratureReadoutCoordinates(hidden.varianceFactor, uniformGeneratingFunction(Math.sqrt(3 * entryVariance)));
}
