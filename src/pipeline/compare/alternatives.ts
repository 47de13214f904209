/** Wrong hypotheses that a comparison should see before it says `agree`, as changes of the draws of the right one. */
import type { InputDistribution } from '../../../simulations/inputs/index.js';
import type { FittedParameter } from './fittedParameter.js';

/** How a matrix differs from a draw of the hypothesis. */
export interface Change {
  /** On N. */
  readonly samples?: number;
  /** On every eigenvalue. */
  readonly scale?: number;
  /** Added to every eigenvalue, in units of the law's standard deviation. */
  readonly shift?: number;
  /** On the variance of a logit of a model. */
  readonly logitVariance?: number;
  /** Each weight is multiplied by 1 + scatter or 1 − scatter, with equal chance. */
  readonly scatter?: number;
  /** Gaussian when absent. */
  readonly inputs?: InputDistribution;
}

export interface Alternative {
  readonly id: string;
  readonly description: string;
  /** Undefined for one whose law is that of the hypothesis: only fluctuations differ, and no size makes them decide. */
  readonly sameLaw?: boolean;
  /** That of draw r: an error of either sign takes turns. */
  change(draw: number): Change;
}

const statedError = 1.05;
export const eitherWay = (draw: number): number => (draw % 2 === 0 ? statedError : 1 / statedError);

/**
 * All that apply: what is fitted cannot be wrong. A fitted aspect ratio takes most of a scatter of the weights back, so
 * that the alternative there has twice the size.
 */
export function alternativesTo(fit: readonly FittedParameter[]): Alternative[] {
  const scatter = fit.includes('aspect-ratio') ? 0.5 : 0.25;
  return [
    ...(fit.includes('aspect-ratio')
      ? []
      : [
          {
            id: 'aspect-ratio',
            description: 'aspect ratio 5 % off',
            change: (draw: number) => ({ samples: eitherWay(draw) }),
          },
        ]),
    ...(fit.includes('scale')
      ? []
      : [{ id: 'scale', description: 'scale 5 % off', change: (draw: number) => ({ scale: eitherWay(draw) }) }]),
    {
      id: 'scatter',
      description: `each weight ${100 * scatter} % smaller or larger`,
      change: () => ({ scatter }),
    },
    {
      id: 'correlation',
      description: 'neighbouring inputs correlated by 0.2',
      change: () => ({ inputs: { kind: 'toeplitz', correlation: 0.2 } }),
    },
    {
      id: 'lengths',
      description: 'heavy-tailed lengths of x (t, 5 degrees)',
      change: () => ({ inputs: { kind: 'student', degrees: 5, radius: 'shared' } }),
    },
    {
      id: 'entries',
      description: 'heavy-tailed entries of x (t, 5 degrees)',
      sameLaw: true,
      change: () => ({ inputs: { kind: 'student', degrees: 5, radius: 'independent' } }),
    },
  ];
}
