/**
 * One draw of one grid point of a sweep: spectra of its blocks, their distances to the laws that the spec and the theory name, and
 * fresh draws of each null. Pure: the same task gives the same numbers on any worker and in any shard.
 */
import type { DiscreteMeasure, LayerInitialisation, SpectralLaw } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { generalisedMarchenkoPastur } from '../../theory/gmp/index.js';
import { compressMeasure, discreteMeasure } from '../../theory/measures/index.js';
import { separableLaw, toeplitzEigenvalues } from '../../theory/separable/index.js';
import { hiddenWeightsGivenReadout, initialisationScheme, softmaxWeights, type ActivationFunctions } from '../../theory/weights/index.js';
import { hiddenBlockWeights, linearBlockWeights, outputBlock, projectionBasis, twinInputs } from '../../simulations/blocks/index.js';
import { couplingCheck, kolmogorovDistance, tableOf, type TabulatedLaw } from '../../simulations/comparisons/index.js';
import type { Backend, DrawSettings, RandomStream, Workspace } from '../../simulations/contracts.js';
import { inputSampler, type InputDistribution } from '../../simulations/inputs/index.js';
import { activationExpression } from '../../simulations/models/activationExpression.js';
import { activationNamed, drawReplicate, type Activation, type Draw, type InputSampler } from '../../simulations/models/index.js';
import { randomStream } from '../../simulations/random/index.js';
import { layerOfBlock, type BlockName, type ComparisonName, type InputSpec } from '../spec/spec.js';
import { readArrayFile, readBytes, readCifar } from '../store/formats/index.js';
import { featurePopulation } from './sweepFeatures.js';
import { applicableLaw, type ApplicableLaw } from './sweepLaws.js';

export interface SweepTask {
  readonly point: number;
  readonly replicate: number;
  readonly settings: DrawSettings;
  readonly expression: { readonly text: string; readonly kinks: readonly number[] } | undefined;
  readonly layers: { readonly hidden: LayerInitialisation; readonly output: LayerInitialisation } | undefined;
  /** With numbers in place of rules and an absolute file name. */
  readonly inputs: InputSpec & { readonly correlation?: number; readonly components?: number; readonly separation?: number; readonly degrees?: number };
  /** C of the claimed limit law. */
  readonly claimedClasses: number;
  readonly blocks: readonly BlockName[];
  readonly compare: readonly ComparisonName[];
  /** Fresh draws of each null. */
  readonly nulls: number;
  readonly seed: string;
}

export interface LawDistances {
  readonly observed: number;
  readonly nulls: readonly number[];
  /** Of the same null draws to the law with an aspect ratio 5 % larger: what the test could have seen. */
  readonly wrong: readonly number[];
}

export interface SweepBlockResult {
  readonly block: BlockName;
  readonly order: number;
  readonly applies: ApplicableLaw;
  /** Every weight is zero, or the block vanishes identically. */
  readonly vanishes: boolean;
  readonly squaredNorm: number;
  /** Kolmogorov distance to the limit law (given V for a hidden block). */
  readonly law: number | undefined;
  /** To the paper's law given the drawn weights, with fresh Gaussian draws of it. */
  readonly weights: LawDistances | undefined;
  /** To the law that applies, where it is another one. */
  readonly applicable: LawDistances | undefined;
  readonly coupling: { readonly distance: number; readonly bound: number; readonly holds: boolean } | undefined;
  /** Quantiles of the spectrum in units of its root mean square, for draws against draws. */
  readonly shape: readonly number[];
}

export interface SweepTaskResult {
  readonly point: number;
  readonly replicate: number;
  readonly blocks: readonly SweepBlockResult[];
}

export interface SweepEnvironment {
  readonly backend: Backend;
  workspace(dimension: number, samples: number): Workspace;
}

const SHAPE_POINTS = 33;
/** V is handed to the theory whole up to this many entries. */
const LARGEST_READOUT = 4e6;

