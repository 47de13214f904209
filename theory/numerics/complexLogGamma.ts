import type { Complex } from '../contracts.js';

/** Bernoulli coefficients B_{2k}/(2k(2k−1)) of Stirling's series (NIST DLMF 5.11.1). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/**
 * log Γ(z) for Re z > 0, continuous in z: Stirling's series after raising Re z to 14 by the recurrence. Relative error
 * of Γ near 1e-14 for |Im z| up to a few hundred.
 */
export function complexLogGamma(z: Complex): Complex {
  let re = z.re;
  const im = z.im;
  let shiftRe = 0;
  let shiftIm = 0;
  while (re < 14) {
    shiftRe += Math.log(Math.hypot(re, im));
    shiftIm += Math.atan2(im, re);
    re += 1;
  }
  const modulus = re * re + im * im;
  const logRe = 0.5 * Math.log(modulus);
  const logIm = Math.atan2(im, re);
  let sumRe = (re - 0.5) * logRe - im * logIm - re + 0.5 * Math.log(2 * Math.PI);
  let sumIm = (re - 0.5) * logIm + im * logRe - im;
  const inverseRe = re / modulus;
  const inverseIm = -im / modulus;
  const squareRe = inverseRe * inverseRe - inverseIm * inverseIm;
  const squareIm = 2 * inverseRe * inverseIm;
  let powerRe = inverseRe;
  let powerIm = inverseIm;
  for (const coefficient of stirling) {
    sumRe += coefficient * powerRe;
    sumIm += coefficient * powerIm;
    [powerRe, powerIm] = [powerRe * squareRe - powerIm * squareIm, powerRe * squareIm + powerIm * squareRe];
  }
  return { re: sumRe - shiftRe, im: sumIm - shiftIm };
}
