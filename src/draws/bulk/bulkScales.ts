/** Scale, and degrees of freedom where they are free, of a spectrum of n non-zero eigenvalues with its k largest taken off. */
import { middleFit, middleScale, middleWeights, type MiddleWeights } from './middleWeights.js';

export interface ScaleAndDegrees {
  readonly scale: number;
  readonly degrees: number;
}

/** Keeps what depends on sizes alone from one spectrum to the next. */
export interface BulkScales {
  readonly rank: number;
  /** k = 0, 1, … of one spectrum, in this order. */
  scalesOf(values: Float64Array, most: number): readonly ScaleAndDegrees[];
}

/** What is known of W beside its spectrum, in units of σ² W/m. */
export interface KnownOfBulk {
  /** m; fitted when absent. */
  readonly degrees?: number | undefined;
  /** σ²; fitted when absent. */
  readonly variance?: number | undefined;
}

/** The sizes last asked for: their weights cost more than a fit does. */
const kept = new Map<string, BulkScales>();
const mostKept = 4;

export function bulkScales(rank: number, known: KnownOfBulk): BulkScales {
  const key = JSON.stringify([rank, known.degrees, known.variance]);
  const scales = kept.get(key) ?? newScales(rank, known);
  // The one used last stands last.
  kept.delete(key);
  kept.set(key, scales);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return scales;
}

function newScales(rank: number, { degrees, variance }: KnownOfBulk): BulkScales {
  if (degrees === undefined) return freeScales(rank, variance);
  const weights: MiddleWeights[] = [];
  const weightsOf = (above: number): MiddleWeights => (weights[above] ??= middleWeights({ rank, degrees, above }));
  return {
    rank,
    scalesOf: (values, most) =>
      Array.from({ length: most + 1 }, (_, above) => ({
        scale: variance ?? middleScale(values, weightsOf(above)),
        degrees,
      })),
  };
}

/** c = n/m at which a free ratio is tried: evenly in log c from 0.01 to 1. */
const ratios = Float64Array.from({ length: 70 }, (_, j) => Math.exp((1 - j / 69) * Math.log(0.01)));
const logStep = -Math.log(0.01) / 69;

/** Ratio and scale together, by the least residual of the middle: on the grid, then the parabola through three points. */
function freeScales(rank: number, variance: number | undefined): BulkScales {
  const weights = new Map<number, MiddleWeights>();
  const weightsOf = (above: number, j: number): MiddleWeights => {
    const key = above * ratios.length + j;
    let found = weights.get(key);
    if (found === undefined) weights.set(key, (found = middleWeights({ rank, degrees: rank / ratios[j]!, above })));
    return found;
  };
  return {
    rank,
    scalesOf(values, most) {
      let best: number | undefined;
      return Array.from({ length: most + 1 }, (_, above) => {
        const tried = new Map<number, RatioTried>();
        const at = (j: number): RatioTried => {
          let found = tried.get(j);
          if (found === undefined) tried.set(j, (found = tryRatio(values, weightsOf(above, j), variance)));
          return found;
        };
        best = leastOf((j) => at(j).residual, best);
        return refined(at(best - 1), at(best), at(best + 1), best, rank);
      });
    },
  };
}

interface RatioTried {
  readonly scale: number;
  readonly residual: number;
}

function tryRatio(values: Float64Array, weights: MiddleWeights, variance: number | undefined): RatioTried {
  const { scale: best, residual } = middleFit(values, weights);
  if (variance === undefined) return { scale: best, residual };
  // At another scale than the best one the residual has a second part.
  const away = best / variance - 1;
  const factor = best / variance;
  return {
    scale: variance,
    residual: factor * factor * residual + (away * away * weights.size) / weights.squares.length,
  };
}

/** Inner point of the grid with the least residual: of all, or downhill from one that is known. */
function leastOf(residualAt: (j: number) => number, start: number | undefined): number {
  const last = ratios.length - 2;
  let best = start ?? 1;
  if (start === undefined) {
    for (let j = 2; j <= last; j++) if (residualAt(j) < residualAt(best)) best = j;
    return best;
  }
  while (best < last && residualAt(best + 1) < residualAt(best)) best++;
  while (best > 1 && residualAt(best - 1) < residualAt(best)) best--;
  return best;
}

function refined(before: RatioTried, at: RatioTried, after: RatioTried, j: number, rank: number): ScaleAndDegrees {
  const curvature = before.residual - 2 * at.residual + after.residual;
  const raw = curvature > 0 ? (before.residual - after.residual) / (2 * curvature) : 0;
  const step = Math.min(1, Math.max(-1, raw));
  const ratio = Math.min(1, Math.exp(Math.log(ratios[j]!) + step * logStep));
  const next = step > 0 ? after : before;
  const scale = at.scale ** (1 - Math.abs(step)) * next.scale ** Math.abs(step);
  return { scale, degrees: rank / ratio };
}
