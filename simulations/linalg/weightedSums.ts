import type { Workspace } from '../contracts.js';
import { scaledWeights, type ScaledWeights } from './gramPlan.js';
import { squaredNorms, type SingleSquares, type SquaredProducts } from './sharedGram.js';

/** A backend's results for scaled weights and safe inputs, in those units. */
export interface WeightedGrams extends SquaredProducts, SingleSquares {
  /** Ascending, `dimension` of them. */
  eigenvalues(weights: ScaledWeights): Float64Array;
  /** Row i of H up to the diagonal, until the next call. */
  primalRows(weights: ScaledWeights): (i: number) => Float64Array;
  trace(weights: ScaledWeights): number;
}

/** The methods of a workspace that weigh its samples. `safely` as `withSafeInputs` for the workspace's inputs. */
export function weightedSums(
  { dimension, samples }: Pick<Workspace, 'dimension' | 'samples'>,
  grams: WeightedGrams,
  safely: <T>(work: (undoSquare: (x: number) => number) => T) => T,
): Pick<Workspace, 'weightedGram' | 'eigenvalues' | 'squaredFrobeniusNorms' | 'trace'> {
  return {
    weightedGram(weights) {
      const live = scaledWeights(weights, samples);
      const gram = new Float64Array(dimension * dimension);
      if (live.values.length === 0) return gram;
      return safely((undoSquare) => {
        const rowAt = grams.primalRows(live);
        for (let i = 0; i < dimension; i += 1) {
          const row = rowAt(i);
          for (let j = 0; j <= i; j += 1) gram[i * dimension + j] = live.up(undoSquare(row[j]!));
        }
        for (let i = 0; i < dimension; i += 1) {
          for (let j = 0; j < i; j += 1) gram[j * dimension + i] = gram[i * dimension + j]!;
        }
        return gram;
      });
    },
    eigenvalues(weights) {
      const live = scaledWeights(weights, samples);
      return safely((undoSquare) => grams.eigenvalues(live).map((x) => live.up(undoSquare(x))));
    },
    squaredFrobeniusNorms(lists) {
      const all = lists.map((weights) => scaledWeights(weights, samples));
      return safely((undoSquare) =>
        squaredNorms(all, dimension, grams).map((norm, k) => all[k]!.up(undoSquare(Math.sqrt(norm))) ** 2),
      );
    },
    trace(weights) {
      const live = scaledWeights(weights, samples);
      return safely((undoSquare) => live.up(undoSquare(grams.trace(live))));
    },
  };
}
