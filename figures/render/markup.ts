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
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  œ: '\\oe{}',
  Œ: '\\OE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  ł: '\\l{}',
  Ł: '\\L{}',
};

/** Signs of mathematics, by their commands. */
const texMathematics: Readonly<Record<string, string>> = {
  '−': '-',
  '±': '\\pm',
  '×': '\\times',
  '·': '\\cdot',
  '∞': '\\infty',
  '≤': '\\le',
  '≥': '\\ge',
  '≠': '\\ne',
  '≈': '\\approx',
  '→': '\\to',
  '∪': '\\cup',
  '∂': '\\partial',
  '‖': '\\Vert',
  '√': '\\surd',
  Σ: '\\Sigma',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((sign, digit) => [sign, `^{${digit}}`])),
  ...Object.fromEntries([...'₀₁₂₃₄₅₆₇₈₉'].map((sign, digit) => [sign, `_{${digit}}`])),
  '⁻': '^{-}',
  ᵀ: '^{\\top}',
  ...Object.fromEntries(
    'α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma τ tau φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Π Pi Φ Phi Ψ Psi Ω Omega'
      .split(' ')
      .reduce<[string, string][]>(
        (pairs, word, i, words) => (i % 2 === 1 ? [...pairs, [words[i - 1]!, `\\${word}`]] : pairs),
        [],
      ),
  ),
};

/** Marks above and below a letter, which follow it once a text is taken apart. */
const texAccents: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
};

function texOf(character: string): string {
  const known = texCharacters[character];
  if (known !== undefined) return known;
  const sign = texMathematics[character];
  if (sign !== undefined) return `$${sign}$`;
  const [letter, mark, ...more] = [...character.normalize('NFD')];
  const accent = mark === undefined || more.length > 0 ? undefined : texAccents[mark];
  if (accent !== undefined && /^[A-Za-z]$/.test(letter!)) return `\\${accent}{${letter}}`;
  // What pdfTeX has no letter for would stop it.
  return character > '~' ? `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]` : character;
}

/**
 * LaTeX of plain text, every special character made harmless; a control or a new line, which ends an argument, a blank. Any
 * LaTeX can read it: no letter beyond ASCII is left.
 */
export const escapeTex = (text: string): string =>
  [...text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}\u00a0]/gu, ' ')].map(texOf).join('');

export const textTex = (text: string): string =>
  split(text)
    .map((part, i) => (i % 2 === 1 ? formulaTex(part) : escapeTex(part)))
    .join('');
