import { describe, expect, test } from '@jest/globals';
import { frobeniusRatio } from '../../../theory/models/index.js';

/** σ, σ′ and σ″ of softplus; what σ″ is multiplied by stands for a small mistake. */
const unitAt = (u: number, curvatureFactor: number) => {
  const p = 1 / (1 + Math.exp(-u));
  return { h: Math.log(1 + Math.exp(u)), slope: p, curvature: curvatureFactor * p * (1 - p) };
};
type Unit = ReturnType<typeof unitAt>;

const step = 0.1;
const normal = Array.from({ length: 171 }, (_, k) => (k - 85) * step).map((x) => ({
  x,
  mass: (step * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
}));

/** Trapezoidal rules in one standard normal and in two, which converge geometrically. */
function expectations(curvatureFactor: number) {
  const nodes = normal.map(({ x, mass }) => ({ unit: unitAt(x, curvatureFactor), mass }));
  return {
    single: (f: (unit: Unit) => number) => nodes.reduce((sum, { unit, mass }) => sum + mass * f(unit), 0),
    pair: (f: (unit: Unit, other: Unit) => number) =>
      nodes.reduce((sum, a) => sum + nodes.reduce((inner, b) => inner + a.mass * b.mass * f(a.unit, b.unit), 0), 0),
  };
}

const width = 8;
const aspectRatio = 0.5;

/** (γ E[(v_i·v_j)²] (E σ′²)² + (E σ′)⁴)/(γ E g² + (E g)²), g = σ′² + σσ″, as C r tends to it: |v|² and (v_i·v_j)²/C concentrate. */
function squaredErrorLimit(curvatureFactor: number): number {
  const { single } = expectations(curvatureFactor);
  const slope = single((unit) => unit.slope);
  const slopeSquare = single((unit) => unit.slope ** 2);
  const gain = (unit: Unit) => unit.slope ** 2 + unit.h * unit.curvature;
  return (
    (aspectRatio * slopeSquare ** 2 + slope ** 4) /
    (aspectRatio * single((unit) => gain(unit) ** 2) + single(gain) ** 2)
  );
}

/**
 * The same for cross-entropy with normal V of variance t = 1/m. Off the diagonal √C·a is a Gaussian field over x: a sum
 * over classes of (v_i − th_i)(v_j − th_j)e^{v·h}/(C M(h)), whose covariance at h and h′ is the product over the units of
 * e^{thh′}, and of t + t²hh′ besides for the block's own two. On it a = tσ′² + (th − v)σ″ with v the label's entry.
 */
function crossEntropyLimit(curvatureFactor: number): number {
  const { single, pair } = expectations(curvatureFactor);
  const t = 1 / width;
  const own = (a: Unit, b: Unit) => a.slope * b.slope * Math.exp(t * a.h * b.h) * (t + t * t * a.h * b.h);
  const rest = (a: Unit, b: Unit) => Math.exp(t * a.h * b.h);
  const both = (f: (a: Unit, b: Unit) => number) => [single((unit) => f(unit, unit)), pair(f)] as const;
  const [ownSame, ownPair] = both(own);
  const [restSame, restPair] = both(rest);
  const offSquare = restSame ** (width - 2) * ownSame ** 2;
  const offProduct = restPair ** (width - 2) * ownPair ** 2;
  const mean = (unit: Unit) => t * unit.slope ** 2 + t * unit.h * unit.curvature;
  const square = (unit: Unit) => mean(unit) ** 2 + t * unit.curvature ** 2;
  return (aspectRatio * offSquare + offProduct) / (aspectRatio * single(square) + single(mean) ** 2);
}

describe('softplus, limits of C·r by their definition', () => {
  test.each([
    ['mse', squaredErrorLimit],
    ['ce', crossEntropyLimit],
  ] as const)('%s', (loss, limitOf) => {
    const { limit } = frobeniusRatio({
      ...{ model: 'hidden', layer: 'hidden', loss, classes: Infinity, width, aspectRatio, activation: 'softplus' },
    });
    expect(Math.abs(limit / limitOf(1) - 1)).toBeLessThan(1e-10);
    // It rejects a second derivative 2 % too large.
    expect(Math.abs(limit / limitOf(1.02) - 1)).toBeGreaterThan(1e-3);
  });
});
