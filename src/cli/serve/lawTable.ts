/** Laws that a program has asked for: each is solved once, stays, and is asked on whole arrays. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { ascending } from '../../pipeline/law/ascending.js';
import { choice } from '../../pipeline/options/textOptions.js';
import { readArray, sendArray } from './arrays.js';
import type { Waiting } from './callCommand.js';
import { Refusal } from './refusal.js';
import type { Parameters } from './wordsOf.js';

const functions = ['pdf', 'cdf', 'sf', 'ppf', 'moment'] as const;

export interface LawTable {
  /**
   * Solves for a law.
   * @returns its handle, if there is a law, and what else `limitlaw law` says of it
   */
  make(parameters: Parameters, waiting: Waiting): Promise<object>;
  /**
   * A function of a law at every entry of an array: NaN for NaN, and for a quantile of what is no probability.
   * @throws Refusal when no law has this handle
   */
  evaluate(parameters: Parameters): object;
  /** @returns whether there was a law of this handle */
  forget(parameters: Parameters): object;
}

/** @param call performs `limitlaw law` */
export function lawTable(call: (parameters: Parameters, waiting: Waiting) => Promise<unknown>): LawTable {
  const laws = new Map<number, SpectralLaw>();
  let last = 0;
  return {
    async make(parameters, waiting) {
      let found: SpectralLaw | undefined;
      const report = (await call(parameters, { ...waiting, onLaw: (law) => void (found = law) })) as object;
      if (found === undefined) return report;
      laws.set(++last, found);
      return { handle: last, ...report };
    },
    evaluate({ handle, function: name, at }) {
      const law = laws.get(handle as number);
      if (law === undefined) throw new Refusal('forgotten', `no law has the handle ${JSON.stringify(handle)}`);
      const { data, shape } = readArray('at', at);
      return {
        values: sendArray({ data: values(law, choice('function', name as string, functions), data), shape }, at),
      };
    },
    forget: ({ handle }) => ({ forgotten: laws.delete(handle as number) }),
  };
}

function values(law: SpectralLaw, name: (typeof functions)[number], points: Float64Array): Float64Array {
  switch (name) {
    case 'pdf':
      return ascending(points, (sorted) => law.densities(sorted));
    case 'cdf':
      return ascending(points, (sorted) => law.cdfs(sorted));
    case 'sf':
      return points.map((x) => (Number.isNaN(x) ? NaN : law.survival(x)));
    case 'ppf':
      return points.map((p) => (p >= 0 && p <= 1 ? law.quantile(p) : NaN));
    case 'moment':
      return points.map((order) => law.moment(momentOrder(order)));
  }
}

function momentOrder(order: number): number {
  if (!(Number.isInteger(order) && order >= 0 && order <= 20))
    throw new UsageError(`the order of a moment must be a whole number from 0 to 20, got ${order}`);
  return order;
}
