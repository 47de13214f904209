import { UsageError } from '../../../theory/errors.js';

export interface ComplementSettings {
  /** N×d, one sample a row. */
  readonly inputs: Float64Array;
  readonly samples: number;
  readonly dimension: number;
  /** Orthonormal basis of the directions on which the weights depend: `rank` rows of length d. */
  readonly basis: { readonly rank: number; readonly rows: Float64Array };
  /** N×(d − k), for instance the inputs of a workspace of dimension d − k. */
  readonly out: Float64Array;
}

const orthonormalWithin = 1e-10;

/**
 * The inputs seen in the orthogonal complement of the basis: N×(d − k), in an orthonormal frame of the complement,
 * written to `out`.
 *
 * With Gaussian x these coordinates are independent standard normals, independent of every weight. The block (1/N) Σ
 * a_n y_n y_nᵀ made of them is therefore an exact draw of the null law "given the drawn weights" in dimension d − k,
 * with no shift from the directions that made the weights; and its spectrum interlaces with that of the block (Cauchy),
 * so that their distribution functions differ by at most k/d. Tests that need an exact null use it.
 *
 * The frame comes from k Householder reflections: 4 N d k operations. Throws UsageError when sizes disagree, when the
 * rows are not orthonormal within 1e-10, or when k ≥ d leaves no complement.
 */
export function complementInputs({ inputs, samples, dimension, basis, out }: ComplementSettings): void {
  const { rank, rows } = basis;
  const kept = dimension - rank;
  if (kept < 1)
    throw new UsageError(`complementInputs: basis must leave a complement, got rank ${rank} in dimension ${dimension}`);
  if (inputs.length !== samples * dimension) {
    throw new UsageError(
      `complementInputs: inputs must hold samples × dimension = ${samples * dimension} numbers, got ${inputs.length}`,
    );
  }
  if (out.length !== samples * kept) {
    throw new UsageError(
      `complementInputs: out must hold samples × (dimension − rank) = ${samples * kept} numbers, got ${out.length}`,
    );
  }
  const reflectors = householderReflectors(rows, rank, dimension);
  const row = new Float64Array(dimension);
  for (let n = 0; n < samples; n++) {
    row.set(inputs.subarray(n * dimension, (n + 1) * dimension));
    for (let i = 0; i < rank; i++) reflect(row, reflectors[i]!, i);
    out.set(row.subarray(rank), n * kept);
  }
}

/** Reflections that, one after the other, take row i of the basis to ± the i-th unit vector. */
function householderReflectors(basis: Float64Array, rank: number, dimension: number): Float64Array[] {
  const rows = Array.from({ length: rank }, (_, i) => basis.slice(i * dimension, (i + 1) * dimension));
  const reflectors: Float64Array[] = [];
  for (let i = 0; i < rank; i++) {
    const reflector = rows[i]!.slice();
    // What the earlier reflections left in the leading coordinates is the product with the earlier rows, and the length
    // is 1.
    let defect = 0;
    for (let t = 0; t < i; t++) defect = Math.max(defect, Math.abs(reflector[t]!));
    reflector.fill(0, 0, i);
    const norm = Math.sqrt(reflector.reduce((sum, value) => sum + value * value, 0));
    if (!(Math.max(defect, Math.abs(norm - 1)) < orthonormalWithin)) {
      throw new UsageError(
        `complementInputs: the rows of basis must be orthonormal within 1e-10, row ${i} is off by ${Math.max(defect, Math.abs(norm - 1))}`,
      );
    }
    reflector[i]! += reflector[i]! >= 0 ? norm : -norm;
    const scale = Math.sqrt(2 / reflector.reduce((sum, value) => sum + value * value, 0));
    for (let t = i; t < dimension; t++) reflector[t]! *= scale;
    for (let j = i + 1; j < rank; j++) reflect(rows[j]!, reflector, i);
    reflectors.push(reflector);
  }
  return reflectors;
}

/** x − v (vᵀx) in place, for a reflector v with |v|² = 2 whose first `start` entries are 0. */
function reflect(x: Float64Array, reflector: Float64Array, start: number): void {
  let product = 0;
  for (let t = start; t < x.length; t++) product += x[t]! * reflector[t]!;
  for (let t = start; t < x.length; t++) x[t]! -= product * reflector[t]!;
}
