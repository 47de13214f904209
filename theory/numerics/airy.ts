/**
 * The Airy function Ai and its derivative for real x, to a few units in the last place of max(|Ai|, envelope).
 *
 * Values at the nodes 0, ±SPACING, … come from Ai(x) = (e^{−ζ}/π) ∫_0^∞ e^{−√x t²} cos(t³/3) dt, ζ = ⅔x^{3/2}, for x ≥
 * 1 (the trapezoid rule converges geometrically), from the closed values at 0 (Abramowitz and Stegun 10.4.4–5), and by
 * Taylor steps of y″ = x y towards negative x, where neither solution grows. Between nodes: the same Taylor series.
 */
export interface AiryValue {
  readonly value: number;
  readonly derivative: number;
}

const nodeSpacing = 0.5;
const aiAt0 = 0.3550280538878172;
const aiPrimeAt0 = -0.2588194037928068;
const taylorTerms = 24;

const nodes = new Map<number, AiryValue>();

export function airy(x: number): AiryValue {
  const index = Math.round(x / nodeSpacing);
  return taylor(index * nodeSpacing, nodeValue(index), x - index * nodeSpacing);
}

function nodeValue(index: number): AiryValue {
  const known = nodes.get(index);
  if (known !== undefined) return known;
  let node: AiryValue;
  if (index * nodeSpacing >= 1) node = airyByIntegral(index * nodeSpacing);
  else if (index === 0) node = { value: aiAt0, derivative: aiPrimeAt0 };
  else {
    const towardsZero = index > 0 ? index - 1 : index + 1;
    node = taylor(towardsZero * nodeSpacing, nodeValue(towardsZero), (index - towardsZero) * nodeSpacing);
  }
  nodes.set(index, node);
  return node;
}

/** Steps the solution of y″ = x y from `origin` by `step`. */
function taylor(origin: number, { value, derivative }: AiryValue, step: number): AiryValue {
  let [before, coefficient, next] = [0, value, derivative];
  let power = 1;
  let sum = 0;
  let slope = 0;
  for (let n = 0; n < taylorTerms; n++) {
    sum += coefficient * power;
    slope += (n + 1) * next * power;
    power *= step;
    const afterNext = (origin * coefficient + before) / ((n + 1) * (n + 2));
    [before, coefficient, next] = [coefficient, next, afterNext];
  }
  return { value: sum, derivative: slope };
}

function airyByIntegral(x: number): AiryValue {
  const root = Math.sqrt(x);
  // Substituting t = s / x^{1/4}: Gaussian weight e^{−s²}, cosine of s³ / (3 x^{3/4}), analytic in the whole plane.
  const stretch = x ** -0.25;
  const spacing = 0.08;
  let even = 0.5;
  let slope = 0;
  for (let k = 1; k * spacing < 6.2; k++) {
    const t = k * spacing * stretch;
    const term = Math.exp(-root * t * t) * Math.cos(t ** 3 / 3);
    even += term;
    slope += term * t * t;
  }
  const factor = (Math.exp((-2 / 3) * x * root) / Math.PI) * spacing * stretch;
  // d/dx brings down −√x − t²/(2√x).
  return { value: factor * even, derivative: -factor * (root * even + slope / (2 * root)) };
}
