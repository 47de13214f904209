import { UsageError } from '../../../theory/errors.js';
import type { Shard } from '../../store/runFiles.js';

/** Where schedulers tell a task of an array its index, and from where they count. */
const indexVariables: readonly { readonly name: string; readonly base?: 0 | 1; readonly smallest?: string }[] = [
  { name: 'SLURM_ARRAY_TASK_ID', smallest: 'SLURM_ARRAY_TASK_MIN' },
  { name: 'PBS_ARRAY_INDEX' },
  { name: 'SGE_TASK_ID', base: 1 },
  { name: 'JOB_COMPLETION_INDEX', base: 0 },
  { name: 'AWS_BATCH_JOB_ARRAY_INDEX', base: 0 },
];

/** Of one run. */
const largestCount = 100_000;

/**
 * The part of a run that `k/n` names, k from 1 to n, or `auto/n`: k is the index that a scheduler has given this task.
 * Kubernetes and AWS Batch count from 0, Grid Engine from 1. Slurm and PBS count as their user says: an array that has
 * an index 0 counts from 0, any other from 1, so that `3,17-19` are the shards 3, 17, 18 and 19. PBS does not tell of
 * the rest of the array: there it must count from 1.
 * @throws UsageError
 */
export function shardFromText(text: string, environment: Readonly<Record<string, string | undefined>>): Shard {
  const match = /^(auto|\d{1,6})\/(\d{1,6})$/.exec(text);
  const count = Number(match?.[2]);
  const index = match?.[1] === 'auto' ? indexFrom(environment) : Number(match?.[1]);
  if (match !== null && index >= 1 && index <= count && count <= largestCount) return { index, count };
  if (match?.[1] === 'auto')
    throw new UsageError(
      `--shard ${text}: the scheduler's index means shard ${index}, and they are 1 to ${count}: submit an array from 1 to ${count}, or give --shard k/${count}`,
    );
  throw new UsageError(
    `--shard must be k/n with 1 ≤ k ≤ n ≤ ${largestCount}, or auto/n in a job array, got ${JSON.stringify(text)}: write 1/4 for the first of four`,
  );
}

function indexFrom(environment: Readonly<Record<string, string | undefined>>): number {
  const isWhole = (value: string | undefined): value is string => value !== undefined && /^\d{1,9}$/.test(value);
  const found = indexVariables.find(({ name }) => isWhole(environment[name]));
  if (found === undefined)
    throw new UsageError(
      `--shard auto/n needs a task of a job array, and none of ${indexVariables.map(({ name }) => name).join(', ')} is set: give --shard k/n`,
    );
  const base = found.base ?? (environment[found.smallest ?? ''] === '0' ? 0 : 1);
  return Number(environment[found.name]) + 1 - base;
}
