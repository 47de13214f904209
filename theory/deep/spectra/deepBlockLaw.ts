import type { SpectralLaw } from '../../contracts.js';
import { UsageError } from '../../errors.js';
import { generalisedMarchenkoPastur, mixedLaw } from '../../gmp/index.js';
import { normalDensity } from '../../numerics/normalDistribution.js';
import { separableLaw } from '../../separable/index.js';
import { gatedNormalWeights, type OpenWeights } from '../../weights/gatedNormalWeights.js';
import type { DeepNetwork } from '../deepNetwork.js';
import { deepOpenWeights, type DeepBlock } from './deepOpenWeights.js';
import { featureCovariance } from './featureCovariance.js';

/** A block of a deep network and what is known of its weights. */
export interface DeepBlockLawSpec extends DeepBlock {
  readonly network: DeepNetwork;
  /** ξ of `deepOpenWeights`. */
  readonly signal?: number;
  /** Mean and standard deviation of the weights over samples that are open, as drawn; instead of a signal. */
  readonly open?: Pick<OpenWeights, 'mean' | 'deviation'>;
  /** Share of the samples that are open, as drawn; by default what `deepOpenWeights` says: above the first layer that of units of median share. */
  readonly openShare?: number;
}

/** The law of a block with the weights that it was made from. */
export interface DeepBlockLaw {
  readonly law: SpectralLaw;
  /** Absent of a mean law over pairs, which has different ones. */
  readonly openWeights?: OpenWeights;
  /** What to mind. */
  readonly note: string;
}

/**
 * The limit law of a block (1/N) Σ a_n h_n h_nᵀ of a hidden layer of a wide ReLU network at initialisation, h the inputs or the features of the
 * layer below, d, N and widths → ∞ together. The weights are 0 where a gate is shut and normal where all are open (`deepOpenWeights`): with their
 * mean and deviation as drawn, or those of a signal ξ, or, in the first layer, over all signals, the mean spectrum of the blocks of all
 * pairs of units.
 *
 * First layer: a generalised Marčenko–Pastur law. Above it the separable law of the weights and of the covariance of the features
 * (`featureCovariance`), which need finite dimension and widths. The deviation fluctuates by O(width^{−1/2}) from pair to pair, and above the first layer the share of open
 * samples is random from unit to unit, so that of one given block both must be as drawn. A bulk law: the mean of the features and gates, which lean on the rows
 * of their units, may push single eigenvalues out of it. Where C_eff of
 * `deepRatios` is not large the weights are not quite normal: at 14 d·D is 2.5 at d = 192, where it should be of order 1
 * (docs/tables/deep-spectra.md).
 *
 * Above the first layer, d·D of drawn networks is as near to 1 (the same table); good to 1e-10 absolute in the second and third layer, in a second; the cost grows
 * some sixfold with each layer, and above the fifth the law may be lost next to 0.
 *
 * @throws UsageError as `deepOpenWeights`; above the first layer for infinite sizes below it; for both a
 * signal and open weights; without either where no mean law is known
 *
 * @example
 * ```ts
 * import { deepBlockLaw } from 'limitlaw/theory';
 *
 * const network = { loss: 'mse', dimension: 256, aspectRatio: 0.5, widths: [256, 256], classes: 200, logitVariance: 1 } as const;
 * const { law, openWeights } = deepBlockLaw({ network, layer: 1, block: 'off-diagonal', signal: 1 });
 * openWeights; // → { openShare: 0.25, mean: 0.06356, deviation: 0.06177 }
 * law.cdf(0); // → 0.5759
 * law.survival(0.1); // → 0.03606
 * ```
 */
export function deepBlockLaw(spec: DeepBlockLawSpec): DeepBlockLaw {
  const { network, layer, block, signal, open } = spec;
  if (signal !== undefined && open !== undefined)
    throw new UsageError('deepBlockLaw: signal and open exclude each other: give one of them');
  if (signal === undefined && open === undefined) return meanLaw(spec);
  const predicted = deepOpenWeights(network, { layer, block }, signal ?? 0);
  const openWeights = { ...predicted, ...open, openShare: spec.openShare ?? predicted.openShare };
  return { law: lawGiven(spec, openWeights), openWeights, note: 'Bulk law given the open weights.' };
}

function lawGiven({ network, layer }: DeepBlockLawSpec, openWeights: OpenWeights): SpectralLaw {
  const weights = gatedNormalWeights(openWeights);
  const { dimension, aspectRatio } = network;
  if (layer === 1) return generalisedMarchenkoPastur(weights, aspectRatio);
  const sizes = [dimension, ...network.widths.slice(0, layer - 1)];
  if (sizes.includes(Infinity))
    throw new UsageError(
      `deepBlockLaw: above the first layer the law depends on the quotients of dimension and widths, which must be finite, got ${sizes.join(', ')}`,
    );
  return separableLaw({
    weights,
    population: featureCovariance(sizes.slice(1).map((size, k) => size / sizes[k]!)),
    aspectRatio: (aspectRatio * sizes.at(-1)!) / dimension,
  });
}

/** Spacing of signals and how far they go: the trapezoidal rule then has rounding for an error where the law is smooth in ξ. */
const signalStep = 0.25;
const signalCount = 28;

function meanLaw(spec: DeepBlockLawSpec): DeepBlockLaw {
  const { network, layer, block } = spec;
  if (layer > 1 && layer <= network.widths.length)
    throw new UsageError(
      `deepBlockLaw: above the first layer open shares are random from unit to unit, and no mean law over pairs is known, got layer ${layer}; give a signal, or the open weights`,
    );
  const at = (signal: number): OpenWeights => deepOpenWeights(network, { layer, block }, signal);
  if (at(0).deviation === 0)
    throw new UsageError(
      'deepBlockLaw: under squared error every input has the same weight in the last layer, and the mean law over pairs is not smooth; give a signal, or the open weights',
    );
  const signals = Array.from({ length: 2 * signalCount + 1 }, (_, k) => (k - signalCount) * signalStep);
  const densities = signals.map(normalDensity);
  const total = densities.reduce((sum, density) => sum + density, 0);
  const shares = signals.map((signal, k) => ({ law: lawGiven(spec, at(signal)), mass: densities[k]! / total }));
  return { law: mixedLaw(shares), note: 'Mean of the laws of all pairs of units.' };
}
