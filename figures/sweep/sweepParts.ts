/** What the figures of a sweep share. */
import { layerOfBlock } from '../../theory/names.js';
import type { Loss, Model } from '../../theory/names.js';
import type { SweepComparison, SweepGroup, SweepResult, SweepRow } from '../sweepResult.js';
import { formatNumber } from '../text.js';

/** Panels, or rows of a table, at most: what a page takes. */
export const mostSpectra = 12;
export const mostSettings = 8;
export const mostRows = 48;

export const lawNames: Readonly<Record<SweepComparison['name'] | 'estimate', string>> = {
  law: 'limit law',
  weights: 'law given the drawn weights',
  applicable: 'law that applies',
  estimate: 'estimate by the covariance of the data, not judged',
  coupling: 'coupling',
  draws: 'draws',
};

/** "growth = 0.5, ratio = 2"; empty where d alone changes. */
export const fixedText = ({ fixed }: Pick<SweepGroup, 'fixed'>): string =>
  Object.entries(fixed)
    .map(([name, value]) => `${name} = ${formatNumber(value)}`)
    .join(', ');

/** The rows of a group, by growing d. */
export const rowsOf = ({ rows }: SweepResult, { fixed, block }: SweepGroup): SweepRow[] =>
  rows
    .filter((row) => row.block === block && Object.entries(fixed).every(([name, value]) => row.values[name] === value))
    .sort((a, b) => a.values['d']! - b.values['d']!);

/** Model, loss, layer and kind of a group's block. */
export function settingOf({ settings }: SweepResult, { block }: Pick<SweepGroup, 'block'>) {
  const { layer, kind } = layerOfBlock(block);
  return { model: settings['model'] as Model, loss: settings['loss'] as Loss, layer, block: kind };
}

/** The end of a sentence where a page has no room for all. */
export const firstOf = (shown: number, all: number, what: string): string =>
  shown < all ? `; the first ${shown} of ${all} ${what} are shown` : '';
