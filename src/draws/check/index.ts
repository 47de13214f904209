import { performCrossTask } from './crossTask.js';
import type { CrossTask, CrossTaskResult } from './crossTask.js';
import type { TaskEnvironment } from '../environment.js';
import { performDeepCrossTask } from './deepCrossTask.js';
import type { DeepCrossTask, DeepCrossTaskResult } from './deepCrossTask.js';
import { performDeepTask } from './deepTask.js';
import type { DeepTask, DeepTaskResult } from './deepTask.js';
import { performHeadTask } from './headTask.js';
import type { HeadTask, HeadTaskResult } from './headTask.js';
import { performHeatMapTask } from './heatMapTask.js';
import type { HeatMapTask, HeatMapTaskResult } from './heatMapTask.js';
import { performLawTask } from './lawTask.js';
import type { LawTask, LawTaskResult } from './lawTask.js';
import { performMomentTask } from './momentTask.js';
import type { MomentTask, MomentTaskResult } from './momentTask.js';
import { performNormTask } from './normTask.js';
import type { NormTask, NormTaskResult } from './normTask.js';
import { performPictureTask } from './pictureTask.js';
import type { PictureTask, PictureTaskResult } from './pictureTask.js';
import { performLinearTrainingTask } from './linearTrainingTask.js';
import type { LinearTrainingTask, LinearTrainingTaskResult } from './linearTrainingTask.js';
import { performResidualLawTask } from './residualLawTask.js';
import type { ResidualLawTask, ResidualLawTaskResult } from './residualLawTask.js';
import { performTrainingTask } from './trainingTask.js';
import type { TrainingTask, TrainingTaskResult } from './trainingTask.js';
import { performTraceTask } from './traceTask.js';
import type { TraceTask, TraceTaskResult } from './traceTask.js';
import { performWeightTask } from './weightTask.js';
import type { WeightTask, WeightTaskResult } from './weightTask.js';
import { performOutputTask } from './outputTask.js';
import type { OutputTask, OutputTaskResult } from './outputTask.js';

export type { ClaimedPart, FreshDraws, LawBlockResult, LawTask, LawTaskResult } from './lawTask.js';
export type { MomentSubject, MomentTask, MomentTaskResult } from './momentTask.js';
export type { NormTask, NormTaskResult } from './normTask.js';
export type { OutputFinding, OutputTask, OutputTaskResult } from './outputTask.js';
export type { LinearMark, LinearTrainingTask, LinearTrainingTaskResult } from './linearTrainingTask.js';
export type { LawDistance, ResidualLawTask, ResidualLawTaskResult } from './residualLawTask.js';
export type { SeenBlock, SeenMark, SeenUnit, TrainingTask, TrainingTaskResult } from './trainingTask.js';
export type { TraceTask, TraceTaskResult } from './traceTask.js';
export type { WeightTask, WeightTaskResult } from './weightTask.js';
export type { PictureTask, PictureTaskResult } from './pictureTask.js';
export type {
  HeadClaim,
  HeadEquality,
  HeadFeatures,
  HeadSubject,
  HeadTask,
  HeadTaskResult,
  WrongHead,
} from './headTask.js';
export { layerDistances } from './deepCrossTask.js';
export type { DeepCrossGroup, DeepCrossTask, DeepCrossTaskResult, LayerDistance } from './deepCrossTask.js';
export { wrongDeepLaws } from './deepTask.js';
export type { DeepLayerResult, DeepTask, DeepTaskResult, WrongDeepLaw } from './deepTask.js';
export type { HeatMapTask, HeatMapTaskResult } from './heatMapTask.js';
export type { CrossTask, CrossTaskResult } from './crossTask.js';

export type CheckTask =
  | LawTask
  | MomentTask
  | NormTask
  | OutputTask
  | CrossTask
  | DeepCrossTask
  | DeepTask
  | HeadTask
  | HeatMapTask
  | LinearTrainingTask
  | PictureTask
  | ResidualLawTask
  | TraceTask
  | TrainingTask
  | WeightTask;
export type CheckTaskResult =
  | LawTaskResult
  | MomentTaskResult
  | NormTaskResult
  | OutputTaskResult
  | CrossTaskResult
  | DeepCrossTaskResult
  | DeepTaskResult
  | HeadTaskResult
  | HeatMapTaskResult
  | LinearTrainingTaskResult
  | PictureTaskResult
  | ResidualLawTaskResult
  | TraceTaskResult
  | TrainingTaskResult
  | WeightTaskResult;

/** Pure: the same task gives the same result on any worker. */
export function performTask(task: CheckTask, environment: TaskEnvironment): Promise<CheckTaskResult> {
  switch (task.kind) {
    case 'law':
      return performLawTask(task, environment);
    case 'moments':
      return performMomentTask(task, environment);
    case 'norm':
      return performNormTask(task, environment);
    case 'output':
      return performOutputTask(task, environment);
    case 'cross':
      return performCrossTask(task, environment);
    case 'deep cross':
      return performDeepCrossTask(task, environment);
    case 'deep':
      return performDeepTask(task, environment);
    case 'head':
      return performHeadTask(task, environment);
    case 'heat map':
      return performHeatMapTask(task, environment);
    case 'traces':
      return performTraceTask(task, environment);
    case 'linear training':
      return performLinearTrainingTask(task, environment);
    case 'residual law':
      return performResidualLawTask(task, environment);
    case 'training':
      return performTrainingTask(task, environment);
    case 'weights':
      return performWeightTask(task, environment);
    case 'picture':
      return performPictureTask(task);
  }
}
