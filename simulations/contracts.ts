/**
 * The vocabulary of the Monte Carlo side. Types only.
 *
 * Storage: samples are rows. X is N×d with x_n at [n·d, (n+1)·d); W is m×d, W_k is n_k×n_{k−1}, V is C×d (linear), C×m
 * (hidden) or C×n_L (deep), row-major. Fields over samples (logits, pre-activations, probabilities) are k×N with one row of N per direction.
 */
import type { ActivationName, InitialisationName, Loss, Model } from '../theory/contracts.js';
import type { Curvature, LogitPrecision } from '../theory/names.js';

/** What computes: WebAssembly, a BLAS library of the machine, or plain loops to check the two. */
export type BackendName = 'wasm' | 'native' | 'reference';

/**
 * A seedable stream of random numbers. The same seed, label and replicate index give the same numbers on every backend,
 * in any order of streams, on any number of workers.
 */
export interface RandomStream {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Fills `out` in order, as that many calls of `normal` would. */
  fillNormals(out: Float64Array): void;
  /** Fills `out` in order, as that many calls of `uniform` would. */
  fillUniforms(out: Float64Array): void;
  /** The four 64-bit words of the generator's state, for kernels that continue the stream themselves. */
  readonly state: BigUint64Array;
}

/**
 * A matrix V of classes×width by tiles of rows, and what is wanted of its rows under the softmax of V h for each
 * sample.
 */
export interface SoftmaxMomentsRequest {
  /** Calls `visit` with consecutive tiles of rows; a tile is valid during the call only. */
  readonly visitTiles: (visit: (rows: Float64Array, start: number, count: number) => void) => void;
  readonly width: number;
  /** h, width×N. */
  readonly features: Float64Array;
  /** Columns whose means are wanted; those of the pairs are included. */
  readonly columns: readonly number[];
  readonly pairs: readonly (readonly [i: number, j: number])[];
}

export interface SoftmaxMomentsResult {
  /** log Σ_c exp(v_c · h_n), N values. */
  readonly logNormaliser: Float64Array;
  /** E_p[v_i], N values, by column. */
  readonly means: ReadonlyMap<number, Float64Array>;
  /** Cov_p(v_i, v_j), N values, in the order of the pairs. */
  readonly covariances: readonly Float64Array[];
}

/** Linear algebra for one size of problem. Owns its buffers; not shared between threads; reused from draw to draw. */
export interface Workspace {
  /** d, length of a sample. */
  readonly dimension: number;
  /** N. */
  readonly samples: number;
  /** X, N×d, one sample a row. A view into the backend's memory: write inputs here, or let `drawInputs` do it. */
  readonly inputs: Float64Array;
  /** Fills X with independent standard normals from the stream, in memory order. */
  drawInputs(stream: RandomStream): void;
  /** `directions` (count×d, row-major) times Xᵀ: a count×N field written to `out`. */
  project(directions: Float64Array, count: number, out: Float64Array): void;
  /**
   * Softmax probabilities of a few classes when there are many. Row c of the C×d matrix V comes from `rows(start,
   * out)`, called with consecutive tiles; V is never held. Returns wanted.length×N probabilities, by a running
   * log-sum-exp.
   *
   * With `precision` single, products for classes many times as many as the wanted are summed in single precision, over blocks
   * of at most 512 coordinates, and all else is in double: sums of blocks, exponentials, and the logits of the wanted classes.
   * An error of such a logit is ε_c = 3e-7 √(f_c² + Σ_j v_cj² x_nj²) or less, whatever d is; probabilities are off by
   * √(Σ_c p_c² ε_c²), relative: for logits of variance 1 and C = 1000 by 2e-8, by 1e-7 at the worst of a draw's samples; by more
   * where few classes have all the probability. Inputs whose largest is above 1e18 or below 1e-18 are multiplied in double, and
   * the reference backend always does so.
   */
  softmaxOfClasses(
    rows: (start: number, out: Float64Array) => void,
    classes: number,
    wanted: readonly number[],
    precision?: LogitPrecision,
  ): Float64Array;
  /**
   * Moments of the rows of a readout under the softmax, in one pass over the classes; missing where the backend has no
   * kernel for it.
   */
  softmaxMoments?(request: SoftmaxMomentsRequest): SoftmaxMomentsResult;
  /** H = (1/N) Σ a_n x_n x_nᵀ, full d×d, row-major, exactly symmetric. */
  weightedGram(weights: Float64Array): Float64Array;
  /** Ascending eigenvalues of H. Drops zero weights; takes the smaller of the two Grams. */
  eigenvalues(weights: Float64Array): Float64Array;
  /**
   * ‖H‖²_F = N⁻² Σ_nm a_n a_m (x_n·x_m)² for each list of N weights, without an eigendecomposition. Blocks of a draw are asked
   * for together: where it costs less they share a Gram of the samples, beside which two rows of N numbers a list are held.
   *
   * Relative error 1e-13, or 1e-12 where samples cancel but for a thousandth of them. Roundings depend on the lists beside.
   */
  squaredFrobeniusNorms(lists: readonly Float64Array[]): Float64Array;
  /** (1/N) tr H_a H_b-type sums are built from this: Σ_n a_n |x_n|² / N = tr H. */
  trace(weights: Float64Array): number;
}