export async function performSweepTask(task: SweepTask, environment: SweepEnvironment): Promise<SweepTaskResult> {
  const { settings, replicate } = task;
  const { dimension, samples } = settings;
  const seed = `${task.seed}/point ${task.point}`;
  const workspace = environment.workspace(dimension, samples);
  const distribution = distributionOf(task);
  const sampler = distribution.kind === 'gaussian' ? undefined : samplerFor(distribution, dimension, task);
  const pairs = (layer: string) => task.blocks.filter((block) => layerOfBlock(block).layer === layer).map((block): [number, number] => [0, layerOfBlock(block).kind === 'diagonal' ? 0 : 1]);
  const draw = drawReplicate(settings, workspace, seed, replicate, {
    ...(sampler === undefined ? {} : { inputs: sampler }),
    ...(task.expression === undefined ? {} : { activation: expressionOf(task.expression) }),
    ...(task.layers === undefined ? {} : { layers: task.layers }),
    wanted: { hidden: settings.model === 'hidden' ? pairs('hidden') : [], output: pairs('output') },
  });

  // Everything that needs the drawn inputs comes first: nulls and twins overwrite them.
  const radii = distribution.kind === 'student' ? squaredRadii(workspace) : undefined;
  const observed = task.blocks.map((block) => observe(draw, block, workspace, environment.backend));
  const needsTwin = task.compare.includes('coupling') && draw.hasStandardNormalInputs && observed.some((o) => o.weights !== undefined);
  let twins: (Float64Array | undefined)[] = [];
  let rank = 0;
  if (needsTwin) {
    const basis = projectionBasis(draw);
    rank = basis.rank;
    // With 2k ≥ d the bound says nothing, and the twin is a fresh draw.
    if (2 * rank < dimension) {
      twinInputs(draw, workspace, randomStream(seed, 'twin', replicate), basis);
      twins = observed.map((o) => (o.weights === undefined ? undefined : workspace.eigenvalues(o.weights).slice()));
    }
  }
  const blocks = task.blocks.map((block, index): SweepBlockResult => {
    const o = observed[index]!;
    const { layer, kind } = layerOfBlock(block);
    const applies = applicableLaw(task, layer, kind);
    const squaredNorm = o.eigenvalues.reduce((sum, value) => sum + value * value, 0);
    const base = { block, order: o.eigenvalues.length, applies, squaredNorm, shape: shapeOf(o.eigenvalues) };
    if (squaredNorm === 0) return { ...base, vanishes: true, law: undefined, weights: undefined, applicable: undefined, coupling: undefined };
    const twin = twins[index];
    const stream = (label: string) => (r: number) => randomStream(seed, `${label} ${block} ${r}`, replicate);
    return {
      ...base,
      vanishes: false,
      law: task.compare.includes('law') ? limitDistance(task, draw, block, o.eigenvalues) : undefined,
      weights: task.compare.includes('weights') && o.weights !== undefined ? givenWeights(task, o.weights, o.eigenvalues, workspace, stream('null')) : undefined,
      applicable: applies.name === 'given weights' || applies.name === 'none' || !task.compare.includes('weights')
        ? undefined
        : applicableDistances(task, applies, { draw, block, observed: o, radii, workspace, environment, distribution, stream: stream('applicable') }),
      coupling: twin === undefined ? undefined : couplingOf(o.eigenvalues, twin, rank),
    };
  });
  return { point: task.point, replicate, blocks };
}

interface Observed {
  readonly eigenvalues: Float64Array;
  /** Of blocks (1/N) Σ a_n x_n x_nᵀ. */
  readonly weights: Float64Array | undefined;
}

function observe(draw: Draw, block: BlockName, workspace: Workspace, backend: Backend): Observed {
  const { layer, kind } = layerOfBlock(block);
  const j = kind === 'diagonal' ? 0 : 1;
  if (draw.settings.model === 'hidden' && layer === 'output') {
    return { eigenvalues: backend.symmetricEigenvalues(outputBlock(draw, 0, j), draw.settings.width), weights: undefined };
  }
  const weights = (draw.settings.model === 'linear' ? linearBlockWeights(draw, 0, j) : hiddenBlockWeights(draw, 0, j)).slice();
  return { eigenvalues: workspace.eigenvalues(weights).slice(), weights };
}

function couplingOf(eigenvalues: Float64Array, twinEigenvalues: Float64Array, rank: number): SweepBlockResult['coupling'] {
  const { distance, bound, holds } = couplingCheck({ eigenvalues, twinEigenvalues, rank });
  return { distance, bound, holds };
}

const WRONG_FACTOR = 1.05;

interface NullDraws {
  readonly count: number;
  readonly draw: (stream: RandomStream) => Float64Array;
  readonly stream: (r: number) => RandomStream;
}

function distancesWithNulls(lawAt: (aspectRatio: number) => SpectralLaw, aspectRatio: number, eigenvalues: Float64Array, { count, draw, stream }: NullDraws): LawDistances {
  const [table, wrongTable] = [tableOf(lawAt(aspectRatio)), tableOf(lawAt(WRONG_FACTOR * aspectRatio))];
  const drawn = Array.from({ length: count }, (_, r) => {
    const own = draw(stream(r));
    return { right: kolmogorovDistance(own, table), wrong: kolmogorovDistance(own, wrongTable) };
  });
  return { observed: kolmogorovDistance(eigenvalues, table), nulls: drawn.map(({ right }) => right), wrong: drawn.map(({ wrong }) => wrong) };
}

