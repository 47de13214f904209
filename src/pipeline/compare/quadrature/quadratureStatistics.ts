/** What the tests see of a quadrature: of the mean of its probes, and of the ends of the first. */
import type { SpectralLaw } from '../../../../theory/contracts.js';
import type { Probe } from '../given/readQuadrature.js';

export interface QuadratureStatistics {
  readonly kolmogorov: number;
  /** Moments less those of the law, in units of its root mean square: those that are tested. */
  readonly moments: readonly number[];
  /** Of the first probe: probes share the eigenvalues that their ends approach. */
  readonly above: number;
  readonly below: number;
}

export interface StatisticsSettings {
  readonly law: SpectralLaw;
  readonly powers: readonly number[];
  /** The scale is free: that of the measure is made that of the law first. */
  readonly fitsScale: boolean;
}

/** Nodes of all probes, ascending, each with its share of the mean. */
export function meanMeasure(probes: readonly Probe[]): Probe {
  const pairs = probes.flatMap(({ nodes, masses }) =>
    Array.from(nodes, (node, k): [number, number] => [node, masses[k]! / probes.length]),
  );
  pairs.sort(([a], [b]) => a - b);
  return { nodes: Float64Array.from(pairs, ([node]) => node), masses: Float64Array.from(pairs, ([, mass]) => mass) };
}

/** By the first moment, or the second where that of the law is 0. */
export function scaleOf(probes: readonly Probe[], law: SpectralLaw): number {
  const measure = meanMeasure(probes);
  const [first, second] = [law.moment(1), law.moment(2)];
  return Math.abs(first) > 1e-9 * Math.sqrt(second)
    ? momentOf(measure, 1) / first
    : Math.sqrt(momentOf(measure, 2) / second);
}

export function quadratureStatistics(
  given: readonly Probe[],
  { law, powers, fitsScale }: StatisticsSettings,
): QuadratureStatistics {
  const scale = fitsScale ? scaleOf(given, law) : 1;
  const probes = given.map(({ nodes, masses }) => ({ nodes: nodes.map((node) => node / scale), masses }));
  const measure = meanMeasure(probes);
  const size = Math.sqrt(law.moment(2)) || 1;
  const { nodes } = probes[0]!;
  return {
    kolmogorov: kolmogorovDistance(measure, law),
    moments: powers.map((power) => (momentOf(measure, power) - law.moment(power)) / size ** power),
    above: nodes[nodes.length - 1]! - (law.support.at(-1)?.[1] ?? 0),
    below: (law.support[0]?.[0] ?? 0) - nodes[0]!,
  };
}

function momentOf({ nodes, masses }: Probe, power: number): number {
  return nodes.reduce((sum, node, k) => sum + masses[k]! * node ** power, 0);
}

/** A node within this of an atom stands for it. */
const snapping = 1e-6;

function kolmogorovDistance({ nodes, masses }: Probe, law: SpectralLaw): number {
  const size = Math.max(...nodes.map(Math.abs));
  const at = nodes.map((node) => law.atoms.find((atom) => Math.abs(node - atom.at) <= snapping * size)?.at ?? node);
  const levels = law.cdfs(at.slice().sort());
  let below = 0;
  let largest = 0;
  for (let k = 0; k < at.length;) {
    let end = k;
    let share = 0;
    while (end < at.length && at[end] === at[k]) share += masses[end++]!;
    const atom = law.atoms.find((each) => each.at === at[k])?.mass ?? 0;
    largest = Math.max(largest, Math.abs(below - (levels[k]! - atom)), Math.abs(below + share - levels[k]!));
    below += share;
    k = end;
  }
  return largest;
}
