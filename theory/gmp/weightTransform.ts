import type { Complex } from '../contracts.js';
import type { ComplexRule, ContourMeasure } from './contourMeasure.js';

/**
 * What a law needs of its weights, at a point p of the closed upper half-plane, analytic and continued to the support
 * of the weights.
 */
export interface WeightTransform {
  /**
   * Writes E[a/(p − a)] + c and E[a²/(p − a)²] − c as [re, im, re, im] and returns c: 0, or near p = 0 inside weights of
   * both signs their live mass, by which alone the first differs from p E[1/(p − a)] there.
   */
  evaluate(re: number, im: number, out: Float64Array): number;
  /** Im E log((p − a)/p). */
  logArgument(re: number, im: number): number;
}

/** The transform of a rule; see `ContourMeasure` for its two kinds. */
export function weightTransform(weights: ContourMeasure): WeightTransform {
  if (weights.folded === true) return foldedTransform(weights);
  return (weights.smallest ?? 0) < 0 ? throughZero(weights) : pathTransform(weights);
}

/** The transform of −a: p is reflected in the imaginary axis. */
export function mirrored(transform: WeightTransform): WeightTransform {
  return {
    evaluate(re, im, out) {
      const offset = transform.evaluate(-re, im, out);
      out[1] = -out[1];
      out[3] = -out[3];
      return offset;
    },
    // log((p − a)/p) goes over into its conjugate.
    logArgument: (re, im) => -transform.logArgument(-re, im),
  };
}

/** Below this share of the largest weight p E[1/(p − a)] serves. */
const nearZero = 0.05;

function throughZero(weights: ContourMeasure): WeightTransform {
  const { liveMass = 1, real } = weights;
  // Weights without a bound are measured by their quadrature.
  const [smallest, largest] =
    weights.smallest === -Infinity
      ? [real.nodes[0], real.nodes[real.nodes.length - 1]]
      : [weights.smallest ?? -1, weights.largest ?? 1];
  const path = pathTransform(weights);
  const bound = nearZero * Math.max(largest, -smallest);
  return {
    logArgument: path.logArgument,
    evaluate(re, im, out) {
      if (Math.hypot(re, im) > bound) return path.evaluate(re, im, out);
      poleSums(weights, re, im, out);
      const [firstRe, firstIm, secondRe, secondIm] = out;
      out[0] = re * firstRe - im * firstIm;
      out[1] = re * firstIm + im * firstRe;
      // (a/(p − a))² = (p/(p − a) − 1)².
      const squareRe = re * secondRe - im * secondIm - 2 * firstRe;
      const squareIm = re * secondIm + im * secondRe - 2 * firstIm;
      out[2] = re * squareRe - im * squareIm;
      out[3] = re * squareIm + im * squareRe;
      return liveMass;
    },
  };
}

/** Writes Σ mass/(p − a) and Σ mass/(p − a)², the sums over a rule, as [re, im, re, im]. */
function poleSums({ nodesRe, nodesIm, massesRe, massesIm }: ComplexRule, re: number, im: number, out: Float64Array) {
  let firstRe = 0;
  let firstIm = 0;
  let secondRe = 0;
  let secondIm = 0;
  for (let k = 0; k < nodesRe.length; k++) {
    const distanceRe = re - nodesRe[k];
    const distanceIm = im - nodesIm[k];
    const modulus = 1 / (distanceRe * distanceRe + distanceIm * distanceIm);
    const inverseRe = distanceRe * modulus;
    const inverseIm = -distanceIm * modulus;
    const termRe = massesRe[k] * inverseRe - massesIm[k] * inverseIm;
    const termIm = massesRe[k] * inverseIm + massesIm[k] * inverseRe;
    firstRe += termRe;
    firstIm += termIm;
    secondRe += termRe * inverseRe - termIm * inverseIm;
    secondIm += termRe * inverseIm + termIm * inverseRe;
  }
  out[0] = firstRe;
  out[1] = firstIm;
  out[2] = secondRe;
  out[3] = secondIm;
}

function pathTransform({ nodesRe, nodesIm, massesRe, massesIm }: ContourMeasure): WeightTransform {
  return {
    evaluate(re, im, out) {
      let meanRe = 0;
      let meanIm = 0;
      let squareRe = 0;
      let squareIm = 0;
      for (let k = 0; k < nodesRe.length; k++) {
        const distanceRe = re - nodesRe[k];
        const distanceIm = im - nodesIm[k];
        const inverse = 1 / (distanceRe * distanceRe + distanceIm * distanceIm);
        const ratioRe = (nodesRe[k] * distanceRe + nodesIm[k] * distanceIm) * inverse;
        const ratioIm = (nodesIm[k] * distanceRe - nodesRe[k] * distanceIm) * inverse;
        const termRe = massesRe[k] * ratioRe - massesIm[k] * ratioIm;
        const termIm = massesRe[k] * ratioIm + massesIm[k] * ratioRe;
        meanRe += termRe;
        meanIm += termIm;
        squareRe += termRe * ratioRe - termIm * ratioIm;
        squareIm += termRe * ratioIm + termIm * ratioRe;
      }
      out[0] = meanRe;
      out[1] = meanIm;
      out[2] = squareRe;
      out[3] = squareIm;
      return 0;
    },
    logArgument(re, im) {
      const phase = Math.atan2(im, re);
      const modulus = re * re + im * im;
      let sum = 0;
      for (let k = 0; k < nodesRe.length; k++) {
        const distanceRe = re - nodesRe[k];
        const distanceIm = im - nodesIm[k];
        const square = distanceRe * distanceRe + distanceIm * distanceIm;
        sum +=
          massesRe[k] * (Math.atan2(distanceIm, distanceRe) - phase) + 0.5 * massesIm[k] * Math.log(square / modulus);
      }
      return sum;
    },
  };
}

