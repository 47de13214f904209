import type { DiscreteMeasure } from '../contracts.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { forEachNormalPoint } from '../numerics/latticePoints.js';
import { softmaxMoment } from '../weights/softmaxMoment.js';
import { softmaxCovarianceEigenvalues } from './softmaxCovarianceEigenvalues.js';

export interface SoftmaxCovarianceOptions {
  readonly classes: number;
  readonly logitVariance: number;
  /** Lattice points, a power of two. */
  readonly points: number;
  /** Name of the lattice shift. */
  readonly shift: number;
}

/**
 * Eigenvalues of diag(p) − p pᵀ, p = softmax of C independent N(0, s²) logits, without the trivial 0: C − 1 for each
 * point of a shifted lattice in the C − 1 dimensions that a softmax sees (contrasts of the logits). Symmetric functions
 * of the eigenvalues are smooth in the logits, which is what the lattice needs.
 */
export function softmaxCovarianceWeights(options: SoftmaxCovarianceOptions): Float64Array {
  const { classes, logitVariance, points, shift } = options;
  const deviation = Math.sqrt(logitVariance);
  const perPoint = classes - 1;
  const nodes = new Float64Array(points * perPoint);
  const probabilities = new Float64Array(classes);
  forEachNormalPoint({ dimension: perPoint, points, shift }, (contrasts, index) => {
    softmaxOfContrasts(contrasts, deviation, probabilities);
    softmaxCovarianceEigenvalues(probabilities, nodes.subarray(index * perPoint, (index + 1) * perPoint));
  });
  return nodes;
}

/**
 * The same law for three classes as nodes and masses, by the trapezoid rule in both contrasts: the integrand is
 * Gaussian times a function analytic as far as π/(s√2) off the real axis (where two odds cancel), so that moments have
 * an error like e^{−2π·2.2/(s·step)}, 1e-16 at the default step. The law of these nodes is not as good: see
 * `linearCrossEntropyHessianLaw`.
 */
export function softmaxCovarianceOfThree(logitVariance: number, step = 0.38): DiscreteMeasure {
  const deviation = Math.sqrt(logitVariance);
  const reach = 8.5;
  const steps = Math.ceil((reach * Math.max(deviation, 1)) / step);
  const nodes: number[] = [];
  const masses: number[] = [];
  const [probabilities, pair] = [new Float64Array(3), new Float64Array(2)];
  let total = 0;
  for (let row = -steps; row <= steps; row++) {
    for (let column = -steps; column <= steps; column++) {
      const contrasts = Float64Array.of((row * reach) / steps, (column * reach) / steps);
      softmaxOfContrasts(contrasts, deviation, probabilities);
      softmaxCovarianceEigenvalues(probabilities, pair);
      const mass = Math.exp(-(contrasts[0]! ** 2 + contrasts[1]! ** 2) / 2);
      nodes.push(pair[0]!, pair[1]!);
      masses.push(mass, mass);
      total += 2 * mass;
    }
  }
  return discreteMeasure(
    nodes,
    masses.map((mass) => mass / total),
  );
}

/**
 * First two moments of the same law, exactly: (C − 1) E a = E tr A = 1 − C E p² and (C − 1) E a² = E tr A² =
 * C E p² − 2C E p³ + C E p⁴ + C(C − 1) E p₁²p₂².
 */
export function softmaxCovarianceMoments(classes: number, logitVariance: number): readonly [number, number] {
  const moment = (...exponents: number[]): number => softmaxMoment({ classes, logitVariance, exponents });
  const trace = 1 - classes * moment(2);
  const square = classes * (moment(2) - 2 * moment(3) + moment(4) + (classes - 1) * moment(2, 2));
  return [trace / (classes - 1), square / (classes - 1)];
}

/** p = softmax(s Σ_k contrasts_k h_k), h_k the orthonormal Helmert contrasts (1, …, 1, −k, 0, …)/√(k(k+1)). */
function softmaxOfContrasts(contrasts: Float64Array, deviation: number, probabilities: Float64Array): void {
  const classes = probabilities.length;
  let suffix = 0;
  let largest = -Infinity;
  for (let c = classes - 1; c >= 0; c--) {
    // Class c is the last of contrast c, and among the ones of every later contrast.
    const own = c > 0 ? (-c * contrasts[c - 1]!) / Math.sqrt(c * (c + 1)) : 0;
    probabilities[c] = deviation * (own + suffix);
    if (c > 0) suffix += contrasts[c - 1]! / Math.sqrt(c * (c + 1));
    if (probabilities[c]! > largest) largest = probabilities[c]!;
  }
  let total = 0;
  for (let c = 0; c < classes; c++) total += probabilities[c] = Math.exp(probabilities[c]! - largest);
  for (let c = 0; c < classes; c++) probabilities[c]! /= total;
}
