import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DiscreteMeasure } from '../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../theory/gmp/index.js';
import { discreteMeasure } from '../../theory/measures/index.js';
import { softmaxWeights } from '../../theory/weights/index.js';

export interface LawBenchOptions {
  /** Points at which the distribution function is asked for; 1000 by default. */
  readonly points?: number;
  /** Number of drawn weights in the second law; 2000 by default. */
  readonly drawn?: number;
  /** Timed repeats; 7 by default. */
  readonly repeats?: number;
  /** The Python with NumPy to compare with; 'python3' by default, '' for none. */
  readonly python?: string;
}

export interface LawBenchRow {
  readonly law: string;
  /** Nodes as given, and in use after compression. */
  readonly nodes: number;
  readonly nodesInUse: number;
  /** Median CPU milliseconds: support, then the distribution function at all points; and support, then the density. */
  readonly cdfMilliseconds: number;
  readonly densityMilliseconds: number;
  /** The same distribution function by NumPy on the same nodes; absent without NumPy. */
  readonly numpyMilliseconds?: number;
  readonly ratio?: number;
  /** Largest difference from the law of all nodes without compression, which the tests hold against 50 digits. */
  readonly error: number;
  readonly numpyError?: number;
}

/** A law must agree with the uncompressed one this well before it is timed, */
const allowedError = 1e-12;
/** and with NumPy's, which is smoothed by a millionth of the width, this well. */
const allowedNumpyError = 2e-2;

/**
 * Times the distribution function at many points against NumPy on the same machine: the softmax law at C = 10 and the
 * law of drawn weights. Answers are checked before anything is timed.
 *
 * @throws Error when two answers differ by more than they may
 */
export function benchLaws({
  points = 1000,
  drawn = 2000,
  repeats = 7,
  python = 'python3',
}: LawBenchOptions = {}): LawBenchRow[] {
  const aspectRatio = 0.5;
  const laws: [string, DiscreteMeasure][] = [
    ['softmax C = 10, diagonal', softmaxWeights({ classes: 10, logitVariance: 1, block: 'diagonal' }).quadrature],
    [
      'softmax C = 10, off-diagonal',
      softmaxWeights({ classes: 10, logitVariance: 1, block: 'off-diagonal' }).quadrature,
    ],
    [`${drawn} drawn softmax weights`, drawnWeights(drawn)],
  ];
  return laws.map(([law, weights]) => {
    const exact = generalisedMarchenkoPastur(weights, aspectRatio, { compression: 0 });
    const { support } = exact;
    const lower = support[0][0];
    const width = support[support.length - 1][1] - lower;
    const at = Float64Array.from({ length: points }, (_, i) => lower + (width * (i + 0.5)) / points);
    const values = exact.cdfs(at);
    const compared = python === '' ? undefined : numpyLaw(python, weights, aspectRatio, at, repeats);
    const first = generalisedMarchenkoPastur(weights, aspectRatio);
    const error = largestDifference(first.cdfs(at), values);
    if (!(error <= allowedError)) throw new Error(`${law}: compression changes the distribution function by ${error}`);
    const numpyError = compared && largestDifference(Float64Array.from(compared.cdf), values);
    if (numpyError !== undefined && !(numpyError <= allowedNumpyError))
      throw new Error(`${law}: NumPy and this program differ by ${numpyError}`);

    const cdfTimes: number[] = [];
    const densityTimes: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      cdfTimes.push(cpuMilliseconds(() => generalisedMarchenkoPastur(weights, aspectRatio).cdfs(at)));
      densityTimes.push(cpuMilliseconds(() => generalisedMarchenkoPastur(weights, aspectRatio).densities(at)));
    }
    const cdfMilliseconds = median(cdfTimes);
    const numpyMilliseconds = compared && 1000 * median(compared.seconds);
    return {
      law,
      nodes: weights.nodes.length,
      nodesInUse: first.diagnostics.nodes,
      cdfMilliseconds,
      densityMilliseconds: median(densityTimes),
      ...(numpyMilliseconds === undefined
        ? {}
        : { numpyMilliseconds, ratio: numpyMilliseconds / cdfMilliseconds, numpyError }),
      error,
    };
  });
}

/** p(1 − p) of ten logits, from a small fixed congruential sequence: the benchmark needs no streams. */
function drawnWeights(count: number): DiscreteMeasure {
  let state = 1;
  const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return discreteMeasure(
    Array.from({ length: count }, () => {
      const exponentials = Array.from({ length: 10 }, () => Math.exp(normal()));
      const p = exponentials[0] / exponentials.reduce((sum, value) => sum + value, 0);
      return p * (1 - p);
    }),
  );
}

function numpyLaw(
  python: string,
  { nodes, masses }: DiscreteMeasure,
  aspectRatio: number,
  points: Float64Array,
  repeats: number,
): { cdf: number[]; seconds: number[] } | undefined {
  const script = fileURLToPath(new URL('./numpyLaw.py', import.meta.url));
  const task = {
    nodes: Array.from(nodes),
    masses: Array.from(masses),
    aspectRatio,
    points: Array.from(points),
    repeats: Math.min(repeats, 3),
  };
  const run = spawnSync(python, [script], {
    input: JSON.stringify(task),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  return run.status === 0 ? (JSON.parse(run.stdout) as { cdf: number[]; seconds: number[] }) : undefined;
}

/** CPU time, which a busy machine disturbs less than the clock. */
function cpuMilliseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
