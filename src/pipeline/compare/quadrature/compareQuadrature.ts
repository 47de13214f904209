/** Lanczos' quadrature of a spectral density against a law, with the noise of its probes and the coarseness of its nodes. */
import { judge, nullReference, scatterOf, sequentialPower } from '../../../../simulations/comparisons/index.js';
import type { Backend } from '../../../../simulations/contracts.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { scaledLaw } from '../../../../theory/gmp/index.js';
import type { ShowsSpectrum } from '../comparedSpectrum.js';
import { fewDraws, namedPower, requiredPowers, type AlternativePower } from '../alternativePower.js';
import type { ComparisonBase, ComparisonTest } from '../comparison.js';
import type { FittedParameter } from '../fittedParameter.js';
import type { Quadrature } from '../given/readQuadrature.js';
import { histogramOfMasses } from '../histogram.js';
import { quadratureHypothesis, type QuadratureHypothesis, type QuadratureOptions } from './quadratureHypothesis.js';
import { meanMeasure, quadratureStatistics, scaleOf, type QuadratureStatistics } from './quadratureStatistics.js';

export interface CompareQuadratureOptions extends QuadratureOptions, ShowsSpectrum {
  readonly nullReplicates?: number | undefined;
  readonly level: number;
  readonly seed: string;
  readonly measuresPower?: boolean | undefined;
}

export interface QuadratureComparison extends ComparisonBase {
  readonly kind: 'quadrature';
  readonly hypothesis: string;
  readonly probes: number;
  /** d/N, of a law that has one. */
  readonly aspectRatio?: number;
  readonly fitted: Readonly<Partial<Record<FittedParameter, number>>>;
  /** One standard deviation by which the probes blur a share of the spectrum, at most: 1/√(2 d · probes). */
  readonly probeError: number;
  readonly tests: readonly ComparisonTest[];
  readonly null: string;
  readonly powers: readonly AlternativePower[];
}

const usualReplicates = 199;

/** @throws UsageError for what `quadratureHypothesis` cannot make a hypothesis of */
export function compareQuadrature(
  quadrature: Quadrature,
  options: CompareQuadratureOptions,
  backend: Backend,
): QuadratureComparison {
  const { probes, dimension, description, notes } = quadrature;
  const { level, seed, nullReplicates = usualReplicates } = options;
  const hypothesis = quadratureHypothesis(quadrature, options, backend);
  const { law, fitsScale } = hypothesis;
  const prepared = preparedTests(hypothesis, nullReplicates, seed);
  const observed = quadratureStatistics(probes, hypothesis);
  const tests = prepared.map(({ id, statistic, valueOf, pValue }) => ({
    id,
    statistic,
    observed: valueOf(observed),
    pValue: pValue(observed),
  }));
  const rejected = judge({ tests, level }).verdict === 'disagree';
  const powers = rejected || options.measuresPower === false ? [] : powersOf(hypothesis, prepared, level, seed);
  const judgement = judge({
    tests,
    level,
    powers: requiredPowers(powers),
    remedy: () => 'more probes are needed for that, or the eigenvalues',
    unfinished:
      hypothesis.changed === undefined
        ? 'what wrong laws a quadrature of this size would show is not measured: the matrices would have to be drawn.'
        : undefined,
  });
  const scale = fitsScale ? scaleOf(probes, law) : 1;
  const mean = meanMeasure(probes);
  options.onSpectrum?.({ ...mean, law: scaledLaw(law, scale), outside: [], predicted: [] });
  return {
    kind: 'quadrature',
    source: description,
    hypothesis: hypothesis.description,
    dimension,
    probes: probes.length,
    ...(Number.isNaN(law.aspectRatio) ? {} : { aspectRatio: law.aspectRatio }),
    fitted: fitsScale ? { scale } : {},
    probeError: 1 / Math.sqrt(2 * dimension * probes.length),
    tests: judgement.tests,
    null: `${nullReplicates} draws of the hypothesis, each by as many steps from as many random probes; beyond the largest of them a fitted tail`,
    powers,
    verdict: judgement.verdict,
    reason: judgement.reason,
    level,
    seed,
    backend: backend.name,
    notes: [...notes, ...cautions(quadrature)],
    histogram: histogramOfMasses(mean, law, scale),
  };
}

interface PreparedTest {
  readonly id: string;
  readonly statistic: string;
  valueOf(set: QuadratureStatistics): number;
  pValue(set: QuadratureStatistics): number;
}

function preparedTests(hypothesis: QuadratureHypothesis, replicates: number, seed: string): PreparedTest[] {
  const nulls = Array.from({ length: replicates }, (_, r) =>
    quadratureStatistics(hypothesis.draw(randomStream(seed, 'compare quadrature', r)), hypothesis),
  );
  const test = (id: string, statistic: string, valueOf: PreparedTest['valueOf']): PreparedTest => {
    const reference = nullReference(nulls.map(valueOf));
    return { id, statistic, valueOf, pValue: (set) => reference.pValue(valueOf(set)) };
  };
  const scatter = scatterOf(nulls.map(({ moments }) => moments));
  const moments = nullReference(scatter.distances);
  const { law, powers } = hypothesis;
  const distanceOf = (set: QuadratureStatistics): number => scatter.distanceOf(set.moments);
  const lowest = law.support[0]?.[0] ?? 0;
  return [
    test('kolmogorov', 'sup |F − F_law| of the mean of the probes', ({ kolmogorov }) => kolmogorov),
    {
      id: 'moments',
      statistic: `Mahalanobis' distance² of the moments ${powers.join(', ')}`,
      valueOf: distanceOf,
      pValue: (set) => moments.pValue(distanceOf(set)),
    },
    test('above', 'largest node of the first probe − highest edge', ({ above }) => above),
    // At 0 the edge is hard: nothing lies beyond it.
    ...(Math.abs(lowest) <= 1e-9 * Math.sqrt(law.moment(2))
      ? []
      : [test('below', 'lowest edge − smallest node of the first probe', ({ below }) => below)]),
  ];
}

function powersOf(
  hypothesis: QuadratureHypothesis,
  tests: readonly PreparedTest[],
  level: number,
  seed: string,
): AlternativePower[] {
  const { changed, alternatives } = hypothesis;
  if (changed === undefined) return [];
  return alternatives.map((alternative) => ({
    ...namedPower(alternative),
    ...sequentialPower({
      level: level / tests.length,
      ...fewDraws(alternative),
      pValue: (draw) => {
        const stream = randomStream(seed, `quadrature power: ${alternative.id}`, draw);
        const probes = changed(stream, alternative.change(draw));
        const set = quadratureStatistics(probes, hypothesis);
        return Math.min(...tests.map((test) => test.pValue(set)));
      },
    }),
  }));
}

function cautions({ probes, dimension }: Quadrature): string[] {
  const steps = Math.max(...probes.map(({ nodes }) => nodes.length));
  const error = 1 / Math.sqrt(2 * dimension * probes.length);
  return [
    `${steps} nodes stand for ${dimension} eigenvalues and are not taken for some of them. Of ${probes.length === 1 ? 'one probe' : `${probes.length} probes`} a share of the spectrum is off by up to ${error.toPrecision(2)}, one standard deviation${probes.length === 1 ? ', which more probes make smaller' : ''}.`,
    'An eigenvalue outside the bulk is seen where Lanczos has converged to it; how many there are, and weak spikes, cannot be told: each has a weight of about 1/d.',
  ];
}
