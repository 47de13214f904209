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
 * E[numerator]/E[denominator] with control variates: the residuals numerator − r·denominator are regressed on the
 * controls' deviations from their known means, which removes from the estimate the part of its noise that the controls
 * explain. The coefficients for each group of terms are fitted to the other groups: fitted to the same terms, they
 * follow the noise of few or heavy-tailed terms, and the estimate is off by many of its stated errors. The standard
 * error is the spread between groups; the bias is of order 1/(number of terms).
 */
export function estimateRatio(
  terms: readonly RatioTerm[],
  controlMeans: readonly number[],
  groups = terms.length,
): RatioEstimate {
  const numerator = mean(terms.map((term) => term.numerator));
  const denominator = mean(terms.map((term) => term.denominator));
  const ratio = numerator / denominator;
  if (controlMeans.length === 0 && groups === terms.length) return ofSeparateTerms(terms, ratio, denominator);
  const size = terms.length / groups;
  const perGroup = Array.from({ length: groups }, (_, g) =>
    momentsOf(terms.slice(g * size, (g + 1) * size), ratio, controlMeans),
  );
  const all = controlMeans.length === 0 ? undefined : sumOf(perGroup);
  const means = perGroup.map((own) => {
    const coefficients = all === undefined ? [] : coefficientsOf(all, own);
    return coefficients.reduce((rest, coefficient, k) => rest - coefficient * own.sums[k + 1], own.sums[0]) / own.count;
  });
  const shift = mean(means);
  const variance = means.reduce((sum, value) => sum + (value - shift) ** 2, 0) / (groups - 1);
  return {
    ratio: ratio + shift / denominator,
    standardError: Math.sqrt(variance / groups) / denominator,
  };
}

/** Without controls, each term a group of its own: the spread of the residuals themselves. */
function ofSeparateTerms(terms: readonly RatioTerm[], ratio: number, denominator: number): RatioEstimate {
  let [sum, squares] = [0, 0];
  for (const term of terms) sum += term.numerator - ratio * term.denominator;
  const shift = sum / terms.length;
  for (const term of terms) squares += (term.numerator - ratio * term.denominator - shift) ** 2;
  return {
    ratio: ratio + shift / denominator,
    standardError: Math.sqrt(squares / (terms.length - 1) / terms.length) / denominator,
  };
}

/** Sums over terms of the residual and the controls' deviations, in this order, and of their products. */
interface Moments {
  readonly count: number;
  readonly sums: Float64Array;
  readonly products: readonly Float64Array[];
}

function momentsOf(terms: readonly RatioTerm[], ratio: number, controlMeans: readonly number[]): Moments {
  const order = controlMeans.length + 1;
  const sums = new Float64Array(order);
  const products = Array.from({ length: order }, () => new Float64Array(order));
  const values = new Float64Array(order);
  for (const term of terms) {
    values[0] = term.numerator - ratio * term.denominator;
    controlMeans.forEach((known, k) => (values[k + 1] = term.controls[k] - known));
    for (let i = 0; i < order; i += 1) {
      sums[i] += values[i];
      for (let j = 0; j <= i; j += 1) products[i][j] += values[i] * values[j];
    }
  }
  return { count: terms.length, sums, products };
}

function sumOf(groups: readonly Moments[]): Moments {
  const order = groups[0].sums.length;
  const add = (pick: (moments: Moments) => Float64Array): Float64Array =>
    Float64Array.from({ length: order }, (_, k) => groups.reduce((sum, group) => sum + pick(group)[k], 0));
  return {
    count: groups.reduce((sum, group) => sum + group.count, 0),
    sums: add((group) => group.sums),
    products: Array.from({ length: order }, (_, i) => add((group) => group.products[i])),
  };
}

/**
 * Least-squares coefficients of the residual on the controls over all terms but those of one group, by elimination; at
 * most a handful of controls.
 */
function coefficientsOf(all: Moments, without: Moments): number[] {
  const count = all.count - without.count;
  const covariance = (i: number, j: number): number => {
    const [a, b] = i >= j ? [i, j] : [j, i];
    return (
      all.products[a][b] -
      without.products[a][b] -
      ((all.sums[a] - without.sums[a]) * (all.sums[b] - without.sums[b])) / count
    );
  };
  const size = all.sums.length - 1;
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_unused, j) => covariance(i + 1, j + 1)),
  );
  const right = Array.from({ length: size }, (_, i) => covariance(i + 1, 0));
  const scales = matrix.map((row, k) => row[k]);
  for (let k = 0; k < size; k += 1) {
    // A control that the ones before it determine, or that is constant, adds nothing.
    if (!(matrix[k][k] > 1e-12 * scales[k]) || matrix[k][k] === 0) {
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
