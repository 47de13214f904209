import type { TrainResult } from '../../../figures/trainResult.js';
import { exitCodes } from '../exitCodes.js';
import { trainTable } from '../trainTable.js';
import type { Presentation } from './presentation.js';

export const train: Presentation<TrainResult> = {
  json: (results) => results,
  table: trainTable,
  rejects: ({ verdict }) => verdict === 'disagree',
  complaint: ({ failures }, failed, tasks) => [
    `${failed.length} of ${tasks} stopped before the end, and what they have is saved. ${failures[0]!.message}`,
    failures[0]!.name === 'UsageError' ? exitCodes.usage : exitCodes.failure,
  ],
};
