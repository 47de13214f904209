import { exponentialTaylor, indexOf, logarithmTaylor, taylorIndices, taylorSize } from './overlapTaylor.js';
import { classPairQuadrature, jointOrders } from './classPairQuadrature.js';
import type { LogSumPair } from './logSumPair.js';

export interface LogSumCovariance {
  /** Taylor coefficients ∂^a_θ ∂^b_θ′ ∂^k_g c/(a! b! k!) at `indexOf(a, b, k)`; c itself and ∂^a_θ c, ∂^b_θ′ c are not computed. */
  readonly taylor: Float64Array;
  /** ∂_θ and ∂²_θ of f(θ) = E log Σ_c e^{z_c}. */
  readonly meanSlope: number;
  readonly meanCurvature: number;
}

/**
 * Covariance c(θ, θ′, g) of the logarithms of two partition sums S = Σ_c e^{z_c}, S′ = Σ_c e^{z′_c} with derivatives,
 * for C classes whose logits (z_c, z′_c) are independent centred normal pairs. With log S = ∫ (e^{−t} − e^{−tS}) dt/t,
 *
 * c = ∫∫ [Ψ^C − ψ^C ψ′^C] dx dx′,  Ψ(x, x′) = E[e^{−e^{x+z} − e^{x′+z′}}],  ψ(x) = E[e^{−e^{x+z}}],
 *
 * so that C is only an exponent. Derivatives of Ψ are derivatives in x and x′, as the normal density obeys the heat
 * equation: ∂_θ = ½∂_x², ∂_θ′ = ½∂_x′², ∂_g = ∂_x ∂_x′; those of Ψ^C follow by Taylor arithmetic. Trapezoidal rule in
 * x and x′. The second moments of weights made of it are accurate to 2e-4, at θ = 30 and ten classes to 1e-3 (paper-notes.md,
 * hidden CE ratio).
 */
export function logSumCovariance(pair: LogSumPair): LogSumCovariance {
  const { classes } = pair;
  const quadrature = classPairQuadrature(pair);
  const [own, other] = quadrature.sides.map((side) => side.map((moments) => marginalPower(moments, classes)));
  const taylor = new Float64Array(taylorSize);
  const [whole, logarithm, power] = [0, 1, 2].map(() => new Float64Array(taylorSize));
  const joint = new Float64Array(jointOrders.length);
  const cell = quadrature.steps[0] * quadrature.steps[1];
  own.forEach((first, i) => {
    other.forEach((second, j) => {
      if (first.log + second.log < smallestLog) return;
      quadrature.joint(i, j, joint);
      const [missing, otherMissing] = [quadrature.sides[0][i], quadrature.sides[1][j]];
      fillClassTaylor(joint, missing, otherMissing, whole);
      const excess = joint[0] - missing[0] * otherMissing[0];
      logarithmTaylor(whole, logarithm);
      // log Ψ of two separate logarithms and a small rest, so that what the two inputs share keeps its digits.
      logarithm[0] = (first.log + second.log) / classes + Math.log1p(excess / (first.base * second.base));
      for (let n = 0; n < taylorSize; n += 1) logarithm[n] *= classes;
      exponentialTaylor(logarithm, power);
      for (let n = 0; n < taylorSize; n += 1) taylor[n] += cell * power[n];
      for (let a = 1; a <= 2; a += 1)
        for (let b = 1; b <= 2; b += 1) taylor[indexOf(a, b, 0)] -= cell * first.taylor[a] * second.taylor[b];
    });
  });
  let [slope, half] = [0, 0];
  for (const { taylor: marginal } of own) {
    slope -= quadrature.steps[0] * marginal[1];
    half -= quadrature.steps[0] * marginal[2];
  }
  return { taylor, meanSlope: slope, meanCurvature: 2 * half };
}

/** Where ψ^C ψ′^C is below e to this, nothing is left. */
const smallestLog = -22;

/** ψ^C as a Taylor polynomial of degree 2 in θ, from ψ and its derivatives in x, given as 1 − ψ and theirs. */
function marginalPower(missing: Float64Array, classes: number): { log: number; base: number; taylor: Float64Array } {
  const base = 1 - missing[0];
  const first = -missing[2] / 2 / base;
  const second = -missing[4] / 8 / base - (first * first) / 2;
  const log = classes * Math.log1p(-missing[0]);
  const power = Math.exp(log);
  const taylor = Float64Array.of(
    power,
    power * classes * first,
    power * ((classes * first) ** 2 / 2 + classes * second),
  );
  return { log, base, taylor };
}

/** Of each coefficient of Ψ: where its derivatives by x and x′ stand among `jointOrders`, and 2^{−a−b}/(a! b! k!). */
const factorials = [1, 1, 2, 6, 24];
const jointAt = Int32Array.from(taylorIndices, ([a, b, k]) =>
  jointOrders.findIndex(([m, n]) => m === 2 * a + k && n === 2 * b + k),
);
const jointFactor = Float64Array.from(
  taylorIndices,
  ([a, b, k]) => 2 ** (-a - b) / (factorials[a] * factorials[b] * factorials[k]),
);

/** Ψ as a Taylor polynomial in (θ, θ′, g), from the joint moments and those of either input alone. */
function fillClassTaylor(joint: Float64Array, own: Float64Array, other: Float64Array, out: Float64Array): void {
  for (let n = 0; n < taylorSize; n += 1) out[n] = jointFactor[n] * joint[jointAt[n]];
  for (let order = 0; order <= 2; order += 1) {
    out[indexOf(order, 0, 0)] -= jointFactor[indexOf(order, 0, 0)] * own[2 * order];
    out[indexOf(0, order, 0)] -= jointFactor[indexOf(0, order, 0)] * other[2 * order];
  }
  out[0] += 1;
}