/** Parameters of a network: what a mark needs beside its data. */
export interface Parameters {
  /** W, m×d, row-major; empty for the linear model. */
  readonly hiddenLayer: Float64Array;
  /** V, C×m, or C×d for the linear model. */
  readonly readout: Float64Array;
}

/** Samples by number: consecutive ones, or one by one, each as often as it stands there. */
export type SampleSet = { readonly start: number; readonly count: number } | Int32Array;

/** A network and the data it is trained on. Inputs and labels are copied: the arrays may be used for other things. */
export interface LossGradientRequest {
  readonly loss: Loss;
  readonly dimension: number;
  readonly samples: number;
  readonly classes: number;
  /** m, features that the readout multiplies; 0 where it multiplies the inputs. */
  readonly units: number;
  /** σ and σ′, each from `input` to as many values in `out`. */
  readonly activation: {
    value(input: Float64Array, out: Float64Array): void;
    derivative(input: Float64Array, out: Float64Array): void;
  };
  /** X, N×d. */
  readonly inputs: Float64Array;
  /** y, N class numbers. */
  readonly labels: Int32Array;
}

export interface BatchLoss {
  /** Mean over the batch: cross-entropy, or half the squared distance from the unit vector of the label. */
  readonly loss: number;
  /** Share of the batch whose largest output is its label's; of equal outputs the first counts. */
  readonly accuracy: number;
}

/** The loss of a network and its derivatives, sample by sample: no C×N field is held. */
export interface LossGradient {
  /** Of the mean loss of the batch evaluated last; the arrays are overwritten by the next evaluation. */
  readonly gradient: Parameters;
  evaluate(parameters: Parameters, batch: SampleSet): BatchLoss;
}

/**
 * A readout V of very many rows, C×D, over the features h of N samples. V comes by tiles of rows; what is kept is N×N. Views
 * stay valid as long as the workspace. Fields have a row of `fieldRow` numbers, of which N count, for each row of the tile;
 * of the matrices over samples the lower triangle counts, entry (n, m) at n·matrixRow + m.
 */
