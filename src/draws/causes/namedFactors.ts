/** Which conventions a factor between a spectrum and its law comes from. */
import type { NamedFactor } from './cause.js';

export interface FactorSettings {
  readonly samples: number;
  /** C, where the law has classes. */
  readonly classes?: number | undefined;
}

interface Base {
  readonly letter: string;
  readonly value: number;
  readonly times: string;
  readonly over: string;
}

/**
 * The simplest of 2^a N^b C^c, a, b, c in {−1, 0, 1}, within `tolerance` of the logarithm of the ratio: one, or several
 * of the same number of factors (2 or C where C = 2).
 */
export function namedFactors(ratio: number, tolerance: number, settings: FactorSettings): readonly NamedFactor[] {
  const bases = basesOf(settings);
  const candidates = powersOf(bases.length)
    .map((powers) => ({
      powers,
      size: powers.reduce((sum, power) => sum + Math.abs(power), 0),
      logarithm: powers.reduce((sum, power, k) => sum + power * Math.log(bases[k]!.value), 0),
    }))
    .filter(({ logarithm }) => Math.abs(logarithm) > 1e-9 && Math.abs(Math.log(ratio) - logarithm) <= tolerance);
  const simplest = Math.min(...candidates.map(({ size }) => size));
  return candidates
    .filter(({ size }) => size === simplest)
    .map(({ powers }) => ({
      text: productText(bases, powers),
      value: powers.reduce((product, power, k) => product * bases[k]!.value ** power, 1),
      meaning: bases
        .flatMap(({ times, over }, k) => (powers[k] === 0 ? [] : [powers[k]! > 0 ? times : over]))
        .join(' and '),
    }));
}

function basesOf({ samples, classes }: FactorSettings): Base[] {
  const own: Base[] = [
    {
      letter: '2',
      value: 2,
      times: 'no ½ in the loss where the law has one',
      over: 'a ½ in the loss that the law has not',
    },
    {
      letter: 'N',
      value: samples,
      times: 'a sum over samples where the law has the mean',
      over: 'a mean over samples taken twice',
    },
  ];
  return classes === undefined || !Number.isFinite(classes)
    ? own
    : [
        ...own,
        {
          letter: 'C',
          value: classes,
          times: 'eigenvalues times C, as in units of a rate',
          over: 'a mean over the C outputs where the law has the sum',
        },
      ];
}

function powersOf(count: number): number[][] {
  return count === 0 ? [[]] : powersOf(count - 1).flatMap((rest) => [-1, 0, 1].map((power) => [...rest, power]));
}

function productText(bases: readonly Base[], powers: readonly number[]): string {
  const side = (sign: number): string =>
    bases
      .filter((_, k) => powers[k] === sign)
      .map(({ letter }) => letter)
      .join('·');
  const [above, below] = [side(1), side(-1)];
  if (below === '') return above;
  return `${above === '' ? '1' : above}/${below.includes('·') ? `(${below})` : below}`;
}
