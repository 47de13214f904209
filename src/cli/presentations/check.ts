import type { RunResults } from '../../../figures/results.js';
import { calibrationText } from '../../pipeline/check/calibrate.js';
import { checkSummary } from '../../pipeline/check/runCheck.js';
import { claimTable } from '../claimTable.js';
import { exitCodes } from '../exitCodes.js';
import type { Presentation } from './presentation.js';

export const check: Presentation<RunResults> = {
  json: (results, interrupted) =>
    results.calibration === undefined
      ? checkSummary(results, interrupted)
      : { kind: 'calibration', seed: results.seed, ...results.calibration },
  table: (results, columns) =>
    results.calibration === undefined ? claimTable(results, columns) : calibrationText(results.calibration),
  rejects: ({ claims, strictPaper }) =>
    claims.some(
      ({ verdict, sentences = [] }) =>
        verdict === 'disagree' || (strictPaper === true && sentences.some(({ mark }) => mark === 'refuted')),
    ),
  complaint: (_results, failed, tasks) => [
    `${failed.length} of ${tasks} tasks could not be computed; the rest is judged and saved, the notes of the report say which`,
    exitCodes.failure,
  ],
};
