/**
 * One training, looked at along the way on its own data and on fresh data. Pure: the same task gives the same numbers on
 * any worker, in any shard, and when it goes on from what was kept of it.
 */
import { NumericalError } from '../../../theory/errors.js';
import type { Workspace } from '../../../simulations/contracts.js';
import type { Balance, MarkObservation } from '../../../simulations/dynamics/index.js';
import { activationOf, drawFromParts } from '../../../simulations/models/index.js';
import {
  createTrainer,
  drawFresh,
  drawTraining,
  sampleBatches,
  type Trainer,
  type TrainingStart,
} from '../../../simulations/training/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import type { TrainHeatMap } from '../../../figures/trainResult.js';
import type { TaskEnvironment } from '../environment.js';
import { picturesOfMark } from '../pictureOfDraw.js';
import type { TaskNotes } from '../taskNotes.js';
import { examineCheckpoint } from './checkpointTask.js';
import { dataOfTraining, type TrainingData } from './dataOfTraining.js';
import { filesOfTraining } from './filesOfTraining.js';
import { powerDifferences } from './followTraining.js';
import { observeNetwork } from './observeNetwork.js';
import type { KeptTraining, MarkedWeights, TrainTask, TrainTaskResult, TrainingTask } from './trainContract.js';

export async function performTrainTask(
  task: TrainTask,
  environment: TaskEnvironment,
  notes: TaskNotes,
): Promise<TrainTaskResult> {
  return task.kind === 'checkpoint' ? examineCheckpoint(task, environment) : await train(task, environment, notes);
}

async function train(task: TrainingTask, environment: TaskEnvironment, notes: TaskNotes): Promise<TrainTaskResult> {
  const { plan, seed, replicate, state } = task;
  const { dimension, samples } = plan.settings;
  const data = dataOfTraining(task);
  const workspace = environment.workspace(dimension, samples);
  const begin = drawTraining(plan, workspace, seed, replicate, data.options);
  const trainer = createTrainer(plan, {
    workspace,
    labels: begin.labels,
    start: state?.training ?? begin.start,
    activation: activationOf(plan.settings),
    batches: sampleBatches(plan, seed, replicate),
    backend: environment.backend,
  });
  const course = new Course(task, trainer, notes);
  if (state !== undefined) notes.progress(course.share, () => `goes on from step ${trainer.step} of ${plan.steps}`);
  const look = (step: number, kind: MarkObservation['data']) => {
    if (course.has(step, kind)) return;
    notes.progress(course.share, () => `step ${step} of ${plan.steps}, looking at ${kind} data`);
    const scene: Scene = { task, trainer, data, begin, workspace, environment };
    const draw = networkOn(scene, step, kind);
    const isPictured = task.heatMaps && replicate === 0 && kind === 'train';
    course.saw(
      observe(scene, draw, step, kind),
      isPictured ? picturesOfMark(draw, environment.backend, { replicate, step, seed }) : [],
    );
  };
  let diverged: string | null = null;
  for (const step of plan.marks) {
    if (course.has(step, data.freshSamples > 0 ? 'fresh' : 'train')) continue;
    try {
      await course.advance(step);
      if (task.saveWeights) course.mark();
      look(step, 'train');
      if (data.freshSamples > 0) look(step, 'fresh');
    } catch (error) {
      // What was seen before stays.
      if (!(error instanceof NumericalError)) throw error;
      diverged = error.message;
      break;
    }
  }
  const { marks, weights, heatMaps } = course;
  const files = task.saveWeights ? filesOfTraining(replicate, plan.settings, workspace, begin, weights) : [];
  return { replicate, marks, heatMaps, freshSamples: data.freshSamples, diverged, files };
}

/** What a training has done so far, kept as it goes. */
class Course {
  readonly marks: MarkObservation[];
  readonly weights: MarkedWeights[];
  readonly heatMaps: TrainHeatMap[];

  constructor(
    private readonly task: TrainingTask,
    private readonly trainer: Trainer,
    private readonly notes: TaskNotes,
  ) {
    this.marks = [...(task.state?.marks ?? [])];
    this.weights = [...(task.state?.weights ?? [])];
    this.heatMaps = [...(task.state?.heatMaps ?? [])];
  }

  get share(): number {
    return this.task.plan.steps === 0 ? 0 : this.trainer.step / this.task.plan.steps;
  }

  has(step: number, kind: MarkObservation['data']): boolean {
    return this.marks.some((mark) => mark.step === step && mark.data === kind);
  }

  async advance(to: number): Promise<void> {
    const { steps } = this.task.plan;
    await this.trainer.advance(to, {
      onProgress: ({ step, loss, accuracy }) => {
        this.notes.progress(
          step / steps,
          () => `step ${step} of ${steps}, loss ${loss.toPrecision(4)}, accuracy ${accuracy.toFixed(3)}`,
        );
        this.notes.keep(() => this.state());
      },
    });
  }

  /** The weights at a mark. */
  mark(): void {
    const { step } = this.trainer;
    if (this.weights.some((marked) => marked.step === step)) return;
    const { hiddenLayer, readout } = this.trainer.state();
    this.weights.push({ step, hiddenLayer, readout });
  }

  saw(observation: MarkObservation, heatMaps: readonly TrainHeatMap[]): void {
    this.marks.push(observation);
    this.heatMaps.push(...heatMaps);
    this.notes.keep(() => this.state(), true);
  }

  private state(): KeptTraining {
    return { training: this.trainer.state(), marks: this.marks, weights: this.weights, heatMaps: this.heatMaps };
  }
}

interface Scene {
  readonly task: TrainingTask;
  readonly trainer: Trainer;
  readonly data: TrainingData;
  readonly begin: TrainingStart;
  /** Of the training, with its inputs. */
  readonly workspace: Workspace;
  readonly environment: TaskEnvironment;
}

/** The network as it is, on one set of data. */
function networkOn(scene: Scene, step: number, kind: MarkObservation['data']): Draw {
  const { hiddenLayer, readout } = scene.trainer.state();
  const { workspace, labels } =
    kind === 'train' ? { workspace: scene.workspace, labels: scene.begin.labels } : fresh(scene, step);
  return drawFromParts({
    settings: { ...scene.task.plan.settings, samples: workspace.samples },
    ...{ workspace, labels, hiddenLayer, readout },
    wanted: {},
  });
}

function observe(
  { task, trainer, begin, environment }: Scene,
  draw: Draw,
  step: number,
  kind: MarkObservation['data'],
): MarkObservation {
  // Of the network, not of the data: said once.
  const balance: Balance | undefined =
    kind === 'train'
      ? { start: powerDifferences(task.plan, begin.start), drift: trainer.state().balanceDrift }
      : undefined;
  return observeNetwork(draw, {
    step,
    data: kind,
    gathersWeights: true,
    backend: environment.backend,
    directions: begin.directions,
    ...(balance && { balance }),
    ...(task.spectra ? { distances: 'layers' } : {}),
  });
}

function fresh({ task, data, environment }: Scene, step: number): { workspace: Workspace; labels: Int32Array } {
  const { plan, seed, replicate } = task;
  const workspace = environment.workspace(plan.settings.dimension, data.freshSamples, 'fresh');
  const { labels } = drawFresh(plan, workspace, seed, replicate, step, data.freshOptions);
  return { workspace, labels };
}
