import type { BlockKind, Loss } from '../../../theory/contracts.js';

/**
 * Which blocks are looked at: of the linear model, or between hidden units or classes of the one-hidden-layer model.
 */
export type BlockFamily = 'linear' | 'hidden' | 'output';

/** Everything that fixes a page of the explorer; kept in the address. */
export interface ExplorerState {
  readonly family: BlockFamily;
  readonly loss: Loss;
  readonly block: BlockKind;
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
    family: choice('blocks', ['linear', 'hidden', 'output'], initialState.family),
    loss: choice('loss', ['ce', 'mse'], initialState.loss),
    block: choice('block', ['diagonal', 'off-diagonal'], initialState.block),
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
