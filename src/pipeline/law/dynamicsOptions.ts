import { UsageError } from '../../../theory/errors.js';
import { dynamicsLaws, type DynamicsLaw } from '../../../theory/names.js';
import { choice } from '../options/textOptions.js';
import { modelOptionNames, type ModelOptions } from '../options/modelOptions.js';

/** As text. */
export interface DynamicsOptions {
  /** One of `dynamicsLaws`. */
  readonly dynamics?: string | undefined;
  readonly samplesPerClass?: string | undefined;
  readonly learningRate?: string | undefined;
  /** Comma-separated; inf for the limit. */
  readonly steps?: string | undefined;
  readonly noise?: string | undefined;
  readonly target?: string | undefined;
  readonly ridge?: string | undefined;
  /** Comma-separated, inputs first. */
  readonly widths?: string | undefined;
  /** Comma-separated. */
  readonly singularValues?: string | undefined;
}

type OwnName = Exclude<keyof DynamicsOptions, 'dynamics'>;
type OptionName = OwnName | keyof ModelOptions;

/** As they are written on the command line. */
const ownOptions: Readonly<Record<OwnName, string>> = {
  samplesPerClass: 'samples-per-class',
  learningRate: 'learning-rate',
  steps: 'steps',
  noise: 'noise',
  target: 'target',
  ridge: 'ridge',
  widths: 'widths',
  singularValues: 'singular-values',
};
const ownNames = Object.keys(ownOptions) as OwnName[];

/** What each law is told beside the aspect ratio. */
const takenBy: Readonly<Record<DynamicsLaw, readonly OptionName[]>> = {
  residual: ['samplesPerClass', 'activation', 'initialisation'],
  'one-step': ['classes', 'block', 'learningRate', 'logitVariance', 'initialisation'],
  training: ['learningRate', 'steps', 'noise', 'target', 'ridge'],
  'deep-linear': ['widths', 'singularValues'],
};

/**
 * The law that --dynamics names.
 * @throws UsageError for a word that is none, or an option that this law would ignore
 */
export function dynamicsChoice(options: DynamicsOptions & ModelOptions): DynamicsLaw {
  const dynamics = choice('--dynamics', options.dynamics, dynamicsLaws);
  const names = { ...modelOptionNames, ...ownOptions };
  const stray = (Object.keys(names) as OptionName[]).find(
    (name) => options[name] !== undefined && !takenBy[dynamics].includes(name),
  );
  if (stray !== undefined)
    throw new UsageError(
      `--${names[stray]} says nothing to --dynamics ${dynamics}, which takes ${takenBy[dynamics].map((name) => `--${names[name]}`).join(', ')}: leave it out`,
    );
  return dynamics;
}

/** @throws UsageError for part of a law along training without --dynamics, which would be ignored */
export function refuseDynamicsOptions(options: DynamicsOptions): void {
  const stray = ownNames.find((name) => options[name] !== undefined);
  if (stray === undefined) return;
  const takers = dynamicsLaws.filter((law) => takenBy[law].includes(stray));
  throw new UsageError(
    `--${ownOptions[stray]} is for ${takers.map((law) => `--dynamics ${law}`).join(' or ')}: add that, or leave it out`,
  );
}
