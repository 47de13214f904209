import { describe, expect, test } from '@jest/globals';
import { deepLinearMinimum } from '../../../theory/dynamics/index.js';
import { UsageError } from '../../../theory/errors.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import { randomStream } from '../../../simulations/random/index.js';
import { HyperDual } from '../../helpers/hyperDual.js';

type Matrix = number[][];
const zero = new HyperDual(0);

/** Columns of an orthogonal matrix, by Gram and Schmidt, twice. */
function orthonormal(size: number, label: string): Matrix {
  const stream = randomStream(1, label, size);
  const rows: Matrix = [];
  for (let k = 0; k < size; k++) {
    let row = Array.from({ length: size }, () => stream.normal());
    for (let twice = 0; twice < 2; twice++)
      for (const before of rows) {
        const along = before.reduce((sum, value, t) => sum + value * row[t]!, 0);
        row = row.map((value, t) => value - along * before[t]!);
      }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return rows;
}

/** Σ_k s_k^power u_k v_kᵀ, rows of `left` by rows of `right`. */
function layer(left: Matrix, right: Matrix, singular: readonly number[], power: number): Matrix {
  return left[0]!.map((_, a) =>
    right[0]!.map((__, b) => singular.reduce((sum, s, k) => sum + s ** power * left[k]![a]! * right[k]![b]!, 0)),
  );
}

interface Case {
  readonly widths: readonly number[];
  readonly singularValues: readonly number[];
  /** Exponents of the singular values in each layer; 1/L each when balanced. */
  readonly powers?: readonly number[];
}

/** Eigenvalues of ∂²L by hyper-dual numbers through the loss itself: whitened inputs, targets Mx plus noise. */
function hessianEigenvalues({ widths, singularValues, powers }: Case): number[] {
  const depth = widths.length - 1;
  const bases = widths.map((width, l) => orthonormal(width, `basis ${l}`));
  const [inputs, outputs] = [widths[0]!, widths[depth]!];
  const samples = inputs + outputs + 1;
  // Rows of one orthogonal matrix: the first are the inputs times √N, those after them the noise, orthogonal to these.
  const rows = orthonormal(samples, 'data').map((row) => row.map((value) => value * Math.sqrt(samples)));
  const truth = layer(bases[depth]!, bases[0]!, singularValues, 1);
  const targets = truth.map((row, c) =>
    rows[0]!.map((_, n) => row.reduce((sum, m, t) => sum + m * rows[t]![n]!, 0) + 0.7 * rows[inputs + c]![n]!),
  );
  const parameters = widths
    .slice(1)
    .flatMap((_, l) => layer(bases[l + 1]!, bases[l]!, singularValues, powers?.[l] ?? 1 / depth).flat());
  const loss = (own: readonly HyperDual[]): HyperDual => {
    let total = zero;
    for (let n = 0; n < samples; n++) {
      let values = Array.from({ length: inputs }, (_, t) => new HyperDual(rows[t]![n]!));
      let start = 0;
      for (const width of widths.slice(1)) {
        const below = values;
        const from = start;
        values = Array.from({ length: width }, (_, a) =>
          below.reduce((sum, value, b) => sum.plus(own[from + a * below.length + b]!.times(value)), zero),
        );
        start += width * below.length;
      }
      for (const [c, value] of values.entries()) {
        const residual = value.plus(new HyperDual(-targets[c]![n]!));
        total = total.plus(residual.times(residual));
      }
    }
    return total.scaled(1 / (2 * samples));
  };
  const order = parameters.length;
  const hessian = new Float64Array(order * order);
  for (let a = 0; a < order; a++)
    for (let b = 0; b <= a; b++)
      hessian[a * order + b] = hessian[b * order + a] = loss(
        parameters.map((value, k) => new HyperDual(value, k === a ? 1 : 0, k === b ? 1 : 0)),
      ).mixed;
  return [...symmetricEigenvalues(hessian, order)].reverse();
}

const predicted = (options: Case): number[] =>
  deepLinearMinimum(options).eigenvalues.flatMap(({ at, multiplicity }) => Array<number>(multiplicity).fill(at));

const largestGap = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((top, value, k) => Math.max(top, Math.abs(value - right[k]!)), Math.abs(left.length - right.length));

const cases: Case[] = [
  { widths: [3, 2, 4], singularValues: [2, 0.5] },
  { widths: [3, 4, 2], singularValues: [1.3] },
  { widths: [3, 3, 2, 4], singularValues: [1.7, 0.6] },
  { widths: [2, 3, 2, 2], singularValues: [1.4, 1.4] },
  { widths: [3, 2, 2, 3, 2], singularValues: [1.5, 0.8] },
];

describe('deepLinearMinimum', () => {
  // Second derivatives of the loss without truncation error; eigenvalues of order 1, orders 14 to 23.
  test.each(cases)('widths $widths, singular values $singularValues: the Hessian of the loss', (options) => {
    expect(largestGap(hessianEigenvalues(options), predicted(options))).toBeLessThan(1e-12);
  });

  test('is told from the Hessian of layers that are not balanced, and from that of other singular values', () => {
    const options = cases[2]!;
    const drawn = hessianEigenvalues({ ...options, powers: [0.5, 0.3, 0.2] });
    expect(largestGap(drawn, predicted(options))).toBeGreaterThan(0.1);
    const wrong = predicted({ ...options, singularValues: [1.7, 0.61] });
    expect(largestGap(hessianEigenvalues(options), wrong)).toBeGreaterThan(5e-3);
  });

  // Closed form for r equal singular values: L s^{2(L−1)/L} r² times, s^{2(L−1)/L} r(d_in + d_out − 2r) times.
  test('of equal singular values', () => {
    const { eigenvalues, parameters } = deepLinearMinimum({ widths: [10, 7, 8, 6], singularValues: [8, 8, 8] });
    expect(parameters).toBe(70 + 56 + 48);
    expect(eigenvalues.map(({ multiplicity }) => multiplicity)).toEqual([9, 30, 174 - 39]);
    [48, 16, 0].forEach((value, k) => expect(eigenvalues[k]!.at).toBeCloseTo(value, 12));
  });

  // tr H = Σ_l ‖A_l‖²_F ‖B_l‖²_F, by the layers' norms: Σ_l Σ_k s_k^{2(L−l)/L} Σ_j s_j^{2(l−1)/L}, d_in and d_out at the ends.
  test('as a law: mass one, its trace, and nothing between the eigenvalues', () => {
    const s = [2, 1];
    const power = (exponent: number) => s.reduce((sum, value) => sum + value ** exponent, 0);
    const { law, parameters } = deepLinearMinimum({ widths: [4, 3, 3, 5], singularValues: s });
    const trace = 4 * power(4 / 3) + power(2 / 3) ** 2 + 5 * power(4 / 3);
    expect(parameters * law.moment(1)).toBeCloseTo(trace, 12);
    expect(law.atoms.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 14);
    expect(law.atoms[0]!.at).toBe(0);
    expect([law.cdf(-1), law.survival(100), law.cdf(100)]).toEqual([0, 0, 1]);
    expect(law.cdf(0) + law.survival(0)).toBeCloseTo(1, 14);
    expect(law.quantile(law.cdf(0))).toBe(0);
    expect(law.quantile(1)).toBeCloseTo(3 * 2 ** (4 / 3), 12);
  });

  test.each([
    [{ widths: [3, 2], singularValues: [1] }, /at least 3 entries/],
    [{ widths: [3, 2, 4], singularValues: [1, 1, 1] }, /from 1 to 2 entries, the smallest width, got 3/],
    [{ widths: [3, 2, 4], singularValues: [] }, /from 1 to 2 entries/],
    [{ widths: [3, 2.5, 4], singularValues: [1] }, /each of widths must be a whole number/],
    [{ widths: [3, 2, 4], singularValues: [-1] }, /each of singularValues must be a finite number above 0/],
  ])('refuses %j', (options, message) => {
    expect(() => deepLinearMinimum(options)).toThrow(UsageError);
    expect(() => deepLinearMinimum(options)).toThrow(message);
  });
});
