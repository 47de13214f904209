/** `check`, and `check --calibrate`, as jobs. */
import type { CheckTask, CheckTaskResult } from '../../draws/check/index.js';
import { singleClasses } from '../../claims/logitPrecision.js';
import { parsePerturbation } from '../../draws/perturbation.js';
import type { Job } from '../run/job.js';
import {
  calibrationResults,
  calibrationSizes,
  judgeCalibration,
  planCalibration,
  withoutSpectra,
} from './calibrate.js';
import type { CalibrationSizes } from './calibrate.js';
import { checkDrawing, judgeCheck, planCheck, planSentence, prepareCheck } from './runCheck.js';
import type { CheckOutcome, CheckRequest } from './runCheck.js';
import { saveRun } from './saveRun.js';
import { counted } from '../counted.js';

/** As on the command line. */
export interface CheckWords extends Pick<CheckRequest, 'preset' | 'claims' | 'seed' | 'level' | 'pictures'> {
  readonly perturb?: string | undefined;
  /** Sizes of one's own, or those of the command line when true. */
  readonly calibrate?: boolean | CalibrationSizes;
  /** Whether a refuted sentence of the paper rejects the run, as a claim that disagrees does. */
  readonly strictPaper?: boolean;
}

/** Throws UsageError for impossible words. */
export function checkJob(words: CheckWords): Job<CheckTask, CheckTaskResult, CheckOutcome> {
  const planned = planCheck({ ...words, perturbation: parsePerturbation(words.perturb) });
  const { preset, seed, level, perturbation } = planned;
  const single = singleClasses(planned.tasks);
  const common = { ...checkDrawing, request: words, seed, inputs: [], save: saveRun } as const;
  if (words.calibrate === undefined || words.calibrate === false)
    return {
      ...common,
      settings: {
        preset,
        level,
        perturbation,
        claims: planned.claims.map(({ id }) => id),
        pictures: words.pictures ?? true,
        // A journal of draws in double precision is of another run.
        ...(single.length === 0 ? {} : { singleClasses: single }),
      },
      tasks: planned.tasks,
      plan: (workers) => planSentence(planned, workers),
      prepare: (drawn, workers) => prepareCheck(planned, drawn, workers),
      judge: (drawn) => {
        const outcome = judgeCheck(planned, drawn);
        return words.strictPaper === true
          ? { ...outcome, results: { ...outcome.results, strictPaper: true } }
          : outcome;
      },
    };
  const sizes = words.calibrate === true ? calibrationSizes : words.calibrate;
  const calibration = planCalibration(planned, sizes);
  return {
    ...common,
    settings: { calibrate: sizes, level, claims: planned.claims.map(({ id }) => id) },
    tasks: calibration.tasks,
    plan: () =>
      `limitlaw: calibration of ${counted(planned.claims.length, 'claim')}, ${counted(sizes.nullRuns, 'run')} of true laws and ${sizes.powerRuns} of each wrong one`,
    retain: withoutSpectra,
    judge(drawn) {
      const measured = judgeCalibration(calibration, drawn.results);
      const results = calibrationResults(planned, sizes, measured, drawn);
      const { interrupted, failed } = drawn;
      return { results, interrupted, failed, arrays: new Map(), json: { kind: 'calibration', seed, ...measured } };
    },
  };
}
