import { monteCarloPValue } from '../comparisons/index.js';
import { randomStream } from '../random/index.js';
import type { Backend } from '../contracts.js';
import type { TokenFields } from './tokenFields.js';

export interface HalvesTest {
  /** Between the spectra of the two halves, relative to the mean eigenvalue, mean over tokens: Wasserstein's first distance. */
  readonly distance: number;
  /** Median of the same over random halves. */
  readonly typical: number;
  /** Exact where groups are exchangeable. */
  readonly pValue: number;
}

/**
 * Spectra of diagonal blocks on the first half of the groups against those on the second, in the order in which groups come; the null
 * is random halves of the same groups. Needs no law of the spectra: draws stand against draws.
 *
 * @param group a number from 0 on for each sample, in the order in which groups come
 */
export function halvesTest(
  { tokens, samples, weights }: TokenFields,
  features: Float64Array,
  group: Int32Array,
  { draws, seed, backend }: { readonly draws: number; readonly seed: string; readonly backend: Backend },
): HalvesTest {
  const workspace = backend.createWorkspace(features.length / samples, samples);
  workspace.inputs.set(features);
  const groups = group.reduce((most, name) => Math.max(most, name), -1) + 1;
  const distance = (isFirst: (name: number) => boolean): number => {
    const half = Uint8Array.from(group, (name) => (isFirst(name) ? 1 : 0));
    const first = half.reduce((sum, one) => sum + one, 0);
    let sum = 0;
    tokens.forEach((_, i) => {
      const own = weights.subarray(i * samples, (i + 1) * samples);
      // The workspace divides by N; each half has a mean of its own.
      const spectrum = (side: 0 | 1, count: number): Float64Array =>
        workspace.eigenvalues(own.map((weight, n) => (half[n] === side ? (weight * samples) / count : 0))).slice();
      const [a, b] = [spectrum(1, first), spectrum(0, samples - first)];
      let [gap, total] = [0, 0];
      a.forEach((value, k) => {
        gap += Math.abs(value - b[k]!);
        total += (value + b[k]!) / 2;
      });
      if (total > 0) sum += gap / total / tokens.length;
    });
    return sum;
  };
  const middle = groups / 2;
  const observed = distance((name) => name < middle);
  const drawn = Array.from({ length: draws }, (_, draw) => {
    const place = shuffled(groups, seed, draw);
    return distance((name) => place[name]! < middle);
  });
  return {
    distance: observed,
    typical: drawn.toSorted((a, b) => a - b)[draws >> 1]!,
    pValue: monteCarloPValue(observed, drawn),
  };
}

/** Fisher and Yates. */
function shuffled(count: number, seed: string, draw: number): Int32Array {
  const stream = randomStream(seed, 'head-halves', draw);
  const order = Int32Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k -= 1) {
    const other = stream.integer(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}
