/** Why a comparison disagrees, as far as its first draw tells. */
import { expectationNodes, isSmooth } from '../../../theory/gmp/index.js';
import { roundingTolerance, type NullTable } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import type { BulkFit } from '../../draws/bulk/fitBulk.js';
import { fewestEigenvalues } from '../../draws/bulk/fitBulk.js';
import type { Cause } from '../../draws/causes/cause.js';
import { findCauses } from '../../draws/causes/findCauses.js';
import { whiteCauses } from '../../draws/causes/whiteCauses.js';
import type { BulkComparison } from './compareBulk.js';
import type { CompareOptions, CompareResult } from './compare.js';
import { fitterFor } from './compareStated.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { hypothesisFor, type HypothesisOptions } from './hypothesis.js';

export type CausesOptions = CompareOptions &
  Pick<HypothesisOptions, 'drawnWeights'> & { readonly nullTables: Map<string, NullTable> };

/** Draws of white noise are cheap, and decide at a third of the level. */
const whiteReplicates = 999;

export function causesOfDisagreement(
  all: GivenSpectrum,
  result: CompareResult | BulkComparison,
  options: CausesOptions,
  backend: Backend,
): readonly Cause[] {
  const spectrum = firstOf(all);
  const first = { ...options, drawnWeights: options.drawnWeights?.slice(0, 1), nullReplicates: undefined };
  const constant = constantWeight(first);
  const fitted = options.fit ?? [];
  const { roundoff, spectra } = spectrum;
  if (constant !== undefined && constant > 0)
    return whiteCauses(
      spectra[0]!,
      {
        samples: result.samples,
        centred: options.centred,
        aspectRatio: options.drawnWeights === undefined ? options.aspectRatio : undefined,
        variance: result.kind === 'bulk' ? statedVariance(options) : fitted.includes('scale') ? undefined : constant,
        classes: options.classes,
        predicted: result.kind === 'bulk' ? [] : result.predictedOutside,
        roundoff,
      },
      {
        backend,
        level: options.level,
        seed: options.seed,
        tables: options.nullTables,
        replicates: result.kind === 'bulk' ? options.nullReplicates : whiteReplicates,
      },
    );
  return causesOfLaw(spectrum, result, first, backend);
}

function firstOf(all: GivenSpectrum): GivenSpectrum {
  const [first] = all.spectra as readonly [Float64Array];
  return all.spectra.length === 1 ? all : { ...all, eigenvalues: first, spectra: [first] };
}

/** The weight that all have; undefined where they differ. */
function constantWeight({ drawnWeights, weights }: CausesOptions): number | undefined {
  if (drawnWeights !== undefined) {
    const [own] = drawnWeights as readonly [Float64Array];
    return own.every((weight) => weight === own[0]) ? own[0] : undefined;
  }
  if (weights === undefined) return 1;
  return isSmooth(weights) || weights.nodes.length !== 1 ? undefined : weights.nodes[0];
}

/** σ² of a bulk, if it was said. */
function statedVariance({ noiseVariance, fit }: CausesOptions): number | undefined {
  return noiseVariance ?? (fit !== undefined && !fit.includes('scale') ? 1 : undefined);
}

/** Factor, swapped ratio and modes of a law of weights; N is as stated, or that of the weights. */
function causesOfLaw(
  spectrum: GivenSpectrum,
  result: CompareResult | BulkComparison,
  options: CausesOptions,
  backend: Backend,
): readonly Cause[] {
  const { roundoff } = spectrum;
  const values = spectrum.spectra[0]!;
  const dimension = dimensionOf(spectrum);
  const tolerance = roundingTolerance(values, roundoff);
  const zeros = values.filter((value) => Math.abs(value) <= tolerance).length;
  if (dimension - zeros < fewestEigenvalues) return [];
  const { drawnWeights, aspectRatio, fit = [] } = options;
  const samples = result.samples!;
  return findCauses({
    dimension,
    samples,
    scale: fit.includes('scale') ? undefined : 1,
    classes: options.classes,
    swapped: drawnWeights === undefined && aspectRatio !== undefined ? Math.round(dimension * aspectRatio) : undefined,
    zeros,
    expectedZeros,
    predicted: result.kind === 'bulk' ? [] : result.predictedOutside,
    fit: fitAt,
  });

  function expectedZeros(own: number): number {
    if (drawnWeights !== undefined)
      return Math.max(0, dimension - drawnWeights[0]!.filter((weight) => weight !== 0).length);
    // Weights drawn as zero are as many as happen to be.
    const mayVanish = options.weights !== undefined && expectationNodes(options.weights).nodes.includes(0);
    return mayVanish ? zeros : Math.max(0, dimension - own);
  }

  function fitAt(own: number | undefined): BulkFit | undefined {
    if (own === undefined || (drawnWeights !== undefined && own !== samples)) return undefined;
    const hypothesis = hypothesisFor(
      spectrum,
      { ...options, aspectRatio: drawnWeights === undefined ? (dimension + spectrum.rank) / own : undefined, fit: [] },
      backend,
    );
    return fitterFor(hypothesis, spectrum, { ...options, level: options.level / 3 })(values);
  }
}
