/** Laws that are wrong by a stated amount, beside which a claim says how well its tests would see them. */
import { unperturbed } from '../draws/perturbation.js';
import type { AlternativeId, Perturbation } from '../draws/perturbation.js';

export interface Alternative {
  readonly id: AlternativeId;
  readonly label: string;
  /** Relative size of the error; absent where there is none. */
  readonly size?: number;
  readonly perturbation: Perturbation;
  /** Which statement can see it: the law given the drawn weights, or the law of the weights. */
  readonly seenBy: 'spectrum' | 'weights';
}

/** One whose error has a size. */
export type SizedAlternative = Alternative & Required<Pick<Alternative, 'size'>>;

export const aspectRatioOff: SizedAlternative = {
  id: 'aspect-ratio',
  label: 'aspect ratio 5 % too large',
  size: 0.05,
  perturbation: { ...unperturbed, aspectRatio: 1.05 },
  seenBy: 'spectrum',
};

export const logitVarianceOff: SizedAlternative = {
  id: 'logit-variance',
  label: 'logit variance 10 % too large',
  size: 0.1,
  perturbation: { ...unperturbed, logitVariance: 1.1 },
  seenBy: 'weights',
};

export const activationOff: Alternative = {
  id: 'activation',
  label: 'ReLU taken for tanh',
  perturbation: { ...unperturbed, activation: 'tanh' },
  seenBy: 'weights',
};
