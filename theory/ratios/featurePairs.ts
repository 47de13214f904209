import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import { activations } from '../names.js';
import type { ReadoutEntry } from '../network/readoutEntry.js';
import { logTiltOverlap, unitExpectations, type Unit, type UnitExpectations } from '../network/unitExpectations.js';

/** The features h and h′ of two inputs. */
export type Features = readonly [Float64Array, Float64Array];

export interface FeaturePairOptions extends HiddenLimitOptions {
  /** Two independent inputs, or one taken with itself. */
  readonly inputs: 'one' | 'two';
  /** Powers of Π F to draw with, ascending. */
  readonly powers: readonly number[];
  /** w ≥ 0 of one unit: draws follow (Σ_{k≠l} w_k w_l + squareFactor·Σ_k w_k²) Π F^power. */
  importance(unit: Unit, other: Unit): number;
  readonly squareFactor: number;
}

export interface FeaturePair {
  readonly features: Features;
  readonly own: readonly Unit[];
  readonly other: readonly Unit[];
  /** Σ over ways of share·f is unbiased for E f. */
  readonly share: number;
  /** log Π F. */
  readonly logOverlap: number;
}

export interface FeaturePairs {
  /** Ways of drawing a pair of inputs. */
  readonly ways: number;
  /** Uniforms needed for one pair of inputs. */
  readonly uniforms: number;
  /**
   * From uniforms, the pair under each way of drawing, for f that is symmetric in the units and vanishes with every w_k.
   * Arrays are reused.
   */
  forEachWay(uniforms: Float64Array, visit: (pair: FeaturePair) => void): void;
}

/**
 * Pairs of inputs that lie alike, as an expectation over inputs that share V weighs them. The two values of each unit are
 * drawn from the nodes of `unitExpectations`, whose product rule integrates what is smooth in them. The density is
 * (Σ_{k≠l} w_k w_l + squareFactor·Σ_k w_k²) Π F^power: one unit drawn ∝ w² F^power or two ∝ w F^power, the others ∝ F^power; which ones they are does
 * not matter to symmetric functions. Shares by the balance heuristic (Veach and Guibas, 1995).
 */
export function featurePairs(options: FeaturePairOptions): FeaturePairs {
  const { width, entry, activation, hiddenFactor, powers, inputs, importance, squareFactor } = options;
  const { nodes } = unitExpectations(activation, hiddenFactor);
  const cells = likelyCells(nodes, entry, powers, inputs, importance);
  const ways = powers.map((power) => {
    const [none, one, two] = [0, 1, 2].map((degree) => tableOf(cells, power, degree));
    const twice = Math.log(squareFactor * width * two.total) + (width - 1) * Math.log(none.total);
    const once = Math.log(width * (width - 1)) + 2 * Math.log(one.total) + (width - 2) * Math.log(none.total);
    const logTotal = Math.max(twice, once) + Math.log1p(Math.exp(-Math.abs(twice - once)));
    return { power, none, one, two, chanceOfTwice: Math.exp(twice - logTotal), logTotal };
  });
  const features: Features = [new Float64Array(width), new Float64Array(width)];
  const own = new Array<Unit>(width);
  const other = new Array<Unit>(width);
  return {
    ways: ways.length,
    uniforms: width + 1,
    forEachWay: (uniforms, visit) => {
      for (const { none, one, two, chanceOfTwice } of ways) {
        const heavy = uniforms[width] < chanceOfTwice ? [two] : [one, one];
        let exponent = 0;
        let sum = 0;
        let squares = 0;
        for (let k = 0; k < width; k += 1) {
          const { cumulative } = heavy[k] ?? none;
          const cell = cells[firstAtLeast(cumulative, uniforms[k])];
          own[k] = cell.unit;
          other[k] = cell.other;
          features[0][k] = cell.unit.h;
          features[1][k] = cell.other.h;
          exponent += cell.exponent;
          sum += cell.importance;
          squares += cell.importance ** 2;
        }
        let density = 0;
        for (const { power, logTotal } of ways) density += Math.exp(power * exponent - logTotal);
        visit({
          features,
          own,
          other,
          share: 1 / (density * (sum * sum - (1 - squareFactor) * squares)),
          logOverlap: exponent,
        });
      }
    },
  };
}

/** Cumulative masses of the cells ∝ w^degree F^power. */
function tableOf(
  cells: readonly Cell[],
  power: number,
  degree: number,
): { readonly total: number; readonly cumulative: Float64Array } {
  const masses = cells.map(
    ({ importance, logMass, exponent }) => importance ** degree * Math.exp(logMass + power * exponent),
  );
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let sum = 0;
  return { total, cumulative: Float64Array.from(masses, (mass) => (sum += mass) / total) };
}

interface Cell {
  readonly unit: Unit;
  readonly other: Unit;
  readonly logMass: number;
  /** log F. */
  readonly exponent: number;
  /** w. */
  readonly importance: number;
}

/** Of this relative size no cell matters to any expectation. */
const smallestLogMass = Math.log(1e-17);

/**
 * Pairs of nodes that are likely under some power, in the order of F: what depends on the tilt alone is then monotone
 * in the uniform.
 */
function likelyCells(
  nodes: UnitExpectations['nodes'],
  entry: ReadoutEntry,
  powers: readonly number[],
  inputs: 'one' | 'two',
  importance: FeaturePairOptions['importance'],
): Cell[] {
  const cells: Cell[] = [];
  const strongest = Math.max(...powers);
  const add = (unit: Unit, other: Unit, logMass: number): void => {
    // In logarithms: the tilt alone may overflow.
    const exponent = unit.h === 0 || other.h === 0 ? 0 : logTiltOverlap(entry, unit.h, other.h);
    if (logMass + Math.max(0, strongest * exponent) < smallestLogMass) return;
    cells.push({ unit, other, logMass, exponent, importance: importance(unit, other) });
  };
  for (const a of nodes) {
    if (inputs === 'one') add(a.unit, a.unit, Math.log(a.weight));
    else for (const b of nodes) add(a.unit, b.unit, Math.log(a.weight) + Math.log(b.weight));
  }
  return cells.sort((a, b) => a.exponent - b.exponent);
}

/** The largest power for which E[F^power] is safely finite: any for bounded activations or readouts, else below 1/t. */
export function largestPower({ entry, activation, hiddenFactor }: HiddenLimitOptions): number {
  const bounded = activations[activation].bounded || entry.distribution === 'uniform';
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
