import type { ActivationName, BlockKind, Complex, DiscreteMeasure } from '../contracts.js';
import type { SmoothWeights, WeightLaw } from '../gmp/index.js';
import { discreteMeasure } from '../measures/index.js';
import { activationFunctions, complexActivation } from '../network/activationFunctions.js';
import { uniformTiltedVariance, type ReadoutEntry } from '../network/readoutEntry.js';
import { add, multiply } from '../numerics/complexArithmetic.js';
import { weightsOfOneVariable, weightsOfProduct } from './smoothHiddenWeights.js';

/** Trapezoidal rules in standard normals: steps fine enough for tanh's poles at variance 2, out to 8.5 deviations. */
const lineStep = 0.05;
const planeStep = 0.15;
const limitInDeviations = 8.5;
const dust = 1e-9;

/**
 * Law of the hidden cross-entropy weight on the diagonal as C → ∞: κ″(h)σ′(u)² + (κ′(h) − v)σ″(u), u ~ N(0,
 * hiddenFactor), h = σ(u), v an independent entry of V (a uniform label's), κ the entry's cumulant function. For ReLU
 * and normal V: Var v times a gate; for ReLU and uniform V smooth on one half of the mass. For a smooth activation a
 * product rule in u and v: points of a law of two variables, not its density.
 */
export function hiddenCeLimitWeights(name: ActivationName, hiddenFactor: number, entry: ReadoutEntry): WeightLaw {
  const activation = activationFunctions(name);
  const deviation = Math.sqrt(hiddenFactor);
  if (activation.gated && entry.distribution === 'normal') return discreteMeasure([0, entry.variance], [0.5, 0.5]);
  const nodes: number[] = [];
  const masses: number[] = [];
  if (activation.gated) {
    // Midpoints of the open half; the law is smooth in u there.
    for (let u = lineStep / 2; u < limitInDeviations; u += lineStep) {
      nodes.push(entry.tiltedVariance(deviation * u));
      masses.push(Math.exp(-0.5 * u * u));
    }
    const half = masses.reduce((sum, mass) => sum + mass, 0);
    const quadrature = discreteMeasure([0, ...nodes], [0.5, ...masses.map((mass) => (0.5 * mass) / half)]);
    // κ″ is even: one half of the normal law gives the weight the same law as the whole.
    const tilted = uniformTiltedVariance(entry.variance);
    return weightsOfOneVariable((x) => tilted({ re: deviation * x.re, im: deviation * x.im }), quadrature, 0.5);
  }
  const labels = entryRule(entry);
  for (let x = -limitInDeviations; x <= limitInDeviations; x += planeStep) {
    const u = deviation * x;
    const h = activation.value(u);
    const base = entry.tiltedVariance(h) * activation.first(u) ** 2 + entry.mean(h) * activation.second(u);
    for (const { node, mass } of labels) {
      nodes.push(base - node * activation.second(u));
      masses.push(mass * Math.exp(-0.5 * x * x));
    }
  }
  return normalised(nodes, masses);
}

/** A node of the quadrature over the standard normal coordinates of a block's own units. */
export interface LimitNode {
  readonly weight: number;
  readonly mass: number;
  readonly x: number;
  /** Of the second unit; 0 on the diagonal. */
  readonly y: number;
}

/**
 * The hidden squared-error weight in units of v_i·v_j, C → ∞ on the diagonal, σ′² + hσ″ there, σ′σ′ off it, with where
 * it is taken; masses sum to 1.
 */
export function hiddenMseLimitNodes(name: ActivationName, hiddenFactor: number, block: BlockKind): LimitNode[] {
  const activation = activationFunctions(name);
  const deviation = Math.sqrt(hiddenFactor);
  const found: LimitNode[] = [];
  const step = block === 'diagonal' ? lineStep : planeStep;
  for (let x = -limitInDeviations; x <= limitInDeviations; x += step) {
    const u = deviation * x;
    const mass = Math.exp(-0.5 * x * x);
    const slope = activation.first(u);
    if (block === 'diagonal') {
      found.push({ weight: slope * slope + activation.value(u) * activation.second(u), mass, x, y: 0 });
      continue;
    }
    for (let y = -limitInDeviations; y <= limitInDeviations; y += step) {
      found.push({ weight: slope * activation.first(deviation * y), mass: mass * Math.exp(-0.5 * y * y), x, y });
    }
  }
  const total = found.reduce((sum, { mass }) => sum + mass, 0);
  return found.map((node) => ({ ...node, mass: node.mass / total }));
}

/**
 * Law of the hidden squared-error weight of a smooth activation in units of v_i·v_j, C → ∞ on the diagonal: σ′² + hσ″
 * there, σ′σ′ off it.
 */
export function hiddenMseLimitWeights(name: ActivationName, hiddenFactor: number, block: BlockKind): SmoothWeights {
  const nodes = hiddenMseLimitNodes(name, hiddenFactor, block);
  const largest = nodes.reduce((top, { weight }) => Math.max(top, Math.abs(weight)), 0);
  // Tails of the activation leave a dust of weights next to 0, of no consequence for any sum.
  const quadrature = discreteMeasure(
    nodes.map(({ weight }) => (Math.abs(weight) < dust * largest ? 0 : weight)),
    nodes.map(({ mass }) => mass),
  );
  const activation = complexActivation(name);
  const deviation = Math.sqrt(hiddenFactor);
  const preactivation = ({ re, im }: Complex): Complex => ({ re: deviation * re, im: deviation * im });
  if (block === 'off-diagonal') return weightsOfProduct((x) => activation.first(preactivation(x)), quadrature);
  return weightsOfOneVariable((x) => {
    const u = preactivation(x);
    const slope = activation.first(u);
    return add(multiply(slope, slope), multiply(activation.value(u), activation.second(u)));
  }, quadrature);
}

/** A rule for one entry of V: trapezoidal for the normal, midpoints for the uniform law. */
function entryRule(entry: ReadoutEntry): { node: number; mass: number }[] {
  const spread = Math.sqrt(entry.variance);
  if (entry.distribution === 'uniform') {
    const bound = Math.sqrt(3) * spread;
    return Array.from({ length: 100 }, (_, k) => ({ node: bound * ((k + 0.5) / 50 - 1), mass: 0.01 }));
  }
  const rule: { node: number; mass: number }[] = [];
  for (let x = -limitInDeviations; x <= limitInDeviations; x += planeStep) {
    rule.push({ node: spread * x, mass: (planeStep * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI) });
  }
  return rule;
}

function normalised(nodes: readonly number[], masses: readonly number[]): DiscreteMeasure {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return discreteMeasure(
    nodes,
    masses.map((mass) => mass / total),
  );
}
