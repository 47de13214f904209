import type { Model } from '../contracts.js';
import { models } from '../names.js';
import type { EstimatedOutlier } from '../outliers/cubatureOutliers.js';
import { requireWord } from '../requirements.js';
import type { OutlierOptions } from './model.js';
import { modelTheories, type LayersOfModel } from './modelTheories.js';

type OptionsOf<M extends Model> = OutlierOptions & { readonly model: M } & LayersOfModel[M];
/** A model and a block, with the layers that its outliers may be given. */
export type OutliersOfModelOptions = { [M in Model]: OptionsOf<M> }[Model];

/**
 * Predicted outliers of any d×d block of a model at initialisation, ascending, each with one standard error of its
 * place (0 for a closed form). Given a Gram matrix as drawn the prediction is the one given the initialisation, else
 * the limit's.
 *
 * Linear squared error has constant weights and none. See `linearCrossEntropyOutliers`, `hiddenSquaredErrorOutliers`
 * and `hiddenWeightFunction` for the equations.
 *
 * @throws UsageError for options that do not fit together; NumericalError when the law is of other weights
 */
export function outliersOfModel<M extends Model>(options: OptionsOf<M>): EstimatedOutlier[] {
  requireWord('outliersOfModel', 'model', options.model, models);
  const { law, points, shifts, negligibleMass } = options;
  return modelTheories[options.model].outliersGivenLayers(options, {
    law,
    ...(points === undefined ? {} : { points }),
    ...(shifts === undefined ? {} : { shifts }),
    ...(negligibleMass === undefined ? {} : { negligibleMass }),
  });
}
