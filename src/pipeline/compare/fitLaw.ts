/** The free parameters of a stated law: which are fitted to a spectrum, and how. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { scaledLaw } from '../../../theory/gmp/index.js';
import type { Ensemble } from '../law/ensemble.js';
import type { FittedParameter } from './fittedParameter.js';
import { requireAspectRatio } from './statedRatio.js';

export interface FittedLaw {
  readonly scale: number;
  /** NaN for a law that has none. */
  readonly aspectRatio: number;
  readonly law: SpectralLaw;
}

export interface FitOptions {
  readonly aspectRatio?: number | undefined;
  readonly fit?: readonly FittedParameter[] | undefined;
}

/**
 * What is fitted: as asked for, else what a stated law leaves open.
 * @param isStated whether the law was named: a law taken in default of one has its scale open
 * @throws UsageError for options that contradict each other or the law
 */
export function fittedParameters(
  ensemble: Ensemble,
  order: number,
  options: FitOptions,
  isStated: boolean,
): readonly FittedParameter[] {
  const { aspectRatio } = options;
  const { free, units } = ensemble;
  const fit = options.fit ?? usualFit(ensemble, aspectRatio, isStated);
  const fixed = fit.find((name) => !free.includes(name));
  if (ensemble.kind === 'drawn' && fixed !== undefined)
    throw new UsageError(
      '--fit with --weights-file is for the scale of one list of weights: N is known, and several lists are compared as they are. Say --fit scale, with --row where there are several, or leave --fit out.',
    );
  if (!ensemble.takesAspectRatio && aspectRatio !== undefined)
    throw new UsageError('--aspect-ratio says nothing of this law, which has none. Leave it out.');
  if (ensemble.takesAspectRatio && ensemble.kind !== 'drawn') requireRatio(fit, aspectRatio, order);
  if (fixed !== undefined)
    throw new UsageError(
      `--fit ${fixed}: that is not free in this law, ${free.length === 0 ? 'nothing is' : `only ${free.join(' and ')}`}. ${ensemble.takesAspectRatio ? 'Give --aspect-ratio d/N.' : 'Leave it out.'}`,
    );
  if (units !== undefined && !fit.includes('scale'))
    throw new UsageError(`compare: this law is in units of ${units}, not of the eigenvalues. Add --fit scale.`);
  return fit;
}

function usualFit({ free }: Ensemble, aspectRatio: number | undefined, isStated: boolean): readonly FittedParameter[] {
  if (aspectRatio === undefined) return free.includes('aspect-ratio') ? ['scale', 'aspect-ratio'] : [];
  return isStated ? [] : ['scale'];
}

function requireRatio(fit: readonly FittedParameter[], aspectRatio: number | undefined, order: number): void {
  const fitsRatio = fit.includes('aspect-ratio');
  if (!fitsRatio && aspectRatio === undefined)
    throw new UsageError('compare: --aspect-ratio d/N is needed, or --fit scale,aspect-ratio. Give one of them.');
  if (aspectRatio !== undefined) requireAspectRatio(aspectRatio);
  if (fitsRatio && aspectRatio !== undefined)
    throw new UsageError(
      `--fit aspect-ratio and --aspect-ratio ${aspectRatio} contradict each other: it is fitted or given. Leave one of them out.`,
    );
  if (fitsRatio && order < 4)
    throw new UsageError(`--fit aspect-ratio needs at least 4 eigenvalues, there are ${order}. Give --aspect-ratio.`);
}

/** The law with its free parameters fitted to a spectrum. */
export function lawFitter(
  ensemble: Ensemble,
  fit: readonly FittedParameter[],
  aspectRatio: number | undefined,
): (eigenvalues: Float64Array) => FittedLaw {
  return (eigenvalues) => {
    const parameters =
      fit.length === 0
        ? { scale: 1, aspectRatio: aspectRatio! }
        : fitByMoments(eigenvalues, ensemble, fit, aspectRatio);
    // A fitted ratio is new every time: only the given one is worth keeping, which the ensemble does.
    const law = ensemble.law(parameters.aspectRatio);
    return { ...parameters, law: parameters.scale === 1 ? law : scaledLaw(law, parameters.scale) };
  };
}

const judgedPowers = [1, 2, 3, 4];

/** Powers of the traces that `fitByMoments` does not make those of the law. */
export function freePowers(ensemble: Ensemble, fit: readonly FittedParameter[], aspectRatio: number): number[] {
  const matched = fit.includes('aspect-ratio')
    ? fit.includes('scale')
      ? [1, 2]
      : [2]
    : fit.includes('scale')
      ? [isCentred(ensemble, aspectRatio) ? 2 : 1]
      : [];
  return judgedPowers.filter((power) => !matched.includes(power));
}

/**
 * Scale and aspect ratio from the first two moments, m_1 s and (m_2(0) + slope γ) s² of the law. Where m_1 = 0 the scale
 * comes from the second, and the aspect ratio cannot be told from it.
 */
function fitByMoments(
  eigenvalues: Float64Array,
  ensemble: Ensemble,
  fit: readonly FittedParameter[],
  aspectRatio: number | undefined,
): { scale: number; aspectRatio: number } {
  let first = 0;
  let second = 0;
  for (const value of eigenvalues) {
    first += value / eigenvalues.length;
    second += (value * value) / eigenvalues.length;
  }
  if (ensemble.slope === 0)
    throw new UsageError('compare: the law of the weights is zero, nothing can be fitted to it. State another law.');
  if (!fit.includes('aspect-ratio')) {
    const [mean, square] = ensemble.moments(aspectRatio!);
    const scale = isCentred(ensemble, aspectRatio!) ? Math.sqrt(second / square) : first / mean;
    return { scale, aspectRatio: aspectRatio! };
  }
  const [mean, least] = ensemble.moments(0);
  if (isCentred(ensemble, 1) && fit.includes('scale'))
    throw new UsageError(
      '--fit scale,aspect-ratio: weights of mean zero determine only their product. Give --aspect-ratio.',
    );
  const scale = fit.includes('scale') ? first / mean : 1;
  const ratio = (second / (scale * scale) - least) / ensemble.slope!;
  if (!(ratio > 0) || !Number.isFinite(ratio))
    throw new UsageError(
      `--fit aspect-ratio: the spectrum's first two moments (${first.toPrecision(4)}, ${second.toPrecision(4)}) give an aspect ratio of ${ratio.toPrecision(3)}, which no such law has. State another law.`,
    );
  return { scale, aspectRatio: ratio };
}

/** A law of mean zero. */
function isCentred(ensemble: Ensemble, aspectRatio: number): boolean {
  const [mean, square] = ensemble.moments(aspectRatio);
  return Math.abs(mean) < 1e-12 * Math.sqrt(square);
}
