import { UsageError } from '../../theory/errors.js';

/** Names of CSS that mean a kind of type, and stand without quotation marks. */
const kinds = ['serif', 'sans-serif', 'monospace', 'cursive', 'fantasy', 'system-ui'];

/**
 * `font` before the families that take its place where it is not installed.
 * @throws UsageError for what is no name of a family
 */
export function familyOf(font: string | undefined, others: string): string {
  if (font === undefined) return others;
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .+-]{0,60}$/u.test(font))
    throw new UsageError(
      `--font must be the name of one family, of letters, digits, blanks and hyphens, as in 'Times New Roman', got '${font.slice(0, 60)}'`,
    );
  return kinds.includes(font) ? font : `"${font}", ${others}`;
}
