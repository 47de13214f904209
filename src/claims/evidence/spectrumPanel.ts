/** One spectrum with its law, ready for a figure. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { roundingTolerance } from '../../../simulations/comparisons/index.js';
import { modelTraits, takesSetting } from '../../../theory/names.js';
import type { SpectrumPanel } from '../../../figures/results.js';
import { blockClaim, fixedLimitLaw, lawGivenWeights } from '../../draws/lawsOfDraw.js';
import { lawCurve, shareAt } from '../../draws/spectrumPicture.js';
import { statedOf } from '../../draws/perturbation.js';
import type { LawDraw } from './lawEvidence.js';
import { blockKind } from './lawEvidence.js';

/**
 * The panel of block number `index` from draws of one size. Where the limit law is the same for every draw, draws are
 * pooled; where it is random given V, the first draw is shown against the law given its own weights.
 */
export function spectrumPanel(draws: readonly LawDraw[], index: number, label: string): SpectrumPanel | undefined {
  const shown = draws.find(({ result }) => result.blocks[index]?.weights !== undefined);
  if (shown === undefined) return undefined;
  const { settings } = shown.task;
  const { perturbation } = statedOf(shown.task.claimed);
  const block = shown.result.blocks[index]!;
  const aspectRatio = (settings.dimension / settings.samples) * perturbation.aspectRatio;
  const limit = fixedLimitLaw(blockClaim(settings, block.block, perturbation), aspectRatio);
  const pooled = limit !== undefined;
  const law = limit ?? lawGivenWeights(block.weights!, aspectRatio);
  const same = draws.filter(({ task }) => task.settings.dimension === settings.dimension);
  const histogram = pooled ? same.map(({ result }) => result.blocks[index]!) : [block];
  const { x, density, cdf } = lawCurve(law);
  return {
    label,
    model: settings.model,
    loss: settings.loss,
    layer: modelTraits[settings.model].weightedLayer,
    block: blockKind(block),
    dimension: settings.dimension,
    samples: settings.samples,
    classes: settings.classes,
    ...(takesSetting(settings.model, 'width') ? { width: settings.width } : {}),
    ...(takesSetting(settings.model, 'activation') ? { activation: settings.activation } : {}),
    aspectRatio,
    initialisation: settings.initialisation,
    level: pooled ? 1 : 3,
    eigenvalues: Array.from(block.eigenvalues),
    histogram: histogramOf(histogram.map(bulkOf), law, settings.dimension * histogram.length),
    draws: histogram.length,
    lawX: x,
    lawDensity: density,
    lawCdf: cdf,
    atoms: law.atoms.map(({ at, mass }) => ({ at, mass, observed: shareAt(block.eigenvalues, at) })),
    support: law.support,
    outliers: {
      predicted: block.outliers.predicted,
      observed: [...block.outliers.matched.map(({ eigenvalue }) => eigenvalue), ...block.outliers.unexplained],
    },
    ...(block.band === undefined
      ? {}
      : {
          band: {
            ...block.band,
            difference: differences(block.eigenvalues, lawGivenWeights(block.weights!, aspectRatio), block.band.x),
          },
        }),
    distances: Object.fromEntries(
      ['Kolmogorov, limit law', 'Kolmogorov, given the initialisation', 'Kolmogorov, given the drawn weights']
        .map((name, level) => [name, statedOf(block.claims).distances[level]!] as const)
        .filter(([, distance]) => Number.isFinite(distance)),
    ),
  };
}

function bulkOf(block: LawDraw['result']['blocks'][number]): Float64Array {
  const apart = new Set([...block.outliers.matched.map(({ eigenvalue }) => eigenvalue), ...block.outliers.unexplained]);
  const zero = roundingTolerance(block.eigenvalues);
  return block.eigenvalues.filter((value) => Math.abs(value) > zero && !apart.has(value));
}

function histogramOf(spectra: readonly Float64Array[], law: SpectralLaw, total: number) {
  // The bins span what was drawn: a law with a long tail has edges far beyond it.
  let lower = Infinity;
  let upper = -Infinity;
  let count = 0;
  for (const spectrum of spectra) {
    count += spectrum.length;
    if (spectrum.length === 0) continue;
    lower = Math.min(lower, spectrum[0]!);
    upper = Math.max(upper, spectrum[spectrum.length - 1]!);
  }
  if (lower >= upper) [lower, upper] = [law.support[0]?.[0] ?? 0, law.support[law.support.length - 1]?.[1] ?? 1];
  const bins = Math.max(20, Math.min(80, Math.round(2 * Math.cbrt(count))));
  const edges = Array.from({ length: bins + 1 }, (_, k) => lower + ((upper - lower) * k) / bins);
  const counts = new Array<number>(bins).fill(0);
  for (const spectrum of spectra) {
    for (const value of spectrum) counts[Math.min(bins - 1, Math.floor(((value - lower) / (upper - lower)) * bins))]!++;
  }
  return { edges, counts, total };
}

function differences(eigenvalues: Float64Array, law: SpectralLaw, x: readonly number[]): number[] {
  const levels = law.cdfs(Float64Array.from(x));
  let below = 0;
  return x.map((point, k) => {
    while (below < eigenvalues.length && eigenvalues[below]! <= point) below++;
    return below / eigenvalues.length - levels[k]!;
  });
}
