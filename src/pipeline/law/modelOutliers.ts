import type { ActivationName, BlockKind, Layer, Loss, Model, Outlier } from '../../../theory/contracts.js';
import type { BlockLaw } from '../../../theory/models/blockLaw.js';

/** Above this many classes the outliers' cubature is not quick; their places need the drawn weights there anyway. */
const LARGEST_CLASSES = 64;

export interface OutlierBlock {
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly block: BlockKind;
  readonly classes: number;
  readonly activation?: ActivationName | undefined;
  /** Mass of the far tail of the weights that N samples are too few to show: 1/N; 0 for the limit. */
  readonly negligibleMass?: number;
}

/**
 * Outliers of the limit law of a block, in the units of that law; none where none are predicted. What computes them is
 * imported on demand.
 */
export async function modelOutliers(
  { model, loss, layer, block, classes, activation = 'relu', negligibleMass = 0 }: OutlierBlock,
  found: BlockLaw,
): Promise<readonly Outlier[]> {
  const raw = found.law !== undefined && found.scale === undefined;
  if (model === 'linear' && loss === 'ce' && raw && classes <= LARGEST_CLASSES) {
    const { linearCrossEntropyOutliers } = await import('../../../theory/outliers/linearCrossEntropyOutliers.js');
    return linearCrossEntropyOutliers({
      law: found.outline!(),
      classes,
      logitVariance: found.logitVariance!,
      block,
      negligibleMass,
    });
  }
  if (model === 'hidden' && layer === 'hidden' && loss === 'mse') {
    const { hiddenMseLimitOutliers } = await import('../../../theory/outliers/hiddenMseLimitOutliers.js');
    return hiddenMseLimitOutliers({ law: found.outline!(), activation, hiddenFactor: found.hiddenFactor!, block });
  }
  return [];
}
