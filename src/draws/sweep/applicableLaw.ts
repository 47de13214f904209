/** For each regime: which law applies to a block, why, or that none is known. */
import type { BlockKind, Layer } from '../../../theory/contracts.js';
import { takesSetting, type InputName } from '../../../theory/names.js';
import { layerOf, modelOf, weightDirections } from '../../../simulations/models/index.js';
import type { SweepTask } from './contract.js';
import type { ApplicableLaw } from './contract.js';

/** What the law of a distribution rests on; `dependence` says how the weights depend on x. */
interface LawOfInputs {
  /** For blocks (1/N) Σ a_n x_n x_nᵀ. */
  readonly weighted: ApplicableLaw;
  /** Whether wide hidden features have a Gaussian equivalent. */
  readonly equivalent: boolean;
}

/** Gaussian inputs, or inputs for which the law is that of Gaussian ones. */
const likeGaussian = (reason: string): LawOfInputs => ({
  weighted: { name: 'given weights', reason },
  equivalent: true,
});

/** Inputs with a population covariance Σ. */
const separable: LawOfInputs = {
  weighted: {
    name: 'separable',
    reason:
      'The inputs are Gaussian with a population covariance: the separable law (two coupled equations), given the drawn weights',
  },
  equivalent: false,
};

/** Inputs that are Gaussian times a radius of their own. */
const ownRadius: ApplicableLaw = {
  name: 'given weights and radii',
  reason: 'Each input is Gaussian times its own radius, which joins the weight: a_n |x_n|²/d',
};

/** One entry for every distribution: a new one is not compared with any law until somebody says which. */
const laws: { readonly [Kind in InputName]: (inputs: SweepTask['inputs']) => LawOfInputs } = {
  gaussian: () => likeGaussian('The inputs are Gaussian with identity covariance'),
  toeplitz: () => separable,
  covariance: () => separable,
  mixture: () =>
    likeGaussian('The inputs are Gaussian with identity covariance up to the finite-rank part of the centres'),
  clusters: () => ({
    weighted: {
      name: 'none',
      reason:
        'The inputs lie in clusters, on whose centres the weights depend, and no law is known for them: laws of Gaussian ones are compared all the same',
    },
    equivalent: false,
  }),
  student: ({ radius }) => ({
    weighted:
      radius === 'shared'
        ? ownRadius
        : {
            name: 'given weights',
            reason:
              'Independent coordinates of variance 1 and finite fourth moment give the law of Gaussian ones (slowly, for heavy tails)',
          },
    equivalent: false,
  }),
  lognormal: () => ({ weighted: ownRadius, equivalent: false }),
  sphere: () => likeGaussian('Uniform inputs on the sphere are Gaussian up to their length, which is 1 + O(1/√d)'),
  rademacher: () =>
    likeGaussian('The inputs have independent coordinates of variance 1, for which the law is that of Gaussian ones'),
  data: () => ({
    weighted: {
      name: 'none',
      reason:
        'No law is known for these inputs: laws of Gaussian ones are compared all the same, and an estimate by the covariance of the data',
      estimate: 'separable',
    },
    equivalent: false,
  }),
};

export function applicableLaw(
  { settings, inputs }: Pick<SweepTask, 'settings' | 'inputs'>,
  layer: Layer,
  _kind: BlockKind,
): ApplicableLaw {
  const { weighted, equivalent } = laws[inputs.distribution](inputs);
  const { weights, order } = layerOf(modelOf(settings), layer);
  if (weights === undefined && takesSetting(settings.model, 'widths')) return deepLaw(order(settings));
  if (weights === undefined) return featureLaw(order(settings), equivalent);
  if (weighted.name === 'none') return { ...weighted, reason: `${weighted.reason}.` };
  const count = weightDirections(settings);
  const dependence =
    8 * count <= settings.dimension
      ? `the weights depend on ${count} of ${settings.dimension} directions, a finite-rank part`
      : `the weights depend on ${count} projections of x, in proportion to d = ${settings.dimension}: the law given the weights is still defined, and whether it holds (decoupling) is measured`;
  return { ...weighted, reason: `${weighted.reason}; ${dependence}.` };
}

function featureLaw(order: number, equivalent: boolean): ApplicableLaw {
  if (!equivalent)
    return {
      name: 'none',
      reason: 'No law is known for output blocks under these inputs: draws are compared with draws.',
    };
  return order >= 16
    ? {
        name: 'gaussian equivalent',
        reason: `The block has order m = ${order}: its features σ(Wx) are replaced by their Gaussian equivalent, each one's length joins its weight, and the separable law of their covariance is used. Exact as m and d grow together; for fixed m the block tends to its mean instead.`,
      }
    : {
        name: 'none',
        reason: `The block has order m = ${order}, which stays small: it tends to a matrix and not to a law. Draws are compared with draws.`,
      };
}

/** Of blocks over the features of a network with several hidden layers. */
const deepLaw = (order: number): ApplicableLaw => ({
  name: 'none',
  reason: `The block has order ${order}, the width of the layer below: no law is known here for features of several layers. Draws are compared with draws.`,
});
