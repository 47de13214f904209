/** The largest eigenvalues alone against the upper edge of a law of known scale: nothing else of a spectrum can be told. */
import { UsageError } from '../../../theory/errors.js';
import { tracyWidom1 } from '../../../theory/fluctuations/index.js';
import { marchenkoPastur, scaledLaw } from '../../../theory/gmp/index.js';
import { largestEigenvalueScaling } from '../../../theory/whiteBulk/index.js';
import { holm, nullReference, whiteSpectrum, type Verdict } from '../../../simulations/comparisons/index.js';
import type { Backend, RandomStream } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { ComparisonBase, ComparisonTest } from './comparison.js';
import type { LargestEigenvalues } from './given/readLargest.js';
import { hypothesisFor, statesLaw, type HypothesisOptions } from './hypothesis.js';
import { samplesAt, statedRatio, type RatioOptions } from './statedRatio.js';
import { sizedSpectrum } from './sizedSpectrum.js';

export interface LargestOptions extends HypothesisOptions, RatioOptions {
  readonly noiseVariance?: number | undefined;
  readonly nullReplicates?: number | undefined;
  readonly level: number;
  readonly seed: string;
}

export interface LargestTest extends ComparisonTest {
  readonly id: 'beyond' | 'short';
}

export interface LargestComparison extends ComparisonBase {
  readonly kind: 'largest';
  readonly hypothesis: string;
  /** d/N, of a law that has one. */
  readonly aspectRatio?: number;
  /** Highest edge of the law. */
  readonly edge: number;
  /** What the largest eigenvalue of the hypothesis passes with chance `level`/2. */
  readonly reach: number;
  /** Those beyond it, largest first. */
  readonly beyond: readonly number[];
  readonly tests: readonly LargestTest[];
  readonly null: string;
  /** *Agree* would speak of the whole spectrum, of which most is not given. */
  readonly verdict: Exclude<Verdict, 'agree'>;
  readonly histogram: readonly [];
}

/**
 * @throws UsageError without N or d/N, and without a scale: a noise variance or a law that states it
 */
export function compareLargest(
  { values, dimension, description, notes }: LargestEigenvalues,
  options: LargestOptions,
  backend: Backend,
): LargestComparison {
  const reference = nullOfLargest(dimension, options, backend);
  const { level, seed } = options;
  const largest = values[values.length - 1]!;
  const tests = holm(
    [
      {
        id: 'beyond' as const,
        statistic: 'largest eigenvalue, too large',
        observed: largest,
        pValue: reference.above(largest),
      },
      {
        id: 'short' as const,
        statistic: 'largest eigenvalue, too small',
        observed: largest,
        pValue: reference.below(largest),
      },
    ],
    level,
  );
  // Of the two tests each has half the level.
  const own = level / 2;
  const beyond = Array.from(values.filter((value) => reference.above(value) <= own)).reverse();
  const short = tests.find(({ id }) => id === 'short')!.rejected;
  return {
    kind: 'largest',
    source: description,
    hypothesis: reference.description,
    dimension,
    ...(Number.isNaN(reference.aspectRatio) ? {} : { aspectRatio: reference.aspectRatio }),
    edge: reference.edge,
    reach: reachOf(reference.above, own, reference.edge),
    beyond,
    tests,
    null: reference.source,
    verdict: tests.some(({ rejected }) => rejected) ? 'disagree' : 'undecided',
    reason: reasonOf(beyond.length, values.length, short),
    level,
    seed,
    backend: backend.name,
    notes: [
      ...notes,
      `Only the ${values.length} largest of ${dimension} are given: neither the bulk, its variance and its shape, nor spikes below can be told from them.`,
      ...(beyond.length === values.length
        ? ['All that are given lie beyond the edge: there may be more of them. Give more.']
        : []),
    ],
    histogram: [],
  };
}

function reasonOf(beyond: number, given: number, short: boolean): string {
  if (short)
    return 'The largest eigenvalue is smaller than that of the law: its scale or its N is another, or larger ones are missing.';
  if (beyond === 0)
    return 'The largest eigenvalue is where that of the law is; of the rest nothing can be said from so few.';
  return `${beyond} of the ${given} given ${beyond === 1 ? 'lies' : 'lie'} beyond what the largest eigenvalue of the law reaches.`;
}

