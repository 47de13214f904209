import { classDraws, type ClassDraw } from './classDraws.js';
import { featurePairs, largestPower, type Features } from './featurePairs.js';
import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import type { FiniteRatioOptions } from './hiddenCeRatio.js';
import { forEachIntegrationPoint } from './integrationPoints.js';
import { tiltedSquaredInner } from './outputCeLimit.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';
import type { ReadoutEntry } from './readoutEntry.js';
import { logTiltOverlap } from './unitExpectations.js';

const shiftCount = 16;

/**
 * Ratio of expected squared norms of the output blocks under cross-entropy at finite C, N → ∞ with m fixed: ‖E_x[a h hᵀ]‖² =
 * E[a a′ (h·h′)²] over two independent inputs that share V, a = −p_i p_j over a = p_i(1 − p_i).
 *
 * Large values come from inputs that lie alike (`featurePairs`) and, given both, from two classes with large v·(h + h′): the classes are
 * drawn as they are and with the first two tilted by e^{v·(h + h′)}. All ways of drawing are combined by the balance heuristic (Veach and
 * Guibas, 1995), whose weights are bounded. Controls are the limit's integrands. Error from
 * sixteen sets of points.
 */
export function outputCeRatio(options: FiniteRatioOptions): RatioEstimate {
  const { classes, width, entry, effort } = options;
  const isNormal = entry.distribution === 'normal';
  const inputs = featurePairs(options);
  const costOfPoint = classes * (inputs.ways * 18 + (isNormal ? 14 : 7 * width));
  // With fewer points the controls would fit noise; with very many classes they explain nearly all, and half the points do.
  const fewest = classes > 2000 ? 5 : 6;
  const points = 2 ** Math.max(fewest, Math.min(11, Math.round(Math.log2(effort / (shiftCount * costOfPoint)))));
  const controls = controlVariates(options);
  const drawClasses = classDraws(entry, width, classes);
  const terms: RatioTerm[] = [];
  for (let shift = 0; shift < shiftCount; shift += 1) {
    const coordinates = isNormal ? { uniforms: inputs.uniforms, normals: 2 * classes } : { uniforms: inputs.uniforms + width * classes, normals: 0 };
    forEachIntegrationPoint({ ...coordinates, points, shift }, (uniform, normal) => {
      const term = { numerator: 0, denominator: 0, controls: new Array<number>(controls.means.length).fill(0) };
      const ofClasses = isNormal ? normal : uniform.subarray(inputs.uniforms);
      inputs.forEachWay(uniform, (features, share) => addShare(term, share, features, drawClasses(features, ofClasses), classes, controls));
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

function addShare(sums: Sums, share: number, features: Features, draws: readonly ClassDraw[], classes: number, controls: Controls): void {
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
  controls.add(sums.controls, features, square, weights);
}

interface Controls {
  readonly means: readonly number[];
  /** Adds one draw's share, `square` times the overlaps, to the sums. */
  add(sums: number[], features: Features, square: number, weights: number): void;
}

/**
 * The limit's integrands (h·h′)² Π F and (h·h′)² Π F², where their expectations are finite. And (h·h′)² Π F times the sum of the classes' weights
 * less 1, zero on average.
 */
function controlVariates(options: HiddenLimitOptions): Controls {
  const powers = [1, 2].filter((power) => power <= largestPower(options));
  return {
    means: [...powers.map((power) => tiltedSquaredInner(options, power)), 0],
    add: (sums, features, square, weights) => {
      const overlap = overlapOf(features, options.entry);
      powers.forEach((power, k) => (sums[k] += square * overlap ** power));
      sums[powers.length] += square * overlap * (weights - 1);
    },
  };
}

function overlapOf([h, other]: Features, entry: ReadoutEntry): number {
  let exponent = 0;
  for (let k = 0; k < h.length; k += 1) {
    if (h[k] !== 0 && other[k] !== 0) exponent += logTiltOverlap(entry, h[k], other[k]);
  }
  // Beyond this the share that it multiplies is 0.
  return Math.exp(Math.min(exponent, largestExponent));
}

const largestExponent = 700;
