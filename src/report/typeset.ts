/**
 * Mathematics in plain text, typeset: results.json and the terminal write `C² · r at C = 32`, `‖R‖²`, `W_t`, which a page
 * can do better. What is not mathematics for certain stays as it is, and so do formulas between dollar signs.
 */
import { textHtml } from '../../figures/render/markup.js';

const greek: Readonly<Record<string, string>> = {
  γ: '\\gamma',
  δ: '\\delta',
  η: '\\eta',
  λ: '\\lambda',
  Λ: '\\Lambda',
  π: '\\pi',
  ρ: '\\rho',
  σ: '\\sigma',
  χ: '\\chi',
  ψ: '\\psi',
};
const operators: Readonly<Record<string, string>> = {
  '·': '\\cdot',
  '×': '\\times',
  '/': '/',
  '+': '+',
  '−': '-',
  '=': '=',
  '<': '<',
  '>': '>',
  '≤': '\\le',
  '≥': '\\ge',
  '→': '\\to',
  '–': '{\\text{–}}',
};
const functions: Readonly<Record<string, string>> = {
  tr: '\\operatorname{tr}',
  log: '\\log',
  exp: '\\exp',
  atan: '\\arctan',
  sup: '\\sup',
  Var: '\\operatorname{Var}',
  E: '\\mathbb{E}',
};
const prefixes: Readonly<Record<string, string>> = { Σ: '\\textstyle\\sum', '∫': '\\int' };
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const subscripts = '₀₁₂₃₄₅₆₇₈₉';

/** Words of one letter, and letters of abbreviations: never a variable by themselves. */
const neverAlone = new Set(['a', 'A', 'I', 'e', 'g']);

interface Piece {
  readonly latex: string;
  readonly end: number;
  /** Whether something in it is mathematics for certain: a number alone is not. */
  readonly certain: boolean;
}

const matchAt = (pattern: RegExp, text: string, start: number): string | undefined => {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
};

/**
 * At the end of a word: no letter, digit or apostrophe follows, nor a hyphen or a full stop with a letter behind it (and
 * C++ is no sum).
 */
