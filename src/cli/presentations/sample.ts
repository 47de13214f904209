import type { SampleResult } from '../../pipeline/sample/sampleJob.js';
import { exitCodes } from '../exitCodes.js';
import type { Presentation } from './presentation.js';

export const sample: Presentation<SampleResult> = {
  json: (results) => results,
  table: ({ files }) =>
    files.map(({ name, shape, content }) => `${name.padEnd(40)} (${shape.join(', ')})  ${content}\n`).join(''),
  rejects: () => false,
  complaint: (_results, failed, tasks) => [`${failed.length} of ${tasks} draws could not be made`, exitCodes.failure],
};
