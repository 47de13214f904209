import type { SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { bridgedLaw, generalisedMarchenkoPastur, signedRootLaw } from '../gmp/index.js';
import { discreteMeasure } from '../measures/index.js';
import { activationNames, activations, paperActivation, type ActivationName } from '../names.js';
import { unitMoments } from '../network/unitMoments.js';
import { requirePositive, requireWord } from '../requirements.js';
import { classSlopes } from './classSlopes.js';

/**
 * Laws of the part R of a hidden model's Hessian that carries the residual r_n = p − y or f − y: S_i = (1/N) Xᵀ D_i r
 * (d×C) for unit i, D_i = diag(σ′(u_n,i)). In the order of units R is block-diagonal, [[0, S_i], [S_iᵀ, 0]].
 */
export interface ResidualPartLaw {
  /** Of N · S_i S_iᵀ, d×d: a generalised Marčenko–Pastur law of C samples. */
  readonly gram: SpectralLaw;
  /** Of √N · R, one unit's or all units' alike: ± the roots, and zeros; its order is d + C a unit. */
  readonly residual: SpectralLaw;
}

/** Random labels at initialisation: sizes a class, and the activation. */
export interface ResidualPartLawOptions {
  /** N/C; Infinity for the limit, where the law is Marčenko–Pastur's and R has a semicircle if d = C. */
  readonly samplesPerClass: number;
  /** d/C. */
  readonly dimensionsPerClass: number;
  /** Default `paperActivation`. */
  readonly activation?: ActivationName;
  /** Of one pre-activation; enters smooth activations only. Default 1 (LeCun). */
  readonly preactivationVariance?: number;
}

/**
 * The law at initialisation with random labels, as d, C, N → ∞ in proportion at fixed width. The labels' part of column
 * j of S_i is −(1/N) Σ σ′_n x_n over the samples of class j: normal with variance Σ σ′²/N² off w_i. The weights of N · S_i
 * S_iᵀ are therefore (C/N) Σ σ′² (`classSlopes`), for gates C/N times a Poisson number of mean qN/C: columns without an
 * open sample vanish, an atom of mass max(0, 1 − (1 − e^{−qN/C}) C/d). Mean E σ′².
 *
 * Cross-entropy: p adds O(1/C) to the eigenvalues, and moves zeros of that atom by as much. Squared error: f = Vσ(Wx)
 * adds a matrix of rank m, so the bulk is the same, with at most m eigenvalues far beyond it.
 *
 * Weights are unbounded, and each heavy one makes an interval of its own: their tails of mass 1e-12 are cut off, which
 * is where the support ends.
 *
 * @throws UsageError for numbers out of range
 */
export function residualPartLaw(options: ResidualPartLawOptions): ResidualPartLaw {
  const { samplesPerClass, dimensionsPerClass, activation = paperActivation, preactivationVariance = 1 } = options;
  const caller = 'residualPartLaw';
  requireWord(caller, 'activation', activation, activationNames);
  requirePositive(caller, 'dimensionsPerClass', dimensionsPerClass);
  requirePositive(caller, 'preactivationVariance', preactivationVariance);
  if (samplesPerClass === Infinity) {
    const { slopeSquare } = unitMoments(activation, preactivationVariance);
    return lawsOf(generalisedMarchenkoPastur(discreteMeasure([slopeSquare]), dimensionsPerClass));
  }
  const weights = classSlopes(samplesPerClass, activation, preactivationVariance);
  // Sums of smooth slopes fill an interval; their lattice leaves gaps where it is thin.
  const lawOfWeights = activations[activation].gated ? generalisedMarchenkoPastur : bridgedLaw;
  return lawsOf(lawOfWeights(weights, dimensionsPerClass));
}

/** The residuals as they are, by the spectrum of their second moments. */
export interface ResidualPartGivenResiduals {
  /** Eigenvalues of Σ_i = (1/N) rᵀ D_i² r, C×C, in any order; zeros may be left out. */
  readonly residualSpectrum: ArrayLike<number>;
  /** C. */
  readonly classes: number;
  /** d′: of the inputs off the directions that r and D_i depend on. */
  readonly dimension: number;
}

/**
 * The law given the residuals and gates as they are, off the directions that these depend on (the rows of W, and of the
 * labels' rule): there the inputs are independent of both, and the weights of N · S_i S_iᵀ are C times the eigenvalues
 * of Σ_i, with C samples of dimension d′. Exact for fresh data at every step of training, since those are independent of
 * the network; for training data at step 0 alone.
 *
 * @throws UsageError for negative eigenvalues or sizes out of range
 */
export function residualPartGivenResiduals(given: ResidualPartGivenResiduals): ResidualPartLaw {
  const { classes, dimension } = given;
  const spectrum = checkedSpectrum('residualPartGivenResiduals', given);
  const weights = new Float64Array(classes);
  weights.set(spectrum.map((value) => classes * value));
  return lawsOf(generalisedMarchenkoPastur(discreteMeasure(weights), dimension / classes));
}

/**
 * ‖S_i‖²_F off those directions, given the residuals: N ‖S_i‖² = Σ_c λ_c χ²_{d′} over the eigenvalues λ_c of Σ_i, hence
 * mean (d′/N) tr Σ_i, and √(2 tr Σ_i²/d′)/tr Σ_i the standard deviation of ‖S_i‖² over its mean.
 *
 * @returns `mean` of N ‖S_i‖², and `deviation`, relative to it; 0 and NaN where all residuals vanish
 * @throws UsageError as `residualPartGivenResiduals`
 */
export function residualNormGivenResiduals(given: ResidualPartGivenResiduals): { mean: number; deviation: number } {
  const { dimension } = given;
  let trace = 0;
  let square = 0;
  for (const value of checkedSpectrum('residualNormGivenResiduals', given)) {
    trace += value;
    square += value * value;
  }
  return { mean: dimension * trace, deviation: Math.sqrt((2 * square) / dimension) / trace };
}

/** With the law of R: the d roots of a unit come with both signs, among d + C eigenvalues. */
function lawsOf(gram: SpectralLaw): ResidualPartLaw {
  return { gram, residual: signedRootLaw(gram, (2 * gram.aspectRatio) / (1 + gram.aspectRatio)) };
}

function checkedSpectrum(caller: string, given: ResidualPartGivenResiduals): Float64Array {
  const { residualSpectrum, classes, dimension } = given;
  requirePositive(caller, 'dimension', dimension);
  if (!(Number.isInteger(classes) && classes >= 1 && residualSpectrum.length <= classes))
    throw new UsageError(
      `${caller}: classes must be a whole number, as many as eigenvalues or more, got ${classes} with ${residualSpectrum.length}`,
    );
  let largest = 0;
  for (let c = 0; c < residualSpectrum.length; c++) largest = Math.max(largest, residualSpectrum[c]);
  return Float64Array.from(residualSpectrum, (value) => {
    if (!(value >= -1e-10 * largest && Number.isFinite(value)))
      throw new UsageError(`${caller}: residualSpectrum must not be negative beyond rounding, got ${value}`);
    return Math.max(0, value);
  });
}
