import type { Complex } from '../contracts.js';
import { NumericalError } from '../errors.js';
import { multiply } from '../numerics/complexArithmetic.js';
import { complexNormalDensity } from '../numerics/complexFunctions.js';
import { gaussLegendre } from '../numerics/gaussLegendre.js';

/** An analytic function of a standard normal x, real on the real axis. */
export type AnalyticFunction = (x: Complex) => Complex;

export interface DescentOptions {
  readonly weight: AnalyticFunction;
  /** Length of the shortest panels, next to the points where the weight turns. */
  readonly shortest: number;
  /**
   * Whether to keep |weight| below the axis rather than the weight, on stretches of one sign: for products. The path
   * then rests on the zeros too.
   */
  readonly modulus?: boolean;
  /** Gauss–Legendre points of a panel. */
  readonly points: number;
}

/** A quadrature of a function of one standard normal variable on a path in the complex plane. */
export interface DescentPath {
  /** The weight, or its modulus, with Im ≤ 0; masses of the complex density. */
  readonly values: readonly Complex[];
  readonly masses: readonly Complex[];
  /** −1 where the weight is negative and its modulus meant; 1 elsewhere. */
  readonly signs: readonly (1 | -1)[];
  /** The largest and the smallest weight. */
  readonly largest: number;
  readonly smallest: number;
}

/** Standard deviations beyond which the normal density is below rounding. */
const reach = 8.5;
const grid = 0.01;
/** Share of the distance from a turning point that the path leaves the axis by: a − a* turns by about π/2 then. */
const slope = 0.8;
/** Length of a panel over its distance from the axis. */
const panel = 1.3;
/** Nodes of less mass than this may lie anywhere. */
const negligible = 1e-16;

/**
 * E F(a(x)), x standard normal, for F analytic in the upper half-plane: the path leaves the real axis downwards where
 * the weight increases and upwards where it decreases, so that it runs below the axis in the plane of the weight, and
 * crosses at the points where the weight turns. From there it descends steeply: such a weight a* is a square-root
 * singularity of E F, from which p keeps a distance at every aspect ratio, and panels of Gauss–Legendre points that
 * double in length resolve it. A weight with a Gaussian tail turns by a multiple of x times the distance from the axis, so
 * the path comes back to the axis like 1/x; both its distances shrink until the weight turns by less than π/2 there and
 * no point of it lies above the axis.
 *
 * @throws NumericalError when no such path is found
 */
export function descentPath({ weight, shortest, modulus = false, points }: DescentOptions): DescentPath {
  const real = (x: number): number => weight({ re: x, im: 0 }).re;
  const rise = (x: number): number => weight({ re: x, im: 1e-20 }).im / 1e-20;
  const turns = zerosOf(rise);
  const zeros = modulus ? zerosOf(real) : [];
  const pins = [...turns, ...zeros].sort((a, b) => a - b);
  const values = [...turns, -reach, reach].map(real);
  const extent = { largest: Math.max(...values), smallest: Math.min(...values) };
  let [top, turn] = [0.35, 1.05];
  for (let attempt = 0; attempt < 12; attempt++) {
    const found = alongPath(weight, real, rise, pins, { top, turn, shortest, modulus, points });
    if (found !== undefined) return { ...found, ...extent };
    if (turn > 1.3 * top) turn /= 1.5;
    else top /= 1.5;
  }
  throw new NumericalError('no path below the axis was found for the weights of this activation');
}

interface Shape {
  /** Largest distance from the axis, and of that distance times x. */
  readonly top: number;
  readonly turn: number;
  readonly shortest: number;
  readonly modulus: boolean;
  readonly points: number;
}

