import type { Atom, DiscreteMeasure, Interval, SpectralLaw } from '../../../theory/contracts.js';
import {
  generalisedMarchenkoPastur,
  marchenkoPastur,
  momentsFromFreeCumulants,
  pointMass,
} from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { softmaxWeights } from '../../../theory/weights/softmaxWeights.js';
import type { ExplorerState } from './state.js';

/** Nodes of a softmax weight law here: half the library's default, enough for a drawn curve, in half the time. */
export const explorerNodes = 120;

/** A law as the page shows it. */
export interface LawView {
  /** Ascending points and the density there, NaN between two intervals of the support. */
  readonly x: Float64Array;
  readonly density: Float64Array;
  readonly atoms: readonly Atom[];
  readonly support: readonly Interval[];
  /** Where all but `hiddenMass` of the continuous part lies: the window of the curve. */
  readonly window: Interval;
  readonly hiddenMass: number;
  /** Raw moments 1 to 4. */
  readonly moments: readonly number[];
}

/** What the law is of: the block itself or a multiple that has a limit. */
export interface Scaling {
  /** Factor by which drawn eigenvalues are multiplied to be compared; Infinity has none. */
  readonly label: string;
  readonly factor: (state: ExplorerState) => number;
}

/** C λ on the diagonal, C² λ off it, for softmax weights of the linear model; λ otherwise. */
export function scalingOf(state: ExplorerState): Scaling {
  if (state.family !== 'linear' || state.loss === 'mse') return { label: 'λ', factor: () => 1 };
  return state.block === 'diagonal'
    ? { label: 'C·λ', factor: ({ classes }) => classes }
    : { label: 'C²·λ', factor: ({ classes }) => classes ** 2 };
}

/** How the law of a state is found: at once, after the weight law, by the worker alone, or not at all. */
export type LawRoute = 'closed' | 'softmax' | 'worker' | 'none';

export function routeOf(state: ExplorerState): LawRoute {
  if (state.family === 'linear') return state.loss === 'mse' ? 'closed' : 'softmax';
  if (state.loss === 'mse') return 'closed';
  if (state.classes === Infinity) return state.family === 'hidden' ? 'closed' : 'none';
  return 'worker';
}

/** True when the weight law costs less than a frame, so that the page need not ask its worker. */
export const hasCheapWeights = (state: ExplorerState): boolean => state.classes === Infinity || state.classes === 2;

/** Name of a weight law: the same for every aspect ratio. */
export const weightsKey = (state: ExplorerState): string => `${state.block}|${state.classes}|${state.logitVariance}`;

export const softmaxWeightsOf = (state: ExplorerState): DiscreteMeasure =>
  softmaxWeights({
    classes: state.classes,
    logitVariance: state.logitVariance,
    block: state.block,
    scaling: 'rate',
    nodes: explorerNodes,
  });

const probability = { diagonal: 1 / 2, 'off-diagonal': 1 / 4 } as const;

/**
 * Laws that need no weight law of their own. Hidden blocks at C = ∞ and of squared error are the gates' laws, in units
 * said by `unitOf`.
 */
export function closedLaw(state: ExplorerState): SpectralLaw {
  const { family, loss, block, aspectRatio, logitVariance, width } = state;
  if (family === 'linear') return block === 'diagonal' ? marchenkoPastur(aspectRatio) : pointMass(0);
  if (family === 'output') return outputSquaredErrorLaw(block, width);
  if (loss === 'mse') return marchenkoPastur(aspectRatio, { liveFraction: probability[block] });
  // With infinitely many classes Cov_p(v_i, v_j) is the covariance of a tilted normal law, which tilting leaves as it
  // was.
  return block === 'diagonal'
    ? marchenkoPastur(aspectRatio, { scale: logitVariance / width, liveFraction: probability.diagonal })
    : pointMass(0);
}

/** E[h hᵀ] for h = max(u, 0), u standard normal: 1/2 on the diagonal, 1/(2π) off it, hence two eigenvalues. */
function outputSquaredErrorLaw(block: ExplorerState['block'], width: number): SpectralLaw {
  if (block === 'off-diagonal') return pointMass(0);
  const shared = 1 / (2 * Math.PI);
  return atomicLaw([
    { at: 1 / 2 - shared, mass: (width - 1) / width },
    { at: 1 / 2 + (width - 1) * shared, mass: 1 / width },
  ]);
}

/** A law that is atoms alone, ascending. */
export function atomicLaw(atoms: readonly Atom[]): SpectralLaw {
  const below = (x: number): number => atoms.reduce((sum, atom) => (atom.at <= x ? sum + atom.mass : sum), 0);
  return {
    ...pointMass(0),
    atoms,
    cdf: below,
    survival: (x) => 1 - below(x),
    cdfs: (points) => points.map(below),
    quantile: (p) => {
      let sum = 0;
      return (atoms.find((atom) => (sum += atom.mass) >= p) ?? atoms.at(-1))?.at ?? NaN;
    },
    moment: (k) => atoms.reduce((sum, atom) => sum + atom.mass * atom.at ** k, 0),
  };
}

