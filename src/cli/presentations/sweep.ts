import { rejectionsOf } from '../../pipeline/sweep/verdict.js';
import type { SweepResult } from '../../../figures/sweepResult.js';
import { exitCodes } from '../exitCodes.js';
import { sweepTable } from '../sweepTable.js';
import type { Presentation } from './presentation.js';

export const sweep: Presentation<SweepResult> = {
  json: (results) => results,
  table: sweepTable,
  rejects: ({ summary }) => rejectionsOf(summary.verdicts) > 0,
  complaint: ({ failures, points }) => [
    `${new Set(failures.map(({ point }) => point)).size} of ${points} grid points failed and are left out; the others are saved. ${failures[0]!.message}`,
    failures[0]!.name === 'UsageError' ? exitCodes.usage : exitCodes.failure,
  ],
};
