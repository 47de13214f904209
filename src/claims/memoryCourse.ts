import type { Preset } from './presets.js';
import type { Course } from './trainingTasks.js';

/** A training on random labels of so few classes that they are learned by heart. */
export function memoryCourse(
  { dynamics: { memory }, width }: Preset,
  dimension: number,
  marks: readonly number[],
): Course {
  const { classes, samplesPerDimension, steps, learningRate } = memory;
  return {
    ...{ dimension, classes, samplesPerDimension, width, steps, learningRate, marks },
    loss: 'ce',
    labels: 'random',
    initialisation: 'lecun',
    optimiser: 'adam',
    schedule: 'cosine',
  };
}
