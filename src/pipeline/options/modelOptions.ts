/** What holds for the options that name a block of the paper, in every command that takes them. */
import { UsageError } from '../../../theory/errors.js';
import { largestLogitVariance } from '../../../theory/requirements.js';
import { positiveNumber } from './textOptions.js';

/** As text. */
export interface ModelOptions {
  readonly model?: string | undefined;
  readonly loss?: string | undefined;
  readonly layer?: string | undefined;
  readonly block?: string | undefined;
  readonly classes?: string | undefined;
  readonly width?: string | undefined;
  readonly logitVariance?: string | undefined;
  readonly activation?: string | undefined;
  readonly initialisation?: string | undefined;
  readonly scaling?: string | undefined;
}

/**
 * Refuses options that would be ignored or that contradict each other: part of a model without --model, what only a
 * hidden layer has with --model linear, two statements of one variance.
 * @throws UsageError naming the option and the remedy.
 */
export function requireModelOptions(options: ModelOptions): void {
  const { model, layer, width, activation, initialisation, logitVariance, loss } = options;
  if (model === undefined) {
    const names = [
      'loss',
      'layer',
      'block',
      'classes',
      'width',
      'logitVariance',
      'activation',
      'initialisation',
      'scaling',
    ] as const;
    const stray = names.find((name) => options[name] !== undefined);
    if (stray === undefined) return;
    const option = stray === 'logitVariance' ? 'logit-variance' : stray;
    throw new UsageError(
      `--${option} describes a model, but no --model is given: add --model linear or --model hidden, or leave it out`,
    );
  }
  if (model === 'linear') {
    if (layer === 'hidden')
      throw new UsageError(
        "--layer must be output with --model linear, which has an output layer only, got 'hidden': leave it out",
      );
    if (width !== undefined) throw new UsageError('--width is for --model hidden: leave it out');
    if (activation !== undefined) throw new UsageError('--activation is for --model hidden: leave it out');
  }
  if (model === 'hidden' && width === undefined)
    throw new UsageError('--width must be given with --model hidden, e.g. --width 8');
  if (initialisation !== undefined && logitVariance !== undefined)
    throw new UsageError('--initialisation and --logit-variance both state a variance: give one of them');
  if (
    logitVariance !== undefined &&
    model === 'linear' &&
    loss === 'ce' &&
    positiveNumber('--logit-variance', logitVariance) > largestLogitVariance
  ) {
    throw new UsageError(
      `--logit-variance must be at most ${largestLogitVariance}, where the accuracy is verified, got '${logitVariance}': draw such Hessians with limitlaw sample`,
    );
  }
}
