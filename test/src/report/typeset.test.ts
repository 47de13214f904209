/** Mathematics found in plain text. Expected: the LaTeX that a person would write for it. */
import { describe, expect, test } from '@jest/globals';
import { markMathematics, typeset } from '../../../src/report/typeset.js';

describe('mathematics in plain text', () => {
  test.each([
    ['C² · r at C = 32', '$C^{2} \\cdot r$ at $C = 32$'],
    ['given W_t and V_t', 'given $W_{t}$ and $V_{t}$'],
    ['‖R‖² at the end', '$\\lVert R\\rVert^{2}$ at the end'],
    ['sup |F_H − F_twin| ≤ 2k/d: broken', '$\\sup \\lvert F_{H} - F_{\\mathrm{twin}}\\rvert \\le 2k / d$: broken'],
    ['N S_i S_iᵀ', '$N\\,S_{i}\\,S_{i}^{\\top}$'],
    ['a block (w_i, v_j) is', 'a block $(w_{i},\\,v_{j})$ is'],
    ['χ² of Σa and Σa² over draws', '$\\chi^{2}$ of $\\textstyle\\sum a$ and $\\textstyle\\sum a^{2}$ over draws'],
    ['gaussian, covariance ∝ k^−1', 'gaussian, covariance ∝ $k^{-1}$'],
    ['E a and E a² as d → ∞', '$\\mathbb{E} a$ and $\\mathbb{E} a^{2}$ as $d \\to \\infty$'],
    ['below -0.3√d', 'below $-0.3\\,\\sqrt{d}$'],
    ['the w–w blocks', 'the $w {\\text{–}} w$ blocks'],
    ['over d = 64, 128, 256; interval -1.087 … -0.953', 'over $d = 64$, 128, 256; interval −1.087 … −0.953'],
    ['adjusted p = 9.0e-209, to 1e-9', 'adjusted $p = 9.0 \\cdot 10^{-209}$, to $1 \\cdot 10^{-9}$'],
    ["Student's t, Hotelling's T²", "Student's $t$, Hotelling's $T^{2}$"],
    ['atan(2x/c), log(1 + x²/c²)', '$\\arctan (2x / c)$, $\\log (1 + x^{2} / c^{2})$'],
  ])('%s', (text, marked) => {
    expect(markMathematics(text)).toBe(marked);
  });

  test.each([
    'a share of 12 draws, of a kind that I know: e.g. this, i.e. that',
    'aspect ratio 5 % too large',
    'largest |weight| of the off-diagonal block',
    'exact statement E3-shift, E1–E9, arXiv 2505.02809',
    'variance 1/fan-in; p-values, t-tests; adam 0.025',
    'x.npy, run-d, W1, C++, "B.C."',
    '',
  ])('none in: %s', (text) => {
    expect(markMathematics(text)).toBe(text);
  });

  test('becomes MathML; formulas between dollar signs stay formulas, and a lone dollar sign stays text', () => {
    expect(typeset('at C² and $\\gamma$')).toMatch(/^at <math>.*<msup>.*<\/math> and <math>.*γ.*<\/math>$/s);
    expect(typeset('costs 5 $ at d = 3')).toBe('costs 5 $ at d = 3');
    expect(typeset('95 % of 5 %')).toBe('95\u00a0% of 5\u00a0%');
  });

  test('whatever is no mathematics is escaped', () => {
    for (const hostile of ['<img src=x>', '‖<b>‖²', '|<i>|', 'C_<u> = 1', 'f(<s>)', '√<q>', "d' onclick='x"])
      expect(typeset(hostile)).not.toMatch(/<(img|b|i|u|s|q)\b|onclick='/);
  });
});
