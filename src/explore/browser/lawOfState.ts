import type { Atom, DiscreteMeasure, Interval, SpectralLaw } from '../../../theory/contracts.js';
import {
  generalisedMarchenkoPastur,
  pointMass,
  type ContourMeasure,
  type SmoothWeights,
} from '../../../theory/gmp/index.js';
import { blockLaw } from '../../../theory/models/blockLaw.js';
import type { BlockLaw, BlockLawSpec } from '../../../theory/models/model.js';
import { softmaxWeights } from '../../../theory/weights/softmaxWeights.js';
import { familyOf, isCurved, isWeighted, type ExplorerState } from './state.js';

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

/** C λ on the diagonal, C² λ off it, for softmax weights; λ otherwise. */
export function scalingOf(state: ExplorerState): Scaling {
  if (routeOf(state) !== 'softmax') return { label: 'λ', factor: () => 1 };
  return state.block === 'diagonal'
    ? { label: 'C·λ', factor: ({ classes }) => classes }
    : { label: 'C²·λ', factor: ({ classes }) => classes ** 2 };
}

/** How the law of a state is found: at once, after the weight law, or by the worker alone. */
export type LawRoute = 'closed' | 'softmax' | 'worker';

/** Laws of weights that are more than gates take longer than a frame. */
export function routeOf(state: ExplorerState): LawRoute {
  if (state.loss === 'ce' && !familyOf(state).random) return 'softmax';
  return needsReadout(state) || (isCurved(state) && isWeighted(state)) ? 'worker' : 'closed';
}

/**
 * Whether the law is one given V, hence of a seed. At finite C the weights of a cross-entropy depend on V, and those of
 * the squared error do on the diagonal, through σ″.
 */
export function needsReadout(state: ExplorerState): boolean {
  if (!familyOf(state).random || state.classes === Infinity) return false;
  return state.loss === 'ce' || (isCurved(state) && isWeighted(state) && state.block === 'diagonal');
}

/** True when the weight law costs less than a frame, so that the page need not ask its worker. */
export const hasCheapWeights = (state: ExplorerState): boolean => state.classes === Infinity || state.classes === 2;

/** Name of a weight law: the same for every aspect ratio. */
export const weightsKey = (state: ExplorerState): string => `${state.block}|${state.classes}|${state.logitVariance}`;

/** A smooth law of weights as plain data, which a message can carry. */
export interface PlainWeights {
  readonly quadrature: DiscreteMeasure;
  readonly sign: 1 | -1;
  readonly contour: ContourMeasure;
}

/** The softmax weights that `blockLaw` makes the law of this state from. */
export function softmaxWeightsOf({ classes, logitVariance, block }: ExplorerState): PlainWeights {
  const { quadrature, sign, path } = softmaxWeights({ classes, logitVariance, block, scaling: 'rate' });
  return { quadrature, sign, contour: path() };
}

/** The law of a state after its weight law, which serves every aspect ratio. */
export function lawOfWeights({ quadrature, sign, contour }: PlainWeights, aspectRatio: number): BlockLaw {
  const weights: SmoothWeights = { quadrature, sign, path: () => contour };
  return { weights, law: generalisedMarchenkoPastur(weights, aspectRatio) };
}

/**
 * The law of a state, or why there is none.
 *
 * @param options V as drawn and how many points to integrate over, or another scaling than the page's
 */
export function lawOfState(
  state: ExplorerState,
  options: Pick<BlockLawSpec, 'readout' | 'points' | 'scaling'> = {},
): BlockLaw {
  const { model, layer } = familyOf(state);
  const { loss, block, activation, classes, aspectRatio, width, logitVariance } = state;
  const setting = { model, layer, loss, block, activation, classes, aspectRatio, width, logitVariance };
  return blockLaw({ ...setting, scaling: 'rate', ...options });
}

/** A law that is atoms alone, ascending. */
function atomicLaw(atoms: readonly Atom[]): SpectralLaw {
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
  (state.loss === 'mse' && !needsReadout(state) && familyOf(state).units?.[state.block]) || '';

/** What the page shows of a law; a block of fixed size is the law of its eigenvalues. Undefined where there is none. */
export function viewOf({ law, eigenvalues }: BlockLaw): LawView | undefined {
  if (eigenvalues !== undefined)
    return viewOfLaw(atomicLaw(eigenvalues.map((at) => ({ at, mass: 1 / eigenvalues.length }))));
  return law && viewOfLaw(law);
}

const pointsPerInterval = 280;
/** Share of the continuous mass that a long tail may have outside the window. */
const tailShare = 0.002;

export function viewOfLaw(law: SpectralLaw): LawView {
  const moments = [1, 2, 3, 4].map((k) => law.moment(k));
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
  // An end that fades out over more than the bulk is wide is cut, an edge of the bulk is shown.
  const share = tailShare * (1 - atomMass);
  const [lowest, highest] = [law.quantile(share), law.quantile(1 - share)];
  const cutsLower = lowest - first[0] > highest - lowest;
  const cutsUpper = last[1] - highest > highest - lowest;
  const window: Interval = [cutsLower ? lowest : first[0], cutsUpper ? highest : last[1]];
  return {
    ...curveOf(law, window),
    atoms: law.atoms.filter((atom) => atom.mass > 1e-12),
    support,
    window,
    hiddenMass: (Number(cutsLower) + Number(cutsUpper)) * share,
    moments,
  };
}

/** The density in the window: down to zero at true edges, broken between intervals. */
function curveOf(law: SpectralLaw, window: Interval): Pick<LawView, 'x' | 'density'> {
  const { support } = law;
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
  return { x: Float64Array.from(x), density: Float64Array.from(density) };
}

function windowOfAtoms(atoms: readonly Atom[]): Interval {
  const places = [0, ...atoms.map((atom) => atom.at)];
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const pad = high > low ? 0.1 * (high - low) : 1;
  return [low - pad, high + pad];
}
