import type { Complex } from '../contracts.js';
import type { ComplexRule } from '../gmp/contourMeasure.js';
import { divide, multiply } from '../numerics/complexArithmetic.js';
import { complexNormalDensity } from '../numerics/complexFunctions.js';
import { compressLocally } from './compressLocally.js';
import { condensePath } from './condensePath.js';
import { logRatioLaw } from './logRatioLaw.js';

/**
 * Law of b = (1 − p_i) p_j, the size of the product of the residuals of classes i and j at a sample whose label is i, for C ≥
 * 3 independent logits of variance s².
 *
 * With v ~ N(0, s²/2) half the difference of the two logits, and W the log-ratio of their geometric mean to the sum of the
 * others (`logRatioLaw`), which are independent, A = e^{W + v} and B = e^{W − v} are the odds of the two against the others,
 * and b = B(1 + B)/(1 + A + B)². At each W it falls as v grows, like e^{−4v} at the steepest: so v is moved off the axis, by
 * half the distance π/4 at which b may be a negative number, and W is left on it, in which log b is nowhere steeper.
 */
export interface LabelledPairOptions {
  /** C ≥ 3. */
  readonly classes: number;
  readonly logitVariance: number;
}

/** 4.5 steps off the axis, the shift of `shiftedRule`, are π/8 at this step, where the rule has relative error 5e-13. */
const largestStep = Math.PI / 36;
const shiftInSteps = 4.5;
const reach = 11;
/** Masses below this are left out: on the path beside 1, on real nodes beside moments to order 8 of rare large ones. */
const negligible = 1e-17;
const negligibleNode = 1e-28;

/** b on a path below the real axis. */
export function labelledPairRule(options: LabelledPairOptions): ComplexRule {
  const { ratio, deviation, step } = gridOf(options, 1);
  const shift = shiftInSteps * step;
  const columns: { odds: Complex; mass: Complex }[] = [];
  const count = Math.ceil((reach * deviation) / step);
  for (let k = -count; k <= count; k++) {
    const v = k * step;
    const { re, im } = complexNormalDensity({ re: v / deviation, im: shift / deviation });
    const share = step / deviation;
    // e^v.
    const size = Math.exp(v);
    const odds = { re: size * Math.cos(shift), im: size * Math.sin(shift) };
    columns.push({ odds, mass: { re: share * re, im: share * im } });
  }
  const found = {
    nodesRe: [] as number[],
    nodesIm: [] as number[],
    massesRe: [] as number[],
    massesIm: [] as number[],
  };
  ratio.points.forEach((w, row) => {
    const own = ratio.step * ratio.density[row];
    const geometric = Math.exp(w);
    for (const { odds, mass } of columns) {
      if (own * Math.hypot(mass.re, mass.im) < negligible) continue;
      const { re, im } = labelledPair(geometric, odds);
      found.nodesRe.push(re);
      found.nodesIm.push(Math.min(im, 0));
      found.massesRe.push(own * mass.re);
      found.massesIm.push(own * mass.im);
    }
  });
  return condensePath({
    nodesRe: Float64Array.from(found.nodesRe),
    nodesIm: Float64Array.from(found.nodesIm),
    massesRe: Float64Array.from(found.massesRe),
    massesIm: Float64Array.from(found.massesIm),
  });
}

/** b on about as many real nodes as are asked for. */
export function labelledPairNodes(options: LabelledPairOptions, nodes: number): { nodes: number[]; masses: number[] } {
  const { ratio, deviation, step } = gridOf(options, Math.sqrt(240 / nodes));
  const values: number[] = [];
  const masses: number[] = [];
  const count = Math.ceil((reach * deviation) / step);
  ratio.points.forEach((w, row) => {
    for (let k = -count; k <= count; k++) {
      const v = k * step;
      const mass =
        (ratio.step * ratio.density[row] * step * Math.exp(-0.5 * (v / deviation) ** 2)) /
        (deviation * Math.sqrt(2 * Math.PI));
      if (mass < negligibleNode) continue;
      values.push(labelledPair(Math.exp(w), { re: Math.exp(v), im: 0 }).re);
      masses.push(mass);
    }
  });
  return compressLocally(values, masses, nodes);
}

function gridOf({ classes, logitVariance }: LabelledPairOptions, coarseness: number) {
  const half = logitVariance / 2;
  const deviation = Math.sqrt(half);
  const step = coarseness * Math.min(largestStep, 0.25 * deviation);
  const ratio = logRatioLaw({ count: classes - 2, logitVariance, numeratorVariance: half, largestTilt: 8, step });
  return { ratio, deviation, step };
}

/** B(1 + B)/(1 + A + B)² with A = g·e^v, B = g·e^{−v}, over g² where that is large. */
function labelledPair(geometric: number, odds: Complex): Complex {
  const scale = Math.max(1, geometric);
  const one = 1 / scale;
  const share = geometric / scale;
  const a = { re: share * odds.re, im: share * odds.im };
  const b = divide({ re: share, im: 0 }, odds);
  const total = { re: one + a.re + b.re, im: a.im + b.im };
  return divide(multiply(b, { re: one + b.re, im: b.im }), multiply(total, total));
}
