import type { DiscreteMeasure, Interval, SpectralLaw } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import { scaledLaw } from '../gmp/scaledLaw.js';
import { expectationNodes, isSmooth, type WeightLaw } from '../gmp/smoothWeights.js';
import { compressMeasure, scaleMeasure } from '../measures/index.js';
import { separableRawMoment } from './momentSeries.js';
import { discretePopulation, type Population } from './population.js';
import { SeparableAxis } from './separableAxis.js';
import { SeparableEquation } from './separableEquation.js';
import { smoothSeparableLaw } from './smoothSeparableLaw.js';

/** The two laws of a separable covariance, and the ratio of its sides. */
export interface SeparableLawOptions {
  /** ν, law of the weights a_n; both signs allowed. */
  readonly weights: WeightLaw;
  /** τ, law of the eigenvalues of the population covariance Σ; none negative. */
  readonly population: DiscreteMeasure | Population;
  /** d/N. */
  readonly aspectRatio: number;
}

/** Measures with more nodes than this are compressed first, by Gauss quadrature. */
const large = 128;
const compressionTolerance = 1e-10;

/**
 * The limit law of H = (1/N) Σ^{1/2} Zᵀ diag(a) Z Σ^{1/2}: Gaussian (or other independent) entries in Z, N×d, with
 * population covariance Σ and weights independent of Z (paper-notes.md, separable law):
 *   g = ∫ t/(t e − z) dτ(t),   e = ∫ a/(1 + γ a g) dν(a),   m = ∫ dτ(t)/(t e − z),   γ = aspectRatio.
 * With τ = δ_1 it is the generalised Marčenko–Pastur law; with ν = δ_1 the Marčenko–Pastur law of a general population.
 *
 * Atoms are solved on the axis itself: no smoothing, no quadrature. Accuracy for measures of up to 128 nodes: edges 1e-12
 * relative, density 1e-9 relative further than 1e-6 of its width from an edge, cdf 1e-12 absolute (not relative in the
 * tails). Larger measures are replaced by Gauss quadratures first (1e-10, see `diagnostics.notes`). A gap of the
 * support narrower than 1e-9 of its distance from zero may be missed: it is then reported as part of an interval.
 *
 * Smooth weights without a bound, with a population that is given by its transforms, are solved on a path off the axis as
 * `continuousMarchenkoPastur` does (1e-10 absolute), as one interval. Where that cannot be, because the population is
 * discrete, the weights have a bound, or the law has a gap, the real nodes of the weights are taken for atoms: where the weights are thin each
 * opens a gap, and the distribution function is off by as much as a node has mass there (`diagnostics.notes`).
 * @throws UsageError for a negative population eigenvalue or an aspect ratio that is not positive; NumericalError
 * naming the point where no solution was found.
 */
export function separableLaw({ weights, population, aspectRatio }: SeparableLawOptions): SpectralLaw {
  requireAspectRatio(aspectRatio);
  if (isDiscrete(population)) return discreteLaw(expectationNodes(weights), population, aspectRatio);
  const onAxis = (atoms: DiscreteMeasure, notes: readonly string[]): SpectralLaw =>
    largestMagnitude(atoms) === 0 ? zeroLaw(aspectRatio) : lawOfAtoms(atoms, population, { aspectRatio, notes });
  if (!isSmooth(weights)) return onAxis(weights, []);
  const path = weights.path();
  const onNodes = (reason: string): SpectralLaw =>
    onAxis(weights.quadrature, [`${reason}: real nodes stand for smooth weights, and open gaps where these are thin.`]);
  if (path.largest !== Infinity || path.folded === true) return onNodes('the weights have a bound');
  const law = smoothSeparableLaw(path, population, aspectRatio);
  try {
    // The curves are followed here.
    if (law.support.length > 0) return weights.sign === 1 ? law : scaledLaw(law, -1);
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
  }
  return onNodes('the law could not be followed off the axis, as where it has a gap');
}

function isDiscrete(population: DiscreteMeasure | Population): population is DiscreteMeasure {
  return 'nodes' in population;
}

/** Large measures are shortened. */
function discreteLaw(weights: DiscreteMeasure, population: DiscreteMeasure, aspectRatio: number): SpectralLaw {
  requireCovariance(population);
  const notes: string[] = [];
  const populationScale = largestMagnitude(population);
  if (largestMagnitude(weights) === 0 || populationScale === 0) return zeroLaw(aspectRatio);
  return lawOfAtoms(
    shortened(weights, 'weights', Math.max(1, aspectRatio), notes),
    discretePopulation(
      scaleMeasure(
        shortened(population, 'population eigenvalues', Math.max(1, 1 / aspectRatio), notes),
        1 / populationScale,
      ),
    ),
    { aspectRatio, populationScale, notes },
  );
}

