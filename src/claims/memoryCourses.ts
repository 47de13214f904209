import type { Preset } from './presets.js';
import type { Course } from './trainingTasks.js';

/**
 * Trainings on random labels of so few classes that they are learned by heart, at every dimension of the preset.
 *
 * @param marks shares of the steps at which the network is looked at
 */
export function memoryCourses(
  { dynamics: { memory }, width }: Preset,
  marks: readonly number[],
): { readonly course: Course; readonly draws: number }[] {
  const { dimensions, draws, classes, steps, learningRate } = memory;
  return dimensions.map((dimension, k) => ({
    draws: draws[k]!,
    course: {
      ...{ dimension, classes, width, steps, learningRate, marks },
      loss: 'ce',
      labels: 'random',
      initialisation: 'lecun',
      optimiser: 'adam',
      schedule: 'cosine',
    },
  }));
}
