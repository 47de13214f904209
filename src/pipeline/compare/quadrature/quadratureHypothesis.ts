/** What a quadrature is compared with: a law, and draws of the same quadrature of matrices that have it. */
import type { SpectralLaw } from '../../../../theory/contracts.js';
import { UsageError } from '../../../../theory/errors.js';
import { marchenkoPastur, scaledLaw } from '../../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';
import { lanczosQuadrature, whiteQuadrature } from '../../../../simulations/comparisons/index.js';
import type { Backend, RandomStream } from '../../../../simulations/contracts.js';
import type { Alternative, Change } from '../alternatives.js';
import type { Probe, Quadrature } from '../given/readQuadrature.js';
import { hypothesisFor, statesLaw, type Hypothesis, type HypothesisOptions } from '../hypothesis.js';
import { sizedSpectrum } from '../sizedSpectrum.js';
import { samplesAt, statedRatio, type RatioOptions } from '../statedRatio.js';

export interface QuadratureOptions extends HypothesisOptions, RatioOptions {
  readonly noiseVariance?: number | undefined;
}

export interface QuadratureHypothesis {
  readonly description: string;
  readonly law: SpectralLaw;
  readonly fitsScale: boolean;
  /** Powers of the moments that are tested: without the one that a fit makes equal. */
  readonly powers: readonly number[];
  /** The probes of one matrix. */
  draw(stream: RandomStream): readonly Probe[];
  /** Of changed matrices; undefined where they would have to be drawn at a size beyond reach. */
  readonly changed: ((stream: RandomStream, change: Change) => readonly Probe[]) | undefined;
  readonly alternatives: readonly Alternative[];
}

/** Matrices of this order are drawn for powers. */
const largestDrawn = 600;
/**
 * Probes per dimension up to which those of one matrix are taken for independent ones: its eigenvalues move them by 1/d, their own
 * directions by 1/√d. At this ratio (d = 400, 8 probes) 94 of 2000 true quadratures are rejected at 0.05.
 */
const independentProbes = 1 / 50;

/** @throws UsageError without N or d/N where the law depends on it, and for what cannot be fitted to a quadrature */
export function quadratureHypothesis(
  quadrature: Quadrature,
  options: QuadratureOptions,
  backend: Backend,
): QuadratureHypothesis {
  const { dimension } = quadrature;
  const { fit } = options;
  if (fit?.includes('aspect-ratio') === true)
    throw new UsageError('--fit aspect-ratio: d/N is not fitted to a quadrature. Give --aspect-ratio or --samples.');
  const isStated = statesLaw(options);
  const aspectRatio = statedRatio(dimension, options);
  if (!isStated) return whiteHypothesis(quadrature, { ...options, aspectRatio }, backend);
  const hypothesis = hypothesisFor(sizedSpectrum(dimension), { ...options, aspectRatio, fit: [] }, backend);
  return ofHypothesis(quadrature, hypothesis, fit?.includes('scale') ?? false);
}

function ofHypothesis(
  { probes, dimension }: Quadrature,
  hypothesis: Hypothesis,
  fitsScale: boolean,
): QuadratureHypothesis {
  const steps = stepsOf(probes);
  const ofSpectrum = (stream: RandomStream, change?: Change): Probe[] => {
    const eigenvalues = hypothesis.draw(stream, change);
    return probes.map(() => lanczosQuadrature(stream, eigenvalues, Math.min(steps, dimension)));
  };
  const { law, description, alternatives } = hypothesis;
  return {
    description: `${fitsScale ? 'fitted (scale): ' : ''}${description}`,
    law,
    fitsScale,
    powers: testedPowers(steps, fitsScale, law),
    draw: ofSpectrum,
    changed: dimension > largestDrawn ? undefined : ofSpectrum,
    alternatives: fitsScale ? alternatives.filter(({ id }) => id !== 'scale') : alternatives,
  };
}

/** Independent entries of a variance that is known, or free: their quadrature is drawn without a matrix, whatever d. */
function whiteHypothesis(
  quadrature: Quadrature,
  { noiseVariance, aspectRatio }: QuadratureOptions,
  backend: Backend,
): QuadratureHypothesis {
  const { probes, dimension } = quadrature;
  if (aspectRatio === undefined)
    throw new UsageError(
      '--ritz-values: --samples N or --aspect-ratio d/N is needed, which the nodes of a quadrature do not tell; or state a law that has none. Give one of them.',
    );
  const samples = samplesAt(dimension, aspectRatio);
  const variance = noiseVariance ?? 1;
  const steps = stepsOf(probes);
  const fitsScale = noiseVariance === undefined;
  const independent = probes.length <= dimension * independentProbes;
  const drawn =
    dimension <= largestDrawn || !independent
      ? ofHypothesis(
          quadrature,
          hypothesisFor(
            sizedSpectrum(dimension),
            { weights: discreteMeasure([variance]), aspectRatio, fit: [] },
            backend,
          ),
          fitsScale,
        )
      : undefined;
  const one = (stream: RandomStream): Probe => {
    const { nodes, masses } = whiteQuadrature(stream, dimension, samples, steps);
    return { nodes: nodes.map((node) => variance * node), masses };
  };
  const law = scaledLaw(marchenkoPastur(aspectRatio), variance);
  return {
    description: `${fitsScale ? 'fitted (scale): ' : ''}(1/N) Σ x xᵀ, independent entries${fitsScale ? '' : ` of variance ${variance}`}, N = ${samples}`,
    law,
    fitsScale,
    powers: testedPowers(steps, fitsScale, law),
    draw: independent ? (stream) => probes.map(() => one(stream)) : drawn!.draw,
    changed: drawn?.changed,
    alternatives: drawn?.alternatives ?? [],
  };
}

const stepsOf = (probes: readonly Probe[]): number => Math.max(...probes.map(({ nodes }) => nodes.length));

/** Gauss quadrature of m nodes has 2m − 1 moments. */
function testedPowers(steps: number, fitsScale: boolean, law: SpectralLaw): number[] {
  const fitted = Math.abs(law.moment(1)) > 1e-9 * Math.sqrt(law.moment(2)) ? 1 : 2;
  return [1, 2, 3, 4].filter((power) => power <= 2 * steps - 1 && !(fitsScale && power === fitted));
}
