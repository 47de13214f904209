/** Digits of a number that a snippet shows. */
const DIGITS = 4;

/** A value as a document shows it behind `// →`: numbers to four digits, arrays and objects in one line. */
export function showValue(value) {
  if (typeof value === 'number') return String(Number(value.toPrecision(DIGITS)));
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? `'${value}'` : String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `[${Array.from(value, showValue).join(', ')}]`;
  const members = Object.entries(value).filter(([, member]) => typeof member !== 'function');
  return `{ ${members.map(([name, member]) => `${name}: ${showValue(member)}`).join(', ')} }`;
}
