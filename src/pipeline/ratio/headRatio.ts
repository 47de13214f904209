import { basename } from 'node:path';
import {
  headFeatureRatio,
  initialisationLimit,
  initialisationSums,
  type FeatureLaw,
} from '../../../theory/head/index.js';
import { UsageError } from '../../../theory/errors.js';
import {
  featureLaws,
  initialisations,
  losses,
  paperInitialisation,
  type FeatureLawName,
} from '../../../theory/names.js';
import { initialisationScheme } from '../../../theory/network/initialisationScheme.js';
import { largestLogitVariance } from '../../../theory/requirements.js';
import { readPopulation } from '../law/population.js';
import { aspectRatioOf, choice, classCount, finiteNumber, listOf, positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { readFeatures } from './readFeatures.js';
import type { RatioCommandOptions, RatioReport, RatioRow } from './ratioReport.js';
import { rowOf } from './ratioReport.js';

/**
 * Ratios of a head f = Vh at initialisation: of features from a file, over V alone, or of a named law, over V and the
 * features.
 * @throws UsageError for options that are missing, contradict each other or would be ignored
 */
export function headRatio(options: RatioCommandOptions): RatioReport {
  const { features } = options;
  for (const name of ['layer', 'width', 'depth', 'activation'] as const)
    if (options[name] !== undefined) throw new UsageError(`--${name} says nothing of --model head: leave it out`);
  if (choice('--loss', options.loss ?? 'ce', losses) !== 'ce')
    throw new UsageError(
      '--loss mse: blocks of a head off the diagonal vanish for any features, so that r = 0; ask for --loss ce',
    );
  if (features === undefined)
    throw new UsageError(`--features must be given with --model head: ${featureLaws.join(', ')}, or a file of h, N×D`);
  if (options.classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 10,1000,inf');
  const counts = listOf('--classes', options.classes, classCount);
  const tooMany = counts.find((classes) => classes > largestClasses && classes !== Infinity);
  if (tooMany !== undefined)
    throw new UsageError(`--classes must be at most ${largestClasses}, or inf, with --model head, got ${tooMany}`);
  const law = featureLaws.find((name) => name === features);
  return law === undefined ? ofFile(features, counts, options) : ofLaw(law, counts, options);
}

const largestClasses = 1e7;

/** s² = τD at C classes: as given, or of a scheme. */
function logitVarianceOf(options: RatioCommandOptions, dimension: number): (classes: number) => number {
  const { logitVariance, initialisation } = options;
  if (logitVariance !== undefined) {
    if (initialisation !== undefined)
      throw new UsageError('--initialisation and --logit-variance both state a variance: give one of them');
    const value = positiveNumber('--logit-variance', logitVariance);
    if (value > largestLogitVariance)
      throw new UsageError(
        `--logit-variance must be at most ${largestLogitVariance}, where the accuracy is verified, got '${logitVariance}'`,
      );
    return () => value;
  }
  const scheme = choice('--initialisation', initialisation ?? paperInitialisation, initialisations);
  return (classes) => {
    const sizes = {
      model: 'linear',
      dimension,
      width: 1,
      classes: Math.min(classes, Number.MAX_SAFE_INTEGER),
    } as const;
    return initialisationScheme(scheme, sizes).output.varianceFactor;
  };
}

function ofFile(path: string, counts: readonly number[], options: RatioCommandOptions): RatioReport {
  for (const name of ['aspectRatio', 'dimension', 'covariance'] as const)
    if (options[name] !== undefined && options[name] !== '')
      throw new UsageError(
        `--${name === 'aspectRatio' ? 'aspect-ratio' : name} is what --features ${basename(path)} says by itself: leave it out, or name a law (${featureLaws.join(', ')})`,
      );
  const { gram, samples, dimension } = readFeatures(path);
  const varianceAt = logitVarianceOf(options, dimension);
  const rows = counts.map((classes): RatioRow => {
    const variance = varianceAt(classes) / dimension;
    const limit = initialisationLimit(gram, samples, variance);
    if (classes === Infinity)
      return {
        ...rowOf({ classes, ratio: 0, ratioError: 0, scaled: limit.all, limit: limit.all }),
        population: limit.population,
      };
    const { all, population, error } = initialisationSums(gram, samples, variance, classes);
    const ratio = all.scaled / classes / classes;
    return {
      ...rowOf({ classes, ratio, ratioError: ratio * error, scaled: all.scaled, limit: limit.all }),
      population: population.scaled,
    };
  });
  return {
    kind: 'ratio',
    aspectRatio: dimension / samples,
    exponent: 2,
    rows: rows.map((row) => (Number.isNaN(row.population) ? withoutPopulation(row) : row)),
    note: `Over V, for the ${samples} features of ${dimension} entries in ${basename(path)} as they are. population: without the terms of a sample with itself, unbiased for the features these were drawn from. error: of the interpolation.`,
  };
}

function withoutPopulation({ population: _population, ...row }: RatioRow): RatioRow {
  return row;
}

function ofLaw(features: FeatureLawName, counts: readonly number[], options: RatioCommandOptions): RatioReport {
  const aspectRatio = aspectRatioOf(options.aspectRatio);
  const law = { features, ...covarianceOf(options) };
  const varianceAt = logitVarianceOf(options, law.dimension);
  const results = counts.map((classes) => {
    const spec: FeatureLaw = { ...law, logitVariance: varianceAt(classes) };
    const limit = headFeatureRatio({ ...spec, classes: Infinity, aspectRatio });
    const own = classes === Infinity ? limit : headFeatureRatio({ ...spec, classes, aspectRatio });
    const perSquare = classes === Infinity ? 0 : 1 / classes / classes;
    return {
      row: rowOf({
        classes,
        ratio: classes === Infinity ? 0 : own.scaled * perSquare,
        ratioError: own.error * perSquare,
        scaled: own.scaled,
        limit: limit.scaled,
      }),
      // Below, it is that of an interpolation.
      isEstimate: own.error > 1e-5 * own.scaled,
      diverges: limit.scaled === Infinity,
    };
  });
  const notes = [
    ...(results.some(({ isEstimate }) => isEstimate)
      ? ['Where an error is stated r is an estimate, over a fixed sequence of features.']
      : []),
    ...(results.some(({ diverges }) => diverges)
      ? [
          'The limit is infinite: averages of |h|⁴ exp(2τ|h|²) over such features diverge, and C²·r grows without bound although it is finite at each C.',
        ]
      : []),
  ];
  return {
    kind: 'ratio',
    aspectRatio,
    exponent: 2,
    rows: results.map(({ row }) => row),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

/** D, from --dimension or the eigenvalues, and the covariance of --covariance: the exponent of a power law, or a file. */
function covarianceOf({ covariance, dimension }: RatioCommandOptions): Pick<FeatureLaw, 'dimension' | 'covariance'> {
  const given =
    dimension === undefined || /^(inf|infinity|∞)$/i.test(dimension.trim())
      ? Infinity
      : wholeNumber('--dimension', dimension, 2, 1e6);
  if (covariance === undefined) return { dimension: given };
  if (Number.isFinite(Number(covariance)) && covariance.trim() !== '')
    return { dimension: given, covariance: { exponent: finiteNumber('--covariance', covariance) } };
  const { eigenvalues } = readPopulation(covariance, '--covariance');
  if (dimension !== undefined && given !== eigenvalues.length)
    throw new UsageError(
      `--dimension must be that of --covariance, ${eigenvalues.length}, got '${dimension}': leave it out`,
    );
  return { dimension: eigenvalues.length, covariance: eigenvalues };
}
