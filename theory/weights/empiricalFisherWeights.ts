import type { BlockKind, DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { shiftedRule, type ComplexRule, type ContourMeasure } from '../gmp/contourMeasure.js';
import type { SmoothWeights } from '../gmp/smoothWeights.js';
import { discreteMeasure, scaleMeasure } from '../measures/index.js';
import { blockKinds } from '../names.js';
import { divide, multiply } from '../numerics/complexArithmetic.js';
import { once } from '../numerics/once.js';
import { requireClasses, requireLogitVariance, requireWord } from '../requirements.js';
import { joinedRules, scaledRule } from './joinedRules.js';
import { labelledPairNodes, labelledPairRule } from './labelledPair.js';
import { logRatioLaw } from './logRatioLaw.js';
import { pairRule } from './softmaxContour.js';
import { softmaxQuadrature } from './softmaxWeights.js';

/** The softmax, and the block whose weights are meant. */
export interface EmpiricalFisherWeightsOptions {
  /** C ≥ 2, finite. */
  readonly classes: number;
  /** s² in (0, 4]. */
  readonly logitVariance: number;
  readonly block: BlockKind;
}

/**
 * Law of the weight a = r_i r_j, r = p − e_y, of a block of the empirical Fisher matrix G = (1/N) Σ ∂ℓ_n ∂ℓ_nᵀ of the linear
 * model under cross-entropy: G_ij = (1/N) Σ r_i r_j x xᵀ, for C independent logits of variance s² and labels that are uniform
 * and independent of x (paper-notes.md, empirical Fisher blocks):
 *
 *   diagonal   (1 − p)² with probability 1/C, p² with 1 − 1/C
 *   off it     −(1 − p_i) p_j with probability 2/C, p_i p_j with 1 − 2/C: both signs
 *
 * With two classes r_2 = −r_1, and the weights off the diagonal are those on it, negated. Moments of `quadrature` to order 8
 * agree with sums of `softmaxMoment` to 1e-9 relative, the spectral law from `path` with that of 4000 real nodes where those
 * serve. As C → ∞ a share 1/C of the samples carries all of E a, at a scale of its own: there is no one limit law.
 * @throws UsageError for C not a whole number ≥ 2, or s² outside (0, 4]
 */
export function empiricalFisherWeights({
  classes,
  logitVariance,
  block,
}: EmpiricalFisherWeightsOptions): SmoothWeights {
  const caller = 'empiricalFisherWeights';
  requireClasses(caller, classes);
  if (classes === Infinity)
    throw new UsageError(
      `${caller}: classes must be finite: as C → ∞ a share 1/C of the samples carries the mean of G`,
    );
  requireLogitVariance(caller, logitVariance);
  requireWord(caller, 'block', block, blockKinds);
  const law = { classes, logitVariance };
  if (block === 'diagonal' || classes === 2) {
    const quadrature = singleQuadrature(law, quadratureNodes);
    const path = once((): ContourMeasure => ({ ...singlePath(law), largest: 1, real: quadrature }));
    return block === 'diagonal'
      ? { quadrature, sign: 1, path }
      : { quadrature: scaleMeasure(quadrature, -1), sign: -1, path };
  }
  const quadrature = pairQuadrature(law, quadratureNodes);
  return {
    quadrature,
    sign: 1,
    path: once((): ContourMeasure => ({
      ...pairPath(law),
      largest: 1 / 4,
      smallest: -1,
      fades: true,
      real: quadrature,
    })),
  };
}

const quadratureNodes = 240;

interface SoftmaxLaw {
  readonly classes: number;
  readonly logitVariance: number;
}

/** p² and (1 − p)² on a path below the axis, by the log-odds of p: the one grows with them, the other falls. */
function singlePath({ classes, logitVariance }: SoftmaxLaw): ComplexRule {
  // p² is a negative number as near as iπ/2.
  const step = Math.min(0.17, 0.2 * Math.sqrt(logitVariance));
  const { points, density } = logOdds({ classes, logitVariance }, step);
  const rule = (share: number, sign: 1 | -1): ComplexRule =>
    shiftedRule(
      points,
      density.map((value) => share * step * value),
      (re, im) => squaredShare(sign * re, sign * im),
      sign === 1 ? -1 : 1,
    );
  return joinedRules([rule(1 - 1 / classes, 1), rule(1 / classes, -1)]);
}

/** (1/(1 + e^{−W}))². */
function squaredShare(re: number, im: number): { re: number; im: number } {
  // Of e^{|W|}, so that nothing overflows.
  const size = Math.exp(-Math.abs(re));
  const small = { re: size * Math.cos(im), im: (re < 0 ? 1 : -1) * size * Math.sin(im) };
  const share = divide(re < 0 ? small : { re: 1, im: 0 }, { re: 1 + small.re, im: small.im });
  return multiply(share, share);
}

function singleQuadrature(law: SoftmaxLaw, nodes: number): DiscreteMeasure {
  const { classes, logitVariance } = law;
  const step = ((16 + 6 * Math.sqrt(logitVariance)) * Math.min(1, Math.sqrt(logitVariance))) / nodes;
  const { points, density } = logOdds(law, step);
  const squares = (sign: 1 | -1): number[] => Array.from(points, (w) => squaredShare(sign * w, 0).re);
  const masses = (share: number): number[] => Array.from(density, (value) => share * step * value);
  return normalised([...squares(1), ...squares(-1)], [...masses(1 - 1 / classes), ...masses(1 / classes)]);
}

function logOdds({ classes, logitVariance }: SoftmaxLaw, step: number) {
  return logRatioLaw({
    count: classes - 1,
    logitVariance,
    numeratorVariance: logitVariance,
    largestTilt: 16,
    step,
  });
}

function pairPath(law: SoftmaxLaw): ComplexRule {
  const { classes, logitVariance } = law;
  const missed = labelledPairRule(law);
  // −b runs below the axis where b runs above it.
  const negative = {
    nodesRe: missed.nodesRe.map((node) => -node),
    nodesIm: missed.nodesIm,
    massesRe: missed.massesRe.map((mass) => (2 / classes) * mass),
    massesIm: missed.massesIm.map((mass) => (-2 / classes) * mass),
  };
  return joinedRules([negative, scaledRule(pairRule(classes, logitVariance), 1 - 2 / classes)]);
}

function pairQuadrature(law: SoftmaxLaw, nodes: number): DiscreteMeasure {
  const { classes } = law;
  const missed = labelledPairNodes(law, nodes);
  const both = softmaxQuadrature({ ...law, block: 'off-diagonal' }, nodes);
  return normalised(
    [...missed.nodes.map((node) => -node), ...Array.from(both.nodes, (node) => -node)],
    [
      ...missed.masses.map((mass) => (2 / classes) * mass),
      ...Array.from(both.masses, (mass) => (1 - 2 / classes) * mass),
    ],
  );
}

function normalised(nodes: readonly number[], masses: readonly number[]): DiscreteMeasure {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return discreteMeasure(
    nodes,
    masses.map((mass) => mass / total),
  );
}
