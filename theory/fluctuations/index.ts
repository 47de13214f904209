export {
  linearStatisticCovariance,
  linearStatisticFluctuation,
  type LinearStatisticCovariance,
  type LinearStatisticFluctuation,
  type LinearStatisticOptions,
  type LinearStatisticsOptions,
} from './linearStatistic.js';
export { softEdgeScaling, type SoftEdge } from './softEdgeScaling.js';
export { traceMoments, type TraceMoments, type TraceMomentsOptions } from './traceMoments.js';
export { tracyWidom1Mean, tracyWidom1Variance, tracyWidom1 } from './tracyWidom1.js';
