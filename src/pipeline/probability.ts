/** Probabilities for a reader of plain text: two digits, which is more than draws or a fitted tail leave. */

/** Never 0, which a tail formula underflows to far out. */
export function pValueText(value: number): string {
  return value < 1e-99 ? '< 1e-99' : String(Number(value.toPrecision(value > 0.99 ? 4 : 2)));
}

/** `p = 0.012`. */
export function pValueIs(value: number): string {
  const text = pValueText(value);
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`;
}

/** Of a test, or a share of draws: no rounding makes it certain. */
export function powerText(value: number): string {
  if (value === 0 || value === 1) return String(value);
  if (value > 0.99) return 'above 0.99';
  return value < 0.01 ? 'below 0.01' : value.toFixed(2);
}
