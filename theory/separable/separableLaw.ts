import type { Complex, DiscreteMeasure, Interval, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { compressMeasure, measureMoment, scaleMeasure } from '../measures/index.js';
import { SeparableAxis } from './separableAxis.js';
import { SeparableEquation } from './separableEquation.js';

/** The two measures of a separable covariance, and the ratio of its sides. */
export interface SeparableLawOptions {
  /** ν, law of the weights a_n; both signs allowed. */
  readonly weights: DiscreteMeasure;
  /** τ, law of the eigenvalues of the population covariance Σ; none negative. */
  readonly population: DiscreteMeasure;
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
 * Solved on the axis itself: no smoothing, no quadrature. Accuracy for measures of up to 128 nodes: edges 1e-12
 * relative, density 1e-9 relative further than 1e-6 of its width from an edge, cdf 1e-12 absolute (not relative in the
 * tails). Larger measures are replaced by Gauss quadratures first (1e-10, see `diagnostics.notes`). A gap of the
 * support narrower than 1e-9 of its distance from zero may be missed: it is then reported as part of an interval.
 * @throws UsageError for a negative population eigenvalue or an aspect ratio that is not positive; NumericalError
 * naming the point where no solution was found.
 */
export function separableLaw({ weights, population, aspectRatio }: SeparableLawOptions): SpectralLaw {
  requireOptions(population, aspectRatio);
  const notes: string[] = [];
  const [weightScale, populationScale] = [largestMagnitude(weights), largestMagnitude(population)];
  if (weightScale === 0 || populationScale === 0) return zeroLaw(aspectRatio);
  const equation = new SeparableEquation(
    scaleMeasure(shortened(weights, 'weights', Math.max(1, aspectRatio), notes), 1 / weightScale),
    scaleMeasure(
      shortened(population, 'population eigenvalues', Math.max(1, 1 / aspectRatio), notes),
      1 / populationScale,
    ),
    aspectRatio,
  );
  const zeroMass = Math.max(0, 1 - Math.min(1 - massAt(population, 0), (1 - massAt(weights, 0)) / aspectRatio));
  const scale = weightScale * populationScale;
  const axis = new SeparableAxis(equation, zeroMass);
  const density = (x: number): number => axis.density(x / scale) / scale;
  const cdf = (x: number): number => axis.cdf(x / scale);
  const contour = contourMoments(equation, axis.support);

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
      return k === 0 ? 1 : k === 1 ? measureMoment(weights, 1) * measureMoment(population, 1) : contour(k) * scale ** k;
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
      return {
        converged: true,
        residual: equation.worstResidual,
        nodes: equation.weights.nodes.length + equation.population.nodes.length,
        notes,
      };
    },
  };
}

function requireOptions(population: DiscreteMeasure, aspectRatio: number): void {
  if (!(aspectRatio > 0) || !Number.isFinite(aspectRatio))
    throw new UsageError(`separableLaw: aspectRatio must be a positive finite number, got ${aspectRatio}. It is d/N.`);
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

/** ∫ λ^k dμ = −(1/2πi)∮ z^k m(z) dz over a circle around the support, by the trapezoid rule: geometric convergence. */
function contourMoments(equation: SeparableEquation, support: readonly Interval[]): (k: number) => number {
  let samples: { angle: number; m: Complex }[] | undefined;
  const edge = Math.max(...support.map(([lower, upper]) => Math.max(Math.abs(lower), Math.abs(upper))), 2 ** -40);
  const radius = 1.5 * edge;
  const COUNT = 128;
  return (k) => {
    // Half of the circle is enough: the other half is its mirror image.
    samples ??= Array.from({ length: COUNT }, (_, j) => {
      const angle = ((j + 0.5) * Math.PI) / COUNT;
      const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
      return { angle, m: equation.stieltjes(equation.solve(x, y), x, y) };
    });
    let sum = 0;
    for (const { angle, m } of samples) sum -= m.re * Math.cos((k + 1) * angle) - m.im * Math.sin((k + 1) * angle);
    return (sum / COUNT) * radius ** (k + 1);
  };
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
