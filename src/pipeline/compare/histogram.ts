/** Bars of a spectrum, and what a law expects of each. */
import type { SpectralLaw } from '../../../theory/contracts.js';

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly observed: number;
  readonly predicted: number;
}

const bins = 24;

/** @param eigenvalues ascending */
export function histogramOf(eigenvalues: Float64Array, law: SpectralLaw): readonly HistogramBin[] {
  const low = Math.min(eigenvalues[0]!, law.support[0]?.[0] ?? 0);
  const high = Math.max(eigenvalues[eigenvalues.length - 1]!, law.support.at(-1)?.[1] ?? 0);
  const width = (high - low) / bins || 1;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => low + k * width);
  const levels = law.cdfs(edges);
  // The first bin is closed on the left, so that nothing at its edge is lost.
  levels[0] = 0;
  return Array.from({ length: bins }, (_, k) => {
    const inside = (value: number) => (k === 0 || value > edges[k]!) && (value <= edges[k + 1]! || k === bins - 1);
    return {
      from: edges[k]!,
      to: edges[k + 1]!,
      observed: eigenvalues.reduce((count, value) => count + (inside(value) ? 1 : 0), 0) / eigenvalues.length,
      predicted: levels[k + 1]! - levels[k]!,
    };
  });
}
