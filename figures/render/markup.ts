/** From caption text (plain, formulas between dollar signs) to HTML and to LaTeX. */
import temml from 'temml';

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** MathML of a LaTeX formula; the escaped source when it cannot be read. */
export function formulaHtml(latex: string, displayMode = false): string {
  try {
    return temml.renderToString(latex, { displayMode, throwOnError: true, trust: false });
  } catch {
    return `<code>${escapeHtml(latex)}</code>`;
  }
}

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

/** LaTeX of plain text, every special character made harmless. */
export const escapeTex = (text: string): string =>
  [...text].map((character) => texCharacters[character] ?? character).join('');

export const textTex = (text: string): string =>
  split(text)
    .map((part, i) => (i % 2 === 1 ? `$${part}$` : escapeTex(part)))
    .join('');
