/** From a training's specification, or the options in its place, to what is trained. */
import type { TrainingPlan } from '../../simulations/training/contract.js';
import { inputDistributions, labelTraits, optimisers, paperActivation, takesSetting } from '../../theory/names.js';
import type {
  ActivationName,
  InitialisationName,
  LabelRule,
  Loss,
  Model,
  Optimiser,
  Schedule,
} from '../../theory/names.js';
import { expandSpec, type InputsAtPoint, type SweepPoint } from './expandSpec.js';
import { requireSettingsOfModel, type Fail } from './loadSpec.js';
import { marksOf, type Marks } from './marks.js';
import { requireValid } from './requireValid.js';
import { parseWithLines } from './sourceMap.js';
import type { InputSpec, Place } from './spec.js';
import { placeIn, specError } from './specError.js';
import { trainSchema } from './trainSchema.js';

export interface TrainSpec {
  readonly name: string;
  readonly plan: TrainingPlan;
  /** With numbers in place of rules; a file's path as it is written. */
  readonly inputs: InputsAtPoint;
  readonly labelsFile: string | undefined;
  readonly replicates: number;
  readonly freshSamples: number;
  readonly saveWeights: boolean;
  readonly spectra: boolean;
  readonly heatMaps: boolean;
  readonly seed: string | undefined;
  readonly place: Place;
}

interface RawTrainSpec {
  readonly name?: string;
  readonly model?: Model;
  readonly loss?: Loss;
  readonly activation?: ActivationName;
  readonly initialisation?: InitialisationName;
  readonly inputs?: InputSpec['distribution'] | InputSpec;
  readonly d?: number | string;
  readonly N?: number | string;
  readonly C?: number | string;
  readonly m?: number | string;
  readonly labels?: LabelRule;
  readonly labelsFile?: string;
  readonly optimiser?: Optimiser;
  readonly learningRate?: number;
  readonly schedule?: Schedule;
  readonly steps?: number;
  readonly batch?: number;
  readonly marks?: Marks;
  readonly replicates?: number;
  readonly freshSamples?: number;
  readonly saveWeights?: boolean;
  readonly spectra?: boolean;
  readonly heatMaps?: boolean;
  readonly seed?: string | number;
}

/** The authors' configuration, scaled: lr × steps as published (5), N = 10 d, C = d. */
export const trainDefaults = {
  model: 'hidden',
  loss: 'ce',
  activation: paperActivation,
  initialisation: 'pytorch',
  inputs: 'gaussian',
  d: 100,
  N: '10*d',
  C: 'd',
  m: 8,
  labels: 'random',
  optimiser: 'adam',
  learningRate: 0.005,
  schedule: 'cosine',
  steps: 1000,
  marks: '0,25,50,75,100%',
  replicates: 1,
} as const satisfies RawTrainSpec;

/** Samples of an update where the optimiser takes batches and none is given. */
const defaultBatch = 128;

/**
 * Reads a specification in YAML or JSON; what it leaves out is `trainDefaults`.
 * @throws UsageError naming source, line, field, rule and remedy.
 */
export function loadTrainSpec(text: string, source: string): TrainSpec {
  const map = parseWithLines(text, source);
  // An empty file says nothing, which is a whole specification.
  return trainSpecOf(map.value ?? {}, placeIn(map, source));
}

/**
 * The same from values.
 * @throws UsageError that points where `place` says.
 */
