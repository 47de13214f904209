/**
 * Heads f = Vh at initialisation: squared norms of all C² blocks over many draws of V, for features that stay or are drawn
 * anew each time, beside their expectations; and heads whose predictions are the same for every input, where nothing is
 * left to chance.
 */
import {
  headFeatureRatio,
  initialisationLimit,
  initialisationSums,
  unigramRatios,
  zipfProbabilities,
  zipfRatios,
  type ExpectedSums,
  type InitialisationSums,
} from '../../../theory/head/index.js';
import type { FeatureLawName } from '../../../theory/names.js';
import { momentsOfRows } from '../../../simulations/comparisons/index.js';
import type { RowMoments } from '../../../simulations/comparisons/index.js';
import type { Backend, DrawSettings } from '../../../simulations/contracts.js';
import { headSums, namedFeatures, rowsInMemory, type HeadSums } from '../../../simulations/head/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { outputVarianceFactor } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';

export interface HeadFeatures {
  readonly features: FeatureLawName;
  /** Eigenvalues of the covariance ∝ 1/k^exponent. */
  readonly exponent: number;
}

/** Features that are the same in every draw, features drawn anew, and predictions that do not depend on them. */
export type HeadSubject = 'given features' | 'drawn features' | 'same predictions';

export interface HeadTask {
  readonly kind: 'head';
  readonly experiment: string;
  readonly subject: HeadSubject;
  readonly features: HeadFeatures;
  /** Of the linear model: d is D. */
  readonly settings: DrawSettings;
  readonly draws: number;
  /** Work out what wrong formulas would say. */
  readonly alternatives: boolean;
  readonly seed: string;
  /** Number of the batch. */
  readonly replicate: number;
  readonly perturbation: Perturbation;
}

/** A formula that is wrong in one respect. */
export type WrongHead = 'logit variance' | 'limit' | 'one tilt' | 'no pairs of a sample with itself';

export interface HeadClaim {
  readonly formula: 'stated' | WrongHead;
  /** Expectations of the moments' statistics. */
  readonly means: readonly number[];
}

/** Two numbers that a formula says are equal up to its accuracy. */
export interface HeadEquality {
  readonly what: string;
  readonly left: number;
  readonly right: number;
  readonly tolerance: number;
}

export interface HeadTaskResult {
  readonly kind: 'head';
  /** Σ_{i≠j}‖H_ij‖² and Σ_i‖H_ii‖²; none for the same predictions. */
  readonly moments: RowMoments | null;
  readonly claims: readonly HeadClaim[];
  /** Of drawn features: E Σ_{i≠j}‖H_ij‖² over E Σ_i‖H_ii‖², as claimed. */
  readonly ratio: { readonly value: number; readonly error: number } | null;
  readonly equalities: readonly HeadEquality[];
}

export async function performHeadTask(task: HeadTask, { backend }: TaskEnvironment): Promise<HeadTaskResult> {
  switch (task.subject) {
    case 'given features':
      return givenFeatures(task, backend);
    case 'drawn features':
      return drawnFeatures(task, backend);
    case 'same predictions':
      return samePredictions(task, backend);
  }
}

const rowOf = ({ all }: HeadSums): number[] => [all.offDiagonal / all.pairs, all.diagonal / all.pairs];

function featuresOf(task: HeadTask, replicate: number): Float64Array {
  const { dimension, samples } = task.settings;
  const { features, exponent } = task.features;
  // The same for every number of classes.
  const stream = randomStream(`${task.seed}/head/${features} ${exponent}`, 'features', replicate);
  return namedFeatures({ ...task.features, dimension, samples }, stream);
}

/** Sums of so many draws of V, each with its features. */
function drawSums(task: HeadTask, backend: Backend, features: (draw: number) => Float64Array): HeadSums[] {
  const { dimension, samples, classes } = task.settings;
  const deviation = Math.sqrt(outputVarianceFactor(task.settings) / dimension);
  const workspace = backend.createHeadWorkspace(dimension, samples);
  const readout = new Float64Array(classes * dimension);
  const rows = rowsInMemory(readout, classes, dimension);
  return Array.from({ length: task.draws }, (_, r) => {
    const draw = task.replicate * task.draws + r;
    randomStream(`${task.seed}/${task.experiment}`, 'V', draw).fillNormals(readout);
    for (let k = 0; k < readout.length; k++) readout[k]! *= deviation;
    return headSums({ features: features(draw), samples, dimension, rows, backend, workspace });
  });
}

