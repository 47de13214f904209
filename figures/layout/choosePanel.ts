import { UsageError } from '../../theory/errors.js';
import type { Panel } from '../figure.js';

const listed = (panels: readonly Panel[], room: number): string => {
  const words = panels.map(({ name }, i) => `${i + 1} ${name}`);
  let count = words.length;
  while (count > 1 && words.slice(0, count).join('; ').length > room) count--;
  return `${words.slice(0, count).join('; ')}${count < words.length ? '; …' : ''}`;
};

/**
 * The panel of this number, from 1, or name; a name may be the beginning of one alone.
 * @throws UsageError when there is none, or several
 */
export function choosePanel(id: string, panels: readonly Panel[], asked: string): Panel {
  const number = Number(asked);
  const byNumber = Number.isInteger(number) ? panels[number - 1] : undefined;
  if (byNumber !== undefined) return byNumber;
  const word = asked.trim().toLowerCase();
  const exact = panels.filter(({ name }) => name.toLowerCase() === word);
  const found =
    exact.length > 0 ? exact : panels.filter(({ name }) => word !== '' && name.toLowerCase().startsWith(word));
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    `--panel must be the number or name of one panel of ${id}, got '${asked.slice(0, 40)}'. Panels: ${listed(panels, 170)}`,
  );
}