export function trainSpecOf(value: unknown, place: Place): TrainSpec {
  requireValid(trainSchema, value, place);
  const raw = value as RawTrainSpec;
  const fail: Fail = (path, problem, remedy) => specError({ place }, path, problem, remedy);
  const model = raw.model ?? trainDefaults.model;
  const loss = raw.loss ?? trainDefaults.loss;
  const withWidth = takesSetting(model, 'width') ? { m: raw.m ?? trainDefaults.m } : {};
  requireSettingsOfModel({ ...raw, model, loss, ...withWidth }, fail);
  const { d, N, C } = { ...trainDefaults, ...raw };
  const inputs = raw.inputs ?? trainDefaults.inputs;
  const [point] = expandSpec({
    model,
    loss,
    initialisation: { named: raw.initialisation ?? trainDefaults.initialisation },
    rules: Object.entries({ d, N, C, ...withWidth, ...(raw.m === undefined ? {} : { m: raw.m }) }),
    inputs: typeof inputs === 'object' ? inputs : { distribution: inputs },
    claimedClasses: undefined,
    compare: [],
    place,
  });
  const { dimension, samples, classes, width } = point!;
  const settings = {
    model,
    loss,
    activation: raw.activation ?? trainDefaults.activation,
    initialisation: raw.initialisation ?? trainDefaults.initialisation,
    ...{ dimension, samples, classes, width },
  };
  const labels = labelsOf(raw, point!, fail);
  return {
    name: raw.name ?? 'training',
    plan: { settings, labels, ...scheduleOf(raw, samples, fail) },
    inputs: point!.inputs,
    labelsFile: raw.labelsFile,
    replicates: raw.replicates ?? trainDefaults.replicates,
    freshSamples: raw.freshSamples ?? samples,
    saveWeights: raw.saveWeights ?? false,
    spectra: raw.spectra ?? false,
    heatMaps: raw.heatMaps ?? false,
    seed: raw.seed === undefined ? undefined : String(raw.seed),
    place,
  };
}

/** Labels that belong to the rows of a data set, or a rule that makes them. */
function labelsOf(raw: RawTrainSpec, { inputs, classes }: SweepPoint, fail: Fail): LabelRule {
  const labels = raw.labels ?? (raw.labelsFile === undefined ? trainDefaults.labels : 'file');
  if (labels !== 'file' && raw.labelsFile !== undefined)
    throw fail(['labelsFile'], `a file of labels is given, but labels is ${labels}`, 'Remove one of the two.');
  const { inputs: owner } = labelTraits[labels];
  if (owner !== undefined && inputs.distribution !== owner)
    throw fail(
      ['labels'],
      `labels of the rule ${labels} belong to inputs of the distribution ${owner}, but the inputs are ${inputs.distribution}`,
      `Give inputs: {distribution: ${owner}, ${inputDistributions[owner].example.replace(/\s+#.*$/, '')}.`,
    );
  if (labels === 'clusters' && inputs.components! < classes)
    throw fail(
      ['labels'],
      `each class needs a cluster of its own, but there are ${classes} classes and ${inputs.components} clusters`,
      'Raise components, or lower C.',
    );
  if (labels !== 'file') return labels;
  if (raw.labelsFile === undefined && !inputs.format?.startsWith('cifar'))
    throw fail(['labels'], 'the data file holds no labels', 'Give their file as labelsFile, one class a row.');
  return labels;
}

function scheduleOf(
  raw: RawTrainSpec,
  samples: number,
  fail: Fail,
): Pick<TrainingPlan, 'optimiser' | 'learningRate' | 'schedule' | 'steps' | 'batch' | 'marks'> {
  const { optimiser, learningRate, schedule, steps } = { ...trainDefaults, ...raw };
  const { fullBatch, onePass } = optimisers[optimiser];
  if (fullBatch && raw.batch !== undefined && raw.batch !== samples)
    throw fail(
      ['batch'],
      `every update of ${optimiser} reads all ${samples} samples, got a batch of ${raw.batch}`,
      'Remove it, or choose the optimiser sgd or one-pass.',
    );
  if (raw.batch !== undefined && raw.batch > samples)
    throw fail(['batch'], `a batch must be at most the ${samples} samples, got ${raw.batch}`, 'Lower it.');
  const most = onePass ? Math.max(1, Math.floor(samples / Math.max(1, steps))) : samples;
  const batch = fullBatch ? samples : (raw.batch ?? Math.min(defaultBatch, most));
  if (onePass && steps * batch > samples)
    throw fail(
      ['steps'],
      `${steps} steps of ${batch} samples read ${steps * batch} samples once each, and there are ${samples}`,
      'Lower the steps or the batch, or raise N.',
    );
  const marks = marksOf(raw.marks ?? trainDefaults.marks, steps);
  if ('problem' in marks) throw fail(['marks'], marks.problem, marks.remedy);
  return { optimiser, learningRate, schedule, steps, batch, marks };
}
