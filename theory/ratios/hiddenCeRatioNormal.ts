import { drawnReadoutRatio } from './drawnReadoutRatio.js';
import { featurePairs } from './featurePairs.js';
import type { FiniteRatioOptions } from './hiddenCeLimit.js';
import { singleInputAverages, type SingleInputAverages } from './hiddenCeSingleInput.js';
import { forEachStratifiedPoint } from '../numerics/integrationPoints.js';
import { limitControls } from './limitControls.js';
import { logSumCovariance } from './logSumCovariance.js';
import { logSumTable } from './logSumTable.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';
import type { Unit } from '../network/unitExpectations.js';
import { weightCovariance } from './weightProduct.js';
import { weightPairDrawing } from './weightPairDrawing.js';

const groups = 16;

/** Roughly the multiplications of one `logSumCovariance`, where the logits' variances are of order 1. */
const costOfPair = 1e6;

/**
 * The ratio of hidden cross-entropy blocks for normal V and any activation. With few classes no readout is rare, and
 * draws are cheaper than pairs of inputs.
 */
export function hiddenCeRatioNormal(options: FiniteRatioOptions & { readonly aspectRatio: number }): RatioEstimate {
  const strength = options.entry.variance * options.hiddenFactor;
  return options.classes <= fewClasses * (1 + 4 * strength * strength)
    ? drawnReadoutRatio({ ...options, effort: effortOfDraws * options.effort })
    : averagedReadoutRatio(options);
}

/**
 * Pairs of inputs lie more unevenly, and each costs more, the stronger the tilt by one's logits; bounds by the errors of
 * both ways in the same time.
 */
const fewClasses = 16;

/** So much more is spent on draws: still less time than pairs of inputs take. */
const effortOfDraws = 3;

/**
 * Ratio of expected squared norms of hidden cross-entropy blocks at finite C, (γ E a² + E_V[(E_x a)²]) off the diagonal
 * over the same on it, d → ∞ at fixed aspect ratio, for normal V and any activation. Given two inputs the expectation
 * over V of the product of their weights is a derivative of `logSumCovariance`, exact at every C; what is left is an
 * expectation over one input (`singleInputAverages`) and over two: E_V[(E_x a)²] = (E a)² + E_{x, x′} Cov_V(a, a′), whose
 * second part, of order 1/C, is taken over pairs of inputs that lie alike, with the limit's integrands as controls. Error
 * from sixteen sets of points.
 */
function averagedReadoutRatio(options: FiniteRatioOptions & { readonly aspectRatio: number }): RatioEstimate {
  const { classes, aspectRatio, entry, effort } = options;
  const covarianceOfOne = logSumTable(classes);
  const singles = singleInputAverages(options, covarianceOfOne);
  const base = singleInputPart(meanOf(singles), aspectRatio);
  const drawing = weightPairDrawing({ ...options, inputs: 'two' });
  const inputs = featurePairs(drawing);
  const controls = limitControls(drawing, 1.1 * Math.max(...drawing.powers));
  const points = Math.max(2, Math.round(effort / (costOfPair * groups * inputs.ways)));
  const terms: RatioTerm[] = [];
  for (let shift = 0; shift < groups; shift += 1) {
    forEachStratifiedPoint({ uniforms: inputs.uniforms, points, shift }, (uniform) => {
      let { numerator, denominator } = base;
      const sums = new Array<number>(controls.means.length).fill(0);
      inputs.forEachWay(uniform, ({ own, other, share }) => {
        if (!(share > 0) || share === Infinity) return;
        const product = covarianceOfPair(own, other, entry.variance, classes);
        numerator += share * product.off;
        denominator += share * product.diagonal;
        controls.integrands(own, other).forEach((value, k) => (sums[k] += share * value));
      });
      terms.push({ numerator, denominator, controls: sums });
    });
  }
  const pairs = estimateRatio(terms, controls.means, groups);
  return {
    ratio: pairs.ratio,
    standardError: Math.hypot(pairs.standardError, singlesError(singles, pairs.ratio, aspectRatio)),
  };
}

function covarianceOfPair(own: readonly Unit[], other: readonly Unit[], variance: number, classes: number) {
  let first = 0;
  let second = 0;
  let shared = 0;
  own.forEach(({ h }, k) => {
    first += variance * h * h;
    second += variance * other[k].h ** 2;
    shared += variance * h * other[k].h;
  });
  const pair = { classes, own: Math.max(first, smallest), other: Math.max(second, smallest), shared };
  return weightCovariance(own, other, variance, classes, logSumCovariance(pair));
}

/** No logits vary less than this: below, everything is linear in the variance. */
const smallest = 1e-12;

function meanOf(singles: readonly SingleInputAverages[]): SingleInputAverages {
  const mean = (pick: (one: SingleInputAverages) => number): number =>
    singles.reduce((sum, one) => sum + pick(one), 0) / singles.length;
  return {
    square: { off: mean(({ square }) => square.off), diagonal: mean(({ square }) => square.diagonal) },
    mean: { off: mean((one) => one.mean.off), diagonal: mean((one) => one.mean.diagonal) },
  };
}

/** γ E a² + (E a)², the part of the squared norms that one input determines. */
export function singleInputPart(
  { square, mean }: SingleInputAverages,
  aspectRatio: number,
): { numerator: number; denominator: number } {
  return {
    numerator: aspectRatio * square.off + mean.off ** 2,
    denominator: aspectRatio * square.diagonal + mean.diagonal ** 2,
  };
}

/** Of the ratio, by the spread of single inputs' averages between sets of points. */
function singlesError(singles: readonly SingleInputAverages[], ratio: number, aspectRatio: number): number {
  if (singles.length === 1) return 0;
  const base = meanOf(singles);
  const { denominator } = singleInputPart(base, aspectRatio);
  const residuals = singles.map(
    ({ square, mean }) =>
      aspectRatio * (square.off - ratio * square.diagonal) +
      2 * (base.mean.off * mean.off - ratio * base.mean.diagonal * mean.diagonal),
  );
  const centre = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  const variance = residuals.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (residuals.length - 1);
  return Math.sqrt(variance / residuals.length) / denominator;
}
