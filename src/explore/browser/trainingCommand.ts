/** The command lines that make a training again, and its figures. */
import type { TrainResult } from '../../../figures/trainResult.js';
import { takesSetting } from '../../../theory/names.js';

/** Folder that the commands write and read. */
const folder = 'training';

/**
 * `limitlaw train` with everything that the results say of the run, whatever the defaults; for networks that were trained
 * elsewhere the look at them. A path stands as the run was given it.
 */
export function commandOfTraining(run: TrainResult): string {
  const { plan, inputs } = run;
  const words =
    plan === null
      ? ['--checkpoints', quoted(textOf(inputs['checkpoints'])), '--labels', run.labels]
      : trainingOptions(run, plan).flatMap(([name, value]) => [`--${name}`, quoted(textOf(value))]);
  const seed = plan === null ? [] : ['--seed', quoted(run.seed)];
  return ['limitlaw train', ...words, ...extras(run), ...seed, '--out', folder].join(' ');
}

export const figuresCommandOfTraining = `limitlaw figures --from ${folder}`;

/** What the results do not say, and a reader of the command must; empty where they say all. */
export function missingOfTraining({ labels, inputs, plan }: TrainResult): string {
  const isOwnFile = plan !== null && labels === 'file' && !/^cifar/.test(textOf(inputs['format']));
  return isOwnFile ? 'Add --labels-file: the results do not say which file the labels came from.' : '';
}

function trainingOptions(
  { settings, labels, inputs, replicates, freshSamples }: TrainResult,
  { optimiser, learningRate, schedule, steps, batch, marks }: NonNullable<TrainResult['plan']>,
): (readonly [option: string, value: unknown])[] {
  const { model, loss, activation, initialisation, dimension, samples, classes, width } = settings;
  return [
    ['model', model],
    ['loss', loss],
    ...(takesSetting(model, 'activation') ? ([['activation', activation]] as const) : []),
    ['initialisation', initialisation],
    ['dimension', dimension],
    ['samples', samples],
    ['classes', classes],
    ...(takesSetting(model, 'width') ? ([['width', width]] as const) : []),
    ['inputs', inputsText(inputs)],
    ['labels', labels],
    ['optimiser', optimiser],
    ['learning-rate', learningRate],
    ['schedule', schedule],
    ['steps', steps],
    ...(batch < samples ? ([['batch', batch]] as const) : []),
    // A number alone would be one of marks, not a step.
    ['marks', (marks.length === 1 ? [marks[0], marks[0]] : marks).join(',')],
    ['replicates', replicates],
    ...(freshSamples > 0 ? ([['fresh-samples', freshSamples]] as const) : []),
  ];
}

/** What was looked at beside the numbers that every training has. */
const extras = ({ heatMaps, runs }: TrainResult): string[] => [
  ...(runs.some(({ marks }) => marks.some(({ blocks }) => blocks.some(({ distances }) => distances !== null)))
    ? ['--spectra']
    : []),
  ...(heatMaps.length > 0 ? ['--heat-maps'] : []),
];

/** A name alone, or all that belongs to it as a specification writes it in one line. */
function inputsText(inputs: TrainResult['inputs']): string {
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 1) return textOf(inputs['distribution']);
  return `{${given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}}`;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : value === undefined
      ? ''
      : JSON.stringify(value);

/** For a shell, where it is more than a plain word. */
const quoted = (text: string): string => (/^[\w.,/:%=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