interface NullOfLargest {
  readonly description: string;
  readonly source: string;
  readonly aspectRatio: number;
  readonly edge: number;
  /** Chances that the largest eigenvalue is at least, and at most, this. */
  above(value: number): number;
  below(value: number): number;
}

function nullOfLargest(dimension: number, options: LargestOptions, backend: Backend): NullOfLargest {
  const { noiseVariance, fit } = options;
  const isStated = statesLaw(options);
  if (!isStated && noiseVariance === undefined)
    throw new UsageError(
      '--top: the largest eigenvalues alone tell no variance of the noise. Give --noise-variance (and --samples or --aspect-ratio), or a law with its scale; or all eigenvalues.',
    );
  if (fit !== undefined && fit.length > 0)
    throw new UsageError('--top: nothing can be fitted to the largest eigenvalues alone. Leave --fit out.');
  const aspectRatio = statedRatio(dimension, options);
  return isStated
    ? ofDraws(dimension, { ...options, fit: [], aspectRatio }, backend)
    : ofNoise(dimension, noiseVariance!, aspectRatio, options);
}

/** Where the Tracy–Widom law holds to 0.002. */
const fewestForTracyWidom = 1000;
const usualReplicates = 999;
const usualReplicatesOfLaw = 199;

function ofNoise(
  dimension: number,
  variance: number,
  aspectRatio: number | undefined,
  { nullReplicates = usualReplicates, seed }: LargestOptions,
): NullOfLargest {
  if (aspectRatio === undefined)
    throw new UsageError('--top: --samples N or --aspect-ratio d/N is needed, on which the edge depends. Give one.');
  const samples = samplesAt(dimension, aspectRatio);
  const common = {
    description: `(1/N) Σ x xᵀ, independent entries of variance ${variance}, N = ${samples}`,
    aspectRatio,
    edge: scaledLaw(marchenkoPastur(aspectRatio), variance).support.at(-1)![1],
  };
  const [shorter, longer] = [Math.min(dimension, samples), Math.max(dimension, samples)];
  if (shorter >= fewestForTracyWidom) {
    const { centre, unit } = largestEigenvalueScaling(shorter, longer);
    const standard = (value: number): number => ((value * samples) / variance - centre) / unit;
    return {
      ...common,
      source: 'the Tracy–Widom law of the largest eigenvalue, exact to 0.002 at this size',
      above: (value) => tracyWidom1.survival(standard(value)),
      below: (value) => tracyWidom1.cdf(standard(value)),
    };
  }
  return {
    ...common,
    ...referencesOf(nullReplicates, seed, (stream) => variance * whiteSpectrum(stream, dimension, samples).at(-1)!),
  };
}

function ofDraws(dimension: number, options: LargestOptions, backend: Backend): NullOfLargest {
  const hypothesis = hypothesisFor(sizedSpectrum(dimension), options, backend);
  const { nullReplicates = usualReplicatesOfLaw, seed } = options;
  return {
    description: hypothesis.description,
    aspectRatio: hypothesis.law.aspectRatio,
    edge: hypothesis.law.support.at(-1)![1],
    ...referencesOf(nullReplicates, seed, (stream) => hypothesis.draw(stream).at(-1)!),
  };
}

function referencesOf(
  replicates: number,
  seed: string,
  largest: (stream: RandomStream) => number,
): Pick<NullOfLargest, 'source' | 'above' | 'below'> {
  const drawn = Array.from({ length: replicates }, (_, r) => largest(randomStream(seed, 'compare largest', r)));
  const up = nullReference(drawn);
  const down = nullReference(drawn.map((value) => -value));
  return {
    source: `${replicates} draws of the hypothesis; beyond the largest of them a fitted tail`,
    above: (value) => up.pValue(value),
    below: (value) => down.pValue(-value),
  };
}

/** By bisection, to the last digits: the chance falls with the value. */
function reachOf(above: (value: number) => number, level: number, edge: number): number {
  const size = Math.abs(edge) || 1;
  let [low, high] = [edge - 3 * size, edge + 3 * size];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (above(middle) <= level) high = middle;
    else low = middle;
  }
  return high;
}
