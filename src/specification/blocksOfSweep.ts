import { blockNamesOf, layerNumber, layerOfBlock, takesSetting, type BlockName } from '../../theory/names.js';
import type { SweepPoint } from './expandSpec.js';
import type { SweepSpec } from './spec.js';
import { specError } from './specError.js';

/**
 * The blocks that a sweep looks at: those named, or all that every point of the grid has.
 * @throws UsageError for a block of a layer that a point does not have
 */
export function blocksOfSweep(
  spec: Pick<SweepSpec, 'model' | 'blocks' | 'place'>,
  points: readonly Pick<SweepPoint, 'depth'>[],
): readonly BlockName[] {
  const depth = takesSetting(spec.model, 'widths') ? Math.min(...points.map((point) => point.depth)) : undefined;
  const own = blockNamesOf(spec.model, depth);
  const wrong = (spec.blocks ?? []).findIndex((block) => !own.includes(block));
  if (wrong < 0) return spec.blocks ?? own;
  const name = spec.blocks![wrong]!;
  throw depth !== undefined && layerNumber(layerOfBlock(name).layer) !== undefined
    ? specError(
        spec,
        ['blocks', wrong],
        `a point of the grid has ${depth} hidden layers and no block ${JSON.stringify(name)}`,
        'Raise L, or leave the block out.',
      )
    : specError(
        spec,
        ['blocks', wrong],
        `the ${spec.model} model has no block ${JSON.stringify(name)}`,
        `Its blocks are ${own.join(' and ')}.`,
      );
}
