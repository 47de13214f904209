import { describe, expect, test } from '@jest/globals';
import { shardFromText } from '../../../src/pipeline/run/shardFromText.js';
import { UsageError } from '../../../theory/errors.js';

test('k/n is the k-th of n', () => {
  expect(shardFromText('3/200', {})).toEqual({ index: 3, count: 200 });
});

describe('auto/n', () => {
  // The bases are those of the schedulers' manuals: Kubernetes and AWS Batch count from 0, Grid Engine from 1, Slurm and
  // PBS as the user says.
  test.each([
    [{ SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_MIN: '1' }, 1],
    [{ SLURM_ARRAY_TASK_ID: '200', SLURM_ARRAY_TASK_MIN: '1' }, 200],
    [{ SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_MIN: '0' }, 1],
    [{ SLURM_ARRAY_TASK_ID: '199', SLURM_ARRAY_TASK_MIN: '0' }, 200],
    // The missing ones, as merge names them: --array=3,17-19.
    [{ SLURM_ARRAY_TASK_ID: '17', SLURM_ARRAY_TASK_MIN: '3' }, 17],
    [{ PBS_ARRAY_INDEX: '5' }, 5],
    [{ SGE_TASK_ID: '5' }, 5],
    [{ JOB_COMPLETION_INDEX: '0' }, 1],
    [{ JOB_COMPLETION_INDEX: '199' }, 200],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '7' }, 8],
    // Grid Engine says so of a job that is no array.
    [{ SGE_TASK_ID: 'undefined', AWS_BATCH_JOB_ARRAY_INDEX: '7' }, 8],
  ])('%j is shard %i', (environment, index) => {
    expect(shardFromText('auto/200', environment)).toEqual({ index, count: 200 });
  });
});

test.each([
  ['4/3', {}, /--shard must be k\/n/],
  ['0/3', {}, /--shard must be k\/n/],
  ['half', {}, /--shard must be k\/n/],
  ['1/1000000', {}, /n ≤ 100000/],
  ['auto/3', {}, /none of SLURM_ARRAY_TASK_ID, .* is set/],
  ['auto/3', { PBS_ARRAY_INDEX: '0' }, /index means shard 0, and they are 1 to 3: submit an array from 1 to 3/],
  ['auto/3', { SLURM_ARRAY_TASK_ID: '4' }, /index means shard 4/],
])('refused: %s %j', (text, environment, message) => {
  expect(() => shardFromText(text, environment)).toThrow(UsageError);
  expect(() => shardFromText(text, environment)).toThrow(message);
});