export interface HeadWorkspace {
  readonly dimension: number;
  readonly samples: number;
  /** Most rows of V in a tile. */
  readonly tileRows: number;
  readonly fieldRow: number;
  readonly matrixRow: number;
  /** h, N×D, one sample a row: write them here, then call `takeFeatures`. */
  readonly features: Float64Array;
  /** The tile: rows of V, tileRows×D, and what is added to the logits of each. */
  readonly rows: Float64Array;
  readonly bias: Float64Array;
  /** Fields of the tile. `probabilities` holds the logits until `takeProbabilities`. */
  readonly fields: Readonly<Record<HeadField, Float64Array>>;
  /** Matrices over samples. */
  readonly matrices: Readonly<Record<HeadMatrix, Float64Array>>;
  /** Of each sample, renewed by `takeLogits`: its largest logit, that logit's class, and Σ e^(logit − largest) over the others. */
  readonly largest: Float64Array;
  readonly winner: Float64Array;
  readonly others: Float64Array;
  /** What `takeProbabilities` reads: p = e^(logit − shift)·scale; and Σ p over all rows that it has seen. */
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly mass: Float64Array;
  /** Begins anew with the features that are there: fills matrix `gram` with h_n·h_m, and all other sums with 0. */
  takeFeatures(): void;
  /** Logits of the first `count` rows of the tile, bias and all. */
  project(count: number): void;
  /** Takes in the logits of `count` classes from `first` on. Returns their largest magnitude, NaN when one is no number. */
  takeLogits(first: number, count: number): number;
  /** p, p² and p − p² from the logits. */
  takeProbabilities(count: number): void;
  /** Adds Σ p pᵀ, Σ p² p²ᵀ and Σ (p − p²)(p − p²)ᵀ over the tile to the matrices of the same names. */
  addOverlaps(count: number): void;
  /**
   * Makes `quadraticForms` ready. The matrices `gram` and `probabilities` must be 0 on and above the diagonal by now; the other
   * two are lost.
   */
  takeTriangles(): void;
  /** 2 Σ_{n>m} M_nm x_n x_m for each row x of a field. */
  quadraticForms(field: HeadField, matrix: 'gram' | 'probabilities', count: number): Float64Array;
  /** Σ_n x_n y_n for each row x of a field. */
  linearForms(field: HeadField, vector: Float64Array, count: number): Float64Array;
}

export type HeadField = 'probabilities' | 'squares' | 'weights';
export type HeadMatrix = HeadField | 'gram';

/** Linear algebra of one kind: all that a draw, a training and a spectrum are computed with. */
export interface Backend {
  /** Of the kernels in use. */
  readonly name: BackendName;
  /** What was found: library, version, kernel; for `doctor` and the manifest. */
  readonly description: string;
  /** Memory for N samples of dimension d, and the computations on them. */
  createWorkspace(dimension: number, samples: number): Workspace;
  /** The same for a readout of very many rows. */
  createHeadWorkspace(dimension: number, samples: number): HeadWorkspace;
  /** Loss of a network and its gradient: what training needs. */
  lossGradient(request: LossGradientRequest): LossGradient;
  /**
   * Ascending eigenvalues of a symmetric n×n matrix (row-major, symmetric; its lower triangle is read). Input
   * unchanged.
   */
  symmetricEigenvalues(matrix: Float64Array, order: number): Float64Array;
}

/** One setting of the paper: everything that fixes the law of a draw. */
export interface DrawSettings {
  /** Names what is drawn: `modelTraits` has its formula. */
  readonly model: Model;
  /** Cross-entropy or squared error. */
  readonly loss: Loss;
  /** What its blocks are second derivatives or second moments of; the Hessian when absent. */
  readonly curvature?: Curvature;
  /** Ignored by the linear model. */
  readonly activation: ActivationName;
  /** Scheme of the weights of every layer. */
  readonly initialisation: InitialisationName;
  /** d, length of an input. */
  readonly dimension: number;
  /** N, number of samples. */
  readonly samples: number;
  /** C. */
  readonly classes: number;
  /** m, hidden width. Read of the hidden model alone. */
  readonly width: number;
  /** n_1 … n_L, widths of the hidden layers. Needed by the deep model, read of no other. */
  readonly widths?: readonly number[] | undefined;
  /**
   * Of the logits that enter the normaliser of the softmax alone, double when absent. Single is for the cross-entropy of a
   * readout of the inputs; its draws are the same but for their weights, which are within 1e-7 of those of double
   * (`Workspace.softmaxOfClasses`).
   */
  readonly logitPrecision?: LogitPrecision | undefined;
}

/** Ascending eigenvalues of one block of one draw, with what is needed to judge them. */
export interface Spectrum {
  /** Ascending, all d of them. */
  readonly eigenvalues: Float64Array;
  /** d. */
  readonly dimension: number;
  /** N. */
  readonly samples: number;
  /** The N weights a_n as drawn, when the block is (1/N) Σ a_n x_n x_nᵀ. */
  readonly weights: Float64Array | undefined;
  /** Root seed of the run. */
  readonly seed: string;
  /** Name of the stream below that seed. */
  readonly stream: string;
}
