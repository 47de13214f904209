/** Which deep network the page looks at, and how an address names it. */
import type { DeepNetwork } from '../../../theory/deep/index.js';
import { losses, type Loss } from '../../../theory/names.js';
import { isInfinity } from './scales.js';

export interface DeepChoice {
  readonly loss: Loss;
  /** L. */
  readonly depth: number;
  /** n, of every hidden layer. */
  readonly width: number;
  /** C, Infinity for the limit. */
  readonly classes: number;
  /** d. */
  readonly dimension: number;
  /** d/N. */
  readonly aspectRatio: number;
}

export const deepLimits = {
  depth: [1, 8],
  width: [8, 1024],
  classes: [2, 1e6],
  dimension: [8, 1024],
  aspectRatio: [0.02, 8],
} as const satisfies Readonly<Record<DeepNumber, readonly [number, number]>>;

export type DeepNumber = Exclude<keyof DeepChoice, 'loss'>;
export const deepNumbers = Object.keys(deepLimits) as DeepNumber[];

export const firstDeep: DeepChoice = {
  loss: 'mse',
  depth: 3,
  width: 64,
  classes: 100,
  dimension: 64,
  aspectRatio: 1,
};

/** s²: LeCun's V. Squared error does not depend on it. */
const logitVariance = 1;

export function networkOf({ loss, depth, width, classes, dimension, aspectRatio }: DeepChoice): DeepNetwork {
  const widths = Array.from({ length: depth }, () => width);
  return { loss, dimension, aspectRatio, widths, classes, logitVariance };
}

/** A number as typed or in an address: within its limits, whole but for d/N; undefined for what is none. */
export function deepNumber(name: DeepNumber, text: string): number | undefined {
  if (name === 'classes' && isInfinity(text)) return Infinity;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return undefined;
  const [low, high] = deepLimits[name];
  return Math.min(high, Math.max(low, name === 'aspectRatio' ? value : Math.round(value)));
}

/** `depth` is `deepDepth`: the names without it are those of the laws above. */
const inAddress = (name: keyof DeepChoice): string => `deep${name[0]!.toUpperCase()}${name.slice(1)}`;

/** What of an address names a network; only what differs from the first. */
export function hashOfDeep(choice: DeepChoice): string {
  const parameters = new URLSearchParams();
  for (const name of ['loss', ...deepNumbers] as const)
    if (choice[name] !== firstDeep[name])
      parameters.set(inAddress(name), choice[name] === Infinity ? 'inf' : String(choice[name]));
  return parameters.toString();
}

/** The network in an address; what is missing or unknown is that of the first, what is out of range the nearest. */
export function deepOfHash(hash: string): DeepChoice {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const read = (name: keyof DeepChoice): string => parameters.get(inAddress(name)) ?? '';
  return {
    ...firstDeep,
    ...Object.fromEntries(deepNumbers.map((name) => [name, deepNumber(name, read(name)) ?? firstDeep[name]])),
    loss: losses.find((loss) => loss === read('loss')) ?? firstDeep.loss,
  };
}
