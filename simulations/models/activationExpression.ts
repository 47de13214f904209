/** An activation written by the user as a formula in x. */
import { NumericalError, UsageError } from '../../theory/errors.js';
import { compileExpression, differentiate, parseExpression } from '../expressions/index.js';
import { activationFrom, type Activation } from '../network/activation.js';

export interface ActivationExpressionOptions {
  /** Points where σ or σ′ jumps. At them the derivatives take the values just to the left, as ReLU's do. */
  readonly kinks?: readonly number[];
  readonly name?: string;
}

/** σ, σ′ and σ″ of one number, and as an Activation of arrays. */
export interface ActivationExpression extends Activation {
  readonly kinks: readonly number[];
  readonly at: {
    value(u: number): number;
    derivative(u: number): number;
    secondDerivative(u: number): number;
  };
  /** The formula and both derivatives are finite for |u| up to this (powers of 2 up to 2^20 are tried). */
  readonly finiteWithin: number;
}

/** Pre-activations beyond this are rarer than any draw will show at any initialisation of the paper. */
const neededRange = 32;
const checkedRange = 8;
const cell = 1 / 16;
/**
 * Off the kinks the formulas are analytic: a 5-point Gauss rule on a cell this small leaves only rounding and very
 * sharp bends.
 */
const tolerance = 1e-6;

/**
 * Parses and differentiates a formula such as "x*tanh(log(1+exp(x)))". The derivatives are symbolic (mathjs) and each
 * is checked against the function it should be the derivative of: over every cell of width 1/16 in [−8, 8] that holds
 * no kink, σ(b) − σ(a) must be ∫σ′ and σ′(b) − σ′(a) must be ∫σ″ (5-point Gauss), to 1e-6 of the cell's scale.
 * Overflow: all three must be finite on [−32, 32]; a value that is not finite later throws, never spreads.
 * @throws UsageError for a formula that cannot be read, a kink that is not declared, or values that are not finite.
 */
export function activationExpression(text: string, options: ActivationExpressionOptions = {}): ActivationExpression {
  const kinks = [...(options.kinks ?? [])].sort((a, b) => a - b);
  if (!kinks.every(Number.isFinite))
    throw new UsageError(
      `activation: kinks must be finite numbers, got ${kinks.join(', ')}. List the points where the derivative jumps.`,
    );
  const expression = parseExpression(text, 'activation', ['x']);
  const slope = differentiate(expression, 'x');
  const curvature = differentiate(slope, 'x');
  const isCurved = !(curvature.kind === 'number' && curvature.value === 0);
  const isKink = (u: number) => kinks.includes(u);
  const raw = [expression, slope, curvature].map((formula) => {
    const compiled = compileExpression(formula, ['x']);
    return (u: number) => {
      const value = compiled(u);
      // 0/0 at a kink, as |x|/x has: the value next to it on the left.
      return isKink(u) && (Number.isNaN(value) || formula !== expression) ? compiled(justBelow(u)) : value;
    };
  }) as [Scalar, Scalar, Scalar];

  const finiteWithin = finiteRange(raw);
  if (finiteWithin < neededRange) {
    const at = firstBadPoint(raw, neededRange);
    throw new UsageError(
      `activation: the expression ${JSON.stringify(text)} or a derivative is not a finite number at x = ${at}. It must be finite for |x| up to ${neededRange}; use softplus(x), sigmoid(x), erf(x), relu(x) for what overflows.`,
    );
  }
  checkDerivative(text, raw[0], raw[1], kinks, 'the derivative');
  checkDerivative(text, raw[1], raw[2], kinks, 'the second derivative');

  const guarded = raw.map((f, order) => (u: number) => {
    const value = f(u);
    if (!Number.isFinite(value) && Number.isFinite(u)) {
      throw new NumericalError(
        `activation ${JSON.stringify(text)}: ${['its value', 'its derivative', 'its second derivative'][order]} is ${value} at u = ${u}; it is finite for |u| up to ${finiteWithin}.`,
      );
    }
    return value;
  }) as [Scalar, Scalar, Scalar];
  const [value, derivative, secondDerivative] = guarded;
  return {
    ...activationFrom(options.name ?? text, value, derivative, isCurved ? secondDerivative : undefined),
    kinks,
    at: { value, derivative, secondDerivative },
    finiteWithin,
  };
}

type Scalar = (u: number) => number;

function justBelow(u: number): number {
  return u - Math.max(Math.abs(u), 1) * 2 ** -40;
}

function firstBadPoint(functions: readonly Scalar[], range: number): number | undefined {
  // From the middle outwards, so that the point named is the one nearest to zero.
  for (let k = 0; k <= 512; k++) {
    for (const u of [(k * range) / 512, (-k * range) / 512]) {
      if (functions.some((f) => !Number.isFinite(f(u)))) return u;
    }
  }
  return undefined;
}

function finiteRange(functions: readonly Scalar[]): number {
  let range = 0;
  for (let next = neededRange; next <= 2 ** 20; next *= 2) {
    if (firstBadPoint(functions, next) !== undefined) break;
    range = next;
  }
  return range;
}

// Gauss–Legendre nodes and weights on [−1, 1], five points (Abramowitz and Stegun, table 25.4).
const gaussNodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
const gaussWeights = [
  0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908,
];

function checkDerivative(text: string, f: Scalar, derivative: Scalar, kinks: readonly number[], what: string): void {
  for (let k = -checkedRange / cell; k < checkedRange / cell; k++) {
    const a = k * cell;
    const b = a + cell;
    if (kinks.some((kink) => kink >= a && kink <= b)) continue;
    let integral = 0;
    let scale = Math.abs(f(a)) + Math.abs(f(b));
    gaussNodes.forEach((node, i) => {
      const slope = derivative(a + ((node + 1) / 2) * cell);
      integral += (gaussWeights[i]! / 2) * cell * slope;
      scale += cell * Math.abs(slope);
    });
    const gap = Math.abs(f(b) - f(a) - integral);
    if (!(gap <= tolerance * Math.max(scale, 1e-3))) {
      throw new UsageError(
        `activation: between x = ${a} and x = ${b} the expression ${JSON.stringify(text)} does not follow ${what} (off by ${gap.toPrecision(3)}): it jumps or bends there. Declare the point in kinks, for example kinks: [${nearestSimple(a, b)}].`,
      );
    }
  }
}

/** The shortest decimal in [a, b], as a suggestion. */
function nearestSimple(a: number, b: number): number {
  for (let digits = 0; digits < 6; digits++) {
    const candidate = Number(((a + b) / 2).toFixed(digits));
    if (candidate >= a && candidate <= b) return candidate + 0;
  }
  return a;
}
