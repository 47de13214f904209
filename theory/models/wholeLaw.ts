import type { BlockLaw, ModelSetting } from './model.js';
import { modelTheories } from './modelTheories.js';
import { requireSetting } from './requireSetting.js';

/**
 * The limit law of the whole Hessian of a model as d, N → ∞ at fixed aspect ratio d/N and number of classes, where one
 * is known: the linear model's, Cd×Cd, under squared error (each eigenvalue of the inputs' covariance C times) and under
 * cross-entropy up to 32 classes (`linearCrossEntropyHessianLaw`, whose error the note has). The layer of the setting is
 * that of the model's weights and says nothing more.
 * @throws UsageError for contradictory or missing settings.
 */
export function wholeLaw(setting: ModelSetting): BlockLaw {
  requireSetting('wholeLaw', setting);
  return modelTheories[setting.model].wholeLaw(setting);
}
