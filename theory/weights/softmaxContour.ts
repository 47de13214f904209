import type { BlockKind } from '../contracts.js';
import { shiftedRule, type ContourMeasure } from '../gmp/contourMeasure.js';
import { logRatioLaw } from './logRatioLaw.js';
import { softmaxWeights } from './softmaxWeights.js';
import type { SoftmaxScaling } from './softmaxMoment.js';

export interface SoftmaxContourOptions {
  readonly classes: number;
  readonly logitVariance: number;
  readonly block: BlockKind;
  readonly scaling: SoftmaxScaling;
}

/** Fewer classes have weights that end where they are still frequent; real nodes describe them well and a path does not. */
const fewestClasses = { diagonal: 30, 'off-diagonal': 8 };
/** Masses below this share of the largest are left out of the rule. */
const negligible = 1e-16;

/**
 * The law of |a| for the weight a of a linear cross-entropy block (see `softmaxWeights`), as a quadrature on a path off the real
 * axis for `continuousMarchenkoPastur`; undefined for so few classes that real nodes are the better description.
 */
export function softmaxContour({ classes, logitVariance, block, scaling }: SoftmaxContourOptions): ContourMeasure | undefined {
  if (classes < fewestClasses[block]) return undefined;
  const real = softmaxWeights({ classes, logitVariance, block, scaling });
  const size = { nodes: real.nodes.map(Math.abs), masses: real.masses };
  if (block === 'off-diagonal') {
    size.nodes.reverse();
    size.masses.reverse();
  }
  const factor = scaling === 'raw' || classes === Infinity ? 1 : block === 'diagonal' ? classes : classes * classes;
  const rule = classes === Infinity ? lognormalRule(block === 'diagonal' ? logitVariance : 2 * logitVariance) : finiteRule(classes, logitVariance, block);
  return { ...scaled(trimmed(rule), factor), real: size };
}

type Rule = Omit<ContourMeasure, 'real'>;

/** e^{x − variance/2}, x ~ N(0, variance). */
function lognormalRule(variance: number): Rule {
  const deviation = Math.sqrt(variance);
  const step = deviation / 8;
  const points = Array.from({ length: 160 }, (_, k) => -9 * deviation + k * step);
  const masses = points.map((x) => (step * Math.exp((-0.5 * x * x) / variance)) / (deviation * Math.sqrt(2 * Math.PI)));
  return shiftedRule(points, masses, (re, im) => {
    const size = Math.exp(re - variance / 2);
    return { re: size * Math.cos(im), im: size * Math.sin(im) };
  });
}

function finiteRule(classes: number, logitVariance: number, block: BlockKind): Rule {
  const half = logitVariance / 2;
  if (block === 'diagonal') {
    const step = Math.min(0.12, Math.sqrt(logitVariance) / 8);
    const { points, density } = logRatioLaw({ count: classes - 1, logitVariance, numeratorVariance: logitVariance, largestTilt: 8, step });
    // 1/((1 + e^W)(1 + e^{−W})) increases up to W = 0 and decreases beyond.
    return shiftedRule(
      points,
      density.map((value) => value * step),
      (re, im) => inverseOf(2 + 2 * Math.cosh(re) * Math.cos(im), 2 * Math.sinh(re) * Math.sin(im)),
      (v) => ({ share: -Math.tanh(v), slope: -(Math.cosh(v) ** -2) }),
    );
  }
  const step = Math.min(0.16, Math.sqrt(half) / 4);
  const ratio = logRatioLaw({ count: classes - 2, logitVariance, numeratorVariance: half, largestTilt: 16, step });
  const shiftedIm = new Float64Array(ratio.points.length);
  let index = 0;
  const along = shiftedRule(
    ratio.points,
    ratio.density.map((value) => value * step),
    (re, im) => {
      shiftedIm[index++] = im;
      return { re, im };
    },
  );
  const gapStep = Math.min(0.3, Math.sqrt(half) / 4);
  const gaps = Math.ceil((8.5 * Math.sqrt(half)) / gapStep);
  const length = ratio.points.length * gaps;
  const rule = {
    nodesRe: new Float64Array(length),
    nodesIm: new Float64Array(length),
    massesRe: new Float64Array(length),
    massesIm: new Float64Array(length),
  };
  let at = 0;
  for (let i = 0; i < ratio.points.length; i++) {
    const others = Math.exp(-ratio.points[i]);
    for (let j = 0; j < gaps; j++) {
      const v = j * gapStep;
      const mass = ((j === 0 ? 1 : 2) * gapStep * Math.exp((-0.5 * v * v) / half)) / Math.sqrt(2 * Math.PI * half);
      const re = 2 * Math.cosh(v) + others * Math.cos(shiftedIm[i]);
      const im = -others * Math.sin(shiftedIm[i]);
      const node = inverseOf(re * re - im * im, 2 * re * im);
      rule.nodesRe[at] = node.re;
      rule.nodesIm[at] = node.im;
      rule.massesRe[at] = along.massesRe[i] * mass;
      rule.massesIm[at++] = along.massesIm[i] * mass;
    }
  }
  return rule;
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
    nodesRe: rule.nodesRe.filter(kept),
    nodesIm: rule.nodesIm.filter(kept),
    massesRe: rule.massesRe.filter(kept),
    massesIm: rule.massesIm.filter(kept),
  };
}

function scaled(rule: Rule, factor: number): Rule {
  return { ...rule, nodesRe: rule.nodesRe.map((node) => node * factor), nodesIm: rule.nodesIm.map((node) => node * factor) };
}
