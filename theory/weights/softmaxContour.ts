import type { BlockKind, DiscreteMeasure } from '../contracts.js';
import { shiftedRule, type ContourMeasure } from '../gmp/contourMeasure.js';
import { logRatioLaw } from './logRatioLaw.js';
import { pairExcessDensity } from './pairExcessDensity.js';
import type { SoftmaxScaling } from './softmaxMoment.js';

export interface SoftmaxContourOptions {
  readonly classes: number;
  readonly logitVariance: number;
  readonly block: BlockKind;
  readonly scaling: SoftmaxScaling;
}

/** Log-odds this many steps below 0 are far from the largest weight, at 0, and need no folding there. */
const clearance = 10;
/** Masses below this share of the largest are left out of the rule. */
const negligible = 1e-16;

/**
 * The law of |a| for the weight a of a linear cross-entropy block (see `softmaxWeights`, whose result for the same
 * options is `weights`), as a quadrature on a path off the real axis for `continuousMarchenkoPastur`.
 *
 * Diagonal: a = p(1 − p) with log-odds W, folded at its largest value 1/4, where W = 0. Off it: a = (2 + e^T)^{−2}, T
 * of `pairExcessDensity`; two classes have p_1 p_2 = p_1(1 − p_1). The distribution function of the law does not change
 * by more than 1e-12 when the steps are halved.
 */
export function softmaxContour(
  { classes, logitVariance, block, scaling }: SoftmaxContourOptions,
  weights: DiscreteMeasure,
): ContourMeasure {
  const size = { nodes: weights.nodes.map(Math.abs), masses: weights.masses.slice() };
  if (block === 'off-diagonal') {
    size.nodes.reverse();
    size.masses.reverse();
  }
  if (classes === Infinity)
    return { ...trimmed(lognormalRule(block === 'diagonal' ? logitVariance : 2 * logitVariance)), real: size };
  const factor = scaling === 'raw' ? 1 : block === 'diagonal' ? classes : classes * classes;
  const largest = factor / 4;
  const rule = trimmed(
    block === 'diagonal' || classes === 2 ? singleRule(classes, logitVariance) : pairRule(classes, logitVariance),
  );
  return { ...(rule.folded === true ? rule : scaled(rule, factor)), largest, real: size };
}

type Rule = Omit<ContourMeasure, 'real' | 'largest'>;

/** e^{x − variance/2}, x ~ N(0, variance). */
function lognormalRule(variance: number): Rule {
  const deviation = Math.sqrt(variance);
  const step = deviation / 8;
  const points = Array.from({ length: 160 }, (_, k) => -9 * deviation + k * step);
  const masses = points.map((x) => (step * Math.exp((-0.5 * x * x) / variance)) / (deviation * Math.sqrt(2 * Math.PI)));
  return shiftedRule(points, masses, (re, im) => exponential(re - variance / 2, im));
}

/** p(1 − p) by the log-odds W of p. */
function singleRule(classes: number, logitVariance: number): Rule {
  // Fine enough for the density on its own grid, and for the poles 2πi away from those that the path keeps clear of.
  const step = Math.min(0.3, 0.3 * Math.sqrt(logitVariance));
  const { points, density } = logRatioLaw({
    count: classes - 1,
    logitVariance,
    numeratorVariance: logitVariance,
    largestTilt: 4,
    step,
  });
  const first = Math.round(points[0] / step);
  const last = first + points.length - 1;
  if (last < -clearance) {
    return shiftedRule(
      points,
      density.map((value) => step * value),
      (re, im) => inverseOf(2 + 2 * Math.cosh(re) * Math.cos(im), 2 * Math.sinh(re) * Math.sin(im)),
    );
  }
  // Q = e^W in place of the weight, with the mean of the densities of W and −W.
  const reach = Math.max(-first, last);
  const masses = new Float64Array(2 * reach + 1);
  density.forEach((value, k) => {
    masses[reach + first + k] += 0.5 * step * value;
    masses[reach - first - k] += 0.5 * step * value;
  });
  const grid = Float64Array.from(masses, (_, k) => (k - reach) * step);
  return { ...shiftedRule(grid, masses, exponential, 1), folded: true };
}

/** p_i p_j by `pairExcessDensity`, C ≥ 3. */
export function pairRule(classes: number, logitVariance: number): Rule {
  // The poles that the path must keep clear of come as near as iπ/2.
  const step = Math.min(0.17, 0.2 * Math.sqrt(logitVariance));
  const { points, density } = pairExcessDensity({ classes, logitVariance, step });
  const weightAt = (re: number, im: number): { re: number; im: number } => {
    const excess = exponential(re, im);
    const sum = 2 + excess.re;
    return inverseOf(sum * sum - excess.im * excess.im, 2 * sum * excess.im);
  };
  return shiftedRule(
    points,
    density.map((value) => value * step),
    weightAt,
    1,
  );
}

function exponential(re: number, im: number): { re: number; im: number } {
  const size = Math.exp(re);
  return { re: size * Math.cos(im), im: size * Math.sin(im) };
}

function inverseOf(re: number, im: number): { re: number; im: number } {
  const modulus = re * re + im * im;
  return { re: re / modulus, im: -im / modulus };
}

function trimmed(rule: Rule): Rule {
  const sizes = rule.massesRe.map((re, k) => Math.hypot(re, rule.massesIm[k]));
  const floor = negligible * sizes.reduce((largest, size) => Math.max(largest, size), 0);
  const kept = (_: number, k: number): boolean => sizes[k] >= floor;
  return {
    ...rule,
    nodesRe: rule.nodesRe.filter(kept),
    nodesIm: rule.nodesIm.filter(kept),
    massesRe: rule.massesRe.filter(kept),
    massesIm: rule.massesIm.filter(kept),
  };
}

function scaled(rule: Rule, factor: number): Rule {
  return {
    ...rule,
    nodesRe: rule.nodesRe.map((node) => node * factor),
    nodesIm: rule.nodesIm.map((node) => node * factor),
  };
}
