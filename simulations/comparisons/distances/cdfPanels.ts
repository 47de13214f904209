import { NumericalError } from '../../../theory/errors.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { chebyshevCoefficients, chebyshevIntegral, chebyshevNodes, chebyshevSum } from './chebyshev.js';
import type { LawPiece } from './lawPieces.js';

/** Points per panel; the antiderivative has one coefficient more. */
const pointsPerPanel = 14;
const panelNodes = chebyshevNodes(pointsPerPanel);
const firstPanels = 4;
const deepestHalving = 12;
/** A cdf with rounding noise above the tolerance would be halved everywhere; a singular point needs about 50 panels. */
const mostPanels = 512;

/** F on one interval of the support, as Chebyshev panels in the angle of x = lower + (upper − lower) sin²(angle/2). */
export interface CdfPanels {
  /** Largest last coefficient of any panel. */
  readonly error: number;
  /** F(x); outside the interval F at its end. */
  cdf(x: number): number;
  /** ∫ F dx from the lower end to x, for x in the interval. */
  integral(x: number): number;
  /** The x in the interval where F(x) = p. */
  invert(p: number): number;
}

/** x = lower + (upper − lower) sin²(angle/2): F is smooth in the angle at square-root edges and at hard edges alike. */
function pointAt(lower: number, upper: number, angle: number): number {
  if (angle <= Math.PI / 2) return lower + (upper - lower) * Math.sin(angle / 2) ** 2;
  return upper - (upper - lower) * Math.cos(angle / 2) ** 2;
}

function angleAt(lower: number, upper: number, x: number): number {
  const fraction = (x - lower) / (upper - lower);
  if (fraction <= 0.5) return fraction <= 0 ? 0 : 2 * Math.asin(Math.sqrt(fraction));
  const rest = (upper - x) / (upper - lower);
  return rest <= 0 ? Math.PI : Math.PI - 2 * Math.asin(Math.sqrt(rest));
}

/** Samples of F in ascending angles, and their Chebyshev coefficients. */
interface Panel {
  readonly start: number;
  readonly end: number;
  readonly samples: Float64Array;
  readonly values: Float64Array;
}

const angleOf = (node: number, start: number, end: number): number => start + ((node + 1) / 2) * (end - start);

/** Halves panels until the last two coefficients of each are below the tolerance; ascending. */
function halvePanels(
  law: SpectralLaw,
  { lower, upper }: LawPiece,
  tolerance: number,
): { readonly panels: readonly Panel[]; readonly error: number } {
  let open: [start: number, end: number, halvings: number][] = [];
  for (let k = 0; k < firstPanels; k++) open.push([(k * Math.PI) / firstPanels, ((k + 1) * Math.PI) / firstPanels, 0]);
  const panels: Panel[] = [];
  let error = 0;
  while (open.length > 0) {
    const points = Float64Array.from(
      open.flatMap(([start, end]) =>
        Array.from(panelNodes, (node) => pointAt(lower, upper, angleOf(node, start, end))),
      ),
    );
    const levels = law.cdfs(points);
    const next: typeof open = [];
    const mayHalve = panels.length + 2 * open.length <= mostPanels;
    open.forEach(([start, end, halvings], k) => {
      const samples = levels.slice(k * pointsPerPanel, (k + 1) * pointsPerPanel);
      const values = chebyshevCoefficients(samples);
      const tail = Math.max(Math.abs(values[pointsPerPanel - 1]!), Math.abs(values[pointsPerPanel - 2]!));
      if (!Number.isFinite(tail)) {
        throw new NumericalError(
          `tabulateLaw: the law's cdf is not finite between ${points[k * pointsPerPanel]} and ${points[(k + 1) * pointsPerPanel - 1]}`,
        );
      }
      if (tail > tolerance && mayHalve && halvings < deepestHalving) {
        const middle = (start + end) / 2;
        next.push([start, middle, halvings + 1], [middle, end, halvings + 1]);
      } else {
        error = Math.max(error, tail);
        panels.push({ start, end, values, samples });
      }
    });
    open = next;
  }
  return { panels: panels.sort((a, b) => a.start - b.start), error };
}

/** Coefficients of ∫ F dx from the start of a panel, where x runs over an interval of this width. */
function antiderivative({ start, end, samples }: Panel, width: number): Float64Array {
  // dx = (width/2) sin(angle) d(angle), and d(angle) = (end − start)/2 dt.
  const integrand = samples.map(
    (value, j) => (value * width * Math.sin(angleOf(panelNodes[j]!, start, end)) * (end - start)) / 4,
  );
  return chebyshevIntegral(chebyshevCoefficients(integrand));
}

/** The t in [−1, 1] where the Chebyshev sum, which ascends, has the value p. */
function solvePanel(coefficients: Float64Array, p: number): number {
  let a = -1;
  let b = 1;
  let t = 0;
  for (let step = 0; step < 60; step++) {
    const excess = chebyshevSum(coefficients, t) - p;
    if (excess < 0) a = t;
    else b = t;
    // A difference quotient serves as the slope; bisection takes over whenever it leaves the bracket.
    const slope = (chebyshevSum(coefficients, t + 1e-6) - chebyshevSum(coefficients, t - 1e-6)) / 2e-6;
    let next = t - excess / slope;
    if (!(next > a && next < b)) next = (a + b) / 2;
    const change = Math.abs(next - t);
    t = next;
    if (change < 1e-13) break;
  }
  return t;
}

/** Index of the first of the ascending ends that the angle does not pass. */
function panelAt(panels: readonly Panel[], angle: number): number {
  let low = 0;
  let high = panels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (angle <= panels[middle]!.end) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Throws NumericalError when F is not finite. */
export function cdfPanels(law: SpectralLaw, piece: LawPiece, tolerance: number): CdfPanels {
  const { lower, upper, below, above } = piece;
  const { panels, error } = halvePanels(law, piece, tolerance);
  /** F at the start of each panel, and in the last place at the end of the interval. */
  const levels = new Float64Array(panels.length + 1).fill(above);
  panels.forEach(({ values }, k) => {
    levels[k] = k === 0 ? below : Math.min(above, Math.max(levels[k - 1]!, chebyshevSum(values, -1)));
  });
  const integrals = panels.map((panel) => antiderivative(panel, upper - lower));
  /** ∫ F dx from the lower end of the interval to the start of each panel. */
  const areas = new Float64Array(panels.length + 1);
  integrals.forEach((integral, k) => (areas[k + 1] = areas[k]! + chebyshevSum(integral, 1)));

  const locate = (x: number): { index: number; t: number } => {
    const angle = angleAt(lower, upper, x);
    const index = panelAt(panels, angle);
    const { start, end } = panels[index]!;
    return { index, t: (2 * (angle - start)) / (end - start) - 1 };
  };
  return {
    error,
    cdf(x) {
      if (x <= lower) return below;
      if (x >= upper) return above;
      const { index, t } = locate(x);
      return Math.min(above, Math.max(below, chebyshevSum(panels[index]!.values, t)));
    },
    integral(x) {
      const { index, t } = locate(x);
      return areas[index]! + chebyshevSum(integrals[index]!, t);
    },
    invert(p) {
      if (p <= below) return lower;
      if (p >= above) return upper;
      let index = 0;
      while (index < panels.length - 1 && p > levels[index + 1]!) index++;
      const { start, end, values } = panels[index]!;
      return pointAt(lower, upper, angleOf(solvePanel(values, p), start, end));
    },
  };
}
