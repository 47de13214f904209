/** From caption text (plain, formulas between dollar signs) to HTML and to LaTeX. */
import temml from 'temml';
import { literalDollar } from '../text.js';

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(literalDollar, '$');

/** JSON for a script element: the same values, and nothing that ends the element. */
export const escapeJson = (json: string): string => json.replaceAll('<', '\\u003c');

/** MathML of a LaTeX formula; undefined when it is none: half a formula, or a command that is not mathematics. */
function mathMl(latex: string, displayMode: boolean): string | undefined {
  try {
    return temml.renderToString(latex, { displayMode, throwOnError: true, trust: false });
  } catch {
    return undefined;
  }
}

/** MathML of a LaTeX formula; the escaped source when it cannot be read. */
export const formulaHtml = (latex: string, displayMode = false): string =>
  mathMl(latex, displayMode) ?? `<code>${escapeHtml(latex)}</code>`;

/** The formula as it is; its harmless source when it cannot be read, so that no command but of mathematics is passed on. */
const formulaTex = (latex: string): string =>
  mathMl(latex, false) === undefined ? escapeTex(`$${latex}$`) : `$${latex}$`;

/** Parts of a text: even ones plain, odd ones formulas. A lone dollar sign is text. */
function split(text: string): readonly string[] {
  const parts = text.split('$');
  return parts.length % 2 === 1 ? parts : [text];
}

export const textHtml = (text: string): string =>
  split(text)
    .map((part, i) => (i % 2 === 1 ? formulaHtml(part) : escapeHtml(part)))
    .join('');

const texCharacters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  [literalDollar]: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '–': '--',
  '—': '---',
  '’': "'",
  '‘': '`',
  '“': '``',
  '”': "''",
  '…': '\\dots{}',
  č: '\\v{c}',
  é: "\\'e",
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '∞': '$\\infty$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
  '→': '$\\to$',
  '‖': '$\\Vert$',
  '²': '\\textsuperscript{2}',
  '√': '$\\surd$',
  γ: '$\\gamma$',
  σ: '$\\sigma$',
};

/** LaTeX of plain text, every special character made harmless; a control or a new line, which ends an argument, a blank. */
export const escapeTex = (text: string): string =>
  [...text.replace(/\p{Cc}/gu, ' ')].map((character) => texCharacters[character] ?? character).join('');

export const textTex = (text: string): string =>
  split(text)
    .map((part, i) => (i % 2 === 1 ? formulaTex(part) : escapeTex(part)))
    .join('');