/** The unit of the eigenvalues, where it is not 1. */
export const unitOf = (state: ExplorerState): string =>
  state.family === 'hidden' && state.loss === 'mse'
    ? state.block === 'diagonal'
      ? 'in units of |v_i|²'
      : 'in units of v_i·v_j'
    : '';

/**
 * Raw moments 1 to 4 of the law of these weights: κ_k = γ^{k−1} E[a^k] (paper-notes.md, generalised Marčenko–Pastur
 * law).
 */
function momentsOfWeights(weights: DiscreteMeasure, aspectRatio: number): readonly number[] {
  const cumulants = [0, 1, 2, 3, 4].map((k) => (k === 0 ? 0 : aspectRatio ** (k - 1) * measureMoment(weights, k)));
  return Array.from(momentsFromFreeCumulants(cumulants)).slice(1);
}

/**
 * Mass of weights that may be left out at each end of a weight law for a picture: it moves the distribution function by
 * no more than its size over the aspect ratio.
 */
const negligible = 1e-8;

/** Weights without ends of negligible mass: a discrete tail costs an interval of the support for each of its points. */
function withoutTails(weights: DiscreteMeasure): DiscreteMeasure {
  const { nodes, masses } = weights;
  let [first, last] = [0, nodes.length - 1];
  for (let mass = masses[first] ?? 1; mass < negligible && first < last; mass += masses[first] ?? 1) first++;
  for (let mass = masses[last] ?? 1; mass < negligible && last > first; mass += masses[last] ?? 1) last--;
  const kept = masses.slice(first, last + 1);
  const total = kept.reduce((sum, mass) => sum + mass, 0);
  return { nodes: nodes.slice(first, last + 1), masses: kept.map((mass) => mass / total) };
}

/** The law of weights and its view. */
export function viewOfWeights(weights: DiscreteMeasure, aspectRatio: number): LawView {
  return viewOfLaw(
    generalisedMarchenkoPastur(withoutTails(weights), aspectRatio),
    momentsOfWeights(weights, aspectRatio),
  );
}

const pointsPerInterval = 280;
/** Share of the continuous mass that a long tail may have outside the window. */
const tailShare = 0.002;

export function viewOfLaw(
  law: SpectralLaw,
  moments: readonly number[] = [1, 2, 3, 4].map((k) => law.moment(k)),
): LawView {
  const atomMass = law.atoms.reduce((sum, atom) => sum + atom.mass, 0);
  const { support } = law;
  if (support.length === 0 || atomMass > 1 - 1e-9)
    return {
      x: new Float64Array(0),
      density: new Float64Array(0),
      atoms: law.atoms,
      support,
      window: windowOfAtoms(law.atoms),
      hiddenMass: 0,
      moments,
    };
  const [first, last] = [support[0] as Interval, support.at(-1) as Interval];
  // A long tail of discrete weights ends in many thin intervals: an end like that is cut, an edge of the bulk is shown.
  const share = tailShare * (1 - atomMass);
  const cutsLower = support.length > 1 && law.cdf(first[1]) < share;
  const cutsUpper = support.length > 1 && law.survival(last[0]) < share;
  const window: Interval = [cutsLower ? law.quantile(share) : first[0], cutsUpper ? law.quantile(1 - share) : last[1]];
  const xs: number[] = [];
  const shown = support
    .map(([lower, upper]): Interval => [Math.max(lower, window[0]), Math.min(upper, window[1])])
    .filter(([lower, upper]) => upper > lower);
  const length = shown.reduce((sum, [lower, upper]) => sum + upper - lower, 0);
  const breaks: number[] = [];
  for (const [lower, upper] of shown) {
    const count = Math.max(8, Math.round((pointsPerInterval * (upper - lower)) / length));
    // Dense at both ends, where the density starts like a square root.
    for (let k = 0; k < count; k++)
      xs.push((lower + upper) / 2 - ((upper - lower) / 2) * Math.cos((Math.PI * (k + 0.5)) / count));
    breaks.push(xs.length);
  }
  const points = Float64Array.from(xs);
  const densities = law.densities(points);
  // The curve comes down to zero at true edges, and is broken between intervals.
  const x: number[] = [];
  const density: number[] = [];
  let start = 0;
  shown.forEach(([lower, upper], i) => {
    if (i > 0) {
      x.push(lower);
      density.push(NaN);
    }
    const end = breaks[i] as number;
    if (lower !== 0 && support.some((interval) => interval[0] === lower)) {
      x.push(lower);
      density.push(0);
    }
    for (let k = start; k < end; k++) {
      x.push(points[k] as number);
      density.push(densities[k] as number);
    }
    if (upper !== 0 && support.some((interval) => interval[1] === upper)) {
      x.push(upper);
      density.push(0);
    }
    start = end;
  });
  return {
    x: Float64Array.from(x),
    density: Float64Array.from(density),
    atoms: law.atoms.filter((atom) => atom.mass > 1e-12),
    support,
    window,
    hiddenMass: (Number(cutsLower) + Number(cutsUpper)) * share,
    moments,
  };
}

function windowOfAtoms(atoms: readonly Atom[]): Interval {
  const places = [0, ...atoms.map((atom) => atom.at)];
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const pad = high > low ? 0.1 * (high - low) : 1;
  return [low - pad, high + pad];
}
