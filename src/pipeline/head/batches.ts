import { UsageError } from '../../../theory/errors.js';

/** Positions taken at once: as many as their N×N matrices allow. */
export const mostAtOnce = 4096;
/** Beyond that, in batches of about as many. */
const batchSize = 1024;

/**
 * Numbers of positions, batch by batch, each ascending; a group is never divided. One batch where all fit.
 * @throws UsageError for a batch size that is none, or a group larger than a batch may be
 */
export function batchesOf(samples: number, groups: Float64Array | undefined, given?: number): Int32Array[] {
  const size = given ?? (samples <= mostAtOnce ? samples : batchSize);
  if (size > mostAtOnce)
    throw new UsageError(
      `--batch must be at most ${mostAtOnce}, got ${size}: matrices of N×N numbers are held for a batch`,
    );
  if (samples <= size) return [Int32Array.from({ length: samples }, (_, n) => n)];
  const members = new Map<number, number[]>();
  for (let n = 0; n < samples; n++) {
    const group = groups?.[n] ?? n;
    const found = members.get(group);
    if (found === undefined) members.set(group, [n]);
    else found.push(n);
  }
  const batches: number[][] = [[]];
  for (const [group, numbers] of members) {
    if (numbers.length > size)
      throw new UsageError(
        `--groups: group ${group} has ${numbers.length} positions, more than the ${size} of a batch: take fewer positions a sequence, or --batch up to ${mostAtOnce}`,
      );
    if (batches.at(-1)!.length + numbers.length > size) batches.push([]);
    batches.at(-1)!.push(...numbers);
  }
  // A last batch that is small is noise: it joins its neighbour where both fit.
  const last = batches.at(-1)!;
  const before = batches.at(-2);
  if (before !== undefined && last.length <= size / 2 && before.length + last.length <= mostAtOnce) {
    batches.pop();
    before.push(...last);
  }
  return batches.map((numbers) => Int32Array.from(numbers).sort());
}
