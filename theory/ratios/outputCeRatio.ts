import { classDraws, type ClassDraw } from './classDraws.js';
import { featurePairs, largestPower, type Features } from './featurePairs.js';
import type { FiniteRatioOptions, HiddenLimitOptions } from './hiddenCeLimit.js';
import { forEachIntegrationPoint } from '../numerics/integrationPoints.js';
import { tiltedSquaredInner } from './outputCeLimit.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';

const shiftCount = 16;

/**
 * Ratio of expected squared norms of the output blocks under cross-entropy at finite C, N → ∞ with m fixed: ‖E_x[a h
 * hᵀ]‖² = E[a a′ (h·h′)²] over two independent inputs that share V, a = −p_i p_j over a = p_i(1 − p_i).
 *
 * Large values come from inputs that lie alike (`featurePairs`) and, given both, from two classes with large v·(h +
 * h′): the classes are drawn as they are and with the first two tilted by e^{v·(h + h′)}. All ways of drawing are
 * combined by the balance heuristic (Veach and Guibas, 1995), whose weights are bounded. Controls are the limit's
 * integrands. Error from sixteen sets of points.
 */
export function outputCeRatio(options: FiniteRatioOptions): RatioEstimate {
  const { classes, width, entry, effort } = options;
  const isNormal = entry.distribution === 'normal';
  const strongest = largestPower(options);
  const inputs = featurePairs({
    ...options,
    inputs: 'two',
    // From independent inputs to the limit of the numerator.
    powers: [0, Math.min(1, strongest), Math.min(2, strongest)],
    importance: (unit, other) => Math.abs(unit.h * other.h),
    squareFactor: 1,
  });
  const costOfPoint = classes * (inputs.ways * 18 + (isNormal ? 14 : 7 * width));
  // With fewer points the controls would fit noise; with very many classes they explain nearly all, and half the points
  // do.
  const fewest = classes > 2000 ? 5 : 6;
  const points = 2 ** Math.max(fewest, Math.min(11, Math.round(Math.log2(effort / (shiftCount * costOfPoint)))));
  const controls = controlVariates(options);
  const drawClasses = classDraws(entry, width, classes);
  const terms: RatioTerm[] = [];
  for (let shift = 0; shift < shiftCount; shift += 1) {
    const coordinates = isNormal
      ? { uniforms: inputs.uniforms, normals: 2 * classes }
      : { uniforms: inputs.uniforms + width * classes, normals: 0 };
    forEachIntegrationPoint({ ...coordinates, points, shift }, (uniform, normal) => {
      const term = { numerator: 0, denominator: 0, controls: new Array<number>(controls.means.length).fill(0) };
      const ofClasses = isNormal ? normal : uniform.subarray(inputs.uniforms);
      inputs.forEachWay(uniform, ({ features, share, logOverlap }) =>
        addShare(term, { features, share, logOverlap }, drawClasses(features, ofClasses), classes, controls),
      );
      terms.push(term);
    });
  }
  return estimateRatio(terms, controls.means, shiftCount);
}

interface Sums {
  numerator: number;
  denominator: number;
  readonly controls: number[];
}

/** One way of drawing the inputs, its share of the expectation, and log Π F there. */
interface InputDraw {
  readonly features: Features;
  readonly share: number;
  readonly logOverlap: number;
}

function addShare(
  sums: Sums,
  { features, share, logOverlap }: InputDraw,
  draws: readonly ClassDraw[],
  classes: number,
  controls: Controls,
): void {
  let inner = 0;
  features[0].forEach((h, k) => (inner += h * features[1][k]));
  const square = share * inner * inner;
  // With h·h′ = 0 nothing depends on the classes.
  if (square === 0) return;
  let weights = 0;
  for (const { pairs, diagonal, likelihoodRatio } of draws) {
    const weight = 1 / (1 + likelihoodRatio);
    sums.numerator += (square * weight * pairs) / (classes * (classes - 1));
    sums.denominator += (square * weight * diagonal) / classes;
    weights += weight;
  }
  controls.add(sums.controls, square, logOverlap, weights);
}

interface Controls {
  readonly means: readonly number[];
  /** Adds one draw's share of each control to the sums; `square` is its share of (h·h′)². */
  add(sums: number[], square: number, logOverlap: number, weights: number): void;
}

/**
 * The limit's integrands (h·h′)² Π F and (h·h′)² Π F², where their expectations are finite. And (h·h′)² Π F times the
 * sum of the classes' weights less 1, zero on average.
 */
function controlVariates(options: HiddenLimitOptions): Controls {
  const powers = [1, 2].filter((power) => power <= largestPower(options));
  return {
    means: [...powers.map((power) => tiltedSquaredInner(options, power)), 0],
    add: (sums, square, logOverlap, weights) => {
      // Beyond this the share is 0.
      const overlap = Math.exp(Math.min(logOverlap, largestExponent));
      powers.forEach((power, k) => (sums[k] += square * overlap ** power));
      sums[powers.length] += square * overlap * (weights - 1);
    },
  };
}

const largestExponent = 700;