/**
 * Notation of paper-notes.md, folded weights: a = 4L Q/(1 + Q)², Q = e^W with a law of W that is even. p = 4L q/(1 +
 * q)² with |q| ≥ 1 and Im q ≤ 0 takes the closed upper half-plane one to one, and evenness turns the two poles ±log q
 * into one: E[a/(p − a)] = (q + 1)/(q − 1) · E[(Q + q)/(Q − q)], and as E tanh(W/2) = 0 that is 2(q + 1)²/(q − 1) ·
 * E[Q/((1 + Q)(Q − q))], whose terms vanish at both ends of the path, where rounding is all that is left of the masses.
 */
function foldedTransform(weights: ContourMeasure): WeightTransform {
  const { nodesRe, nodesIm, massesRe, massesIm, largest = 1 / 4 } = weights;
  const unit = 4 * largest;
  const size = nodesRe.length;
  const { sharesRe, sharesIm, restRe, restIm, offset } = foldedShares(weights);
  const shares = { nodesRe, nodesIm, massesRe: sharesRe, massesIm: sharesIm };
  return {
    evaluate(re, im, out) {
      const { re: qRe, im: qIm } = preimage(re / unit, im / unit);
      // Σ share/(q − Q) and Σ share/(q − Q)².
      poleSums(shares, qRe, qIm, out);
      const [sumRe, sumIm, slopeRe, slopeIm] = out;
      const q = { re: qRe, im: qIm };
      const above = { re: qRe + 1, im: qIm };
      const inverse = reciprocal({ re: qRe - 1, im: qIm });
      const ratio = times(above, inverse);
      const factor = times(ratio, { re: 2 * above.re, im: 2 * above.im });
      const mean = times(factor, { re: -sumRe, im: -sumIm });
      // E[a²/(p − a)²] = −d(p E[a/(p − a)])/dp with p dq/dp = −q (q + 1)/(q − 1).
      const steep = times(times(ratio, q), times(factor, { re: slopeRe, im: slopeIm }));
      const flat = times(times(ratio, inverse), mean);
      out[0] = mean.re;
      out[1] = mean.im;
      out[2] = steep.re - flat.re;
      out[3] = steep.im - flat.im;
      return 0;
    },
    logArgument(re, im) {
      const { re: qRe, im: qIm } = preimage(re / unit, im / unit);
      // 1 − a/p = (Q − q)(Q − 1/q)/(1 + Q)²; by evenness its mean is that of 2 log((Q − q)/(1 + Q)) − 2 log(−q)/(1 +
      // Q).
      let sum = -offset - restRe * Math.atan2(-qIm, -qRe) - 0.5 * restIm * Math.log(qRe * qRe + qIm * qIm);
      for (let k = 0; k < size; k++) {
        const distanceRe = nodesRe[k] - qRe;
        const distanceIm = nodesIm[k] - qIm;
        sum +=
          massesRe[k] * Math.atan2(distanceIm, distanceRe) +
          0.5 * massesIm[k] * Math.log(distanceRe * distanceRe + distanceIm * distanceIm);
      }
      return 2 * sum;
    },
  };
}

/** Shares mass · Q/(1 + Q) of the nodes, and the sums over them that no p enters. */
function foldedShares({ nodesRe, nodesIm, massesRe, massesIm }: ComplexRule) {
  const size = nodesRe.length;
  const sharesRe = new Float64Array(size);
  const sharesIm = new Float64Array(size);
  let restRe = 0;
  let restIm = 0;
  let offset = 0;
  for (let k = 0; k < size; k++) {
    const one = 1 + nodesRe[k];
    const modulus = one * one + nodesIm[k] * nodesIm[k];
    // mass/(1 + Q) = mass − share.
    const leftRe = (massesRe[k] * one + massesIm[k] * nodesIm[k]) / modulus;
    const leftIm = (massesIm[k] * one - massesRe[k] * nodesIm[k]) / modulus;
    sharesRe[k] = leftRe * nodesRe[k] - leftIm * nodesIm[k];
    sharesIm[k] = leftRe * nodesIm[k] + leftIm * nodesRe[k];
    restRe += leftRe;
    restIm += leftIm;
    offset += massesRe[k] * Math.atan2(nodesIm[k], one) + 0.5 * massesIm[k] * Math.log(modulus);
  }
  return { sharesRe, sharesIm, restRe, restIm, offset };
}

function times(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function reciprocal({ re, im }: Complex): Complex {
  const modulus = re * re + im * im;
  return { re: re / modulus, im: -im / modulus };
}

/**
 * q = (1 + r)²/(4p) with r = √(1 − 4p), p in units of 4L: |q| ≥ 1, Im q ≤ 0, and continued a little below the real
 * axis.
 */
function preimage(re: number, im: number): { re: number; im: number } {
  const squareRe = 1 - 4 * re;
  const squareIm = -4 * im;
  const modulus = Math.hypot(squareRe, squareIm);
  let rootRe: number;
  let rootIm: number;
  if (squareRe >= 0) {
    rootRe = Math.sqrt(0.5 * (modulus + squareRe));
    rootIm = rootRe === 0 ? 0 : squareIm / (2 * rootRe);
  } else {
    rootIm = -Math.sqrt(0.5 * (modulus - squareRe));
    rootRe = squareIm / (2 * rootIm);
  }
  const sumRe = 1 + rootRe;
  const topRe = sumRe * sumRe - rootIm * rootIm;
  const topIm = 2 * sumRe * rootIm;
  const size = 0.25 / (re * re + im * im);
  return { re: (topRe * re + topIm * im) * size, im: (topIm * re - topRe * im) * size };
}
