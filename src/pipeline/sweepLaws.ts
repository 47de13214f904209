/** For each regime: which law applies to a block, why, or that none is known. */
import type { BlockKind, Layer } from '../../theory/contracts.js';
import type { InputName } from '../spec/spec.js';
import type { SweepTask } from './sweepTask.js';

export type LawName =
  /** Generalised Marčenko–Pastur given the drawn weights. */
  | 'given weights'
  /** The same with every weight times |x_n|²/d. */
  | 'given weights and radii'
  /** Two coupled equations, with the population covariance. */
  | 'separable'
  /** Separable, of the features' Gaussian equivalent. */
  | 'gaussian equivalent'
  | 'none';

export interface ApplicableLaw {
  readonly name: LawName;
  readonly reason: string;
}

const GAUSSIAN_LIKE: Readonly<Partial<Record<InputName, string>>> = {
  gaussian: 'The inputs are Gaussian with identity covariance',
  mixture: 'The inputs are Gaussian with identity covariance up to the finite-rank part of the centres',
  sphere: 'Uniform inputs on the sphere are Gaussian up to their length, which is 1 + O(1/√d)',
  rademacher: 'The inputs have independent coordinates of variance 1, for which the law is that of Gaussian ones',
};

/** How many projections of x the weights depend on, against d. */
export function projectionsOf(task: Pick<SweepTask, 'settings'>): number {
  const { model, classes, width } = task.settings;
  return model === 'linear' ? classes : width;
}

export function applicableLaw(
  task: Pick<SweepTask, 'settings' | 'inputs'>,
  layer: Layer,
  _kind: BlockKind,
): ApplicableLaw {
  const { settings, inputs } = task;
  if (settings.model === 'hidden' && layer === 'output') {
    if (
      inputs.distribution === 'data' ||
      inputs.distribution === 'covariance' ||
      inputs.distribution === 'toeplitz' ||
      inputs.distribution === 'student'
    ) {
      return {
        name: 'none',
        reason: 'No law is known for output blocks under these inputs: draws are compared with draws.',
      };
    }
    return settings.width >= 16
      ? {
          name: 'gaussian equivalent',
          reason: `The block has order m = ${settings.width}: its features σ(Wx) are replaced by their Gaussian equivalent, each one's length joins its weight, and the separable law of their covariance is used. Exact as m and d grow together; for fixed m the block tends to its mean instead.`,
        }
      : {
          name: 'none',
          reason: `The block has order m = ${settings.width}, which stays small: it tends to a matrix and not to a law. Draws are compared with draws.`,
        };
  }
  const count = projectionsOf(task);
  const finite = 8 * count <= settings.dimension;
  const dependence = finite
    ? `the weights depend on ${count} of ${settings.dimension} directions, a finite-rank part`
    : `the weights depend on ${count} projections of x, in proportion to d = ${settings.dimension}: the law given the weights is still defined, and whether it holds (decoupling) is measured`;
  switch (inputs.distribution) {
    case 'toeplitz':
    case 'covariance':
      return {
        name: 'separable',
        reason: `The inputs are Gaussian with a population covariance: the separable law (two coupled equations), given the drawn weights; ${dependence}.`,
      };
    case 'student':
      return inputs.radius === 'shared'
        ? {
            name: 'given weights and radii',
            reason: `Each input is Gaussian times its own radius, which joins the weight: a_n |x_n|²/d; ${dependence}.`,
          }
        : {
            name: 'given weights',
            reason: `Independent coordinates of variance 1 and finite fourth moment give the law of Gaussian ones (slowly, for heavy tails); ${dependence}.`,
          };
    case 'data':
      return { name: 'none', reason: 'No law is known for these inputs: draws are compared with draws.' };
    default:
      return {
        name: 'given weights',
        reason: `${GAUSSIAN_LIKE[inputs.distribution] ?? 'The inputs are Gaussian'}, and ${dependence}.`,
      };
  }
}
