/** What the zeros of a spectrum say about N, and what remains when they are taken off. */
import { UsageError } from '../../../theory/errors.js';

export interface NonZeroPart {
  /** Ascending. */
  readonly values: Float64Array;
  readonly zeros: number;
  /** Dimensions of x that are not dead. */
  readonly dimension: number;
  /** Degrees of freedom N; undefined when nothing tells them. */
  readonly degrees: number | undefined;
  readonly notes: readonly string[];
  /** A sentence why no white matrix has this spectrum, whatever σ². */
  readonly impossible: string | undefined;
}

export interface GivenDegrees {
  /** N of (1/N) Σ x xᵀ. */
  readonly samples?: number | undefined;
  /** The mean was subtracted: N − 1 degrees of freedom. */
  readonly centred?: boolean | undefined;
  /** Unit roundoff of the eigenvalues. */
  readonly roundoff?: number | undefined;
}

/** @param eigenvalues ascending, all d of them */
export function nonZeroPart(
  eigenvalues: Float64Array,
  { samples, centred = false, roundoff = 2 ** -52 }: GivenDegrees,
): NonZeroPart {
  const count = eigenvalues.length;
  const largest = Math.abs(eigenvalues[count - 1] ?? 0);
  // Rounding adds up like a root; eight times that is nobody's eigenvalue.
  const tolerance = 8 * Math.sqrt(Math.max(count, samples ?? 0)) * roundoff * largest;
  const zeros = eigenvalues.filter((value) => Math.abs(value) <= tolerance).length;
  const negative = eigenvalues.filter((value) => value < -tolerance).length;
  const part = { values: eigenvalues.subarray(negative + zeros), zeros, dimension: count };
  const without = { ...part, degrees: undefined, notes: [] };
  if (negative > 0)
    return {
      ...without,
      impossible: `${negative} of ${count} eigenvalues ${negative === 1 ? 'is' : 'are'} negative (smallest ${eigenvalues[0]!.toPrecision(4)}), and (1/N) Σ x xᵀ has none`,
    };
  const rank = count - zeros;
  if (samples === undefined)
    return {
      ...part,
      degrees: zeros === 0 ? undefined : rank,
      notes:
        zeros === 0
          ? []
          : [
              `${zerosAre(zeros)} zero: taken for a matrix of fewer samples than dimensions, ${rank} degrees of freedom.`,
            ],
      impossible: undefined,
    };
  if (centred && samples < 2) throw new UsageError(`--centred leaves N − 1 degrees of freedom, got N = ${samples}.`);
  return { ...part, ...degreesFrom(count, zeros, centred ? samples - 1 : samples, centred) };
}

function degreesFrom(
  count: number,
  zeros: number,
  stated: number,
  centred: boolean,
): Pick<NonZeroPart, 'dimension' | 'degrees' | 'notes' | 'impossible'> {
  const rank = count - zeros;
  const expected = Math.max(0, count - stated);
  if (zeros < expected)
    return {
      dimension: count,
      degrees: undefined,
      notes: [],
      impossible: `${rank} eigenvalues are not zero, and a matrix of ${stated} degrees of freedom has no more than ${stated}; check N`,
    };
  if (zeros === expected) return { dimension: count, degrees: stated, notes: [], impossible: undefined };
  const extra = zeros - expected;
  if (count >= stated) {
    const why = extra === 1 && !centred ? 'the mean was subtracted' : `${extra} samples say nothing new`;
    return {
      dimension: count,
      degrees: rank,
      notes: [`${zerosAre(zeros)} zero where N = ${stated} leaves ${expected}: ${why}, so that N = ${rank} here.`],
      impossible: undefined,
    };
  }
  return {
    dimension: rank,
    degrees: stated,
    notes: [
      `${zerosAre(zeros)} zero where d < N leaves none: dead dimensions, taken off. Where other columns repeat them, or rows do, N is smaller too.`,
    ],
    impossible: undefined,
  };
}

function zerosAre(count: number): string {
  return `${count} ${count === 1 ? 'eigenvalue is' : 'eigenvalues are'}`;
}
