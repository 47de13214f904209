import type { JournalHeader } from '../../store/journalHeader.js';
import { checkJob } from '../check/checkJob.js';
import type { CheckWords } from '../check/checkJob.js';
import type { Job, JobKind, JobOutcome } from '../run/job.js';
import { sampleJob } from '../sample/sampleJob.js';
import type { SampleRequest } from '../sample/sampleJob.js';
import { sweepJob } from '../sweep/runSweep.js';
import type { SweepWords } from '../sweep/runSweep.js';

/** A job whatever its tasks are. */
export type AnyJob = Job<unknown, unknown, JobOutcome>;

const makers: Readonly<Record<JobKind, (request: object) => AnyJob>> = {
  check: (request) => checkJob(request as CheckWords),
  sweep: (request) => sweepJob(request as SweepWords),
  sample: (request) => sampleJob(request as SampleRequest),
};

/** The job that a journal is of. */
export const jobOf = ({ kind, request }: Pick<JournalHeader, 'kind' | 'request'>): AnyJob =>
  makers[kind as JobKind](request);
