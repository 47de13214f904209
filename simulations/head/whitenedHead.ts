/**
 * D^{−1/2} H D^{−1/2} of a head over some of its tokens, D the block diagonal of H: what is left of H for an optimiser that is
 * blind to the scale of a block. As an operator: H is a Laplacian with matrices as weights, so that its spectrum lies in [0, 2].
 *
 * Each block is (1/N) Σ_n a_i(n) h_n h_nᵀ = L_i L_iᵀ by Cholesky, with `damping` times its mean eigenvalue added to its diagonal, and
 * L_i⁻¹ stands for D_i^{−1/2}, from which it differs by a rotation of the block: norms and eigenvalues are the same. With fewer
 * samples than features all happens in the span of the features, in a basis in which they are the rows of a factor of their Gram
 * matrix.
 */
import type { Backend, Workspace } from '../contracts.js';
import { pivotedCholesky } from '../linalg/pivotedCholesky.js';
import type { TokenFields } from './tokenFields.js';

export const damping = 1e-6;

export class WhitenedHead {
  /** Tokens that have a block which is not 0. */
  readonly tokens: readonly number[];
  /** k, length of a block of a vector: D, or the rank of the features where they are fewer. */
  readonly order: number;
  readonly #features: Workspace;
  readonly #transposed: Workspace;
  /** Rows of the lower triangles, one token after another. */
  readonly #factors: Float64Array;
  readonly #probabilities: Float64Array;
  readonly #weights: Float64Array;

  /**
   * @param features h, N×D
   * @param gram h_n·h_m, N×N
   */
  constructor(fields: TokenFields, features: Float64Array, gram: Float64Array, backend: Backend) {
    const { samples } = fields;
    const dimension = features.length / samples;
    const { factor: basis, rank: k } =
      samples < dimension ? pivotedCholesky(gram, samples) : { factor: features, rank: dimension };
    this.order = k;
    this.#features = backend.createWorkspace(k, samples);
    this.#features.inputs.set(basis);
    this.#transposed = backend.createWorkspace(samples, k);
    for (let n = 0; n < samples; n += 1)
      for (let i = 0; i < k; i += 1) this.#transposed.inputs[i * samples + n] = basis[n * k + i]!;
    const rowOf = (field: Float64Array, i: number): Float64Array => field.subarray(i * samples, (i + 1) * samples);
    const alive = [...fields.tokens.keys()].filter(
      (i) => this.#features.trace(rowOf(fields.weights, i)) > Number.MIN_VALUE,
    );
    this.tokens = alive.map((i) => fields.tokens[i]!);
    const gathered = (field: Float64Array): Float64Array => {
      const out = new Float64Array(alive.length * samples);
      alive.forEach((from, to) => out.set(rowOf(field, from), to * samples));
      return out;
    };
    this.#probabilities = gathered(fields.probabilities);
    this.#weights = gathered(fields.weights);
    const length = (k * (k + 1)) / 2;
    this.#factors = new Float64Array(alive.length * length);
    alive.forEach((from, to) => {
      const block = this.#features.weightedGram(rowOf(fields.weights, from));
      let trace = 0;
      for (let i = 0; i < k; i += 1) trace += block[i * (k + 1)]!;
      for (let i = 0; i < k; i += 1) block[i * (k + 1)]! += (damping * trace) / dimension;
      packedCholesky(block, k, this.#factors.subarray(to * length, (to + 1) * length));
    });
  }

  /** Length of a vector: one block a token. */
  get length(): number {
    return this.tokens.length * this.order;
  }

  /** D^{−1/2} H D^{−1/2} x, or with the blocks off the diagonal alone. */
  apply(vector: Float64Array, part: 'all' | 'off-diagonal'): Float64Array {
    const { order: k, tokens } = this;
    const { samples } = this.#features;
    const blocks = vector.slice();
    this.#eachBlock(blocks, solveTransposed);
    const fields = new Float64Array(tokens.length * samples);
    this.#features.project(blocks, tokens.length, fields);
    const mean = new Float64Array(samples);
    for (let at = 0; at < fields.length; at += 1) mean[at % samples]! += this.#probabilities[at]! * fields[at]!;
    for (let at = 0; at < fields.length; at += 1) {
      const p = this.#probabilities[at]!;
      const own = part === 'all' ? this.#weights[at]! * fields[at]! : 0;
      fields[at] = (own - p * (mean[at % samples]! - p * fields[at]!)) / samples;
    }
    this.#transposed.project(fields, tokens.length, blocks);
    this.#eachBlock(blocks, solve);
    return blocks.subarray(0, tokens.length * k);
  }

  #eachBlock(blocks: Float64Array, use: (factor: Float64Array, x: Float64Array) => void): void {
    const { order: k, tokens } = this;
    const length = (k * (k + 1)) / 2;
    tokens.forEach((_, i) =>
      use(this.#factors.subarray(i * length, (i + 1) * length), blocks.subarray(i * k, (i + 1) * k)),
    );
  }
}

/** Rows of L with L Lᵀ = matrix, which is positive definite by its damping; a pivot that rounding has taken is left at its least. */
function packedCholesky(matrix: Float64Array, order: number, out: Float64Array): void {
  const row = (i: number): number => (i * (i + 1)) / 2;
  for (let i = 0; i < order; i += 1) {
    const own = row(i);
    for (let j = 0; j <= i; j += 1) {
      const other = row(j);
      let sum = matrix[i * order + j]!;
      for (let k = 0; k < j; k += 1) sum -= out[own + k]! * out[other + k]!;
      if (j < i) out[own + j] = sum / out[other + j]!;
      else out[own + i] = Math.sqrt(Math.max(sum, Number.EPSILON * matrix[i * (order + 1)]!));
    }
  }
}

/** x ← L⁻¹ x. */
function solve(factor: Float64Array, x: Float64Array): void {
  for (let i = 0, at = 0; i < x.length; i += 1) {
    let sum = x[i]!;
    for (let j = 0; j < i; j += 1, at += 1) sum -= factor[at]! * x[j]!;
    x[i] = sum / factor[at]!;
    at += 1;
  }
}

/** x ← L⁻ᵀ x. */
function solveTransposed(factor: Float64Array, x: Float64Array): void {
  for (let i = x.length - 1; i >= 0; i -= 1) {
    const row = (i * (i + 1)) / 2;
    const value = x[i]! / factor[row + i]!;
    x[i] = value;
    for (let j = 0; j < i; j += 1) x[j]! -= factor[row + j]! * value;
  }
}
