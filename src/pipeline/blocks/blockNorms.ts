/** Norms and their ratios at one C, N and step, from the files of one or several initialisations. */
import {
  probedRatio,
  ratioOfMeans,
  type ProbedNumbers,
  type ProbedRatio,
} from '../../../simulations/comparisons/index.js';
import type { BlockNorms, Probed } from '../../../figures/blocksResult.js';
import type { ProbedNorms, ProbedTensor } from './probeFile.js';

/** Of one network or of several draws of it: each the tensor in a file. */
export function blockNorms(draws: readonly ProbedTensor[], hessian: 'gaussNewton' | 'hessian'): BlockNorms | null {
  const all = draws.flatMap((tensor) => (tensor[hessian] === null ? [] : [{ tensor, norms: tensor[hessian] }]));
  if (all.length < draws.length) return null;
  // Blocks that the data do not reach are 0.
  const overAll = (tensor: ProbedTensor, mean: number): number => (mean * tensor.live) / tensor.blocks;
  const diagonal = meanOf(all.map(({ tensor, norms }) => overAll(tensor, meanOf(norms.diagonal))));
  const several = all.filter(({ tensor }) => tensor.blocks > 1);
  if (several.length < all.length) return { diagonal, offDiagonal: null, ratio: null };
  const others = all.map(({ tensor, norms }) => norms.offDiagonal.map((value) => value / (tensor.blocks - 1)));
  return {
    diagonal,
    offDiagonal: meanOf(all.map(({ tensor }, k) => overAll(tensor, meanOf(others[k]!)))),
    ratio: together(all.map(({ tensor, norms }, k) => numbersOf(tensor, others[k]!, norms.diagonal))),
  };
}

/** Mean ‖H_bb‖² of the full Hessian over that of Gauss–Newton; null where a file has no full Hessian. */
export function fullOverGaussNewton(draws: readonly ProbedTensor[]): Probed | null {
  const all = draws.flatMap((tensor): ProbedNumbers[] => {
    const full: ProbedNorms | null = tensor.hessian;
    return full === null ? [] : [numbersOf(tensor, full.diagonal, tensor.gaussNewton.diagonal)];
  });
  return all.length < draws.length ? null : together(all);
}

const numbersOf = (
  { probes, live }: ProbedTensor,
  numerators: Float64Array,
  denominators: Float64Array,
): ProbedNumbers => ({ numerators, denominators, probes, blocks: live });

const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Means over the draws, then their ratio R = Σ w_k r_k, w_k the share of a draw in all denominators: so probes and blocks have the variance
 * Σ w_k² times their own, and initialisations that of the ratio of means over the draws.
 */
function together(draws: readonly ProbedNumbers[]): Probed | null {
  const each = draws.map(probedRatio);
  const total = each.reduce((sum, { denominator }) => sum + denominator, 0);
  if (!(total > 0)) return null;
  const found = each.filter(({ ratio }) => ratio !== null);
  const value = found.reduce((sum, { ratio, denominator }) => sum + (ratio! * denominator) / total, 0);
  const joined = (of: (one: ProbedRatio) => number | null): number | null =>
    found.some((one) => of(one) === null)
      ? null
      : Math.sqrt(found.reduce((sum, one) => sum + ((of(one)! * one.denominator) / total) ** 2, 0));
  const errors = {
    probes: joined(({ probesError }) => probesError),
    blocks: joined(({ blocksError }) => blocksError),
  };
  if (draws.length > 1) {
    const { standardError } = ratioOfMeans(
      each.map(({ ratio, denominator }) => (ratio ?? 0) * denominator),
      each.map(({ denominator }) => denominator),
    );
    const initialisations = standardError;
    return { value, errors: { ...errors, initialisations }, error: initialisations, degrees: draws.length - 1 };
  }
  const { error, degrees } = each[0]!;
  return {
    value,
    errors: { ...errors, initialisations: null },
    error,
    degrees: Number.isFinite(degrees) ? degrees : null,
  };
}
