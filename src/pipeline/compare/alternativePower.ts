/** How often a comparison sees a wrong hypothesis: what the measurements of all kinds of spectra share. */
import type { PowerAgainst, SequentialPower } from '../../../simulations/comparisons/index.js';
import type { Alternative } from './alternatives.js';

export interface AlternativePower extends SequentialPower {
  readonly id: string;
  readonly alternative: string;
  /** False where the law is that of the hypothesis, so that no verdict rests on it. */
  readonly required: boolean;
}

/** Draws of an alternative that no verdict rests on: a rough number will do. */
export const mostDrawsShown = 8;

/** Draws where the verdict needs to know whether nearly all are seen, and no more. */
export const fewDraws = ({ sameLaw }: Alternative): { readonly least: number; readonly most: number } => ({
  least: mostDrawsShown,
  most: sameLaw ? mostDrawsShown : 24,
});

export const namedPower = ({
  id,
  description,
  sameLaw,
}: Alternative): Pick<AlternativePower, 'id' | 'alternative' | 'required'> => ({
  id,
  alternative: description,
  required: !sameLaw,
});

/**
 * Those that a verdict rests on.
 * @param replicatesNeeded draws that would be enough; NaN where the draws made do not tell
 */
export function requiredPowers<Power extends AlternativePower>(
  powers: readonly Power[],
  replicatesNeeded: (power: Power) => number = () => NaN,
): PowerAgainst[] {
  return powers
    .filter(({ required }) => required)
    .map((power) => ({
      alternative: power.alternative,
      power: power.probability,
      replicatesNeeded: replicatesNeeded(power),
    }));
}
