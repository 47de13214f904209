// Decimal numbers as C, Fortran (1D0), Python and MATLAB print them. No alternative can match the same text twice:
// linear time.
const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const special: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity };

/**
 * The number a token stands for, or undefined when it is none. `nan` and `inf` count as numbers, in any case, with a
 * sign.
 */
export function parseNumber(token: string): number | undefined {
  if (numberPattern.test(token)) return Number(token.replace(/[dD]/, 'e'));
  const sign = token.startsWith('-') ? -1 : 1;
  const word = token.replace(/^[+-]/, '').toLowerCase();
  return Object.hasOwn(special, word) ? sign * special[word]! : undefined;
}
