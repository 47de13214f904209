/**
 * Softmax of the logits V h of one sample, held for the sums that the Hessian's weights need.
 * V is C×m, row-major; nothing of size C×N is ever held.
 */
export interface ReadoutStatistics {
  /** Computes p = softmax(V h). Logits of any size are safe. */
  update(hidden: Float64Array): void;
  /** E_p[v_{·i}]. */
  mean(i: number): number;
  /** Cov_p(v_{·i}, v_{·j}). */
  covariance(i: number, j: number): number;
}

export function readoutStatistics(readout: ArrayLike<number>, classes: number, width: number): ReadoutStatistics {
  const probabilities = new Float64Array(classes);
  // Columns of V side by side: the sums over classes then run along memory.
  const columns = new Float64Array(classes * width);
  for (let c = 0; c < classes; c += 1)
    for (let k = 0; k < width; k += 1) columns[k * classes + c] = readout[c * width + k];
  const mean = (i: number): number => {
    let sum = 0;
    for (let c = 0; c < classes; c += 1) sum += probabilities[c] * columns[i * classes + c];
    return sum;
  };
  return {
    update: (hidden) => {
      probabilities.fill(0);
      for (let k = 0; k < width; k += 1) {
        const value = hidden[k];
        if (value === 0) continue;
        const offset = k * classes;
        for (let c = 0; c < classes; c += 1) probabilities[c] += value * columns[offset + c];
      }
      let top = -Infinity;
      for (let c = 0; c < classes; c += 1) if (probabilities[c] > top) top = probabilities[c];
      let total = 0;
      for (let c = 0; c < classes; c += 1) total += probabilities[c] = Math.exp(probabilities[c] - top);
      for (let c = 0; c < classes; c += 1) probabilities[c] /= total;
    },
    mean,
    covariance: (i, j) => {
      const [meanI, meanJ] = [mean(i), i === j ? mean(i) : mean(j)];
      let sum = 0;
      for (let c = 0; c < classes; c += 1) {
        sum += probabilities[c] * (columns[i * classes + c] - meanI) * (columns[j * classes + c] - meanJ);
      }
      return sum;
    },
  };
}
