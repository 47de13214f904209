/**
 * One training, looked at along the way on its own data and on fresh data. Pure: the same task gives the same numbers on
 * any worker, in any shard, and when it goes on from what was kept of it.
 */
import { NumericalError } from '../../../theory/errors.js';
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import type { Trainer } from '../../../simulations/training/index.js';
import type { TrainHeatMap } from '../../../figures/trainResult.js';
import type { TaskEnvironment } from '../environment.js';
import { picturesOfMark } from '../pictureOfDraw.js';
import type { TaskNotes } from '../taskNotes.js';
import { examineCheckpoint } from './checkpointTask.js';
import { dataOfTraining } from './dataOfTraining.js';
import { filesOfTraining } from './filesOfTraining.js';
import { observeNetwork } from './observeNetwork.js';
import type { KeptTraining, MarkedWeights, TrainTask, TrainTaskResult, TrainingTask } from './trainContract.js';
import { trainedNetwork } from './trainedNetwork.js';
import type { MarkedNetwork } from './trainedNetwork.js';

export async function performTrainTask(
  task: TrainTask,
  environment: TaskEnvironment,
  notes: TaskNotes,
): Promise<TrainTaskResult> {
  return task.kind === 'checkpoint' ? examineCheckpoint(task, environment) : await train(task, environment, notes);
}

async function train(task: TrainingTask, environment: TaskEnvironment, notes: TaskNotes): Promise<TrainTaskResult> {
  const { plan, seed, replicate, state } = task;
  const data = dataOfTraining(task);
  const network = trainedNetwork({ plan, seed, replicate, data, state: state?.training }, environment);
  const { trainer, begin, workspace } = network;
  const course = new Course(task, trainer, notes);
  if (state !== undefined) notes.progress(course.share, () => `goes on from step ${trainer.step} of ${plan.steps}`);
  const look = (step: number, kind: MarkObservation['data']) => {
    if (course.has(step, kind)) return;
    notes.progress(course.share, () => `step ${step} of ${plan.steps}, looking at ${kind} data`);
    const marked = network.on(kind, step);
    const isPictured = task.heatMaps && replicate === 0 && kind === 'train';
    course.saw(
      observe(task, marked, environment),
      isPictured ? picturesOfMark(marked.draw, environment.backend, { replicate, step, seed }) : [],
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

function observe(
  { spectra }: TrainingTask,
  { step, data, draw, directions, balance }: MarkedNetwork,
  { backend }: TaskEnvironment,
): MarkObservation {
  return observeNetwork(draw, {
    ...{ step, data, backend, directions, gathersWeights: true },
    ...(balance && { balance }),
    ...(spectra ? { distances: 'layers' } : {}),
  });
}
