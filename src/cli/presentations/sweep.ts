import { rejectionsOf } from '../../pipeline/sweep/verdict.js';
import type { SweepResult } from '../../../figures/sweepResult.js';
import { exitCodes } from '../exitCodes.js';
import { sweepTable } from '../sweepTable.js';
import type { Presentation } from './presentation.js';
import { counted } from '../../pipeline/counted.js';

export const sweep: Presentation<SweepResult> = {
  json: (results) => results,
  table: sweepTable,
  rejects: ({ summary }) => rejectionsOf(summary.verdicts) > 0,
  complaint: ({ failures, points }) => [
    `${new Set(failures.map(({ point }) => point)).size} of ${counted(points, 'grid point')} failed; the others are saved. ${failures[0]!.message}`,
    failures[0]!.name === 'UsageError' ? exitCodes.usage : exitCodes.failure,
  ],
};
