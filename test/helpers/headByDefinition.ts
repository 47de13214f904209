/** The Hessian of a softmax head in V, block by block from its definition: all C² blocks of D×D, for small C and D. */

export interface SmallHead {
  readonly features: Float64Array;
  readonly samples: number;
  readonly dimension: number;
  readonly readout: Float64Array;
  readonly classes: number;
  readonly bias?: Float64Array;
}

export interface SumsByDefinition {
  readonly diagonal: number;
  readonly offDiagonal: number;
  readonly diagonalOfRow: Float64Array;
  readonly offDiagonalOfRow: Float64Array;
}

/** p of one sample, and 1 − p as the sum of the others. */
export function softmaxOf({ features, dimension, readout, classes, bias }: SmallHead, n: number) {
  const logits = Array.from({ length: classes }, (_, c) => {
    let sum = bias?.[c] ?? 0;
    for (let k = 0; k < dimension; k++) sum += readout[c * dimension + k]! * features[n * dimension + k]!;
    return sum;
  });
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const p = powers.map((power) => power / total);
  const rest = p.map((_, c) => p.reduce((sum, other, k) => (k === c ? sum : sum + other), 0));
  return { p, rest };
}

/** Σ over the samples of their blocks p_i(δ_ij − p_j) h hᵀ, all C²D² entries: block (i, j) from (i·C + j)·D² on. */
export function blocksOf(head: SmallHead, samples: readonly number[]): Float64Array {
  const { features, dimension: d, classes } = head;
  const blocks = new Float64Array(classes * classes * d * d);
  for (const n of samples) {
    const { p, rest } = softmaxOf(head, n);
    for (let i = 0; i < classes; i++)
      for (let j = 0; j < classes; j++) {
        const weight = i === j ? p[i]! * rest[i]! : -p[i]! * p[j]!;
        const at = (i * classes + j) * d * d;
        for (let a = 0; a < d; a++)
          for (let b = 0; b < d; b++) blocks[at + a * d + b]! += weight * features[n * d + a]! * features[n * d + b]!;
      }
  }
  return blocks;
}

/** Squared norms of blocks, added up. */
export function sumsOf(blocks: Float64Array, classes: number): SumsByDefinition {
  const size = blocks.length / classes ** 2;
  const diagonalOfRow = new Float64Array(classes);
  const offDiagonalOfRow = new Float64Array(classes);
  for (let i = 0; i < classes; i++)
    for (let j = 0; j < classes; j++) {
      const norm = blocks
        .subarray((i * classes + j) * size, (i * classes + j + 1) * size)
        .reduce((sum, entry) => sum + entry * entry, 0);
      (i === j ? diagonalOfRow : offDiagonalOfRow)[i]! += norm;
    }
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  return { diagonal: total(diagonalOfRow), offDiagonal: total(offDiagonalOfRow), diagonalOfRow, offDiagonalOfRow };
}