function givenWeights(task: SweepTask, weights: Float64Array, eigenvalues: Float64Array, workspace: Workspace, stream: (r: number) => RandomStream): LawDistances {
  const { measure } = compressMeasure(discreteMeasure(weights));
  const draw = (own: RandomStream) => {
    workspace.drawInputs(own);
    return workspace.eigenvalues(weights).slice();
  };
  return distancesWithNulls((ratio) => generalisedMarchenkoPastur(measure, ratio), task.settings.dimension / task.settings.samples, eigenvalues, { count: task.nulls, draw, stream });
}

interface ApplicableInputs {
  readonly draw: Draw;
  readonly block: BlockName;
  readonly observed: Observed;
  readonly radii: Float64Array | undefined;
  readonly workspace: Workspace;
  readonly environment: SweepEnvironment;
  readonly distribution: InputDistribution;
  readonly stream: (r: number) => RandomStream;
}

function applicableDistances(task: SweepTask, { name }: ApplicableLaw, given: ApplicableInputs): LawDistances | undefined {
  const { observed, workspace, stream, distribution } = given;
  const { dimension, samples } = task.settings;
  switch (name) {
    case 'given weights and radii':
      return givenWeights(task, observed.weights!.map((a, n) => a * given.radii![n]!), observed.eigenvalues, workspace, stream);
    case 'separable': {
      const population = distribution.kind === 'toeplitz'
        ? toeplitzEigenvalues(distribution.correlation, dimension)
        : given.environment.backend.symmetricEigenvalues((distribution as Extract<InputDistribution, { kind: 'covariance' }>).matrix, dimension).map((t) => Math.max(0, t));
      const sampler = samplerFor(distribution, dimension, task);
      const draw = (own: RandomStream) => {
        sampler(workspace, own);
        return workspace.eigenvalues(observed.weights!).slice();
      };
      return distancesWithNulls(separableAt(observed.weights!, population), dimension / samples, observed.eigenvalues, { count: task.nulls, draw, stream });
    }
    case 'gaussian equivalent': {
      const { population, weights, factor } = featurePopulation(given.draw, given.block, given.environment.backend);
      const width = task.settings.width;
      const features = given.environment.workspace(width, samples);
      const draw = (own: RandomStream) => {
        features.drawInputs(own);
        multiplyRows(features.inputs, factor, width, samples);
        return features.eigenvalues(weights).slice();
      };
      return distancesWithNulls(separableAt(weights, population), width / samples, observed.eigenvalues, { count: task.nulls, draw, stream });
    }
    default:
      return undefined;
  }
}

function separableAt(weights: Float64Array, population: Float64Array): (aspectRatio: number) => SpectralLaw {
  const measures = { weights: discreteMeasure(weights), population: discreteMeasure(population) };
  return (aspectRatio) => separableLaw({ ...measures, aspectRatio });
}

/** Every row z of a samples×width table becomes F z, F lower triangular. */
function multiplyRows(rows: Float64Array, factor: Float64Array, width: number, samples: number): void {
  for (let n = 0; n < samples; n++) {
    for (let i = width - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * width + k]! * rows[n * width + k]!;
      rows[n * width + i] = sum;
    }
  }
}

/** The limit law of the paper, with Gaussian inputs of identity covariance, whatever the inputs drawn. */
function limitDistance(task: SweepTask, draw: Draw, block: BlockName, eigenvalues: Float64Array): number | undefined {
  const { settings } = task;
  const aspectRatio = settings.dimension / settings.samples;
  if (settings.model === 'linear') {
    // The same for every draw of a point: made once.
    const key = JSON.stringify([settings.loss, task.claimedClasses, outputVariance(task), layerOfBlock(block).kind, aspectRatio]);
    let table = limitLaws.get(key);
    if (table === undefined) {
      table = tableOf(generalisedMarchenkoPastur(limitWeights(task, draw, block)!, aspectRatio));
      if (limitLaws.size >= LIMIT_LAWS_KEPT) limitLaws.clear();
      limitLaws.set(key, table);
    }
    return kolmogorovDistance(eigenvalues, table);
  }
  const weights = limitWeights(task, draw, block);
  return weights === undefined ? undefined : kolmogorovDistance(eigenvalues, generalisedMarchenkoPastur(weights, aspectRatio));
}

const LIMIT_LAWS_KEPT = 32;
const limitLaws = new Map<string, TabulatedLaw>();

function outputVariance(task: SweepTask): number {
  return task.layers?.output.varianceFactor ?? initialisationScheme(task.settings.initialisation, task.settings).output.varianceFactor;
}

