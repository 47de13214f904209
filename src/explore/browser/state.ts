import {
  activationNames,
  activations,
  blockKinds,
  losses,
  modelTraits,
  paperActivation,
  takesSetting,
  type ActivationName,
  type BlockKind,
  type Layer,
  type Loss,
  type ModelSetting,
  type PaperModel,
} from '../../../theory/names.js';

/** What the page says of the blocks of one layer of a model. */
interface BlockFamilyTraits {
  readonly model: PaperModel;
  readonly layer: Layer;
  /** As the page names them. */
  readonly label: string;
  /** Cross-entropy at finite C has a law given V only, not one for every draw. */
  readonly random: boolean;
  /** The unit of the eigenvalues under squared error, where it is not 1. */
  readonly units?: Readonly<Record<BlockKind, string>>;
}

/** Each layer of each model, by the name that the address has for it. */
const familiesOf = {
  linear: { output: { name: 'linear', label: 'linear model', random: false } },
  hidden: {
    hidden: {
      name: 'hidden',
      label: 'hidden layer',
      random: true,
      units: { diagonal: 'in units of |v_i|²', 'off-diagonal': 'in units of v_i·v_j' },
    },
    output: { name: 'output', label: 'output layer', random: true },
  },
} as const satisfies {
  readonly [M in PaperModel]: {
    readonly [L in (typeof modelTraits)[M]['layers'][number]]: Omit<BlockFamilyTraits, 'model' | 'layer'> & {
      readonly name: string;
    };
  };
};

type NamesIn<Layers> = Layers extends Record<string, { readonly name: infer Name extends string }> ? Name : never;
type FamiliesOf = typeof familiesOf;
/** Which blocks are looked at. */
export type BlockFamily = { [M in PaperModel]: NamesIn<FamiliesOf[M]> }[PaperModel];

export const blockFamilies = Object.fromEntries(
  Object.entries(familiesOf).flatMap(([model, layers]) =>
    Object.entries(layers).map(([layer, { name, ...traits }]) => [name, { model, layer, ...traits }]),
  ),
) as unknown as Readonly<Record<BlockFamily, BlockFamilyTraits>>;

export const familyOf = ({ family }: ExplorerState): BlockFamilyTraits => blockFamilies[family];

/** Whether the model looked at has a width, an activation, … */
export const hasSetting = (state: ExplorerState, setting: ModelSetting): boolean =>
  takesSetting(familyOf(state).model, setting);

/** Blocks that are d×d sums (1/N) Σ a_n x_n x_nᵀ, and have a bulk. */
export const isWeighted = (state: ExplorerState): boolean => {
  const { model, layer } = familyOf(state);
  return modelTraits[model].weightedLayer === layer;
};

/** Whether σ″ does not vanish, so that weights are more than gates. */
export const isCurved = (state: ExplorerState): boolean =>
  hasSetting(state, 'activation') && !activations[state.activation].gated;

/** Everything that fixes a page of the explorer; kept in the address. */
export interface ExplorerState {
  readonly family: BlockFamily;
  readonly loss: Loss;
  readonly block: BlockKind;
  /** σ of the models that have one. */
  readonly activation: ActivationName;
  /** d/N. */
  readonly aspectRatio: number;
  /** C, Infinity for the limit. */
  readonly classes: number;
  /** s²: variance of V's entries times their fan-in; the variance of a logit in the linear model. */
  readonly logitVariance: number;
  /** m. */
  readonly width: number;
  /** d of a drawn Hessian. */
  readonly dimension: number;
  readonly seed: string;
}

export const initialState: ExplorerState = {
  family: 'linear',
  loss: 'ce',
  block: 'diagonal',
  activation: paperActivation,
  aspectRatio: 0.5,
  classes: 10,
  logitVariance: 1,
  width: 8,
  dimension: 300,
  seed: '1',
};

export const limits = {
  aspectRatio: [0.02, 20],
  classes: [2, 1e6],
  logitVariance: [0.05, 4],
  width: [3, 32],
  dimension: [50, 1000],
} as const;

const clamp = (value: number, [lower, upper]: readonly [number, number]): number =>
  Math.min(upper, Math.max(lower, value));

/** Address of a state, without the #. Only what differs from the initial state. */
export function hashOfState(state: ExplorerState): string {
  const parameters = new URLSearchParams();
  const put = (name: string, value: string, initial: string): void => {
    if (value !== initial) parameters.set(name, value);
  };
  put('blocks', state.family, initialState.family);
  put('loss', state.loss, initialState.loss);
  put('block', state.block, initialState.block);
  put('activation', state.activation, initialState.activation);
  put('aspectRatio', String(state.aspectRatio), String(initialState.aspectRatio));
  put('classes', state.classes === Infinity ? 'inf' : String(state.classes), String(initialState.classes));
  put('logitVariance', String(state.logitVariance), String(initialState.logitVariance));
  put('width', String(state.width), String(initialState.width));
  put('dimension', String(state.dimension), String(initialState.dimension));
  put('seed', state.seed, initialState.seed);
  return parameters.toString();
}

/** State in an address; whatever is missing, unknown or out of range takes the nearest allowed or the initial value. */
export function stateOfHash(hash: string): ExplorerState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const number = (name: string, initial: number, range: readonly [number, number], whole: boolean): number => {
    const text = parameters.get(name);
    const value = text === null || text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value)) return initial;
    return clamp(whole ? Math.round(value) : value, range);
  };
  const choice = <T extends string>(name: string, allowed: readonly T[], initial: T): T =>
    allowed.find((value) => value === parameters.get(name)) ?? initial;
  return {
    family: choice('blocks', Object.keys(blockFamilies) as BlockFamily[], initialState.family),
    loss: choice('loss', losses, initialState.loss),
    block: choice('block', blockKinds, initialState.block),
    activation: choice('activation', activationNames, initialState.activation),
    aspectRatio: number('aspectRatio', initialState.aspectRatio, limits.aspectRatio, false),
    classes:
      parameters.get('classes') === 'inf' ? Infinity : number('classes', initialState.classes, limits.classes, true),
    logitVariance: number('logitVariance', initialState.logitVariance, limits.logitVariance, false),
    width: number('width', initialState.width, limits.width, true),
    dimension: number('dimension', initialState.dimension, limits.dimension, true),
    seed: (parameters.get('seed') ?? initialState.seed).slice(0, 64) || initialState.seed,
  };
}

/** N of a drawn Hessian. */
export const samplesOf = (state: ExplorerState): number => Math.max(1, Math.round(state.dimension / state.aspectRatio));
