import type { Complex, Interval } from '../contracts.js';
import { quantileBetween } from '../gmp/quantileBetween.js';
import type { SeparableEquation, SeparableSolution } from './separableEquation.js';
import { separableSupport } from './separableSupport.js';

/** The separable law on the real axis: support, density and distribution function, in the units of the equation. */
export class SeparableAxis {
  readonly support: readonly Interval[];
  /** Stands for x = 0, a pole of the equation when there is an atom, and a branch point without one. */
  private readonly tiny: number;
  /** The last solution, from which the next is sought. */
  private neighbour: Complex | undefined;
  /** P(λ ≤ upper edge) without the atom, by interval. */
  private readonly cumulative: readonly number[];

  /** @param zeroMass mass of the atom at 0 */
  constructor(
    private readonly equation: SeparableEquation,
    private readonly zeroMass: number,
  ) {
    const support = separableSupport(equation);
    this.support = support;
    this.tiny = equation.bound * 2 ** -45;
    // From the middle of the gap that follows each interval.
    this.cumulative = support.map(([, upper], k) => {
      const next = support[k + 1];
      return next === undefined ? 1 - zeroMass : this.equationCdf((upper + next[0]) / 2, 0, 1 - zeroMass);
    });
  }

  isInside(x: number): boolean {
    return this.intervalOf(x) >= 0;
  }

  density(x: number): number {
    if (!this.isInside(x)) return 0;
    const { solution, at } = this.solved(x);
    return Math.max(0, this.equation.stieltjes(solution, at, 0).im / Math.PI);
  }

  cdf(x: number): number {
    return x === Infinity ? 1 : this.continuousCdf(x) + this.jump(x);
  }

  quantile(p: number): number {
    const { support, zeroMass, cumulative } = this;
    for (let k = 0; k < support.length; k++) {
      const [lower, upper] = support[k]!;
      const atomBelow = upper <= 0 ? 0 : lower >= 0 ? zeroMass : undefined;
      const left = (k === 0 ? 0 : cumulative[k - 1]!) + (atomBelow ?? 0);
      const right = cumulative[k]! + (atomBelow ?? zeroMass);
      if (p <= left && atomBelow === zeroMass && zeroMass > 0 && p > left - zeroMass) return 0;
      if (p > left && p < right) {
        const masses = (x: number) => [this.cdf(x), 1 - this.cdf(x)] as const;
        return quantileBetween(p, [lower, upper], left, right, masses, (x) => this.density(x));
      }
      if (p <= right) return p <= left ? lower : upper;
    }
    return zeroMass > 0 && (support.length === 0 || support[support.length - 1]![1] <= 0)
      ? 0
      : support[support.length - 1]![1];
  }

  private intervalOf(x: number): number {
    return this.support.findIndex(([lower, upper]) => x > lower && x < upper);
  }

  private jump(x: number): number {
    return x >= 0 ? this.zeroMass : 0;
  }

  private solved(x: number): { readonly solution: SeparableSolution; readonly at: number } {
    const at = x === 0 ? this.tiny : x;
    const solution = this.equation.solve(at, 0, this.neighbour);
    this.neighbour = solution.g;
    return { solution, at };
  }

  /** P(λ ≤ x) without the atom, from the equation. */
  private equationCdf(x: number, least: number, most: number): number {
    const { solution, at } = this.solved(x);
    return clamp(this.equation.cdf(solution, at) - this.jump(at), least, most);
  }

  private continuousCdf(x: number): number {
    const { support, cumulative } = this;
    const inside = this.intervalOf(x);
    if (inside >= 0) return this.equationCdf(x, inside === 0 ? 0 : cumulative[inside - 1]!, cumulative[inside]!);
    const last = support.findLastIndex(([, upper]) => x >= upper);
    return last < 0 ? 0 : cumulative[last]!;
  }
}

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(Math.max(value, lower), upper);
}