function alongPath(
  weight: AnalyticFunction,
  real: (x: number) => number,
  rise: (x: number) => number,
  pins: readonly number[],
  { top, turn, shortest, modulus, points }: Shape,
): Pick<DescentPath, 'values' | 'masses' | 'signs'> | undefined {
  const rule = gaussLegendre(points, 0, 1);
  const values: Complex[] = [];
  const masses: Complex[] = [];
  const signs: (1 | -1)[] = [];
  // Of an even weight one half says all.
  const even = Math.abs(real(1.3) - real(-1.3)) <= 1e-15 * Math.abs(real(1.3));
  const bounds = even ? [0, ...pins.filter((pin) => pin > 1e-12), Infinity] : [-Infinity, ...pins, Infinity];
  const copies = even ? 2 : 1;
  for (let k = 0; k + 1 < bounds.length; k++) {
    const [from, to] = [bounds[k], bounds[k + 1]];
    const within = Math.min(Math.max(0.5 * (Math.max(from, -reach) + Math.min(to, reach)), -reach), reach);
    const sign = modulus && real(within) < 0 ? -1 : 1;
    const side = -sign * Math.sign(rise(within));
    const pointAt = (x: number): Complex => {
      const room = Math.min(x - from, to - x);
      return { re: x, im: side * Math.min(slope * room, top, turn / Math.abs(x)) };
    };
    const vertices = verticesBetween(from, to, top, turn, shortest).map(pointAt);
    for (let v = 0; v + 1 < vertices.length; v++) {
      const step = { re: vertices[v + 1].re - vertices[v].re, im: vertices[v + 1].im - vertices[v].im };
      for (let n = 0; n < points; n++) {
        const x = {
          re: vertices[v].re + rule.nodes[n] * step.re,
          im: vertices[v].im + rule.nodes[n] * step.im,
        };
        const value = weight(x);
        const mass = multiply(
          { re: copies * rule.masses[n] * step.re, im: copies * rule.masses[n] * step.im },
          complexNormalDensity(x),
        );
        if (Math.hypot(mass.re, mass.im) < negligible) continue;
        // Turned by more than π/2 against the real weight above it, though not by passing below 0.
        const foot = real(x.re);
        const turned = foot * value.re < 0 && (modulus || Math.abs(foot) > 0.5 * Math.hypot(value.re, value.im));
        if (sign * value.im > 1e-12 * Math.abs(value.re) || turned) return undefined;
        values.push({ re: sign * value.re, im: Math.min(sign * value.im, 0) });
        masses.push(mass);
        signs.push(sign);
      }
    }
  }
  return { values, masses, signs };
}

/** Ascending points of a stretch: doubling steps away from its ends, as long as the path is far from the axis between. */
function verticesBetween(from: number, to: number, top: number, turn: number, shortest: number): number[] {
  const ramp = top / slope;
  const [start, end] = [Math.max(from, -reach), Math.min(to, reach)];
  const middle = 0.5 * (start + end);
  const away = (isEnd: boolean): number[] => {
    const length = middle - start;
    if (!isEnd) return [0, length];
    const steps = [0];
    for (let r = shortest; r < Math.min(ramp, length) / 1.5; r *= 2) steps.push(r);
    if (ramp < length) steps.push(ramp);
    steps.push(length);
    return steps;
  };
  const left = away(from > -Infinity).map((r) => start + r);
  const right = away(to < Infinity).map((r) => end - r);
  const coarse = [...left, ...right.reverse().slice(1)];
  return coarse.flatMap((x, k) => {
    if (k === 0) return [x];
    const before = coarse[k - 1];
    // Shorter where the path comes back to the axis.
    const fine = [before];
    while (fine[fine.length - 1] < x) {
      const at = fine[fine.length - 1];
      const length = panel * Math.min(top, turn / Math.abs(at), turn / Math.abs(at + panel * top));
      fine.push(at + 1.3 * length > x ? x : at + length);
    }
    return fine.slice(1);
  });
}

/** Where a function changes sign on the reach of the normal, rounding in its tails left out. */
function zerosOf(f: (x: number) => number): number[] {
  const count = Math.round((2 * reach) / grid);
  // Off the even grid, so that a zero at the middle is not met exactly.
  const points = Array.from({ length: count }, (_, k) => -reach + (k + 0.37) * grid);
  const values = points.map(f);
  const floor = 1e-13 * values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const zeros: number[] = [];
  for (let k = 0; k + 1 < count; k++) {
    if (values[k] * values[k + 1] >= 0 || Math.max(Math.abs(values[k]), Math.abs(values[k + 1])) < floor) continue;
    let [low, high] = [points[k], points[k + 1]];
    for (let step = 0; step < 60; step++) {
      const middle = 0.5 * (low + high);
      if (f(middle) * values[k] > 0) low = middle;
      else high = middle;
    }
    zeros.push(0.5 * (low + high));
  }
  return zeros;
}
