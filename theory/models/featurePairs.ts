import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import type { ReadoutEntry } from './readoutEntry.js';
import { logTiltOverlap, unitExpectations, type UnitExpectations } from './unitExpectations.js';

/** The features h and h′ of two inputs. */
export type Features = readonly [Float64Array, Float64Array];

export interface FeaturePairs {
  /** Ways of drawing a pair of inputs. */
  readonly ways: number;
  /** Uniforms needed for one pair of inputs. */
  readonly uniforms: number;
  /**
   * From uniforms, the features under each way of drawing, and the share of that draw in the expectation over
   * independent inputs: Σ over ways of share·f is unbiased for E f, for f that is symmetric in the units and vanishes
   * with h·h′; with them log Π F. Arrays are reused.
   */
  forEachWay(uniforms: Float64Array, visit: (features: Features, share: number, logOverlap: number) => void): void;
}

/**
 * Pairs of inputs that lie alike, as (h·h′)² Π F^power weighs them, for powers from 0, independent inputs, to 2, the
 * limit of the ratio's numerator. The two values of each unit are drawn from the nodes of `unitExpectations`, whose
 * product rule integrates what is smooth in them. The density is (Σ_k |h_k h′_k|)² Π F^power: one unit drawn ∝ (h h′)²
 * F^power or two ∝ |h h′| F^power, the others ∝ F^power; which ones they are does not matter to symmetric functions.
 * Shares by the balance heuristic.
 */
export function featurePairs(options: HiddenLimitOptions): FeaturePairs {
  const { width, entry, activation, hiddenFactor } = options;
  const { nodes } = unitExpectations(activation, hiddenFactor);
  const strongest = largestPower(options);
  const powers = [0, Math.min(1, strongest), Math.min(2, strongest)];
  const cells = likelyCells(nodes, entry, powers);
  const ways = powers.map((power) => {
    const [none, one, two] = [0, 1, 2].map((degree) => tableOf(cells, power, degree));
    const twice = width * two.total * none.total ** (width - 1);
    const once = width * (width - 1) * one.total ** 2 * none.total ** (width - 2);
    return { power, none, one, two, chanceOfTwice: twice / (twice + once), logTotal: Math.log(twice + once) };
  });
  const features: Features = [new Float64Array(width), new Float64Array(width)];
  return {
    ways: ways.length,
    uniforms: width + 1,
    forEachWay: (uniforms, visit) => {
      for (const { none, one, two, chanceOfTwice } of ways) {
        const heavy = uniforms[width] < chanceOfTwice ? [two] : [one, one];
        let exponent = 0;
        let inner = 0;
        for (let k = 0; k < width; k += 1) {
          const { cumulative } = heavy[k] ?? none;
          const cell = cells[firstAtLeast(cumulative, uniforms[k])];
          features[0][k] = cell.h;
          features[1][k] = cell.other;
          exponent += cell.exponent;
          inner += Math.abs(cell.h * cell.other);
        }
        let density = 0;
        for (const { power, logTotal } of ways) density += Math.exp(power * exponent - logTotal);
        visit(features, 1 / (density * inner * inner), exponent);
      }
    },
  };
}

/** Cumulative masses of the cells ∝ |h h′|^degree F^power. */
function tableOf(
  cells: readonly Cell[],
  power: number,
  degree: number,
): { readonly total: number; readonly cumulative: Float64Array } {
  const masses = cells.map(
    ({ h, other, logMass, exponent }) => Math.abs(h * other) ** degree * Math.exp(logMass + power * exponent),
  );
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let sum = 0;
  return { total, cumulative: Float64Array.from(masses, (mass) => (sum += mass) / total) };
}

interface Cell {
  readonly h: number;
  readonly other: number;
  readonly logMass: number;
  /** log F. */
  readonly exponent: number;
}

/** Of this relative size no cell matters to any expectation. */
const smallestLogMass = Math.log(1e-17);

/**
 * Pairs of nodes that are likely under some power, in the order of F: what depends on the tilt alone is then monotone
 * in the uniform.
 */
function likelyCells(nodes: UnitExpectations['nodes'], entry: ReadoutEntry, powers: readonly number[]): Cell[] {
  const cells: Cell[] = [];
  const strongest = Math.max(...powers);
  for (const a of nodes) {
    for (const b of nodes) {
      // In logarithms: the tilt alone may overflow.
      const logMass = Math.log(a.weight) + Math.log(b.weight);
      const exponent = a.unit.h === 0 || b.unit.h === 0 ? 0 : logTiltOverlap(entry, a.unit.h, b.unit.h);
      if (logMass + Math.max(0, strongest * exponent) < smallestLogMass) continue;
      cells.push({ h: a.unit.h, other: b.unit.h, logMass, exponent });
    }
  }
  return cells.sort((a, b) => a.exponent - b.exponent);
}

/** The largest power for which E[F^power] is safely finite: any for bounded activations or readouts, else below 1/t. */
export function largestPower({ entry, activation, hiddenFactor }: HiddenLimitOptions): number {
  const bounded = activation === 'tanh' || entry.distribution === 'uniform';
  return bounded ? Infinity : 0.9 / (entry.variance * hiddenFactor);
}

function firstAtLeast(cumulative: Float64Array, u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
