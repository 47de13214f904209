import type { JournalHeader } from '../../store/journalHeader.js';
import type { CheckWords } from '../check/checkJob.js';
import type { Job, JobKind, JobOutcome } from '../run/job.js';
import type { SampleRequest } from '../sample/sampleJob.js';
import type { SweepWords } from '../sweep/runSweep.js';
import type { TrainRequest } from '../train/request.js';

/** A job whatever its tasks are. */
export type AnyJob = Job<unknown, unknown, JobOutcome>;

/** Each loads what its own kind needs and no other. */
const makers: Readonly<Record<JobKind, (request: object) => Promise<AnyJob>>> = {
  check: async (request) => (await import('../check/checkJob.js')).checkJob(request as CheckWords),
  sweep: async (request) => (await import('../sweep/runSweep.js')).sweepJob(request as SweepWords),
  sample: async (request) => (await import('../sample/sampleJob.js')).sampleJob(request as SampleRequest),
  train: async (request) => (await import('../train/trainJob.js')).trainJob(request as TrainRequest),
};

/** The job that a journal is of. */
export const jobOf = ({ kind, request }: Pick<JournalHeader, 'kind' | 'request'>): Promise<AnyJob> =>
  makers[kind as JobKind](request);
