import { activationFunctions } from '../network/activationFunctions.js';
import { featurePairs } from './featurePairs.js';
import type { FiniteRatioOptions } from './hiddenCeLimit.js';
import { forEachIntegrationPoint } from '../numerics/integrationPoints.js';
import type { logSumTable } from './logSumTable.js';
import type { Unit } from '../network/unitExpectations.js';
import { weightPairDrawing } from './weightPairDrawing.js';
import { weightCovariance, weightMeans, type BlockAverages } from './weightProduct.js';

/** Expectations over one input and V. */
export interface SingleInputAverages {
  /** E[a²]. */
  readonly square: BlockAverages;
  /** E[a]. */
  readonly mean: BlockAverages;
}

/**
 * E[a²] and E[a] of hidden cross-entropy weights for normal V: for ReLU one exact value, for other activations one from
 * each of sixteen sets of points.
 */
export function singleInputAverages(
  options: FiniteRatioOptions,
  table: ReturnType<typeof logSumTable>,
): SingleInputAverages[] {
  const { width } = options;
  if (activationFunctions(options.activation).gated) {
    const sums = new Sums();
    forEachOpenGates(options, (units, masses) => sums.add(units, masses, options, table));
    return [sums.value];
  }
  const inputs = featurePairs(weightPairDrawing({ ...options, inputs: 'one' }));
  const points =
    2 ** Math.max(10, Math.min(13, Math.round(Math.log2(options.effort / (groups * 20 * (300 + 40 * width))))));
  return Array.from({ length: groups }, (_, shift) => {
    const sums = new Sums();
    forEachIntegrationPoint({ uniforms: inputs.uniforms, normals: 0, points, shift }, (uniform) =>
      inputs.forEachWay(uniform, ({ own, share }) => {
        const mass = share / points;
        sums.add(own, { square: mass, mean: mass }, options, table);
      }),
    );
    return sums.value;
  });
}

const groups = 16;

/** Of an input, in the expectations of the squares and of the weights themselves. */
interface Masses {
  readonly square: number;
  readonly mean: number;
}

class Sums {
  private squareOff = 0;
  private squareDiagonal = 0;
  private meanOff = 0;
  private meanDiagonal = 0;

  add(
    units: readonly Unit[],
    masses: Masses,
    { entry, classes }: FiniteRatioOptions,
    table: ReturnType<typeof logSumTable>,
  ): void {
    let variance = 0;
    let curvature = 0;
    for (const { h, curvature: bend } of units) {
      variance += entry.variance * h * h;
      curvature += (bend * bend) / units.length;
    }
    const logSum = table(variance);
    const covariance = weightCovariance(units, units, entry.variance, classes, logSum);
    const { mean, square } = weightMeans(units, entry.variance, logSum);
    // The label's own entry of V about the mean over classes.
    const label = entry.variance * (1 - 1 / classes) * curvature;
    this.squareOff += masses.square * (covariance.off + square.off);
    this.squareDiagonal += masses.square * (covariance.diagonal + square.diagonal + label);
    this.meanOff += masses.mean * mean.off;
    this.meanDiagonal += masses.mean * mean.diagonal;
  }

  get value(): SingleInputAverages {
    return {
      square: { off: this.squareOff, diagonal: this.squareDiagonal },
      mean: { off: this.meanOff, diagonal: this.meanDiagonal },
    };
  }
}

/**
 * ReLU's input as a rule: the number L of open gates is binomial, |u|² over them ωχ²_L, their direction uniform. Two
 * directions do, all coordinates alike and one coordinate alone. Squares of weights are of degree 2 in the squares of the
 * direction's coordinates and take masses L/(L + 2) and 2/(L + 2); weights are linear in those and in products of two
 * coordinates, of mean 2/πL, and take 2/π and 1 − 2/π.
 */
function forEachOpenGates(
  { width, hiddenFactor, entry, classes }: FiniteRatioOptions,
  visit: (units: readonly Unit[], masses: Masses) => void,
): void {
  const closed: Unit = { h: 0, slope: 0, curvature: 0 };
  const tilt = Math.min(0.49, hiddenFactor * entry.variance);
  let logBinomial = -width * Math.LN2;
  for (let open = 0; open <= width; open += 1) {
    if (open > 0) {
      logBinomial += Math.log((width - open + 1) / open);
      // Largest that L's share may be: a tilt e^{θ} or less, which multiplies it by (1 − 2t)^{−L/2}.
      if (logBinomial - (open / 2) * Math.log(1 - 2 * tilt) > smallestLogMass) {
        const rest = Array.from({ length: width - open }, () => closed);
        for (const { radius, mass } of chiNodes(open)) {
          const length = Math.sqrt(hiddenFactor) * radius;
          const variance = entry.variance * length * length;
          // What the integrands may grow by: like e^θ, until one class takes all.
          const spread = Math.min(variance, Math.log(classes));
          const growth = spread + 2 * Math.log1p(spread);
          if (logBinomial + Math.log(mass) + growth < smallestLogShare) continue;
          const total = Math.exp(logBinomial) * mass;
          const share = total / (open + 2);
          const unit = (h: number): Unit => ({ h, slope: 1, curvature: 0 });
          const alike = Array.from({ length: open }, () => unit(length / Math.sqrt(open)));
          const single = Array.from({ length: open }, (_, k) => unit(k === 0 ? length : 0));
          visit([...alike, ...rest], { square: open * share, mean: (2 / Math.PI) * total });
          visit([...single, ...rest], { square: 2 * share, mean: (1 - 2 / Math.PI) * total });
        }
      }
    }
  }
}

const smallestLogMass = Math.log(1e-10);
const smallestLogShare = Math.log(1e-6) - 4;

/** Nodes of χ_L, the square root of χ²_L, and their masses: trapezoidal in log radius. */
function chiNodes(degrees: number): { radius: number; mass: number }[] {
  const nodes: { radius: number; mass: number }[] = [];
  const step = Math.min(0.15, 0.35 / Math.sqrt(degrees));
  const centre = Math.log(Math.sqrt(degrees));
  const logDensity = (x: number): number => degrees * x - Math.exp(2 * x) / 2;
  const top = logDensity(centre);
  let total = 0;
  for (let k = -Math.ceil(30 / degrees / step) - 60; k <= 60; k += 1) {
    const x = centre + k * step;
    // The integrands may grow like e^{0.49 radius²}.
    const height = logDensity(x) - top;
    if (height < -60) continue;
    const mass = Math.exp(height);
    total += mass;
    nodes.push({ radius: Math.exp(x), mass });
  }
  return nodes.map(({ radius, mass }) => ({ radius, mass: mass / total }));
}
