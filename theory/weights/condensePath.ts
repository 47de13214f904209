import type { ComplexRule } from '../gmp/contourMeasure.js';

/** Points of the circle that stands for a cell: polynomials of lower degree are integrated exactly. */
const circlePoints = 50;
/** Distance of a cell from the real axis over its radius: the poles lie no nearer. Relative error 1.7^{−50} = 3e-12. */
const remoteness = 1.7;

const angles = Array.from({ length: circlePoints }, (_, k) => (2 * Math.PI * k) / circlePoints);
const cosines = Float64Array.from(angles, Math.cos);
const sines = Float64Array.from(angles, Math.sin);

/**
 * A rule of far fewer nodes for functions with poles on and above the real axis only. Nodes in a cell that is small
 * beside its distance from the axis are replaced by equally spaced points of a circle around them, with the masses that
 * keep their first fifty moments; a cell that is too near is halved, down to as many nodes as a circle has.
 */
export function condensePath(path: ComplexRule): ComplexRule {
  const found: Condensed = { nodesRe: [], nodesIm: [], massesRe: [], massesIm: [] };
  condense(
    path,
    Uint32Array.from(path.nodesRe, (_, k) => k),
    found,
  );
  return {
    nodesRe: Float64Array.from(found.nodesRe),
    nodesIm: Float64Array.from(found.nodesIm),
    massesRe: Float64Array.from(found.massesRe),
    massesIm: Float64Array.from(found.massesIm),
  };
}

type Condensed = Record<keyof ComplexRule, number[]>;

function keep(found: Condensed, re: number, im: number, massRe: number, massIm: number): void {
  found.nodesRe.push(re);
  found.nodesIm.push(im);
  found.massesRe.push(massRe);
  found.massesIm.push(massIm);
}

/** Adds what stands for the members of a cell. */
function condense(path: ComplexRule, members: Uint32Array, found: Condensed): void {
  const { nodesRe, nodesIm, massesRe, massesIm } = path;
  if (members.length <= circlePoints) {
    for (const k of members) keep(found, nodesRe[k], nodesIm[k], massesRe[k], massesIm[k]);
    return;
  }
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const k of members) {
    const [x, y] = [nodesRe[k], nodesIm[k]];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  const [re, im] = [0.5 * (left + right), 0.5 * (bottom + top)];
  const radius = 0.5 * Math.hypot(right - left, top - bottom);
  if (radius * remoteness <= -im) return putOnCircle(path, members, { re, im, radius }, found);
  // A cell is halved at its middle; where rounding leaves no middle all members are one node.
  const wide = right - left >= top - bottom;
  const half = partition(members, wide ? nodesRe : nodesIm, wide ? re : im);
  if (half === 0 || half === members.length) return putOnCircle(path, members, { re, im, radius: 0 }, found);
  condense(path, members.subarray(0, half), found);
  condense(path, members.subarray(half), found);
}

interface Circle {
  readonly re: number;
  readonly im: number;
  readonly radius: number;
}

/** Equally spaced points of the circle with the first moments of the members about its centre. */
function putOnCircle(path: ComplexRule, members: Uint32Array, { re, im, radius }: Circle, found: Condensed): void {
  const { nodesRe, nodesIm, massesRe, massesIm } = path;
  if (radius === 0) {
    const sum = (masses: Float64Array): number => members.reduce((total, k) => total + masses[k], 0);
    return keep(found, re, im, sum(massesRe), sum(massesIm));
  }
  const momentsRe = new Float64Array(circlePoints);
  const momentsIm = new Float64Array(circlePoints);
  for (const k of members) {
    const stepRe = (nodesRe[k] - re) / radius;
    const stepIm = (nodesIm[k] - im) / radius;
    let [powerRe, powerIm] = [massesRe[k], massesIm[k]];
    for (let n = 0; n < circlePoints; n++) {
      momentsRe[n] += powerRe;
      momentsIm[n] += powerIm;
      [powerRe, powerIm] = [powerRe * stepRe - powerIm * stepIm, powerRe * stepIm + powerIm * stepRe];
    }
  }
  for (let j = 0; j < circlePoints; j++) {
    let [massRe, massIm] = [0, 0];
    for (let n = 0; n < circlePoints; n++) {
      const k = (j * n) % circlePoints;
      // The conjugate of the root of unity.
      massRe += momentsRe[n] * cosines[k] + momentsIm[n] * sines[k];
      massIm += momentsIm[n] * cosines[k] - momentsRe[n] * sines[k];
    }
    keep(found, re + radius * cosines[j], im + radius * sines[j], massRe / circlePoints, massIm / circlePoints);
  }
}

/** Members below the bound to the front; how many they are. */
function partition(members: Uint32Array, along: Float64Array, bound: number): number {
  let count = 0;
  for (let k = 0; k < members.length; k++) {
    const member = members[k];
    if (!(along[member] < bound)) continue;
    members[k] = members[count];
    members[count++] = member;
  }
  return count;
}
