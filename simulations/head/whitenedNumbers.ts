import { tridiagonalQuadrature } from '../comparisons/index.js';
import { lanczos } from '../linalg/lanczos.js';
import { randomStream } from '../random/index.js';
import type { Estimate } from './pairTotals.js';
import type { WhitenedHead } from './whitenedHead.js';

/**
 * Σ_{i≠j} ‖D_i^{−1/2} H_ij D_j^{−1/2}‖² by Hutchinson's estimate, E|W z|² for vectors z of random signs; its standard error over the
 * probes.
 */
export function whitenedEnergy(head: WhitenedHead, probes: number, seed: string): Estimate {
  const values = Float64Array.from({ length: probes }, (_, probe) => {
    const stream = randomStream(seed, 'head-probe', probe);
    const signs = Float64Array.from({ length: head.length }, () => (stream.uniform() < 0.5 ? -1 : 1));
    return head.apply(signs, 'off-diagonal').reduce((sum, value) => sum + value * value, 0);
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / probes;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (probes - 1);
  return { value: mean, error: Math.sqrt(variance / probes) };
}

export interface SpectrumEnds {
  /** Ritz values, each within `error` of an eigenvalue. */
  readonly smallest: Estimate;
  readonly largest: Estimate;
  readonly steps: number;
  /** Gauss quadrature of the spectrum, mean over the start vectors: masses add up to 1. */
  readonly nodes: readonly number[];
  readonly masses: readonly number[];
}

/** Lanczos on D^{−1/2} H D^{−1/2} from random start vectors. */
export function whitenedSpectrum(head: WhitenedHead, starts: number, steps: number, seed: string): SpectrumEnds {
  const runs = Array.from({ length: starts }, (_, run) => {
    const start = new Float64Array(head.length);
    randomStream(seed, 'head-start', run).fillNormals(start);
    const found = lanczos((vector) => head.apply(vector, 'all'), start, Math.min(steps, head.length), 2);
    const { nodes, masses } = tridiagonalQuadrature(found);
    // Squares of the last components of the same vectors: of the matrix read from its other end.
    const { diagonal, offDiagonal } = found;
    const last = tridiagonalQuadrature({
      diagonal: diagonal.toReversed(),
      offDiagonal: Float64Array.from([...offDiagonal.subarray(0, -1).toReversed(), 0]),
    }).masses;
    return { nodes, masses, errors: last.map((square) => found.residual * Math.sqrt(square)) };
  });
  const ends = runs.map(({ nodes, errors }) => ({
    smallest: { value: nodes[0]!, error: errors[0]! },
    largest: { value: nodes.at(-1)!, error: errors.at(-1)! },
  }));
  const points = runs
    .flatMap(({ nodes, masses }) => Array.from(nodes, (node, k) => [node, masses[k]! / starts] as const))
    .sort((a, b) => a[0] - b[0]);
  return {
    smallest: ends.map(({ smallest }) => smallest).reduce((a, b) => (b.value < a.value ? b : a)),
    largest: ends.map(({ largest }) => largest).reduce((a, b) => (b.value > a.value ? b : a)),
    steps: Math.max(...runs.map(({ nodes }) => nodes.length)),
    nodes: points.map(([node]) => node),
    masses: points.map(([, mass]) => mass),
  };
}