interface Particulars {
  readonly aspectRatio: number;
  /** The eigenvalues of Σ are so many times those of the population given. */
  readonly populationScale?: number;
  readonly notes: readonly string[];
}

function lawOfAtoms(
  atoms: DiscreteMeasure,
  population: Population,
  { aspectRatio, populationScale = 1, notes }: Particulars,
): SpectralLaw {
  const weightScale = largestMagnitude(atoms);
  const weights = scaleMeasure(atoms, 1 / weightScale);
  const scale = weightScale * populationScale;
  const equation = new SeparableEquation(weights, population, aspectRatio);
  const zeroMass = Math.max(0, 1 - Math.min(1 - population.zeroMass, (1 - massAt(weights, 0)) / aspectRatio));
  const axis = new SeparableAxis(equation, zeroMass);
  const density = (x: number): number => axis.density(x / scale) / scale;
  const cdf = (x: number): number => axis.cdf(x / scale);
  return {
    aspectRatio,
    support: axis.support.map(([lower, upper]): Interval => [lower * scale, upper * scale]),
    atoms: zeroMass > 0 ? [{ at: 0, mass: zeroMass }] : [],
    density,
    cdf,
    survival: (x) => 1 - cdf(x),
    densities: (points) => points.map(density),
    cdfs: (points) => points.map(cdf),
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new UsageError(`quantile: p must lie in [0, 1], got ${p}. Give a probability.`);
      return axis.quantile(p) * scale;
    },
    moment: (k) => {
      if (!Number.isInteger(k) || k < 0)
        throw new UsageError(`moment: k must be a whole number of at least 0, got ${k}. Give 0, 1, 2, ….`);
      return separableRawMoment(k, weights, population, aspectRatio) * scale ** k;
    },
    stieltjes({ re, im }) {
      if (im < 0) throw new UsageError(`stieltjes: Im z must not be negative, got ${im}. Use the conjugate.`);
      if (im === 0 && (axis.isInside(re / scale) || (re === 0 && zeroMass > 0)))
        throw new UsageError(`stieltjes: real z must lie outside the support, got ${re}. Give Im z > 0.`);
      const solution = equation.solve(re / scale, im / scale);
      const m = equation.stieltjes(solution, re / scale, im / scale);
      return { re: m.re / scale, im: (im === 0 ? 0 : m.im) / scale };
    },
    get diagnostics() {
      return { converged: true, residual: equation.worstResidual, nodes: weights.nodes.length, notes };
    },
  };
}

function requireAspectRatio(aspectRatio: number): void {
  if (!(aspectRatio > 0) || !Number.isFinite(aspectRatio))
    throw new UsageError(`separableLaw: aspectRatio must be a positive finite number, got ${aspectRatio}. It is d/N.`);
}

function requireCovariance(population: DiscreteMeasure): void {
  if (!(population.nodes[0]! >= 0))
    throw new UsageError(
      `separableLaw: population eigenvalues must not be negative, got ${population.nodes[0]}. A covariance matrix has none.`,
    );
}

/** A large measure by a quadrature of few nodes, of which a note is made. */
function shortened(measure: DiscreteMeasure, what: string, aspectRatio: number, notes: string[]): DiscreteMeasure {
  if (measure.nodes.length <= large) return measure;
  const { measure: short, error } = compressMeasure(measure, { tolerance: compressionTolerance, aspectRatio });
  notes.push(
    `${measure.nodes.length} ${what} are replaced by ${short.nodes.length} nodes; in a Marčenko–Pastur law of their own they change the distribution function by ${error.toExponential(1)}.`,
  );
  return short;
}

function largestMagnitude({ nodes }: DiscreteMeasure): number {
  return Math.max(Math.abs(nodes[0]!), Math.abs(nodes[nodes.length - 1]!));
}

function massAt(measure: DiscreteMeasure, value: number): number {
  const at = measure.nodes.indexOf(value);
  return at < 0 ? 0 : measure.masses[at]!;
}

function zeroLaw(aspectRatio: number): SpectralLaw {
  const step = (x: number) => (x >= 0 ? 1 : 0);
  return {
    aspectRatio,
    support: [],
    atoms: [{ at: 0, mass: 1 }],
    density: () => 0,
    cdf: step,
    survival: (x) => 1 - step(x),
    densities: (points) => new Float64Array(points.length),
    cdfs: (points) => points.map(step),
    quantile: () => 0,
    moment: (k) => (k === 0 ? 1 : 0),
    stieltjes: ({ re, im }) => ({ re: -re / (re * re + im * im), im: im / (re * re + im * im) }),
    diagnostics: { converged: true, residual: 0, nodes: 0, notes: [] },
  };
}
