/**
 * Arithmetic of Taylor polynomials in three variables (θ, θ′, g), on the coefficients that four derivatives by vectors
 * h, h, h′, h′ of a function of their Gram matrix need. Coefficients are divided by a! b! k!.
 */

type Index = readonly [a: number, b: number, k: number];

/** Closed under going down in every direction. */
const highest: readonly Index[] = [
  [2, 2, 0],
  [1, 2, 1],
  [2, 1, 1],
  [0, 2, 2],
  [2, 0, 2],
  [1, 1, 2],
  [0, 1, 3],
  [1, 0, 3],
  [0, 0, 4],
];

export const taylorIndices: readonly Index[] = listIndices();
export const taylorSize = taylorIndices.length;

/** Position of the coefficient of θ^a θ′^b g^k. */
export function indexOf(a: number, b: number, k: number): number {
  return positions[(a * 3 + b) * 5 + k];
}

const positions = new Int32Array(45).fill(-1);
taylorIndices.forEach(([a, b, k], at) => (positions[(a * 3 + b) * 5 + k] = at));

function listIndices(): Index[] {
  const list: Index[] = [];
  for (let a = 0; a <= 2; a += 1)
    for (let b = 0; b <= 2; b += 1)
      for (let k = 0; k <= 4; k += 1) if (highest.some(([A, B, K]) => a <= A && b <= B && k <= K)) list.push([a, b, k]);
  return list;
}

/**
 * For coefficient ν of E = exp Y: ν_d E_ν = Σ_μ μ_d Y_μ E_{ν−μ}, d any direction with ν_d > 0. Flat triples (position of
 * μ, position of ν − μ) with μ_d/ν_d, μ = ν last.
 */
const steps = taylorIndices.map((nu) => {
  const d = nu.findIndex((order) => order > 0);
  const terms: { left: number; right: number; share: number }[] = [];
  if (d < 0) return terms;
  taylorIndices.forEach((mu, at) => {
    if (mu[d] === 0 || mu.some((order, e) => order > nu[e])) return;
    terms.push({ left: at, right: indexOf(nu[0] - mu[0], nu[1] - mu[1], nu[2] - mu[2]), share: mu[d] / nu[d] });
  });
  return terms;
});
const starts = Int32Array.from({ length: taylorSize + 1 }, (_, at) =>
  steps.slice(0, at).reduce((sum, { length }) => sum + length, 0),
);
const lefts = Int32Array.from(steps.flat(), ({ left }) => left);
const rights = Int32Array.from(steps.flat(), ({ right }) => right);
const shares = Float64Array.from(steps.flat(), ({ share }) => share);

/** exp of a Taylor polynomial. */
export function exponentialTaylor(exponent: Float64Array, out: Float64Array): void {
  out[0] = Math.exp(exponent[0]);
  for (let at = 1; at < taylorSize; at += 1) {
    let sum = 0;
    for (let n = starts[at]; n < starts[at + 1]; n += 1) sum += shares[n] * exponent[lefts[n]] * out[rights[n]];
    out[at] = sum;
  }
}

/** log of a Taylor polynomial with a positive value. */
export function logarithmTaylor(value: Float64Array, out: Float64Array): void {
  out[0] = Math.log(value[0]);
  for (let at = 1; at < taylorSize; at += 1) {
    let sum = value[at];
    // The last triple is μ = ν, the coefficient asked for.
    for (let n = starts[at]; n < starts[at + 1] - 1; n += 1) sum -= shares[n] * out[lefts[n]] * value[rights[n]];
    out[at] = sum / value[0];
  }
}
