/** A drawn block beside its laws, for figures. */
import type { PredictedOutlier } from '../../../figures/results.js';
import type { SweepSpectrum } from '../../../figures/sweepResult.js';
import { roundingTolerance } from '../../../simulations/comparisons/index.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { layerOfBlock, takesSetting } from '../../../theory/names.js';
import { lawCurve, shareAt } from '../spectrumPicture.js';
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
        ['estimate (covariance of the data)', estimate, 3],
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
  const { support, spikes } = withoutSpikes(shown, eigenvalues.length);
  const { x, density, cdf } = lawCurve(shown, support);
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
    support,
    outliers: { predicted: spikes, observed: outside(eigenvalues, support) },
  };
}

/** An interval for fewer eigenvalues than this is the place of single ones. */
const fewEigenvalues = 2.5;

/**
 * The support without the intervals at either end that a large eigenvalue of the covariance, or a large weight, makes:
 * those are shown as outliers, for a curve there would be a speck and the bars of all others too wide.
 */
function withoutSpikes(law: SpectralLaw, order: number) {
  const support = [...law.support];
  const spikes: PredictedOutlier[] = [];
  const take = (side: 'below' | 'above'): void => {
    while (support.length > 1) {
      const [lower, upper] = side === 'below' ? support[0]! : support[support.length - 1]!;
      const count = order * (law.cdf(upper) - law.cdf(lower));
      if (count >= fewEigenvalues) return;
      spikes.push({ at: (lower + upper) / 2, multiplicity: Math.max(1, Math.round(count)), side });
      if (side === 'below') support.shift();
      else support.pop();
    }
  };
  take('above');
  take('below');
  return { support, spikes };
}

/** Eigenvalues that lie clear of the support may be so many; beyond that they are the spectrum, and stay in its bars. */
const mostOutside = 0.1;

function outside(eigenvalues: Float64Array, support: SpectralLaw['support']): number[] {
  const [lower, upper] = [support[0]?.[0] ?? 0, support[support.length - 1]?.[1] ?? 0];
  // A few steps of the fluctuations at an edge.
  const margin = 4 * (upper - lower) * eigenvalues.length ** (-2 / 3);
  const zero = roundingTolerance(eigenvalues);
  const found = eigenvalues.filter(
    (value) => Math.abs(value) > zero && (value < lower - margin || value > upper + margin),
  );
  return found.length > mostOutside * eigenvalues.length ? [] : Array.from(found);
}
