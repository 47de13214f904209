// Formulas of documents and doc comments as MathML, which browsers set by themselves: fenced blocks of the language
// `math`, and `$`…`$` within a line, as GitHub has them. Indices of letters in plain text, such as a_n and v_{:i}, are set low, and powers
// such as e^{−s²} high.
import temml from 'temml';

const settings = { throwOnError: true, trust: false };

/** A letter, primes or a power, and its index. */
const indexed = /(?<![\p{L}\p{N}_])([\p{L}∂ΣΠ])([²′*ᵀ]*)_(?:\{([^{}]+)\}|([\p{L}\p{N}]{1,3}(?![\p{L}\p{N}_])))/gu;

/** A power in braces, or of a number. */
const power = /\^(?:\{([^{}]+)\}|([-−]?\d+(?:\/\d+)?))/g;

/** For TypeDoc's option markdownItLoader. */
export function typesetMathematics(parser) {
  const fence = parser.renderer.rules.fence;
  parser.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index].info.trim() === 'math'
      ? temml.renderToString(tokens[index].content, { ...settings, displayMode: true })
      : fence(tokens, index, ...rest);

  parser.inline.ruler.before('backticks', 'mathematics', (state, silent) => {
    const formula = /^\$`([^`]+)`\$/.exec(state.src.slice(state.pos));
    if (formula === null) return false;
    if (!silent) state.push('mathematics', '', 0).content = formula[1];
    state.pos += formula[0].length;
    return true;
  });
  parser.renderer.rules.text = (tokens, index) =>
    parser.utils
      .escapeHtml(tokens[index].content)
      .replace(indexed, '<i>$1</i>$2<sub>$3$4</sub>')
      .replace(power, '<sup>$1$2</sup>');
  parser.renderer.rules.mathematics = (tokens, index) => temml.renderToString(tokens[index].content, settings);
}
