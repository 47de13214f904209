/** Trainings, or looks at networks trained elsewhere, as a job. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingPlan } from '../../../simulations/training/index.js';
import { dataOfTraining } from '../../draws/train/dataOfTraining.js';
import type {
  KeptTraining,
  TrainFile,
  TrainTask,
  TrainTaskResult,
  TrainingTask,
} from '../../draws/train/trainContract.js';
import { performTrainTask } from '../../draws/train/trainTask.js';
import { renderTrainReport } from '../../report/index.js';
import { writeNpy } from '../../store/formats/index.js';
import { digestOfFile } from '../../store/journalHeader.js';
import { examineMachine } from '../../store/machine.js';
import type { RunFolder } from '../../store/runFolder.js';
import { version } from '../../version.js';
import type { Job } from '../run/job.js';
import { memoryOfLook, memoryOfTraining, parametersOf } from '../run/memoryOfTraining.js';
import { judgeTraining, type TrainOutcome } from './judgeTraining.js';
import type { TrainRequest } from './request.js';
import { counted } from '../counted.js';

export function trainJob(request: TrainRequest): Job<TrainTask, TrainTaskResult, TrainOutcome> {
  const { about, training, checkpoints, files } = request;
  const { seed, replicates } = about;
  const tasks: readonly TrainTask[] =
    training === null
      ? checkpoints
      : Array.from({ length: replicates }, (_, replicate) => ({ ...training, replicate }));
  return {
    kind: 'train',
    request,
    seed,
    settings: settingsOf(request),
    inputs: files,
    tasks,
    worker: 'src/draws/train/trainWorker.bundle.js',
    label: (task) => (task.kind === 'training' ? `replicate ${task.replicate}` : `step ${task.step}`),
    sizeOf: (task) => (task.kind === 'training' ? task.plan.settings : task.settings),
    besideDraw,
    trials: trialsOf,
    plan(workers) {
      if (training !== null) dataOfTraining({ ...training, replicate: 0 });
      return planSentence(request, workers);
    },
    perform: performTrainTask,
    resumed: (task, state) => ({ ...task, state: state as TrainingTask['state'] }),
    partial: (task, state) => ({
      replicate: task.kind === 'training' ? task.replicate : 0,
      marks: (state as KeptTraining).marks,
      heatMaps: (state as KeptTraining).heatMaps,
      freshSamples: task.freshSamples,
      diverged: null,
      files: [],
    }),
    retain: (result, folder) => ({ ...result, files: result.files.map((file) => written(file, folder)) }),
    isWhole: (result, folder) =>
      result.files.every(
        ({ name, digest }) => existsSync(join(folder, name)) && digestOfFile(join(folder, name)) === digest,
      ),
    judge: (drawn) => judgeTraining(request, tasks, drawn),
    async save(folder, { results, interrupted }, { created, ...facts }) {
      const { settings, plan, backend } = results;
      const machine = await examineMachine();
      const manifest = {
        kind: 'run',
        ...{ version, created: created.toISOString(), ...facts, interrupted, seed, settings, plan, backend },
        machine,
      };
      folder.write('results.json', `${JSON.stringify(results)}\n`);
      folder.write(
        'report.html',
        renderTrainReport(results, { created: manifest.created, seconds: facts.seconds, machine: { ...machine } }),
      );
      folder.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
      return ['report.html', 'results.json'];
    },
  };
}

/** Files count by their contents, wherever they lie. */
function settingsOf({ about, training, checkpoints }: TrainRequest): unknown {
  const { settings, plan, labels, replicates } = about;
  const own =
    training === null
      ? checkpoints.map(({ files: _files, ...task }) => task)
      : [
          { ...training.inputs, file: null },
          training.freshSamples,
          training.saveWeights,
          training.spectra,
          training.heatMaps,
        ];
  return { settings, plan, labels, replicates, own };
}

function planSentence({ about, training, checkpoints }: TrainRequest, workers: number): string {
  const { plan, replicates, seed } = about;
  const on = `on ${counted(workers, 'worker')}`;
  if (training === null || plan === null)
    return `limitlaw ${version}: ${counted(checkpoints.length, 'checkpoint')} ${on}`;
  return `limitlaw ${version}: ${counted(replicates, 'training')} of ${counted(plan.steps, 'step')}, looked at ${counted(plan.marks.length, 'time')}, ${on}, seed ${seed}`;
}

function written({ data, ...file }: TrainFile, folder: RunFolder | undefined): TrainFile {
  if (data === undefined || folder === undefined) return file;
  folder.write(file.name, writeNpy(data, file.shape));
  return { ...file, digest: digestOfFile(join(folder.path, file.name)) };
}

function besideDraw(task: TrainTask): number {
  return task.kind === 'checkpoint' ? memoryOfLook(task.settings) : memoryOfTraining(task.plan, task.freshSamples);
}

/** Multiplications of the updates that are tried: a second or so, which a look does not drown. */
const trialWork = 2e9;

/** Updates that are tried of a training. */
function trialSteps({ settings, batch, steps }: TrainingPlan): number {
  return Math.min(steps, Math.max(20, Math.ceil(trialWork / (3 * parametersOf(settings) * batch))));
}

/** A few updates and a look, and a look alone: the difference is the updates. */
function trialsOf(task: TrainTask): readonly { readonly task: TrainTask; readonly times: number }[] {
  if (task.kind === 'checkpoint') return [{ task, times: 1 }];
  const { plan } = task;
  const steps = trialSteps(plan);
  const short = (own: number): TrainTask => ({ ...task, plan: { ...plan, steps: own, marks: [own] } });
  const times = steps === 0 ? 0 : plan.steps / steps;
  return [
    { task: short(0), times: plan.marks.length - times },
    { task: short(steps), times },
  ];
}