function limitWeights(task: SweepTask, draw: Draw, block: BlockName): DiscreteMeasure | undefined {
  const { settings } = task;
  const { layer, kind } = layerOfBlock(block);
  if (settings.model === 'linear') {
    if (settings.loss === 'mse') return discreteMeasure([kind === 'diagonal' ? 1 : 0]);
    return softmaxWeights({ classes: task.claimedClasses, logitVariance: outputVariance(task), block: kind });
  }
  if (layer === 'output' || settings.classes * settings.width > LARGEST_READOUT) return undefined;
  return hiddenWeightsGivenReadout({
    loss: settings.loss,
    activation: task.expression === undefined ? settings.activation : functionsOf(task.expression),
    readout: draw.readout.rows([...Array(settings.classes).keys()]),
    classes: settings.classes,
    width: settings.width,
    i: 0,
    j: kind === 'diagonal' ? 0 : 1,
    varianceFactor: task.layers?.hidden.varianceFactor ?? initialisationScheme(settings.initialisation, settings).hidden!.varianceFactor,
    points: 2048,
  }).measure;
}

const expressions = new Map<string, ReturnType<typeof activationExpression>>();

function expressionOf({ text, kinks }: NonNullable<SweepTask['expression']>): ReturnType<typeof activationExpression> {
  const key = JSON.stringify([text, kinks]);
  const known = expressions.get(key) ?? activationExpression(text, { kinks });
  expressions.set(key, known);
  return known;
}

function functionsOf(expression: NonNullable<SweepTask['expression']>): ActivationFunctions {
  const { name, at } = expressionOf(expression);
  return { name, value: at.value, first: at.derivative, second: at.secondDerivative, gated: false };
}

/** The activation in use, named or a formula. */
export function activationOf(task: Pick<SweepTask, 'expression' | 'settings'>): Activation {
  return task.expression === undefined ? activationNamed(task.settings.activation) : expressionOf(task.expression);
}

const samplers = new Map<string, InputSampler>();

/** A sampler may hold a Cholesky factor or a data set: made once for each point. */
function samplerFor(distribution: InputDistribution, dimension: number, task: SweepTask): InputSampler {
  const key = JSON.stringify([task.inputs, dimension]);
  let sampler = samplers.get(key);
  if (sampler === undefined) {
    sampler = inputSampler(distribution, dimension);
    samplers.clear();
    samplers.set(key, sampler);
  }
  return sampler;
}

let lastFile: { readonly key: string; readonly distribution: InputDistribution } | undefined;

/** The distribution with its numbers and the contents of its file. */
export function distributionOf({ inputs, settings }: Pick<SweepTask, 'inputs' | 'settings'>): InputDistribution {
  switch (inputs.distribution) {
    case 'gaussian':
    case 'sphere':
    case 'rademacher':
      return { kind: inputs.distribution };
    case 'toeplitz':
      return { kind: 'toeplitz', correlation: inputs.correlation! };
    case 'mixture':
      return { kind: 'mixture', components: inputs.components!, separation: inputs.separation! };
    case 'student':
      return { kind: 'student', degrees: inputs.degrees!, radius: inputs.radius ?? 'independent' };
    case 'covariance':
    case 'data': {
      const key = JSON.stringify([inputs, settings.dimension]);
      if (lastFile?.key !== key) lastFile = { key, distribution: inputs.distribution === 'covariance' ? covarianceFrom(inputs.file!, settings.dimension) : dataFrom(inputs, settings.dimension) };
      return lastFile.distribution;
    }
  }
}

function covarianceFrom(file: string, dimension: number): InputDistribution {
  const { shape, data } = readArrayFile(file);
  if (shape.length !== 2 || shape[0] !== dimension || shape[1] !== dimension) {
    throw new UsageError(`inputs: the covariance in ${file} has shape (${shape.join(', ')}), d is ${dimension}. Give a ${dimension}×${dimension} matrix.`);
  }
  return { kind: 'covariance', matrix: data };
}

function dataFrom({ file, format, standardise }: InputSpec, dimension: number): InputDistribution {
  const table = format === 'cifar10' || format === 'cifar100' ? readCifar(readBytes(file!), format === 'cifar10' ? 10 : 100, file).images : readArrayFile(file!);
  const count = table.shape[0] ?? 0;
  const width = count === 0 ? 0 : table.data.length / count;
  if (width !== dimension) throw new UsageError(`inputs: the rows of ${file} have ${width} numbers, d is ${dimension}. Set d: ${width}.`);
  return { kind: 'data', rows: table.data, count, standardise: standardise ?? true };
}

/** |x_n|²/d. */
function squaredRadii({ inputs, dimension, samples }: Workspace): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let t = n * dimension; t < (n + 1) * dimension; t++) sum += inputs[t]! * inputs[t]!;
    return sum / dimension;
  });
}

function shapeOf(eigenvalues: Float64Array): number[] {
  const order = eigenvalues.length;
  const size = Math.sqrt(eigenvalues.reduce((sum, value) => sum + value * value, 0) / order) || 1;
  return Array.from({ length: SHAPE_POINTS }, (_, k) => eigenvalues[Math.min(order - 1, Math.floor(((k + 0.5) / SHAPE_POINTS) * order))]! / size);
}
