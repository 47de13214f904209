import type { BlockKind, Complex, DiscreteMeasure } from '../contracts.js';
import type { ComplexRule, ContourMeasure } from '../gmp/contourMeasure.js';
import type { SmoothWeights } from '../gmp/smoothWeights.js';
import { discreteMeasure } from '../measures/index.js';
import { blockKinds } from '../names.js';
import { multiply } from '../numerics/complexArithmetic.js';
import { once } from '../numerics/once.js';
import { requireClasses, requirePositive, requireWord } from '../requirements.js';
import { compressLocally } from './compressLocally.js';
import { condensePath } from './condensePath.js';
import { descentPath, type AnalyticFunction } from './descentPath.js';
import { joinedRules, scaledRule } from './joinedRules.js';
import { pathRule, productRule } from './smoothHiddenWeights.js';

/** Squared error, and the block whose weights are meant. */
export interface NormalResidualWeightsOptions {
  /** C ≥ 2, or Infinity. */
  readonly classes: number;
  /** s² > 0. */
  readonly outputVariance: number;
  readonly block: BlockKind;
}

/**
 * Law of the weight a = r_i r_j, r = f − e_y, of a block of the empirical Fisher matrix G_ij = (1/N) Σ r_i r_j x xᵀ of the linear
 * model under squared error, ½‖f − e_y‖², for C independent outputs f ~ N(0, s²) and labels that are uniform and independent of
 * x (paper-notes.md, empirical Fisher blocks):
 *
 *   diagonal   (f − 1)² with probability 1/C, f² with 1 − 1/C
 *   off it     (f_i − 1) f_j with probability 2/C, f_i f_j with 1 − 2/C: both signs
 *
 * As C → ∞ the weights without a label alone. E a = s² + 1/C on the diagonal and 0 off it.
 * @throws UsageError for C not a whole number ≥ 2 or Infinity, or s² not positive
 */
export function normalResidualWeights({ classes, outputVariance, block }: NormalResidualWeightsOptions): SmoothWeights {
  const caller = 'normalResidualWeights';
  requireClasses(caller, classes);
  requirePositive(caller, 'outputVariance', outputVariance);
  requireWord(caller, 'block', block, blockKinds);
  const deviation = Math.sqrt(outputVariance);
  return block === 'diagonal' ? squares(deviation, 1 / classes) : products(deviation, 2 / classes);
}

/** Steps of the trapezoidal rules on the real axis, which miss the zeros of the weights. */
const lineStep = 0.04;
const planeStep = 0.12;
const reach = 8.5;
const offset = 0.37;
const quadratureNodes = 240;

/** f, or f − 1, of a standard normal x. */
const residual =
  (deviation: number, target: 0 | 1): AnalyticFunction =>
  ({ re, im }: Complex) => ({ re: deviation * re - target, im: deviation * im });

function squares(deviation: number, labelled: number): SmoothWeights {
  const parts = ([0, 1] as const).map((target) => ({ target, share: target === 1 ? labelled : 1 - labelled }));
  const grid = normalGrid(lineStep);
  const quadrature = measureOf(
    parts.flatMap(({ target, share }) =>
      grid.map(({ x, mass }) => ({ weight: (deviation * x - target) ** 2, mass: share * mass })),
    ),
  );
  return {
    quadrature,
    sign: 1,
    path: once((): ContourMeasure => {
      const rules = parts
        .filter(({ share }) => share > 0)
        .map(({ target, share }) => {
          const root = residual(deviation, target);
          const weight: AnalyticFunction = (x) => multiply(root(x), root(x));
          return scaledRule(pathRule(descentPath({ weight, shortest: 0.01, points: 16 })), share);
        });
      return { ...joinedRules(rules), real: quadrature };
    }),
  };
}

function products(deviation: number, labelled: number): SmoothWeights {
  const grid = normalGrid(planeStep);
  const parts = ([0, 1] as const).map((target) => ({ target, share: target === 1 ? labelled : 1 - labelled }));
  const quadrature = measureOf(
    parts.flatMap(({ target, share }) =>
      grid.flatMap((first) =>
        grid.map((second) => ({
          weight: (deviation * first.x - target) * deviation * second.x,
          mass: share * first.mass * second.mass,
        })),
      ),
    ),
  );
  return {
    quadrature,
    sign: 1,
    path: once((): ContourMeasure => {
      const factor = (target: 0 | 1) =>
        descentPath({ weight: residual(deviation, target), shortest: 0.02, modulus: true, points: 12 });
      const other = factor(0);
      const rules = parts
        .filter(({ share }) => share > 0)
        .map(({ target, share }): ComplexRule => scaledRule(productRule(factor(target), other), share));
      const largest = (deviation * reach + 1) * deviation * reach;
      return { ...condensePath(joinedRules(rules)), largest, smallest: -largest, fades: true, real: quadrature };
    }),
  };
}

function normalGrid(step: number): { x: number; mass: number }[] {
  const count = Math.round((2 * reach) / step);
  return Array.from({ length: count }, (_, k) => {
    const x = -reach + (k + offset) * step;
    return { x, mass: (step * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI) };
  });
}

interface Point {
  readonly weight: number;
  readonly mass: number;
}

/** Weights of one sign after the other, each on a few hundred nodes that keep its moments. */
function measureOf(points: readonly Point[]): DiscreteMeasure {
  const sides = ([-1, 1] as const).map((sign) => {
    const own = points.filter(({ weight, mass }) => sign * weight > 0 && mass > 1e-17);
    if (own.length === 0) return { nodes: [], masses: [] };
    const sizes = own.map(({ weight }) => sign * weight);
    const { nodes, masses } = compressLocally(
      sizes,
      own.map(({ mass }) => mass),
      quadratureNodes,
    );
    return { nodes: nodes.map((node) => sign * node), masses };
  });
  const masses = sides.flatMap((side) => side.masses);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return discreteMeasure(
    sides.flatMap((side) => side.nodes),
    masses.map((mass) => mass / total),
  );
}
