import { logRatioLaw } from './logRatioLaw.js';
import type { GridDensity } from './gridDensity.js';

/** Density below this share of the largest ends the grid. */
const negligible = 1e-18;

export interface PairExcessOptions {
  /** C ≥ 3. */
  readonly classes: number;
  readonly logitVariance: number;
  /** Spacing of the grid; halve it to check convergence. */
  readonly step: number;
}

/**
 * Density of T = log(1/√(p_i p_j) − 2), so that p_i p_j = (2 + e^T)^{−2}: a line in place of the two dimensions of a
 * pair of classes.
 *
 * e^T = 4 sinh²(v/2) + e^{−R}, v ~ N(0, s²/2) half the difference of the two logits and R the log-ratio of their
 * geometric mean to the sum of the others (`logRatioLaw`). Given T, v = v₀ tanh τ with 4 sinh²(v₀/2) = e^T, and the
 * trapezoidal rule in τ: where v reaches v₀ the density of R has died out. Absolute error about 1e-14 of the peak.
 */
export function pairExcessDensity({ classes, logitVariance, step }: PairExcessOptions): GridDensity {
  const half = logitVariance / 2;
  const deviation = Math.sqrt(half);
  const ratioStep = Math.min(0.25, 0.3 * deviation);
  const ratio = logRatioLaw({
    count: classes - 2,
    logitVariance,
    numeratorVariance: half,
    largestTilt: 4,
    step: ratioStep,
  });
  const ratioAt = sincInterpolation(ratio);
  const lastRatio = ratio.points[ratio.points.length - 1];
  const farthest = 9.2 * deviation;

  const at = (t: number): number => {
    const excess = Math.exp(t);
    const largest = 2 * Math.asinh(Math.exp(t / 2) / 2);
    // The sum of the others vanishes again at complex τ, whose imaginary part is above π/4.
    const spacing = Math.min(0.13, 0.3 * deviation, (0.5 * deviation) / largest);
    let sum = 0;
    for (let k = 0; ; k += 1) {
      const tau = k * spacing;
      const v = largest * Math.tanh(tau);
      // v₀ − v and the sum of the other classes in terms of it keep their digits as v approaches v₀.
      const left = (2 * largest) / (Math.exp(2 * tau) + 1);
      const others = 4 * Math.sinh(left / 2) * Math.sinh(largest - left / 2);
      const logRatio = -Math.log(others);
      if (v > farthest || logRatio > lastRatio) break;
      const speed = largest / Math.cosh(tau) ** 2;
      sum += ((k === 0 ? 1 : 2) * Math.exp((-0.5 * v * v) / half) * ratioAt(logRatio) * speed) / others;
    }
    return (excess * sum * spacing) / Math.sqrt(2 * Math.PI * half);
  };

  // With v = 0 the excess is that of the other classes alone, so T is near −R where R is most frequent, or above.
  const peak = ratio.points[ratio.density.indexOf(Math.max(...ratio.density))];
  const centre = Math.round(-peak / step);
  const up = outwards((k) => at((centre + k) * step));
  const down = outwards((k) => at((centre - 1 - k) * step));
  const density = Float64Array.from([...down.reverse(), ...up]);
  return { points: Float64Array.from(density, (_, k) => (centre - down.length + k) * step), step, density };
}

/** Values from k = 0 on until they are negligible beside the largest. */
function outwards(valueAt: (k: number) => number): number[] {
  const values: number[] = [];
  let largest = 0;
  for (let k = 0; ; k += 1) {
    const value = valueAt(k);
    largest = Math.max(largest, value);
    if (!(value > negligible * largest)) return values;
    values.push(value);
  }
}

/** A density that is band-limited on its grid to rounding, between the points of the grid. */
function sincInterpolation({ points, step, density }: GridDensity): (x: number) => number {
  const alternating = density.map((value, k) => (k % 2 === 0 ? value : -value));
  return (x) => {
    const place = (x - points[0]) / step;
    const nearest = Math.round(place);
    if (!(nearest >= 0 && nearest < density.length)) return 0;
    const offset = place - nearest;
    if (Math.abs(offset) < 1e-9) return density[nearest];
    let sum = 0;
    for (let k = 0; k < density.length; k += 1) sum += alternating[k] / (place - k);
    return ((nearest % 2 === 0 ? 1 : -1) * Math.sin(Math.PI * offset) * sum) / Math.PI;
  };
}
