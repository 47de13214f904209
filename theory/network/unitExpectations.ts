import type { ActivationName } from '../contracts.js';
import { activationFunctions } from './activationFunctions.js';
import { gaussianHalfLine } from '../numerics/gaussianHalfLine.js';
import type { ReadoutEntry } from './readoutEntry.js';

/**
 * Expectations over one hidden unit's pre-activation u ~ N(0, varianceFactor), or over two independent inputs' u and
 * u′.
 */
export interface UnitExpectations {
  /** The rule's nodes and their masses. */
  readonly nodes: readonly { readonly unit: Unit; readonly weight: number }[];
  single(f: (unit: Unit) => number): number;
  pair(f: (unit: Unit, other: Unit) => number): number;
}

/** What one unit contributes: its value h and the activation's slopes there. */
export interface Unit {
  readonly h: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * Rules on both half-lines, so that a kink at zero costs nothing. For a gated activation the negative half is the one
 * unit h = 0 of mass ½: four quadrants of a pair reduce to one plane and known constants.
 */
export function unitExpectations(name: ActivationName, varianceFactor: number): UnitExpectations {
  const activation = activationFunctions(name);
  const rule = gaussianHalfLine(varianceFactor);
  const units: { unit: Unit; weight: number }[] = [];
  const add = (u: number, weight: number): void => {
    const unit = { h: activation.value(u), slope: activation.first(u), curvature: activation.second(u) };
    units.push({ unit, weight });
  };
  for (let k = 0; k < rule.nodes.length; k += 1) {
    add(rule.nodes[k], rule.weights[k]);
    if (!activation.gated) add(-rule.nodes[k], rule.weights[k]);
  }
  if (activation.gated) units.push({ unit: { h: 0, slope: 0, curvature: 0 }, weight: 0.5 });
  return {
    nodes: units,
    single: (f) => units.reduce((sum, { unit, weight }) => sum + weight * f(unit), 0),
    pair: (f) => {
      let sum = 0;
      for (const { unit, weight } of units) {
        for (const other of units) {
          const product = weight * other.weight;
          // A product this small multiplies a tilt of at most e^{u u′}; it cannot matter, and the tilt may overflow.
          if (product > 1e-200) sum += product * f(unit, other.unit);
        }
      }
      return sum;
    },
  };
}

/**
 * F = M(h + h′)/(M(h) M(h′)), M the moment generating function of an entry: what one unit contributes to E_V of the
 * product of two tilts.
 */
export function tiltOverlap(entry: ReadoutEntry, h: number, other: number): number {
  return Math.exp(logTiltOverlap(entry, h, other));
}

export function logTiltOverlap(entry: ReadoutEntry, h: number, other: number): number {
  return entry.cumulant(h + other) - entry.cumulant(h) - entry.cumulant(other);
}

/** Covariance of (v − E_h v) and (v − E_{h′} v) about the two tilts' means, under the joint tilt h + h′. */
export function tiltedCovariance(entry: ReadoutEntry, h: number, other: number): number {
  const joint = entry.mean(h + other);
  return entry.tiltedVariance(h + other) + (joint - entry.mean(h)) * (joint - entry.mean(other));
}
