/** Where a training starts, and data that it has not seen. */
import { UsageError } from '../../theory/errors.js';
import { labelTraits, type LabelRule } from '../../theory/names.js';
import type { DrawSettings, Parameters, RandomStream, Workspace } from '../contracts.js';
import { activationOf, drawReplicate, modelOf, type Activation, type InputSampler } from '../models/index.js';
import { fillLayer, layerInitialisation } from '../network/layerInitialisation.js';
import { entriesOf, splitLayers } from '../network/layerSizes.js';
import { forgetInputs } from '../network/requireInputs.js';
import { randomStream } from '../random/index.js';
import type { TrainingPlan } from './contract.js';
import { largestOutputs } from './largestOutputs.js';
import { validateTrainingPlan } from './validateTrainingPlan.js';

export interface TrainingDrawOptions {
  /** In place of independent standard normals. */
  readonly inputs?: InputSampler;
  /** In place of the activation named in the settings. */
  readonly activation?: Activation;
  /** The labels of the inputs, where the plan says that they are given. */
  readonly labels?: Int32Array;
}

export interface LabelledData {
  readonly labels: Int32Array;
  /** The network that the labels come from, if they come from one. */
  readonly teacher: Parameters | undefined;
  /** Rows of length d that labels depend on the inputs through: those of the teacher's first layer, or none. */
  readonly directions: Float64Array;
}

export interface TrainingStart extends LabelledData {
  readonly start: Parameters;
}

/**
 * The network and data before the first update; inputs go to the workspace. They are those of
 * `drawReplicate(plan.settings, workspace, seed, replicate)`, its labels too if the rule is 'random'.
 *
 * @throws UsageError for impossible plans, a workspace of another size, given labels that are missing or not expected
 */
export function drawTraining(
  plan: TrainingPlan,
  workspace: Workspace,
  seed: string,
  replicate: number,
  options: TrainingDrawOptions = {},
): TrainingStart {
  validateTrainingPlan(plan);
  const { inputs, activation } = options;
  const draw = drawReplicate(plan.settings, workspace, seed, replicate, {
    ...(inputs && { inputs }),
    ...(activation && { activation }),
    wanted: {},
    readoutEntriesKept: Infinity,
  });
  return {
    ...labelled(plan, workspace, seed, replicate, options, () => draw.labels),
    start: { hiddenLayer: draw.hiddenLayer, readout: draw.readout.matrix! },
  };
}

/**
 * New inputs, written to the workspace, and labels by the plan's rule, for the look at the network after `mark` updates.
 * Each mark has streams of its own. The workspace may be of any number of samples.
 *
 * @throws UsageError as `drawTraining`
 */
export function drawFresh(
  plan: TrainingPlan,
  workspace: Workspace,
  seed: string,
  replicate: number,
  mark: number,
  options: TrainingDrawOptions = {},
): LabelledData {
  validateTrainingPlan(plan);
  const stream = (part: string) => randomStream(seed, `fresh ${part} ${mark}`, replicate);
  forgetInputs(workspace);
  if (options.inputs === undefined) workspace.drawInputs(stream('inputs'));
  else options.inputs(workspace, stream('inputs'));
  return labelled(plan, workspace, seed, replicate, options, () =>
    uniformLabels(stream('labels'), workspace.samples, plan.settings.classes),
  );
}

/** Labels of the inputs in the workspace. */
function labelled(
  plan: TrainingPlan,
  workspace: Workspace,
  seed: string,
  replicate: number,
  { activation, labels: given }: TrainingDrawOptions,
  random: () => Int32Array,
): LabelledData {
  if ((given !== undefined) !== (labelTraits[plan.labels].inputs !== undefined)) {
    throw new UsageError(
      given === undefined
        ? `labels: the rule '${plan.labels}' needs the labels of these inputs, got none; give them, or take the rule random or teacher`
        : `labels are given, but the rule is '${plan.labels}'; take the rule file, or leave them out`,
    );
  }
  const none = { teacher: undefined, directions: new Float64Array(0) };
  const rules: Readonly<Record<LabelRule, () => LabelledData>> = {
    random: () => ({ labels: random(), ...none }),
    file: () => ({ labels: given!, ...none }),
    clusters: () => ({ labels: given!, ...none }),
    teacher() {
      const { settings } = plan;
      const teacher = drawTeacher(settings, seed, replicate);
      const used = activation ?? activationOf(settings);
      const labels = largestOutputs(settings, workspace, used, teacher);
      return { labels, teacher, directions: directionsOf(settings, teacher) };
    },
  };
  return rules[plan.labels]();
}

function uniformLabels(stream: RandomStream, samples: number, classes: number): Int32Array {
  return Int32Array.from({ length: samples }, () => stream.integer(classes));
}

/** A network of the same shape with entries N(0, 1/fan-in). */
function drawTeacher(settings: DrawSettings, seed: string, replicate: number): Parameters {
  const { below, readout } = splitLayers(modelOf(settings), settings);
  const drawn = [...below, readout].map((size) => {
    const layer = new Float64Array(entriesOf([size]));
    const scheme = layerInitialisation('lecun', size.fanIn, size.fanOut);
    fillLayer(randomStream(seed, `teacher ${size.symbol}`, replicate), scheme, size.fanIn, layer);
    return layer;
  });
  const hiddenLayer = new Float64Array(entriesOf(below));
  let start = 0;
  for (const layer of drawn.slice(0, -1)) {
    hiddenLayer.set(layer, start);
    start += layer.length;
  }
  return { hiddenLayer, readout: drawn.at(-1)! };
}

/** The rows of the first layer. */
function directionsOf(settings: DrawSettings, { hiddenLayer, readout }: Parameters): Float64Array {
  const first = modelOf(settings).layers[0];
  const entries = first.count(settings) * first.order(settings);
  return (hiddenLayer.length > 0 ? hiddenLayer : readout).slice(0, entries);
}
