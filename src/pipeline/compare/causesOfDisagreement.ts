/** Why a comparison disagrees, as far as its first draw tells. */
import { expectationNodes } from '../../../theory/gmp/index.js';
import { nonZeroCount } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { correlationDraws } from '../../draws/bulk/correlationDraws.js';
import { fewestEigenvalues } from '../../draws/bulk/fitBulk.js';
import type { Cause } from '../../draws/causes/cause.js';
import { findCauses } from '../../draws/causes/findCauses.js';
import { whiteCauses } from '../../draws/causes/whiteCauses.js';
import { drawnWeightsLaw, type Population } from '../law/weightedLaw.js';
import type { BulkOptions } from './compareBulk.js';
import { scaledEnsemble, statedBulk, type StatedBulkOptions } from './compareStated.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import type { HypothesisOptions } from './hypothesis.js';

/** What was compared with; a factor of `classes` may be missing. */
export type CausesOptions = StatedBulkOptions &
  Pick<BulkOptions, 'noiseVariance' | 'cache'> &
  Pick<HypothesisOptions, 'drawnWeights'> & {
    readonly population?: Population | undefined;
    readonly classes?: number | undefined;
  };

/** What came of it: a bulk has a hypothesis when it is not of white noise. */
export interface Compared {
  readonly kind: 'bulk' | 'compare';
  readonly hypothesis?: string;
  readonly samples?: number | undefined;
  readonly predictedOutside?: readonly number[];
}

/** Draws of white noise are cheap, and decide at a third of the level. */
const whiteReplicates = 999;

/** @returns undefined where nothing can be asked: of a law that is not of weights, of fewer than 20 eigenvalues */
export function causesOfDisagreement(
  all: GivenSpectrum,
  result: Compared,
  options: CausesOptions,
  backend: Backend,
): readonly Cause[] | undefined {
  const spectrum = firstOf(all);
  if (result.kind === 'bulk' && result.hypothesis === undefined) {
    const { noiseVariance, fit } = options;
    const variance = noiseVariance ?? (fit !== undefined && !fit.includes('scale') ? 1 : undefined);
    return causesOfWhite(spectrum, result, { ...options, variance }, backend);
  }
  const first = { ...options, ...firstWeights(options) };
  const weights = constantWeight(spectrum, first);
  if (weights === undefined) return causesOfWeights(spectrum, result, first, backend);
  return causesOfWhite(spectrum, result, { ...first, variance: scaleOf(options, weights) }, backend);
}

function firstOf(all: GivenSpectrum): GivenSpectrum {
  const [first] = all.spectra as readonly [Float64Array];
  return all.spectra.length === 1 ? all : { ...all, eigenvalues: first, spectra: [first] };
}

/** The weights of the first draw, and their law. */
function firstWeights({ drawnWeights, population }: CausesOptions): Pick<CausesOptions, 'drawnWeights' | 'law'> {
  if (drawnWeights === undefined) return {};
  const own = drawnWeights.slice(0, 1);
  return { drawnWeights: own, law: drawnWeightsLaw(own, population) };
}

/** The weight that all have; undefined where they differ, or it is no variance. */
function constantWeight(spectrum: GivenSpectrum, options: CausesOptions): number | undefined {
  const ensemble = scaledEnsemble(spectrum, options);
  if (ensemble === undefined) return undefined;
  const nodes = ensemble.kind === 'drawn' ? ensemble.weights[0]! : expectationNodes(ensemble.weights).nodes;
  return nodes[0]! > 0 && nodes.every((node) => node === nodes[0]) ? nodes[0] : undefined;
}

/** Of the law as stated; undefined where it was fitted. */
function scaleOf({ fit }: CausesOptions, unit: number): number | undefined {
  return fit?.includes('scale') === true ? undefined : unit;
}

function causesOfWhite(
  { spectra, roundoff, correlation }: GivenSpectrum,
  result: Compared,
  { variance, ...options }: CausesOptions & { readonly variance: number | undefined },
  backend: Backend,
): readonly Cause[] | undefined {
  const { aspectRatio, classes, level, seed, cache } = options;
  const draws = correlation === true ? correlationDraws(backend, spectra[0]!.length) : undefined;
  // The N of a stated law is what is left of it already.
  const centred = result.kind === 'bulk' && options.centred;
  return whiteCauses(
    spectra[0]!,
    { samples: result.samples, centred, aspectRatio, variance, classes, predicted: result.predictedOutside, roundoff },
    {
      backend,
      level,
      seed,
      replicates: whiteReplicates,
      draws,
      tables: draws === undefined ? cache : undefined,
    },
  );
}

/** Factor, swapped ratio, zeros and modes of a law of weights. */
function causesOfWeights(
  spectrum: GivenSpectrum,
  result: Compared,
  options: CausesOptions,
  backend: Backend,
): readonly Cause[] | undefined {
  const ensemble = scaledEnsemble(spectrum, options);
  const { samples } = result;
  if (ensemble === undefined || samples === undefined) return undefined;
  const values = spectrum.spectra[0]!;
  const dimension = dimensionOf(spectrum);
  const nonZero = nonZeroCount(values, spectrum.roundoff);
  if (nonZero < fewestEigenvalues) return undefined;
  const zeros = dimension - nonZero;
  const { classes, level, aspectRatio } = options;
  const isDrawn = ensemble.kind === 'drawn';
  const live = isDrawn ? ensemble.weights[0]!.filter((weight) => weight !== 0).length : undefined;
  // Weights drawn as zero are as many as happen to be.
  const mayVanish = ensemble.kind === 'weighted' && expectationNodes(ensemble.weights).nodes.includes(0);
  const known = { ...options, samples: undefined, level: level / 3, nullReplicates: undefined };
  return findCauses({
    dimension,
    samples,
    scale: scaleOf(options, 1),
    classes,
    swapped: isDrawn || aspectRatio === undefined ? undefined : Math.round(dimension * aspectRatio),
    predicted: result.predictedOutside,
    zeros,
    expectedZeros: (own) => (mayVanish ? zeros : Math.max(0, dimension - (live ?? own))),
    fit(own) {
      if (own === undefined || (isDrawn && own !== samples)) return undefined;
      const ratio = isDrawn ? undefined : (dimension + spectrum.rank) / own;
      return statedBulk(spectrum, { ...known, centred: undefined, aspectRatio: ratio }, backend).fitter.fit([values]);
    },
  });
}