function givenFeatures(task: HeadTask, backend: Backend): HeadTaskResult {
  const { samples, classes } = task.settings;
  const features = featuresOf(task, 0);
  const sums = drawSums(task, backend, () => features);
  const { gram } = sums[0]!;
  const variance = claimedVariance(task) / task.settings.dimension;
  const claimedClasses = classes + task.perturbation.classes;
  const at = (tau: number): InitialisationSums => initialisationSums(gram, samples, tau, claimedClasses, fineEnough);
  const stated = at(variance);
  const limit = initialisationLimit(gram, samples, variance);
  const farthest = 1e7;
  const nearLimit = initialisationSums(gram, samples, variance, farthest, fineEnough);
  return {
    kind: 'head',
    moments: momentsOfRows(sums.map(rowOf)),
    claims: [
      { formula: 'stated', means: meansOf(stated.all) },
      ...(task.alternatives
        ? [
            { formula: 'logit variance' as const, means: meansOf(at(1.1 * variance).all) },
            ...wrongMeans(stated, limit.all, claimedClasses),
          ]
        : []),
    ],
    ratio: null,
    equalities: [
      { what: 'C²·r at C = 10⁷ and its limit', left: nearLimit.all.scaled, right: limit.all, tolerance: 1e-3 },
      {
        what: 'C²·r of the population at C = 10⁷ and its limit',
        left: nearLimit.population.scaled,
        right: limit.population,
        tolerance: 1e-3,
      },
    ],
  };
}

/** Relative error of expectations: those of means over draws are more than ten times larger. */
const fineEnough = 1e-4;

function claimedVariance({ settings, perturbation }: HeadTask): number {
  return outputVarianceFactor(settings) * perturbation.logitVariance;
}

const meansOf = ({ off, on }: ExpectedSums): number[] => [off, on];

function wrongMeans({ all, population }: InitialisationSums, limit: number, classes: number): HeadClaim[] {
  return [
    { formula: 'limit', means: [(all.on * limit * (classes - 1)) / classes ** 2, all.on] },
    { formula: 'one tilt', means: [all.off / limit, all.on] },
    { formula: 'no pairs of a sample with itself', means: meansOf(population) },
  ];
}

function drawnFeatures(task: HeadTask, backend: Backend): HeadTaskResult {
  const { dimension, samples, classes } = task.settings;
  const sums = drawSums(task, backend, (draw) => featuresOf(task, draw));
  const { features, exponent } = task.features;
  const claimedClasses = classes + task.perturbation.classes;
  const { scaled, error } = headFeatureRatio({
    features,
    dimension,
    aspectRatio: dimension / samples,
    logitVariance: claimedVariance(task),
    classes: claimedClasses,
    ...(features === 'relu' ? {} : { covariance: { exponent } }),
  });
  const perScaled = (claimedClasses - 1) / claimedClasses ** 2;
  return {
    kind: 'head',
    moments: momentsOfRows(sums.map(rowOf)),
    claims: [],
    ratio: { value: scaled * perScaled, error: error * perScaled },
    equalities: [],
  };
}

/** Rounding of the sums, whose terms cancel where a class has much of the mass. */
const rounding = 1e-9;

function samePredictions(task: HeadTask, backend: Backend): HeadTaskResult {
  const { dimension, samples, classes } = task.settings;
  const features = featuresOf(task, 0);
  const rows = rowsInMemory(new Float64Array(classes * dimension), classes, dimension);
  const drawn = (q: Float64Array): number => {
    const { all } = headSums({ features, samples, dimension, rows, bias: q.map(Math.log), backend });
    return all.offDiagonal / all.diagonal;
  };
  const { uniform } = randomStream(`${task.seed}/${task.experiment}`, 'predictions', task.replicate);
  const raw = Float64Array.from({ length: classes }, () => uniform() ** 4);
  const total = raw.reduce((sum, value) => sum + value, 0);
  const q = raw.map((value) => value / total);
  const claimedClasses = classes + task.perturbation.classes;
  return {
    kind: 'head',
    moments: null,
    claims: [],
    ratio: null,
    equalities: [
      { what: `t of ${classes} probabilities drawn`, left: drawn(q), right: unigramRatios(q).t, tolerance: rounding },
      ...[0.5, 1, 1.5].map((exponent) => ({
        what: `t under Zipf's law of exponent ${exponent}, C = ${classes}`,
        left: drawn(zipfProbabilities(exponent, classes)),
        right: zipfRatios(exponent, claimedClasses).t,
        tolerance: rounding,
      })),
    ],
  };
}
