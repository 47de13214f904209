import { expect, test } from '@jest/globals';

const { default: stringWidth } = (await import(
  new URL('../../../scripts/build/stringWidth.mjs', import.meta.url).href
)) as {
  default: (text: string) => number;
};

// Widths by Unicode's annex 11 (East Asian width): wide and full-width characters take two columns, marks none.
test.each([
  ['', 0],
  ['--aspect-ratio  d/N', 19],
  ['γ = ½, Σ a_n x_n x_nᵀ → ‖H‖²', 28],
  ['Marčenko', 8],
  ['Marc\u030cenko', 8],
  ['\u001b[1mbold\u001b[22m', 4],
  ['zero\u200dwidth', 9],
  ['漢字 かな 한글', 14],
  ['ＡＢ', 4],
  ['ｱｲ', 2],
  ['🙂', 2],
])('%j takes %d columns', (text, columns) => {
  expect(stringWidth(text)).toBe(columns);
});
