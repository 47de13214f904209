/** Distance of spectra to their law as d grows, at the three levels of a prediction, with fitted exponents. */
import { median } from 'simple-statistics';
import type { DistanceSeries } from '../../../figures/results.js';
import { fitExponent } from '../../../simulations/comparisons/index.js';
import { hasConstantWeights, modelTraits } from '../../../theory/names.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { statedOf } from '../../draws/perturbation.js';
import type { LawDraw } from './lawEvidence.js';
import { blockKind } from './lawEvidence.js';

const confidence = 0.95;

/** At level 3 the distance is the twin's, which has the law in every draw, and its exponent is judged. */
const judgedLevel = 3;

interface Level {
  readonly level: 1 | 2 | 3;
  readonly expected: number;
  readonly logCorrection: boolean;
}

const rigid = { expected: -1, logCorrection: true } as const;
const sampled = { expected: -0.5, logCorrection: false } as const;

/**
 * Expected exponents of d: d^{-1/2}, d^{-1/2}, and log d / d (paper-notes.md, three levels). Constant weights have
 * nothing to be sampled, so that their three levels are one.
 */
function expectedLevels({ model, loss }: DrawSettings): readonly Level[] {
  const early = hasConstantWeights(model, loss) ? rigid : sampled;
  return [
    { level: 1, ...early },
    { level: 2, ...early },
    { level: 3, ...rigid },
  ];
}

export function distanceSeries(draws: readonly LawDraw[], label: string): DistanceSeries[] {
  const blockCount = draws[0]?.result.blocks.length ?? 0;
  const dimensions = [...new Set(draws.map(({ task }) => task.settings.dimension))].sort((a, b) => a - b);
  const out: DistanceSeries[] = [];
  for (let b = 0; b < blockCount; b++) {
    for (const { level, expected, logCorrection } of expectedLevels(draws[0]!.task.settings)) {
      const replicates = dimensions.map((dimension) =>
        draws
          .filter(({ task, result }) => task.settings.dimension === dimension && !result.blocks[b]!.vanishes)
          .map(({ result }) => statedOf(result.blocks[b]!.claims))
          .map(({ distances, twinDistance }) => (level === judgedLevel ? twinDistance : distances[level - 1]!))
          .filter(Number.isFinite),
      );
      if (dimensions.length < 2 || replicates.some((values) => values.length < 2)) continue;
      const fit = fitExponent({ sizes: dimensions, values: replicates, logCorrection, confidence });
      const { settings } = draws[0]!.task;
      out.push({
        label,
        model: settings.model,
        loss: settings.loss,
        layer: modelTraits[settings.model].weightedLayer,
        block: blockKind(draws[0]!.result.blocks[b]!),
        level,
        distance: 'Kolmogorov',
        dimensions,
        medians: replicates.map(median),
        replicates,
        exponent: fit.exponent,
        interval: { lower: fit.interval[0], upper: fit.interval[1], level: confidence },
        expected,
        logCorrection,
        judged: level === judgedLevel,
      });
    }
  }
  return out;
}
