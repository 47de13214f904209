import type { DiscreteMeasure } from '../contracts.js';
import type { ComplexRule, ContourMeasure } from '../gmp/contourMeasure.js';
import type { SmoothWeights } from '../gmp/smoothWeights.js';
import { condensePath } from './condensePath.js';
import { descentPath, type AnalyticFunction, type DescentPath } from './descentPath.js';
import { scaledRule } from './joinedRules.js';
import { once } from '../numerics/once.js';

/** Shortest panels next to a turning point: p keeps further away from it up to aspect ratios of about 1e4. */
const shortest = 0.01;
/** In a product a turning point is a milder singularity. */
const shortestOfProduct = 0.02;
/** How near to the extreme weights p may come, relative to them, until the shortest panels do not resolve it. */
const nearest = 1e-4;
const nearestOfProduct = 2e-5;
const negligible = 1e-16;

/**
 * The weights a(x), x standard normal, with probability `liveMass`, and 0 else.
 *
 * @param quadrature of the same law on the real axis, the atom at 0 included
 */
export function weightsOfOneVariable(
  weight: AnalyticFunction,
  quadrature: DiscreteMeasure,
  liveMass = 1,
): SmoothWeights {
  return {
    quadrature,
    sign: 1,
    path: once((): ContourMeasure => {
      const path = descentPath({ weight, shortest, points: 16 });
      const { largest, smallest } = path;
      const rule = scaledRule(pathRule(path), liveMass);
      return { ...rule, largest, smallest: Math.min(smallest, 0), liveMass, nearest, real: quadrature };
    }),
  };
}

/** The weights f(x)·f(y), x and y independent standard normals. */
export function weightsOfProduct(factor: AnalyticFunction, quadrature: DiscreteMeasure): SmoothWeights {
  return {
    quadrature,
    sign: 1,
    path: once((): ContourMeasure => {
      const one = descentPath({ weight: factor, shortest: shortestOfProduct, modulus: true, points: 12 });
      const { largest: top, smallest: bottom } = one;
      const largest = Math.max(top * top, bottom * bottom);
      const smallest = bottom < 0 && top > 0 ? bottom * top : 0;
      return {
        ...condensePath(productRule(one, one)),
        largest,
        // A factor that only tends to 0 has no zero to change sign at.
        smallest: -smallest < 1e-12 * largest ? 0 : smallest,
        nearest: nearestOfProduct,
        real: quadrature,
      };
    }),
  };
}

/** Moduli multiply; where the signs differ both paths are reflected, so that the product again runs below the axis. */
export function productRule(first: DescentPath, second: DescentPath): ComplexRule {
  const { values, masses, signs } = first;
  // Of a square every pair counts twice.
  const isSquare = first === second;
  const pairs = isSquare ? (values.length * (values.length + 1)) / 2 : values.length * second.values.length;
  const [nodesRe, nodesIm] = [new Float64Array(pairs), new Float64Array(pairs)];
  const [massesRe, massesIm] = [new Float64Array(pairs), new Float64Array(pairs)];
  let size = 0;
  for (let k = 0; k < values.length; k++) {
    const [value, mass] = [values[k], masses[k]];
    const end = isSquare ? k : second.values.length - 1;
    for (let l = 0; l <= end; l++) {
      const [other, share] = [second.values[l], second.masses[l]];
      const count = isSquare && l < k ? 2 : 1;
      const re = count * (mass.re * share.re - mass.im * share.im);
      const im = count * (mass.re * share.im + mass.im * share.re);
      if (re * re + im * im < negligible * negligible) continue;
      const same = signs[k] === second.signs[l] ? 1 : -1;
      nodesRe[size] = same * (value.re * other.re - value.im * other.im);
      nodesIm[size] = value.re * other.im + value.im * other.re;
      massesRe[size] = re;
      massesIm[size++] = same * im;
    }
  }
  return {
    nodesRe: nodesRe.subarray(0, size),
    nodesIm: nodesIm.subarray(0, size),
    massesRe: massesRe.subarray(0, size),
    massesIm: massesIm.subarray(0, size),
  };
}

/** The weights themselves, on their path. */
export function pathRule({ values, masses }: DescentPath): ComplexRule {
  return {
    nodesRe: Float64Array.from(values, ({ re }) => re),
    nodesIm: Float64Array.from(values, ({ im }) => im),
    massesRe: Float64Array.from(masses, ({ re }) => re),
    massesIm: Float64Array.from(masses, ({ im }) => im),
  };
}
