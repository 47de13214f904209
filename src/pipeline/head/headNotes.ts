import type { HeadFiles } from './headFiles.js';
import type { HeadResult } from './headResult.js';
import { tokensThatFit } from './whitened.js';

/** Sentences that a reader of the numbers should know. */
export function headNotes(
  result: HeadResult,
  { groups, logNormaliser, normaliserPrecision, bias, targets, names }: HeadFiles,
): string[] {
  const { samples, dimension, population, batches, tied, initialisation } = result;
  const notes: string[] = [];
  if (groups === undefined)
    notes.push(
      'Positions are taken as independent. Those of one sequence are not: give the sequence of each by --groups, or errors are too small and the population is biased.',
    );
  else if (population === null)
    notes.push(
      'All positions are of one group: of the population nothing can be said, and no number has an error. Take several sequences.',
    );
  else if (result.groups < 20)
    notes.push(
      `Errors rest on ${result.groups} groups, and are known to ${Math.round(100 / Math.sqrt(2 * (result.groups - 1)))} %.`,
    );
  if (targets !== undefined && names['counts'] === undefined && samples < 10 * result.classes)
    notes.push(
      `${samples} targets are few for ${result.classes} classes: their own unigram formula lies too high. Give the counts of a longer text by --counts.`,
    );
  if (batches.length > 1)
    notes.push(
      `Taken in ${batches.length} batches of ${Math.min(...batches)} to ${Math.max(...batches)} positions: sums of the sample are means over batches, errors of the population are between batches.`,
    );
  const share = dimension / samples;
  notes.push(
    share < 0.05
      ? `γ = D/N = ${share.toPrecision(2)}: spectra of single blocks are close to those of E[a hhᵀ]; laws of Marčenko–Pastur kind say nothing more.`
      : `γ = D/N = ${share.toPrecision(2)}: a block's spectrum is spread by sampling; no law is known for trained features, so none is tested.`,
  );
  if (logNormaliser !== undefined && normaliserPrecision > 2 ** -50)
    notes.push('The normaliser is of single precision: sums are right to about 1e-6.');
  if (initialisation !== null && bias?.some((value) => value !== 0))
    notes.push('The head has a bias, which the law at initialisation has not.');
  if (tokensThatFit(Math.min(...batches), dimension, result.classes) === 0)
    notes.push(
      `Blocks of order ${Math.min(samples, dimension)} are too large to be whitened here: no number for optimisers, and no spectrum.`,
    );
  if (tied !== null && !tied.isVoid && tied.cosine.largest > tied.threshold)
    notes.push('Some features lie nearer to the row of their own token than the law at initialisation allows.');
  return notes;
}
