import type { Interval, SpectralLaw } from '../../../theory/contracts.js';

/** Beyond the outer edges, in widths of the support. */
const margin = 0.05;

/**
 * `count` ascending points that show a law as a curve: dense at the edges of each interval of the support, where a
 * square root starts, with both its edges (but a hard one, where the density is infinite), and some beyond the outer
 * edges and at each atom. Intervals share the points half by width and half by mass.
 */
export function lawGrid(law: SpectralLaw, count: number): Float64Array {
  const { support, atoms } = law;
  const hull = hullOf(law);
  const room = margin * (hull[1] - hull[0] || 1);
  const beyond = count < 20 ? 0 : Math.max(2, Math.round(0.02 * count));
  const places = atoms
    .map(({ at }) => at)
    .filter((at) => !support.some(([lower, upper]) => at >= lower && at <= upper));
  const inside = count - 2 * beyond - places.length;
  const outer = [
    ...evenly(hull[0] - room, hull[0], beyond, 0),
    ...evenly(hull[1], hull[1] + room, beyond, 1),
    ...places,
  ];
  // Many intervals, as weights that were drawn may have, or none: no room for the shape of each.
  const inner =
    support.length === 0 || inside < 8 * support.length
      ? evenly(hull[0], hull[1], Math.max(0, inside), 0.5)
      : shares(law, inside).flatMap((own, k) => denseAtEdges(law, support[k]!, own));
  return Float64Array.from([...outer, ...inner])
    .sort()
    .subarray(0, count);
}

/** From the lowest to the highest place with mass. */
function hullOf({ support, atoms }: Pick<SpectralLaw, 'support' | 'atoms'>): Interval {
  const places = [...support.flat(), ...atoms.map(({ at }) => at)];
  return [Math.min(...places), Math.max(...places)];
}

/** `count` points in steps of one length, the first `offset` of a step from `from`. */
function evenly(from: number, to: number, count: number, offset: number): number[] {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, k) => from + (k + offset) * step);
}

/** Points of each interval, at least 8, together `count`. */
function shares({ support, cdfs, atoms }: SpectralLaw, count: number): number[] {
  const width = support.reduce((sum, [lower, upper]) => sum + upper - lower, 0);
  const levels = cdfs(Float64Array.from(support.flat()));
  const masses = support.map(([lower, upper], k) => {
    const within = atoms.reduce((sum, { at, mass }) => (at > lower && at <= upper ? sum + mass : sum), 0);
    return levels[2 * k + 1]! - levels[2 * k]! - within;
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0) || 1;
  const spare = count - 8 * support.length;
  const wanted = support.map(
    ([lower, upper], k) => 8 + Math.floor((spare / 2) * ((upper - lower) / (width || 1) + masses[k]! / total)),
  );
  const widest = wanted.indexOf(Math.max(...wanted));
  return wanted.map((own, k) => (k === widest ? own + count - wanted.reduce((sum, each) => sum + each, 0) : own));
}

/** x = middle − half · cos θ with θ in equal steps: a square root at an edge is a straight line in θ. */
function denseAtEdges(law: SpectralLaw, [lower, upper]: Interval, count: number): number[] {
  const first = Number.isFinite(law.density(lower)) ? 0 : 0.5;
  const last = Number.isFinite(law.density(upper)) ? 0 : 0.5;
  const step = Math.PI / (count - 1 + first + last);
  return Array.from({ length: count }, (_, k) =>
    k === 0 && first === 0
      ? lower
      : k === count - 1 && last === 0
        ? upper
        : (lower + upper) / 2 - ((upper - lower) / 2) * Math.cos((k + first) * step),
  );
}
