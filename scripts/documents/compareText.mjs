// Compares the output that a document shows with the output of today: text exactly, numbers as below.

/** A number as programs print it: sign, digits, fraction, exponent. */
const NUMBER = /(?<![\p{L}\d.])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\d)/giu;
/** Digits from which a printed number may differ by one unit of its last: sums differ between processors there. */
const ROUNDED_DIGITS = 6;
/** What is left of 1 after rounding: two printed residuals below it are both zero. */
const ROUNDING = 1e-14;

/**
 * What differs, one sentence a line, in the order of the lines; nothing when shown and actual agree. Lines are equal
 * character by character, or differ only in numbers that `sameNumber` accepts and in the spaces round them. White space
 * at the end of a line or of the text does not count.
 */
export function compareText(shown, actual) {
  const [left, right] = [linesOf(shown), linesOf(actual)];
  const differences = [];
  for (let k = 0; k < Math.max(left.length, right.length); k++) {
    if (left[k] === undefined) differences.push(`line ${k + 1} is missing: ${right[k]}`);
    else if (right[k] === undefined) differences.push(`line ${k + 1} is no longer written: ${left[k]}`);
    else if (!sameLine(left[k], right[k]))
      differences.push(`line ${k + 1} shows: ${left[k]}\n${' '.repeat(String(k + 1).length)}      today: ${right[k]}`);
  }
  return differences;
}

/** Lines without white space at their ends, and without empty lines at the end of the text. */
export function linesOf(text) {
  const trimmed = text.trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => line.trimEnd());
}

function sameLine(shown, actual) {
  if (shown === actual) return true;
  const [left, right] = [shown.match(NUMBER) ?? [], actual.match(NUMBER) ?? []];
  const words = (line) => line.replace(NUMBER, '#').replace(/\s+/g, ' ');
  // Spaces are excused where a number has another length, and nowhere else.
  if (left.every((number, k) => number === right[k])) return false;
  return (
    words(shown) === words(actual) &&
    left.length === right.length &&
    left.every((number, k) => sameNumber(number, right[k]))
  );
}

/**
 * Whole numbers and numbers of fewer than six digits must be the same; longer ones may differ by one unit of the last
 * digit of the shorter of the two; two numbers below 1e-14 are rounding errors, and equal.
 */
export function sameNumber(shown, actual) {
  if (shown === actual) return true;
  const [left, right] = [shown, actual].map((number) => Number(number.replace('−', '-')));
  if (Math.abs(left) < ROUNDING && Math.abs(right) < ROUNDING) return left !== 0 && right !== 0;
  if (![shown, actual].every((number) => /[.e]/i.test(number) && significantDigits(number) >= ROUNDED_DIGITS))
    return false;
  const unit = Math.max(lastUnit(shown), lastUnit(actual));
  return Math.abs(left - right) <= unit * (1 + 1e-6);
}

function significantDigits(number) {
  return number.replace(/e.*$/i, '').replace(/[-−.]/g, '').replace(/^0+/, '').length;
}

/** One unit of the last digit shown. */
function lastUnit(number) {
  const [mantissa, exponent = '0'] = number.toLowerCase().split('e');
  return 10 ** (Number(exponent) - (mantissa.split('.')[1] ?? '').length);
}
