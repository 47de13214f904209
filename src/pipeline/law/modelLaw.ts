/** Laws of a model of the paper: of a block, in the limit or given V, and of the whole Hessian. */
import { UsageError } from '../../../theory/errors.js';
import { bridgedLaw, expectationNodes, generalisedMarchenkoPastur, isSmooth } from '../../../theory/gmp/index.js';
import { blockLaw, wholeLaw, type BlockLaw } from '../../../theory/models/index.js';
import { blockKinds, hasConstantWeights } from '../../../theory/names.js';
import { separableMoments } from '../../../theory/separable/separableMoments.js';
import { blockChoice, wholeBlock, wholeChoice, type BlockChoice, type ModelOptions } from '../options/modelOptions.js';
import type { Ensemble, StatedLaw } from './ensemble.js';
import { choice } from '../options/textOptions.js';
import { givenReadout } from './givenReadout.js';
import { modelOutliers } from './modelOutliers.js';
import { lastOne } from './weightedLaw.js';

/** @throws UsageError for options that do not parse, contradict each other or would be ignored */
export async function modelLaw(text: ModelOptions): Promise<StatedLaw> {
  return choice('--block', text.block, [...blockKinds, wholeBlock]) === wholeBlock
    ? hessianLaw(text)
    : lawOfBlock(text);
}

async function lawOfBlock(text: ModelOptions): Promise<StatedLaw> {
  const given = await givenReadout(text);
  const chosen = blockChoice({ ...text, ...given?.sizes });
  const setting = { ...chosen, ...given?.readout };
  const found = lastOne((aspectRatio) => blockLaw({ ...setting, aspectRatio }));
  return {
    takesAspectRatio: true,
    copies: 1,
    at: (aspectRatio) => {
      const law = found(aspectRatio);
      return { ...law, outliers: modelOutliers(law, chosen.classes) };
    },
    ensemble: (order) =>
      blockEnsemble((aspectRatio) => blockLaw({ ...setting, dimension: order, aspectRatio }), chosen),
  };
}

function blockEnsemble(blockAt: (aspectRatio: number) => BlockLaw, { classes }: BlockChoice): Ensemble {
  const block = lastOne(blockAt);
  const { weights, note, scale, law: first } = block(1);
  if (weights === undefined && first !== undefined)
    throw new UsageError(
      'compare: the law of the bulk of this block is known, but no matrix to draw has it: above the first layer the mean of the features adds eigenvalues outside it, and a mean over all pairs of units is the law of no one matrix. Ask limitlaw law for its numbers, or give the drawn weights with --weights-file and the covariance of the features with --population.',
    );
  if (weights === undefined)
    throw new UsageError(
      `compare: this block has no law of its weights to draw from${note === undefined ? '' : ` (${note.replace(/\.$/, '')})`}. Give V with --readout where that says so, or the drawn weights with --weights-file.`,
    );
  const nodes = expectationNodes(weights);
  // Points of a cubature leave gaps that the law does not have: the law bridges them, and so must it at other ratios.
  const bridged = !isSmooth(weights) && first !== undefined && 'outline' in first;
  return {
    kind: 'weighted',
    free: ['scale', 'aspect-ratio'],
    takesAspectRatio: true,
    weights,
    law: lastOne((aspectRatio) =>
      bridged ? bridgedLaw(nodes, aspectRatio) : generalisedMarchenkoPastur(weights, aspectRatio),
    ),
    ...separableMoments(nodes),
    gapsAreReal: !bridged && !isSmooth(weights),
    fingerprint: [nodes.nodes, nodes.masses],
    ...(scale === undefined ? {} : { units: scale }),
    outliers: (aspectRatio, samples) => modelOutliers(block(aspectRatio), classes, 1 / samples),
  };
}

function hessianLaw(text: ModelOptions): StatedLaw {
  const setting = wholeChoice(text);
  return {
    takesAspectRatio: true,
    copies: setting.classes,
    at: (aspectRatio) => ({ ...wholeLaw({ ...setting, aspectRatio }), outliers: [] }),
    ensemble: (order) => hessianEnsemble(setting, order),
  };
}

function hessianEnsemble(setting: ReturnType<typeof wholeChoice>, order: number): Ensemble {
  const { classes } = setting;
  const dimension = order / classes;
  if (!Number.isInteger(dimension))
    throw new UsageError(
      `compare: the whole Hessian of ${classes} classes is of order C·d, but ${order} is no multiple of ${classes}. Check --classes, or give all eigenvalues.`,
    );
  const at = lastOne((aspectRatio) => wholeLaw({ ...setting, dimension, aspectRatio }));
  const law = (aspectRatio: number) => {
    const found = at(aspectRatio);
    if (found.law === undefined)
      throw new UsageError(`compare: there is no law to compare with. ${found.note ?? ''}`.trim());
    return found.law;
  };
  return {
    kind: 'hessian',
    free: ['scale'],
    takesAspectRatio: true,
    setting: { ...setting, dimension },
    freeLogits: hasConstantWeights(setting.model, setting.loss) ? classes : classes - 1,
    law,
    moments: (aspectRatio) => [law(aspectRatio).moment(1), law(aspectRatio).moment(2)],
    gapsAreReal: true,
    fingerprint: [Float64Array.from([...JSON.stringify(setting)].map((letter) => letter.charCodeAt(0)))],
  };
}
