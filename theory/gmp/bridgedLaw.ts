import type { DiscreteMeasure, Interval, SpectralLaw } from '../contracts.js';
import { atomsLaw, type GmpLaw, type GmpOptions } from './atomsLaw.js';
import type { SmoothLaw } from './continuousMarchenkoPastur.js';

/** An interval of the law of the points, and the stretch of the axis that it stands for. */
interface Cell {
  readonly own: Interval;
  readonly stretch: Interval;
  /** P(λ ≤ own[0]). */
  readonly before: number;
  readonly mass: number;
}

/** An interval this light is spread evenly: what it looks like inside is that of a few points. */
const lightMass = 0.005;

/**
 * The law of weights that fill an interval and are known by points only (a cubature, a product rule). Where points lie
 * further apart than the law resolves, that of the points breaks up into intervals that are not the law's. Here each
 * gap is given to the lighter of the two intervals beside it, whose mass is spread over both: evenly where it is light,
 * else by stretching it. The support is one interval; the distribution function moves by at most the mass of an interval
 * that was spread, which `diagnostics.notes` tells. That comes on top of the error of the points themselves.
 *
 * Moments and transform are those of the points.
 */
export function bridgedLaw(points: DiscreteMeasure, aspectRatio: number, options?: GmpOptions): SmoothLaw {
  const law = atomsLaw(points, aspectRatio, options);
  const { support } = law;
  if (support.length < 2) return Object.defineProperty(law, 'outline', { get: () => law }) as GmpLaw & SmoothLaw;
  const atom = law.atoms[0];
  const cells = cellsOf(law);
  const hull: Interval = [support[0][0], support[support.length - 1][1]];
  const moved = cells.reduce(
    (largest, { own, stretch, mass }) =>
      own[0] === stretch[0] && own[1] === stretch[1] ? largest : Math.max(largest, mass),
    0,
  );
  const note = `${support.length - 1} gaps between points of the weights bridged; the distribution function moves by at most ${moved.toExponential(1)}`;
  /** Distribution of the continuous part: the atom is added where it belongs. */
  const continuous = (x: number): number => {
    if (x <= hull[0]) return 0;
    if (x >= hull[1]) return 1 - (atom?.mass ?? 0);
    const { own, stretch, before, mass } = cells[indexOf(cells, x)];
    const at = placeIn(x, stretch, own);
    return (
      before + (mass <= lightMass ? (mass * (x - stretch[0])) / (stretch[1] - stretch[0]) : massUpTo(law, own, at))
    );
  };
  const cdf = (x: number): number => continuous(x) + (atom !== undefined && x >= atom.at ? atom.mass : 0);
  const density = (x: number): number => {
    if (!(x > hull[0] && x < hull[1])) return 0;
    const { own, stretch, mass } = cells[indexOf(cells, x)];
    const width = stretch[1] - stretch[0];
    return mass <= lightMass ? mass / width : (law.density(placeIn(x, stretch, own)) * (own[1] - own[0])) / width;
  };
  const quantile = (p: number): number => {
    const below = atom === undefined ? 0 : continuous(atom.at);
    if (atom !== undefined && p > below && p <= below + atom.mass) return atom.at;
    const rest = atom !== undefined && p > below ? p - atom.mass : p;
    const cell = cells.find(({ before, mass }) => rest < before + mass) ?? cells[cells.length - 1];
    const { own, stretch, before, mass } = cell;
    const share = Math.min(Math.max((rest - before) / mass, 0), 1);
    if (mass <= lightMass || share === 0 || share === 1) return stretch[0] + share * (stretch[1] - stretch[0]);
    return placeIn(law.quantile(law.cdf(own[0]) + (rest - before)), own, stretch);
  };
  return {
    aspectRatio,
    outline: law,
    support: [hull],
    atoms: law.atoms,
    density,
    cdf,
    survival: (x) => 1 - cdf(x),
    densities: (sorted) => sorted.map(density),
    cdfs: (sorted) => sorted.map(cdf),
    quantile,
    moment: (k) => law.moment(k),
    stieltjes: (z) => law.stieltjes(z),
    get diagnostics() {
      return { ...law.diagnostics, notes: [...law.diagnostics.notes, note] };
    },
  };
}

/** P(own[0] < λ ≤ x) without an atom inside. */
function massUpTo(law: SpectralLaw, own: Interval, x: number): number {
  const atoms = law.atoms.reduce((sum, { at, mass }) => (at > own[0] && at <= x ? sum + mass : sum), 0);
  return law.cdf(x) - law.cdf(own[0]) - atoms;
}

function cellsOf(law: GmpLaw): Cell[] {
  const { support } = law;
  const masses = support.map((own) => massUpTo(law, own, own[1]));
  const takesNext = masses.map((mass, k) => k + 1 < masses.length && mass <= masses[k + 1]);
  let before = 0;
  return support.map((own, k) => {
    const lower = k > 0 && !takesNext[k - 1] ? support[k - 1][1] : own[0];
    const upper = takesNext[k] ? support[k + 1][0] : own[1];
    const cell = { own, stretch: [lower, upper] as const, before, mass: masses[k] };
    before += masses[k];
    return cell;
  });
}

function indexOf(cells: readonly Cell[], x: number): number {
  let [low, high] = [0, cells.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < cells[middle].stretch[1]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The point of `to` that lies where x does in `from`. */
function placeIn(x: number, from: Interval, to: Interval): number {
  return to[0] + ((x - from[0]) * (to[1] - to[0])) / (from[1] - from[0]);
}
