/** Between the positions of a slider, 0 to 1000, and what it sets. */
export interface Scale {
  readonly value: (position: number) => number;
  readonly position: (value: number) => number;
}

type Range = readonly [low: number, high: number];

export const logarithmic = ([low, high]: Range, digits: number): Scale => ({
  value: (position) => Number((low * (high / low) ** (position / 1000)).toPrecision(digits)),
  position: (value) => (1000 * Math.log(value / low)) / Math.log(high / low),
});

/** Whole numbers, evenly spread. */
export const whole = ([low, high]: Range): Scale => ({
  value: (position) => Math.round(low + ((high - low) * position) / 1000),
  position: (value) => (1000 * (value - low)) / (high - low),
});

/** Whole numbers, evenly spread in logarithms. */
export function wholeLogarithmic(range: Range): Scale {
  const { value, position } = logarithmic(range, 12);
  return { value: (at) => Math.round(value(at)), position };
}

/** The same, where the last stretch is the limit. */
export function wholeOrInfinite(range: Range): Scale {
  const { value, position } = wholeLogarithmic(range);
  return {
    value: (at) => (at > 985 ? Infinity : value((at / 985) * 1000)),
    position: (size) => (size === Infinity ? 1000 : 0.985 * position(size)),
  };
}

/** The words for the limit that a box takes. */
export const isInfinity = (text: string): boolean => /^(inf|infinity|∞)$/i.test(text.trim());

export const sizeText = (value: number): string => (value === Infinity ? '∞' : String(value));
