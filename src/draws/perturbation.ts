/**
 * A prediction made wrong on purpose: how a reader, or a test, sees that a check can fail. The draws are untouched.
 */
import { UsageError } from '../../theory/errors.js';
import { activationNames, type ActivationName } from '../../theory/names.js';

export interface Perturbation {
  /** Factor on the aspect ratio that the law claims. */
  readonly aspectRatio: number;
  /** Factor on the logit variance that the law claims. */
  readonly logitVariance: number;
  /** Added to the number of classes that the law claims. */
  readonly classes: number;
  /** Another law with the same mean and variance in place of the one predicted. */
  readonly shape: 'predicted' | 'marchenko-pastur' | 'semicircle';
  /** Activation that the law claims; `undefined`: the one drawn. */
  readonly activation: ActivationName | undefined;
}

/** A wrong law beside the one that a claim states, named after the number that is wrong. */
export type AlternativeId = 'aspect-ratio' | 'logit-variance' | 'activation';

/** Which of the laws that one draw serves: the claim's own, or a wrong one. */
export interface LawIdentity {
  readonly law: 'stated' | AlternativeId;
}

/** A law that draws are held against: the predictions of the program, made wrong by this. */
export interface ClaimedLaw extends LawIdentity {
  readonly perturbation: Perturbation;
}

/** What belongs to the law stated, of what a task holds for each of its laws. */
export function statedOf<Held extends LawIdentity>(held: readonly Held[]): Held {
  return heldOf(held, 'stated')!;
}

/** What belongs to one law; `undefined` where the task does not serve it. */
export function heldOf<Held extends LawIdentity>(held: readonly Held[], law: LawIdentity['law']): Held | undefined {
  return held.find((each) => each.law === law);
}

export const unperturbed: Perturbation = {
  aspectRatio: 1,
  logitVariance: 1,
  classes: 0,
  shape: 'predicted',
  activation: undefined,
};

export function isPerturbed(perturbation: Perturbation): boolean {
  return (Object.keys(unperturbed) as (keyof Perturbation)[]).some((key) => perturbation[key] !== unperturbed[key]);
}

/** What differs from the prediction, as `parsePerturbation` reads it. */
export function perturbationText({ aspectRatio, logitVariance, classes, shape, activation }: Perturbation): string {
  return [
    ...(aspectRatio === unperturbed.aspectRatio ? [] : [`aspect-ratio=${aspectRatio}`]),
    ...(logitVariance === unperturbed.logitVariance ? [] : [`logit-variance=${logitVariance}`]),
    ...(classes === unperturbed.classes ? [] : [`classes=${classes}`]),
    ...(shape === unperturbed.shape ? [] : [`shape=${shape}`]),
    ...(activation === unperturbed.activation ? [] : [`activation=${activation}`]),
  ].join(', ');
}

const shapes = ['predicted', 'marchenko-pastur', 'semicircle'] as const;

/** Reads "aspect-ratio=1.05,logit-variance=1.1,classes=1,shape=semicircle,activation=tanh". Throws UsageError. */
export function parsePerturbation(text: string | undefined): Perturbation {
  if (text === undefined) return unperturbed;
  const out: { -readonly [Key in keyof Perturbation]: Perturbation[Key] } = { ...unperturbed };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=').map((word) => word.trim());
    switch (name) {
      case 'aspect-ratio':
        out.aspectRatio = positive(name, value);
        break;
      case 'logit-variance':
        out.logitVariance = positive(name, value);
        break;
      case 'classes':
        out.classes = whole(name, value);
        break;
      case 'shape':
        out.shape = oneOf(name, value, shapes);
        break;
      case 'activation':
        out.activation = oneOf(name, value, activationNames);
        break;
      default:
        throw new UsageError(
          `--perturb must list aspect-ratio, logit-variance, classes, shape or activation, got '${part}': write for example aspect-ratio=1.05`,
        );
    }
  }
  return out;
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number) || number <= 0) {
    throw new UsageError(`--perturb ${name} must be a positive factor, got '${value}': write for example ${name}=1.05`);
  }
  return number;
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (value === '' || !Number.isInteger(number)) {
    throw new UsageError(
      `--perturb ${name} must be a whole number added to C, got '${value}': write for example ${name}=1`,
    );
  }
  return number;
}

function oneOf<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw new UsageError(`--perturb ${name} must be one of ${choices.join(', ')}, got '${value}'`);
  return choice;
}
