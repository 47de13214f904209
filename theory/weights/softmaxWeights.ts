import type { BlockKind, DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { ContourMeasure } from '../gmp/contourMeasure.js';
import type { SmoothWeights } from '../gmp/smoothWeights.js';
import { blockKinds } from '../names.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { compressLocally } from './compressLocally.js';
import { logRatioLaw } from './logRatioLaw.js';
import { requireClasses, requireLogitVariance, requireWord } from '../requirements.js';
import { softmaxContour } from './softmaxContour.js';
import type { SoftmaxScaling } from './softmaxMoment.js';

/** The softmax, and the block whose weights are meant. */
export interface SoftmaxWeightsOptions {
  /** C ≥ 2, or Infinity with scaling 'rate'. */
  readonly classes: number;
  /** s² in (0, 4]. */
  readonly logitVariance: number;
  readonly block: BlockKind;
  /** 'rate' multiplies the weight by C on the diagonal and by C² off it, which has a limit as C → ∞. Default 'raw'. */
  readonly scaling?: SoftmaxScaling;
}

/**
 * Law of the weight of a linear cross-entropy block: a = p(1 − p) on the diagonal, a = −p_i p_j off it (negative), for
 * C independent logits of variance s² (paper-notes.md, softmax weights); at C = ∞ the laws of e^{z − s²/2} and −e^{z +
 * z′ − s²}.
 *
 * Diagonal: the log-odds W of one class have an entire density, so the trapezoidal rule in W is a quadrature of the
 * law. Off it, a = −(2 cosh v + e^{−W})^{−2} with v half the difference of the two logits and W the log-ratio of their
 * geometric mean to the others. Moments of `quadrature` to order 8 agree with `softmaxWeightMoment` to 1e-10 relative.
 * The cost does not depend on C. The law of the same options is made once.
 * @throws UsageError for C not a whole number ≥ 2, s² outside (0, 4], or Infinity without scaling 'rate'.
 */
export function softmaxWeights(options: SoftmaxWeightsOptions): SmoothWeights {
  const { classes, logitVariance, block, scaling = 'raw' } = options;
  requireClasses('softmaxWeights', classes);
  requireLogitVariance('softmaxWeights', logitVariance);
  requireWord('softmaxWeights', 'block', block, blockKinds);
  if (classes === Infinity && scaling !== 'rate') {
    throw new UsageError("softmaxWeights: classes = Infinity has a limit only with scaling 'rate', got 'raw'");
  }
  const key = [classes, logitVariance, block, scaling].join(' ');
  let law = made.get(key);
  if (law === undefined) {
    if (made.size >= lawsKept) made.delete(made.keys().next().value as string);
    const quadrature = softmaxQuadrature({ classes, logitVariance, block, scaling }, quadratureNodes);
    let path: ContourMeasure | undefined;
    law = {
      quadrature,
      sign: block === 'diagonal' ? 1 : -1,
      path: () => (path ??= softmaxContour({ classes, logitVariance, block, scaling }, quadrature)),
    };
    made.set(key, law);
  }
  return law;
}

const quadratureNodes = 240;
const lawsKept = 100;
const made = new Map<string, SmoothWeights>();

/** The law on about as many real nodes as are asked for; twice as many show whether a sum over them has converged. */
export function softmaxQuadrature(
  { classes, logitVariance, block, scaling = 'raw' }: SoftmaxWeightsOptions,
  nodes: number,
): DiscreteMeasure {
  const law = sizeOfWeight(classes, logitVariance, block, nodes);
  const sign = block === 'diagonal' ? 1 : -1;
  const factor = scaling === 'raw' || classes === Infinity ? sign : block === 'diagonal' ? classes : -classes * classes;
  return normalised(
    law.nodes.map((node) => factor * node),
    law.masses,
  );
}

interface SizeLaw {
  nodes: number[];
  masses: number[];
}

/** Law of |a|. */
function sizeOfWeight(classes: number, logitVariance: number, block: BlockKind, nodes: number): SizeLaw {
  if (classes === Infinity) return lognormalSize(block === 'diagonal' ? logitVariance : 2 * logitVariance, nodes);
  const half = logitVariance / 2;
  // With two classes p(1 − p) = p_1 p_2 = (2 cosh v)^{−2}, v half the difference of the logits.
  if (classes === 2) {
    const grid = normalGrid(half, nodes);
    return { nodes: grid.points.map((v) => (2 * Math.cosh(v)) ** -2), masses: grid.masses };
  }
  if (block === 'diagonal') {
    const step = ((16 + 6 * Math.sqrt(logitVariance)) * Math.min(1, Math.sqrt(logitVariance))) / nodes;
    const { points, density } = logRatioLaw({
      count: classes - 1,
      logitVariance,
      numeratorVariance: logitVariance,
      largestTilt: 8,
      step,
    });
    return trimmed({
      nodes: Array.from(points, (w) => 1 / ((1 + Math.exp(w)) * (1 + Math.exp(-w)))),
      masses: Array.from(density, (value) => value * step),
    });
  }
  // As many points of the product for each node, however many nodes are asked for.
  const step = Math.min(0.12, Math.sqrt(half) / 4) * Math.min(1, Math.sqrt(240 / nodes));
  const ratio = logRatioLaw({
    count: classes - 2,
    logitVariance,
    numeratorVariance: half,
    largestTilt: 16,
    step,
  });
  const gap = halfNormalGrid(half, step);
  const product: SizeLaw = { nodes: [], masses: [] };
  for (let i = 0; i < ratio.points.length; i += 1) {
    const others = Math.exp(-ratio.points[i]);
    for (let j = 0; j < gap.points.length; j += 1) {
      product.nodes.push((2 * Math.cosh(gap.points[j]) + others) ** -2);
      product.masses.push(ratio.density[i] * step * gap.masses[j]);
    }
  }
  const kept = trimmed(product);
  return compressLocally(kept.nodes, kept.masses, nodes);
}

/** Drops the nodes that change no moment of order 0 to 8 by more than about a relative 1e-15. */
function trimmed(law: SizeLaw): SizeLaw {
  const orders = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const logNodes = law.nodes.map(Math.log);
  const logMasses = law.masses.map(Math.log);
  const logFloors = orders.map((order) => {
    let top = -Infinity;
    for (let k = 0; k < logNodes.length; k += 1) top = Math.max(top, logMasses[k] + order * logNodes[k]);
    return top - 43;
  });
  const kept: SizeLaw = { nodes: [], masses: [] };
  for (let k = 0; k < logNodes.length; k += 1) {
    if (orders.every((order) => logMasses[k] + order * logNodes[k] < logFloors[order])) continue;
    kept.nodes.push(law.nodes[k]);
    kept.masses.push(law.masses[k]);
  }
  return kept;
}

/** e^{x − variance/2}, x ~ N(0, variance): the limit of C p, and of C² p p′ with twice the variance. */
function lognormalSize(variance: number, nodes: number): SizeLaw {
  const grid = normalGrid(variance, nodes, 8);
  return { nodes: grid.points.map((x) => Math.exp(x - variance / 2)), masses: grid.masses };
}

/** Trapezoidal rule of N(0, variance), wide enough on the right for moments of e^{x} to order `tilt`. */
function normalGrid(variance: number, nodes: number, tilt = 0): { points: number[]; masses: number[] } {
  const deviation = Math.sqrt(variance);
  const lower = -9 * deviation;
  const upper = 9 * deviation + tilt * variance;
  const step = (upper - lower) / (nodes - 1);
  const points = Array.from({ length: nodes }, (_, k) => lower + k * step);
  return {
    points,
    masses: points.map((x) => (step * Math.exp((-0.5 * x * x) / variance)) / Math.sqrt(2 * Math.PI * variance)),
  };
}

/** Trapezoidal rule of |v|, v ~ N(0, variance): an even integrand needs the positive half only. */
function halfNormalGrid(variance: number, step: number): { points: number[]; masses: number[] } {
  const points = Array.from({ length: Math.ceil((9 * Math.sqrt(variance)) / step) }, (_, k) => k * step);
  return {
    points,
    masses: points.map(
      (v, k) => ((k === 0 ? 1 : 2) * step * Math.exp((-0.5 * v * v) / variance)) / Math.sqrt(2 * Math.PI * variance),
    ),
  };
}

function normalised(nodes: readonly number[], masses: readonly number[]): DiscreteMeasure {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return discreteMeasure(
    nodes,
    masses.map((mass) => mass / total),
  );
}
