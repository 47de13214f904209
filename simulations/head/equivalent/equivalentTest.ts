/**
 * Spectra of diagonal blocks of a head against those that its Gaussian equivalents have. **Joint**: normal features of the same
 * mean and covariance (`matchedFeatures`), sent through the same V, with predictions of their own. **Independent**: the same features with
 * the weights of the given ones, which then know nothing of them; a_n depends on v_i·h, so that this one is to be distrusted.
 * Draws stand against draws: of each token mean, largest, second largest and median eigenvalue, as logarithms, all together.
 */
import { sequentialPower, type SequentialPower } from '../../comparisons/index.js';
import type { Backend } from '../../contracts.js';
import { randomStream } from '../../random/index.js';
import { ownTokenFields } from '../tokenFields.js';
import type { Readout } from '../visitLogits.js';
import { blockNumbers, logarithms, type BlockNumbers } from './blockNumbers.js';
import { matchedFeatures } from './matchedFeatures.js';
import { normMetric } from './normMetric.js';
import { placeAmong } from './placeAmong.js';

export interface EquivalentRequest {
  /** h, N×D, one independent sample a row, N ≥ D + 2. */
  readonly features: Float64Array;
  readonly samples: number;
  /** Weights w with Σ_k w_k h_k² = 1 where features are normalised; default: by `normMetric`. */
  readonly metric?: Float64Array | undefined;
  readonly readout: Readout;
  readonly tokens: readonly number[];
  readonly draws: number;
  readonly level: number;
  readonly seed: string;
  readonly backend: Backend;
  /** Draws of the null that are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface EquivalentTest {
  readonly isNormalised: boolean;
  /** Exact where features are independent and normal; with a norm, as near as calibration says (paper-notes.md, *Spectra of heads*). */
  readonly jointPValue: number;
  readonly independentPValue: number;
  readonly blocks: readonly EquivalentBlock[];
  /** That the joint equivalent is rejected for features of another kind; measured where it is not rejected for the given ones. */
  readonly powers: readonly { readonly against: Alternative; readonly power: SequentialPower }[];
}

export interface EquivalentBlock {
  readonly token: number;
  readonly given: BlockNumbers;
  /** Medians over the draws. */
  readonly joint: BlockNumbers;
  readonly independent: BlockNumbers;
}

/** Weights that do not depend on the features; of each block the largest eigenvalue, or every one, larger by `excess`. */
export type Alternative = 'independent' | 'largest' | 'every';

export const excess = 0.2;

export function equivalentTest(request: EquivalentRequest): EquivalentTest {
  const { features, samples, readout, tokens, draws, level, seed, backend, onProgress } = request;
  const { dimension } = readout.rows;
  const metric = request.metric ?? normMetric(features, samples, backend);
  const matched = matchedFeatures(features, samples, metric, backend);
  const head = backend.createHeadWorkspace(dimension, samples);
  const blocks = backend.createWorkspace(dimension, samples);
  const weightsOf = (h: Float64Array): Float64Array => ownTokenFields(head, h, readout, tokens).weights;
  const numbersOf = (h: Float64Array, weights: Float64Array): BlockNumbers[] => {
    blocks.inputs.set(h);
    return tokens.map((_, i) => blockNumbers(blocks, weights.subarray(i * samples, (i + 1) * samples)));
  };
  const drawn = (label: string, draw: number): Float64Array => {
    const latent = new Float64Array(samples * matched.rank);
    randomStream(seed, label, draw).fillNormals(latent);
    return matched.of(latent);
  };
  const rowOf = (numbers: readonly BlockNumbers[]): number[] => numbers.flatMap(logarithms);

  const ownWeights = weightsOf(features);
  const given = numbersOf(features, ownWeights);
  const joint: BlockNumbers[][] = [];
  const independent: BlockNumbers[][] = [];
  for (let draw = 0; draw < draws; draw++) {
    const h = drawn('head-equivalent', draw);
    joint.push(numbersOf(h, weightsOf(h)));
    independent.push(numbersOf(h, ownWeights));
    onProgress?.(draw + 1, draws);
  }
  const jointRows = joint.map(rowOf);
  const jointPValue = placeAmong(rowOf(given), jointRows);
  /** p-value of a joint draw, with some of its eigenvalues larger, among the others. */
  const enlarged = (draw: number, names: readonly (keyof BlockNumbers)[]): number => {
    const changed = joint[draw]!.map((block) => ({
      ...block,
      ...Object.fromEntries(names.map((name) => [name, (1 + excess) * block[name]])),
    }));
    return placeAmong(rowOf(changed), jointRows.toSpliced(draw, 1));
  };
  const alternatives: Readonly<Record<Alternative, (draw: number) => number>> = {
    independent: (draw) => {
      const weights = weightsOf(drawn('head-equivalent-weights', draw));
      return placeAmong(rowOf(numbersOf(drawn('head-equivalent-features', draw), weights)), jointRows);
    },
    largest: (draw) => enlarged(draw, ['largest']),
    every: (draw) => enlarged(draw, ['mean', 'largest', 'second', 'median']),
  };
  return {
    isNormalised: metric !== undefined,
    jointPValue,
    independentPValue: placeAmong(rowOf(given), independent.map(rowOf)),
    blocks: tokens.map((token, i) => ({
      token,
      given: given[i]!,
      joint: medians(joint.map((numbers) => numbers[i]!)),
      independent: medians(independent.map((numbers) => numbers[i]!)),
    })),
    powers:
      jointPValue <= level
        ? []
        : (['independent', 'largest', 'every'] as const).map((against) => ({
            against,
            power: sequentialPower({ pValue: alternatives[against], level, most: Math.min(128, draws) }),
          })),
  };
}

function medians(numbers: readonly BlockNumbers[]): BlockNumbers {
  const of = (name: keyof BlockNumbers): number =>
    numbers.map((each) => each[name]).sort((a, b) => a - b)[numbers.length >> 1]!;
  return { mean: of('mean'), largest: of('largest'), second: of('second'), median: of('median') };
}
