export type { AdvanceOptions, Parameters, Trainer, TrainingPlan, TrainingProgress, TrainingState } from './contract.js';
export {
  drawFresh,
  drawTraining,
  type LabelledData,
  type TrainingDrawOptions,
  type TrainingStart,
} from './drawTraining.js';
export { learningRate } from './learningRate.js';
export { predictTrainingMemory, type TrainingMemory } from './predictTrainingMemory.js';
export { sampleBatches, type BatchSource } from './sampleBatches.js';
export { createTrainer, type TrainerParts } from './trainer.js';
export { validateTrainingPlan } from './validateTrainingPlan.js';
