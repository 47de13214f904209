/** Why a comparison disagrees, as far as its first draw tells. */
import { expectationNodes, isSmooth, type WeightLaw } from '../../../theory/gmp/index.js';
import { roundingTolerance, type NullTable } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { correlationDraws } from '../../draws/bulk/correlationDraws.js';
import { fewestEigenvalues } from '../../draws/bulk/fitBulk.js';
import type { Cause } from '../../draws/causes/cause.js';
import { findCauses } from '../../draws/causes/findCauses.js';
import { whiteCauses } from '../../draws/causes/whiteCauses.js';
import { drawnWeightsLaw } from '../law/weightedLaw.js';
import type { BulkComparison } from './compareBulk.js';
import type { CompareOptions, CompareResult } from './compare.js';
import { fitterFor } from './compareStated.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { hypothesisFor, weightsAlone, type Hypothesis, type HypothesisOptions } from './hypothesis.js';

export type CausesOptions = CompareOptions &
  Pick<HypothesisOptions, 'drawnWeights'> & { readonly nullTables: Map<string, NullTable> };

type Compared = CompareResult | BulkComparison;

/** Draws of white noise are cheap, and decide at a third of the level. */
const whiteReplicates = 999;

export function causesOfDisagreement(
  all: GivenSpectrum,
  result: Compared,
  options: CausesOptions,
  backend: Backend,
): readonly Cause[] {
  const spectrum = firstOf(all);
  // What is drawn for an explanation is not kept: another comparison need not disagree.
  const first = { ...options, ...firstWeights(options), nullTables: new Map(options.nullTables) };
  if (result.kind === 'bulk' && result.hypothesis === undefined) {
    const { noiseVariance, fit } = options;
    const variance = noiseVariance ?? (fit !== undefined && !fit.includes('scale') ? 1 : undefined);
    return causesOfWhite(spectrum, result, { ...first, variance, replicates: options.nullReplicates }, backend);
  }
  const hypothesisAt = (samples: number): Hypothesis =>
    hypothesisFor(
      spectrum,
      {
        ...first,
        aspectRatio: first.drawnWeights === undefined ? (dimensionOf(spectrum) + spectrum.rank) / samples : undefined,
        fit: [],
      },
      backend,
    );
  const { samples } = result;
  const weights = weightsAlone(first, dimensionOf(spectrum) + spectrum.rank);
  if (samples === undefined || weights === undefined) return [];
  const constant = constantWeight(weights);
  if (constant === undefined || !(constant > 0))
    return causesOfLaw(spectrum, result, { ...first, weights }, hypothesisAt);
  const variance = options.fit?.includes('scale') ? undefined : constant;
  return causesOfWhite(spectrum, result, { ...first, variance, replicates: whiteReplicates }, backend);
}

/** The weights of the first draw, and their law. */
function firstWeights({ drawnWeights, population }: CausesOptions): Pick<CausesOptions, 'drawnWeights' | 'law'> {
  if (drawnWeights === undefined) return {};
  const own = drawnWeights.slice(0, 1);
  return { drawnWeights: own, law: drawnWeightsLaw(own, population) };
}

function firstOf(all: GivenSpectrum): GivenSpectrum {
  const [first] = all.spectra as readonly [Float64Array];
  return all.spectra.length === 1 ? all : { ...all, eigenvalues: first, spectra: [first] };
}

/** The weight that all have; undefined where they differ. */
function constantWeight(weights: WeightLaw): number | undefined {
  return isSmooth(weights) || weights.nodes.some((node) => node !== weights.nodes[0]) ? undefined : weights.nodes[0];
}

/** N/d for d/N: the N that it would be. */
function swappedSamples({ aspectRatio, drawnWeights }: CausesOptions, dimension: number): number | undefined {
  return drawnWeights === undefined && aspectRatio !== undefined ? Math.round(dimension * aspectRatio) : undefined;
}

function predictedOf(result: Compared): readonly number[] {
  return result.kind === 'bulk' ? [] : result.predictedOutside;
}

function causesOfWhite(
  { spectra, roundoff, correlation }: GivenSpectrum,
  result: Compared,
  {
    variance,
    replicates,
    ...options
  }: CausesOptions & { readonly variance: number | undefined; readonly replicates: number | undefined },
  backend: Backend,
): readonly Cause[] {
  const { centred, aspectRatio, classes, level, seed, nullTables: tables } = options;
  return whiteCauses(
    spectra[0]!,
    { samples: result.samples, centred, aspectRatio, variance, classes, predicted: predictedOf(result), roundoff },
    {
      backend,
      level,
      seed,
      tables,
      replicates,
      draws: correlation === true ? correlationDraws(backend, spectra[0]!.length) : undefined,
    },
  );
}

/** Factor, swapped ratio, zeros and modes of a law of weights. */
function causesOfLaw(
  spectrum: GivenSpectrum,
  result: Compared,
  options: CausesOptions & { readonly weights: WeightLaw },
  hypothesisAt: (samples: number) => Hypothesis,
): readonly Cause[] {
  const values = spectrum.spectra[0]!;
  const dimension = dimensionOf(spectrum);
  const tolerance = roundingTolerance(values, spectrum.roundoff);
  const zeros = values.filter((value) => Math.abs(value) <= tolerance).length;
  if (dimension - zeros < fewestEigenvalues) return [];
  const { drawnWeights, weights, fit = [], classes } = options;
  const samples = result.samples!;
  // Weights drawn as zero are as many as happen to be.
  const mayVanish = drawnWeights === undefined && expectationNodes(weights).nodes.includes(0);
  const live = drawnWeights?.[0]!.filter((weight) => weight !== 0).length;
  return findCauses({
    dimension,
    samples,
    scale: fit.includes('scale') ? undefined : 1,
    classes,
    swapped: swappedSamples(options, dimension),
    predicted: predictedOf(result),
    zeros,
    expectedZeros: (own) => (mayVanish ? zeros : Math.max(0, dimension - (live ?? own))),
    fit: (own) =>
      own === undefined || (drawnWeights !== undefined && own !== samples)
        ? undefined
        : fitterFor(hypothesisAt(own), spectrum, { ...options, level: options.level / 3, nullReplicates: undefined })(
            values,
          ),
  });
}
