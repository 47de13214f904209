import { typeset } from './typeset.js';

/** What is read when it is wanted: closed on the screen unless said otherwise, and in print left out while it is closed. */
export function fold(
  summary: string,
  html: string,
  { open = false, className = '' }: { readonly open?: boolean; readonly className?: string } = {},
): string {
  if (html === '') return '';
  return `<details${className === '' ? '' : ` class="${className}"`}${open ? ' open' : ''}><summary>${typeset(summary)}</summary>${html}</details>`;
}
