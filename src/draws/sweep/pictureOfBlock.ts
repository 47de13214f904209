/** A drawn block beside its laws, for figures. */
import type { SweepSpectrum } from '../../../figures/sweepResult.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { layerOfBlock, takesSetting } from '../../../theory/names.js';
import { lawCurve, shareAt, zeroTolerance } from '../spectrumPicture.js';
import type { ApplicableLaw, SweepTask } from './contract.js';
import { claimedLimitLaw, estimatedLawOf, lawOfWeights, lawThatApplies, type DrawnBlock } from './lawsOfBlock.js';

/** Where no law is known, that of Gaussian inputs and the estimate; else the law that applies. */
export function picturesOfBlock(task: SweepTask, applies: ApplicableLaw, block: DrawnBlock): SweepSpectrum[] {
  return lawsShown(task, applies, block).map(([name, law, level]) => pictureOf(task, block, name, law, level));
}

type Shown = readonly [name: string, law: SpectralLaw, level: 1 | 3];

function lawsShown(task: SweepTask, applies: ApplicableLaw, block: DrawnBlock): Shown[] {
  const { weights } = block.observed;
  if (!task.compare.includes('weights')) {
    const limit = task.compare.includes('law') ? claimedLimitLaw(task, block) : undefined;
    return limit === undefined ? [] : [['limit law', limit, 1]];
  }
  const own = lawThatApplies(task, applies, block);
  if (own !== undefined) return [['law that applies', own.lawAt(own.aspectRatio), 3]];
  if (weights === undefined) return [];
  const { lawAt, aspectRatio } = lawOfWeights(task, weights, block.workspace);
  const estimate = estimatedLawOf(task, applies, block);
  return estimate === undefined
    ? [['law given the drawn weights', lawAt(aspectRatio), 3]]
    : [
        ['law of Gaussian inputs', lawAt(aspectRatio), 3],
        ['estimate by the covariance of the data', estimate, 3],
      ];
}

function pictureOf(
  { settings, point, expression }: SweepTask,
  { block, observed }: DrawnBlock,
  law: string,
  shown: SpectralLaw,
  level: 1 | 3,
): SweepSpectrum {
  const { eigenvalues } = observed;
  const { layer, kind } = layerOfBlock(block);
  const { x, density, cdf } = lawCurve(shown);
  return {
    point,
    name: block,
    law,
    label: `${block}: ${law}`,
    model: settings.model,
    loss: settings.loss,
    layer,
    block: kind,
    dimension: eigenvalues.length,
    samples: settings.samples,
    classes: settings.classes,
    ...(takesSetting(settings.model, 'width') ? { width: settings.width } : {}),
    ...(takesSetting(settings.model, 'activation') && expression === undefined
      ? { activation: settings.activation }
      : {}),
    aspectRatio: shown.aspectRatio,
    initialisation: settings.initialisation,
    level,
    eigenvalues: Array.from(eigenvalues),
    draws: 1,
    lawX: x,
    lawDensity: density,
    lawCdf: cdf,
    atoms: shown.atoms.map(({ at, mass }) => ({ at, mass, observed: shareAt(eigenvalues, at) })),
    support: shown.support,
    outliers: { predicted: [], observed: outside(eigenvalues, shown) },
  };
}

/** Eigenvalues that lie clear of the support may be so many; beyond that they are the spectrum, and stay in its bars. */
const mostOutside = 0.1;

function outside(eigenvalues: Float64Array, { support }: SpectralLaw): number[] {
  const [lower, upper] = [support[0]?.[0] ?? 0, support[support.length - 1]?.[1] ?? 0];
  // A few steps of the fluctuations at an edge.
  const margin = 4 * (upper - lower) * eigenvalues.length ** (-2 / 3);
  const zero = zeroTolerance(eigenvalues);
  const found = eigenvalues.filter(
    (value) => Math.abs(value) > zero && (value < lower - margin || value > upper + margin),
  );
  return found.length > mostOutside * eigenvalues.length ? [] : Array.from(found);
}
