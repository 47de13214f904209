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
  const masses = new Float64Array(eigenvalues.length).fill(1);
  return histogramOfMasses({ nodes: eigenvalues, masses }, law);
}

/** Of a measure on ascending nodes, whatever its total, against the law times `scale`. */
export function histogramOfMasses(
  { nodes, masses }: { readonly nodes: Float64Array; readonly masses: Float64Array },
  law: SpectralLaw,
  scale = 1,
): readonly HistogramBin[] {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const low = Math.min(nodes[0]!, scale * (law.support[0]?.[0] ?? 0));
  const high = Math.max(nodes[nodes.length - 1]!, scale * (law.support.at(-1)?.[1] ?? 0));
  const width = (high - low) / bins || 1;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => low + k * width);
  const levels = law.cdfs(edges.map((edge) => edge / scale));
  // The first bin is closed on the left, so that nothing at its edge is lost.
  levels[0] = 0;
  return Array.from({ length: bins }, (_, k) => {
    const inside = (value: number) => (k === 0 || value > edges[k]!) && (value <= edges[k + 1]! || k === bins - 1);
    return {
      from: edges[k]!,
      to: edges[k + 1]!,
      observed: nodes.reduce((share, node, i) => share + (inside(node) ? masses[i]! : 0), 0) / total,
      predicted: levels[k + 1]! - levels[k]!,
    };
  });
}
