/** A ratio of expectations with its standard error by the delta method. */
export interface RatioEstimate {
  readonly ratio: number;
  readonly standardError: number;
}

/** One integration point: numerator, denominator, and a control for each whose expectation is known. */
export interface RatioTerm {
  readonly numerator: number;
  readonly denominator: number;
  readonly controls: readonly number[];
}

/**
 * E[numerator]/E[denominator] with control variates: the residuals numerator − r·denominator are regressed on the controls' deviations from
 * their known means, which removes from the estimate the part of its noise that the controls explain. Bias of order 1/(number of terms).
 */
export function estimateRatio(
  terms: readonly RatioTerm[],
  controlMeans: readonly number[],
  groups = terms.length,
): RatioEstimate {
  const numerator = mean(terms.map((term) => term.numerator));
  const denominator = mean(terms.map((term) => term.denominator));
  const ratio = numerator / denominator;
  const residuals = terms.map((term) => term.numerator - ratio * term.denominator);
  const deviations = controlMeans.map((known, k) => terms.map((term) => term.controls[k] - known));
  const coefficients = regress(residuals, deviations);
  const adjusted = residuals.map((value, n) =>
    coefficients.reduce((rest, coefficient, k) => rest - coefficient * deviations[k][n], value),
  );
  const shift = mean(adjusted);
  const size = terms.length / groups;
  const means = Array.from({ length: groups }, (_, g) => mean(adjusted.slice(g * size, (g + 1) * size)));
  const variance = means.reduce((sum, value) => sum + (value - shift) ** 2, 0) / (groups - 1);
  return {
    ratio: ratio + shift / denominator,
    standardError: Math.sqrt(variance / groups) / denominator,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Least-squares coefficients of centred values on centred regressors, one after another (Gram–Schmidt), at most a handful. */
function regress(values: readonly number[], regressors: readonly (readonly number[])[]): number[] {
  const centred = regressors.map(centre);
  const size = centred.length;
  const matrix = centred.map((a) => centred.map((b) => inner(a, b)));
  const right = centred.map((a) => inner(a, centre(values)));
  for (let k = 0; k < size; k += 1) {
    if (!(matrix[k][k] > 1e-12 * inner(centred[k], centred[k])) || matrix[k][k] === 0) {
      matrix[k].fill(0);
      right[k] = 0;
      matrix[k][k] = 1;
      continue;
    }
    for (let row = k + 1; row < size; row += 1) {
      const factor = matrix[row][k] / matrix[k][k];
      for (let column = k; column < size; column += 1) matrix[row][column] -= factor * matrix[k][column];
      right[row] -= factor * right[k];
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k -= 1) {
    let rest = right[k];
    for (let column = k + 1; column < size; column += 1) rest -= matrix[k][column] * solution[column];
    solution[k] = rest / matrix[k][k];
  }
  return solution;
}

function centre(values: readonly number[]): number[] {
  const average = mean(values);
  return values.map((value) => value - average);
}

function inner(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}
