/**
 * Why a spectrum is not of the law that was stated for it: the zeros are counted, the law is fitted again with its scale free,
 * and what the fit needs is named. One rule for white noise and for laws of weights; what else a bulk may be is asked of
 * white noise alone.
 */
import type { Spike } from '../bulk/estimateBulk.js';
import type { BulkFit } from '../bulk/fitBulk.js';
import type { Cause, Finding, Refit } from './cause.js';
import { causeSentence, refitSentence } from './causeSentence.js';
import { namedFactors } from './namedFactors.js';
import type { ShapeCause } from './shapeCauses.js';

export interface StatedForCauses {
  /** d */
  readonly dimension: number;
  /** N, or what is left of it when the mean was subtracted; undefined when it was not stated. */
  readonly samples: number | undefined;
  /** σ², or the scale of a law of weights; undefined when it was not stated. */
  readonly scale: number | undefined;
  readonly classes?: number | undefined;
  /** N if N/d was given as d/N; undefined where N was not stated by a ratio that can be turned round. */
  readonly swapped: number | undefined;
  /** Eigenvalues that the law has outside its bulk. */
  readonly predicted?: readonly number[] | undefined;
  /** Of the spectrum. */
  readonly zeros: number;
  readonly expectedZeros: (samples: number) => number;
  /** The law with this N and a free scale, fitted to the spectrum; with N free too where it is undefined and can be. */
  readonly fit: (samples: number | undefined) => BulkFit | undefined;
  /** The same for the squares of the spectrum. */
  readonly fitSquares?: ((samples: number | undefined) => BulkFit | undefined) | undefined;
  /** What else the bulk may be at this N, given the fit with N free. */
  readonly shapeAt?: ((samples: number | undefined, free: BulkFit | undefined) => ShapeCause) | undefined;
}

/** With more of them other spectra would pass. */
const mostSpikesOfSquares = 2;

type BulkFound = Extract<BulkFit, { status: 'bulk' }>;

/** Likeliest first; empty when it is none of those known. Those found beside another hold together. */
export function findCauses(stated: StatedForCauses): readonly Cause[] {
  const { findings, fit, samples } = causeOfSize(stated);
  if (fit === undefined) return withSentences(findings, undefined);
  if (fit.status === 'bulk') return withSentences([...findings, ...causesOfBulk(stated, fit)], fit);
  const squares = stated.fitSquares?.(samples);
  if (squares?.status === 'bulk' && squares.above.length + squares.below.length <= mostSpikesOfSquares)
    return withSentences([...findings, { name: 'square roots' }], squares);
  const free = samples === undefined ? fit : stated.fit(undefined);
  const shape = stated.shapeAt?.(samples, free);
  if (shape?.name === undefined) return withSentences(findings, undefined);
  const { name, tried, topScore } = shape;
  if (name !== 'other N') return withSentences([...findings, { name, tried, topScore }], undefined);
  const found = free as BulkFound;
  return withSentences([...findings, otherN(found), ...causesOfBulk(stated, found)], found);
}

interface CauseOfSize {
  readonly findings: readonly Finding[];
  readonly fit: BulkFit | undefined;
  readonly samples: number | undefined;
}

/** What zeros say of N and d, and the fit with these. */
function causeOfSize(stated: StatedForCauses): CauseOfSize {
  const { dimension, samples, swapped, zeros, expectedZeros, fit } = stated;
  const asStated = (findings: readonly Finding[] = []): CauseOfSize => ({ findings, fit: fit(samples), samples });
  if (samples === undefined || zeros === expectedZeros(samples)) return asStated();
  // A ratio with few digits is off by a sample.
  if (swapped !== undefined && swapped !== samples && Math.abs(zeros - expectedZeros(swapped)) <= 1) {
    const turned = fit(swapped);
    if (turned?.status === 'bulk')
      return { findings: [{ name: 'swapped ratio', samples: swapped }], fit: turned, samples: swapped };
  }
  const expected = expectedZeros(samples);
  if (zeros > expected) {
    if (zeros === expected + 1 && dimension >= samples) return asStated([{ name: 'centred', samples: samples - 1 }]);
    const rank = dimension - zeros;
    const left =
      dimension >= samples
        ? ({ of: 'samples', dimension, samples: rank } as const)
        : ({ of: 'columns', dimension: rank, samples } as const);
    return asStated([{ name: 'zeros', zeros, expected, ...left }]);
  }
  if (zeros > 0) {
    const exact = dimension - zeros;
    return {
      findings: [{ name: 'other N', samples: exact, interval: undefined }],
      fit: fit(exact),
      samples: exact,
    };
  }
  const free = fit(undefined);
  return free?.status === 'bulk'
    ? { findings: [otherN(free)], fit: free, samples: Math.round(free.degrees) }
    : { findings: [], fit: free, samples: undefined };
}

function otherN({ degrees, dimension, aspectRatioInterval: ratio }: BulkFound): Finding {
  return {
    name: 'other N',
    samples: degrees,
    interval: ratio === undefined ? undefined : [dimension / ratio[1], dimension / ratio[0]],
  };
}

/** Standard deviations of log σ² from which the scale is another: more beside modes or a fitted N, where intervals are short. */
const scaleLimits = { alone: 2.6, beside: 3.5 };
/** And within which it has a name. */
const nameLimit = 4;

function causesOfBulk({ samples, scale, classes, predicted = [] }: StatedForCauses, fit: BulkFound): Finding[] {
  const { variance, varianceInterval } = fit;
  const isUnexpected = ({ eigenvalue }: Spike): boolean => !predicted.includes(eigenvalue);
  const [above, below] = [fit.above.filter(isUnexpected), fit.below.filter(isUnexpected)];
  const modes = above.length + below.length > 0;
  const findings: Finding[] = [];
  if (scale !== undefined && varianceInterval !== undefined) {
    const [low, high] = varianceInterval;
    const deviation = Math.log(high / low) / (2 * 1.96);
    const away = Math.log(variance / scale);
    // Samples without a say may still be counted in the mean.
    const counted = samples === undefined ? 0 : Math.log(fit.degrees / samples);
    const limit = deviation * (modes || fit.aspectRatioInterval !== undefined ? scaleLimits.beside : scaleLimits.alone);
    const own = samples ?? fit.degrees;
    const centring = Math.log(own / (own - 1));
    if (Math.min(Math.abs(away), Math.abs(away - counted)) > limit)
      findings.push({
        name: 'factor',
        ratio: variance / scale,
        interval: [low / scale, high / scale],
        named: namedFactors(variance / scale, nameLimit * deviation, { samples: own, classes }),
        mayBeCentring: Math.abs(Math.abs(away) - centring) <= 1.96 * deviation,
      });
  }
  if (modes) findings.push({ name: 'modes', above, below });
  return findings;
}

function withSentences(findings: readonly Finding[], fit: BulkFound | undefined): Cause[] {
  const refit = fit && refitOf(fit);
  return findings.map((finding) => ({ ...finding, refit, sentence: causeSentence(finding) }));
}

function refitOf({ variance: scale, dimension, degrees: samples, tests }: BulkFound): Refit {
  const refit = { scale, dimension, samples, pValue: tests.shape };
  return { ...refit, sentence: refitSentence(refit) };
}
