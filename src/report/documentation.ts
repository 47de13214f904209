/** Where the documentation says more of a claim. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapeHtml } from '../../figures/render/markup.js';

/** By claim, headings of paper-notes.md. */
export const notesOfClaim: Readonly<Record<string, readonly string[]>> = {
  'linear-mse': ['Blocks', 'Generalised Marčenko–Pastur law'],
  'linear-ce': ['Softmax weights', 'Linear CE ratio'],
  'hidden-mse': ['Hidden MSE weights', 'Hidden MSE ratio'],
  'hidden-ce': ['Blocks and hidden weights', 'Hidden CE ratio'],
  'output-mse': ['Output blocks'],
  'output-ce': ['Output blocks', 'Output CE ratio'],
  'cross-layer': ['Cross-layer blocks'],
  head: ['Heads at initialisation'],
  'deep-ratio': ['Deep networks', 'Ratios at initialisation'],
  'deep-saturation': ['Deep networks', 'Ratios at initialisation'],
  'deep-cross': ['Deep networks', 'Blocks between layers'],
  'dynamic-cross': ['Dynamics', 'Claims about training'],
  'dynamic-blocks': ['Dynamics', 'Claims about training'],
  'dynamic-fresh': ['Dynamics', 'Claims about training'],
  'dynamic-train': ['Dynamics', 'Claims about training'],
  'dynamic-linear': ['Dynamics', 'Claims about training'],
  'dynamic-exact': ['Dynamics', 'Claims about training'],
};

/** The page of the site where it was built, or the file that comes with the program; as compiled, and as the sources stand. */
const places = ['site/documents/paper-notes.html', 'paper-notes.md'].flatMap((path) => [
  `../../../${path}`,
  `../../${path}`,
]);

/** Null where neither is at hand. The one place that knows an address. */
function notesAddress(): string | null {
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  return found?.href ?? null;
}

/** Name of a heading in an address, as GitHub and generators of sites make it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

/**
 * Names the sections, so that they are found from a copy of the report too, and links to them on the machine that drew
 * it. Empty for a claim that has none.
 */
export function documentationHtml(claim: string, address = notesAddress()): string {
  const headings = notesOfClaim[claim] ?? [];
  if (headings.length === 0) return '';
  const links = headings.map((heading) => {
    const text = `“${escapeHtml(heading)}”`;
    return address === null ? text : `<a href="${escapeHtml(`${address}#${anchorOf(heading)}`)}">${text}</a>`;
  });
  return `More in paper-notes.md: ${links.join(', ')}.`;
}