const wordEnds = (text: string, end: number): boolean =>
  !/^(?:[\p{L}\p{N}_’']|[-.]\p{L}|\+\+)/u.test(text.slice(end, end + 2));

/** Subscript and superscripts of what ends at `start`: `_off`, `₁`, `²`, `ᵀ`, `^2`, `^−1`. */
function scripts(text: string, start: number): { readonly latex: string; readonly end: number } {
  const low = matchAt(/_[A-Za-z0-9]+|[₀-₉]+/uy, text, start) ?? '';
  const high = matchAt(/[⁰¹²³⁴-⁹]+|ᵀ|⊥|\^[−-]?\d+/uy, text, start + low.length) ?? '';
  const plain = low.replace(/^_/, '').replace(/[₀-₉]/g, (digit) => String(subscripts.indexOf(digit)));
  const below = plain === '' ? '' : /^[A-Za-z]{2,}$/.test(plain) ? `_{\\mathrm{${plain}}}` : `_{${plain}}`;
  const above = high
    .replace(/^\^/, '')
    .replace('−', '-')
    .replace('ᵀ', '\\top')
    .replace('⊥', '\\perp')
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => String(superscripts.indexOf(digit)));
  return { latex: `${below}${above === '' ? '' : `^{${above}}`}`, end: start + low.length + high.length };
}

/** `‖R‖²`, `|F_n − F|`, `(w_i, v_j)`. */
function enclosed(text: string, start: number): Piece | undefined {
  const open = text[start]!;
  const [left, right, close] =
    open === '‖' ? ['\\lVert ', '\\rVert', '‖'] : open === '|' ? ['\\lvert ', '\\rvert', '|'] : ['(', ')', ')'];
  const inside = expression(text, start + 1);
  if (inside === undefined) return undefined;
  let { latex, end } = inside;
  let { certain } = inside;
  while (open === '(' && text.startsWith(', ', end)) {
    const next = expression(text, end + 2);
    if (next === undefined) return undefined;
    latex += `,\\,${next.latex}`;
    end = next.end;
    certain &&= next.certain;
  }
  if (text[end] !== close || !certain) return undefined;
  const around = scripts(text, end + 1);
  return { latex: `${left}${latex}${right}${around.latex}`, end: around.end, certain: true };
}

function number(text: string, start: number): Piece | undefined {
  const digits = matchAt(/\d+(?:\.\d+)?/y, text, start);
  if (digits === undefined) return undefined;
  const end = start + digits.length;
  const power = matchAt(/e[-+]?\d+/y, text, end);
  if (power !== undefined && wordEnds(text, end + power.length)) {
    const latex = `${digits} \\cdot 10^{${power.replace(/^e\+?/, '')}}`;
    return { latex, end: end + power.length, certain: true };
  }
  const next = letter(text, end);
  if (next !== undefined) return { ...next, latex: `${digits}${next.latex}` };
  return wordEnds(text, end) ? { latex: digits, end, certain: false } : undefined;
}

/** A variable with its scripts, and what it is applied to. */
function letter(text: string, start: number): Piece | undefined {
  const name = text[start] ?? '';
  if (greek[name] === undefined && !/^[A-Za-z]$/.test(name)) return undefined;
  const around = scripts(text, start + 1);
  if (!wordEnds(text, around.end) || (around.latex === '' && neverAlone.has(name))) return undefined;
  const applied = text[around.end] === '(' ? enclosed(text, around.end) : undefined;
  return {
    latex: `${greek[name] ?? name}${greek[name] !== undefined && around.latex === '' ? ' ' : ''}${around.latex}${applied?.latex ?? ''}`,
    end: applied?.end ?? around.end,
    certain: true,
  };
}

/** `tr H²`, `log d`, `E a`, `√d`, `Σa`. */
function applied(text: string, start: number): Piece | undefined {
  const name = matchAt(/[√Σ∫]|(?:tr|log|exp|atan|sup|Var|E)(?![\p{L}\p{N}_])/uy, text, start);
  if (name === undefined) return undefined;
  const space = text[start + name.length] === ' ' ? 1 : 0;
  const at = start + name.length + space;
  // Of the letters that are words, a is a weight where it is averaged or summed.
  const weight = 'EΣ'.includes(name) && /^a(?![\p{L}\p{N}’'])/u.test(text.slice(at));
  const argument = weight ? { ...scripts(text, at + 1), certain: true } : factor(text, at);
  if (argument === undefined || (!argument.certain && name !== '√')) return undefined;
  const latex = weight ? `a${argument.latex}` : argument.latex;
  const head = name === '√' ? `\\sqrt{${latex}}` : `${functions[name] ?? prefixes[name]!} ${latex}`;
  return { latex: head, end: argument.end, certain: true };
}

function factor(text: string, start: number): Piece | undefined {
  const character = text[start] ?? '';
  if (character === '∞') return { latex: '\\infty', end: start + 1, certain: false };
  if ('‖|('.includes(character) && character !== '') return enclosed(text, start);
  if (text.startsWith('dF', start) && wordEnds(text, start + 2))
    return { latex: '\\,dF', end: start + 2, certain: true };
  return applied(text, start) ?? number(text, start) ?? letter(text, start);
}

/** Factors beside each other: `N S_i S_iᵀ`, `2√d`. A number before a blank is a count of something. */
function product(text: string, start: number): Piece | undefined {
  let all = factor(text, start);
  while (all !== undefined) {
    const space = text[all.end] === ' ' ? 1 : 0;
    if (space === 1 && !all.certain) return all;
    const next = /\d/.test(text[all.end + space] ?? '') ? undefined : factor(text, all.end + space);
    if (next?.certain !== true) return all;
    all = { latex: `${all.latex}\\,${next.latex}`, end: next.end, certain: true };
  }
  return all;
}

function expression(text: string, start: number): Piece | undefined {
  const sign = /^[−-](?=[\d\p{L}√‖])/u.test(text.slice(start)) ? '-' : '';
  let all = product(text, start + sign.length);
  while (all !== undefined) {
    const operator = /^( ?)([·×/+−=<>≤≥→–])\1/u.exec(text.slice(all.end));
    if (operator === null) break;
    const at = all.end + operator[0].length;
    const minus = /^[−-](?=\d)/.test(text.slice(at)) ? '-' : '';
    const next = product(text, at + minus.length);
    if (next === undefined) break;
    const latex = `${all.latex} ${operators[operator[2]!]!} ${minus}${next.latex}`;
    all = { latex, end: next.end, certain: all.certain || next.certain };
  }
  return all && { ...all, latex: `${sign}${all.latex}` };
}

/** The text with its mathematics between dollar signs, as LaTeX, and true minus signs before numbers. */
export function markMathematics(text: string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const begins = at === 0 || !/[\p{L}\p{N}_’'.-]/u.test(text[at - 1]!);
    const found = begins && text[at] !== ' ' ? expression(text, at) : undefined;
    if (found?.certain === true) {
      out += `$${found.latex}$`;
      at = found.end;
    } else {
      out += begins && text[at] === '-' && /\d/.test(text[at + 1] ?? '') ? '−' : text[at]!;
      at += 1;
    }
  }
  return out;
}

/** HTML of such a text, every other character of it escaped. */
export function typeset(text: string): string {
  const parts = text.split('$');
  // A lone dollar sign is text, and nothing beside it can be told from a formula.
  if (parts.length % 2 === 0) return textHtml(text);
  // A unit stays with its number.
  return textHtml(
    parts
      .map((part, i) => (i % 2 === 1 ? `$${part}$` : markMathematics(part).replace(/(?<=\d) %/g, '\u00a0%')))
      .join(''),
  );
}
