/** Pictures of a run that belong to no claim. */
import type { Loss } from '../../../theory/contracts.js';
import { paperActivation, paperInitialisation } from '../../../theory/names.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { Preset } from '../../claims/presets.js';
import { lawPictureNames } from '../../draws/lawPictures.js';
import type { HeatMapTask, PictureTask } from '../../draws/check/index.js';

const losses: readonly Loss[] = ['ce', 'mse'];

/** Laws, supports and outliers, which need no draw. */
export function lawPictureTasks({ aspectRatio }: Preset): PictureTask[] {
  const nothing: DrawSettings = {
    model: 'linear',
    loss: 'ce',
    activation: paperActivation,
    initialisation: paperInitialisation,
    dimension: 1,
    samples: 1,
    classes: 2,
    width: 1,
  };
  return lawPictureNames.map((name) => ({ kind: 'picture', experiment: name, settings: nothing, name, aspectRatio }));
}

export function heatMapTasks(preset: Preset, seed: string): HeatMapTask[] {
  const { dimension, samples, classes, hiddenClasses, linear } = preset.pictures;
  const initialisation = preset.initialisations[preset.initialisations.length - 1]!;
  const hidden = (loss: Loss, count: number): DrawSettings => ({
    model: 'hidden',
    loss,
    activation: paperActivation,
    initialisation,
    dimension,
    samples,
    classes: count,
    width: preset.width,
  });
  return [
    ...losses.map((loss): HeatMapTask => ({
      kind: 'heat map',
      experiment: `whole-${loss}`,
      settings: hidden(loss, classes),
      part: 'whole',
      seed,
    })),
    ...hiddenClasses.map((count): HeatMapTask => ({
      kind: 'heat map',
      experiment: `hidden-ce-C${count}`,
      settings: hidden('ce', count),
      part: 'hidden',
      seed,
    })),
    ...linear.classes.map((count): HeatMapTask => ({
      kind: 'heat map',
      experiment: `linear-ce-C${count}`,
      settings: {
        model: 'linear',
        loss: 'ce',
        activation: paperActivation,
        initialisation,
        dimension: linear.dimension,
        samples: 10 * linear.dimension,
        classes: count,
        width: 1,
      },
      part: 'linear',
      seed,
    })),
  ];
}
