import type { Readout } from './readout.js';

/**
 * Which averages over classes a pass is to collect, for columns of V: means E_p[v_i] and covariances Cov_p(v_i, v_j).
 */
export interface MomentRequest {
  readonly columns: readonly number[];
  readonly pairs: readonly (readonly [i: number, j: number])[];
}

export interface SoftmaxMoments {
  /** log Σ_c e^{f_c} for each sample. */
  readonly logNormaliser: Float64Array;
  /** E_p[v_i] for each sample, by column i. */
  readonly means: ReadonlyMap<number, Float64Array>;
  /** Cov_p(v_i, v_j) for each sample, in the order of the pairs asked for. */
  readonly covariances: readonly Float64Array[];
}

/** Some rows of V, and the likelihoods of their classes at one sample, relative to the largest of them. */
interface Tile {
  readonly rows: Float64Array;
  readonly width: number;
  readonly count: number;
  readonly likelihoods: Float64Array;
}

/** e^{f_c − max f} into the tile, for f = V h; the largest logit of the tile, and the sum of the likelihoods. */
function fillLikelihoods(
  { rows, width, count, likelihoods }: Tile,
  feature: Float64Array,
): { readonly largest: number; readonly total: number } {
  let largest = -Infinity;
  for (let c = 0; c < count; c++) {
    let logit = 0;
    for (let k = 0; k < width; k++) logit += rows[c * width + k]! * feature[k]!;
    likelihoods[c] = logit;
    if (logit > largest) largest = logit;
  }
  let total = 0;
  for (let c = 0; c < count; c++) {
    const likelihood = Math.exp(likelihoods[c]! - largest);
    likelihoods[c] = likelihood;
    total += likelihood;
  }
  return { largest, total };
}

/** Σ_c of likelihood times v_ci. */
function likelihoodSum({ rows, width, count, likelihoods }: Tile, i: number): number {
  let sum = 0;
  for (let c = 0; c < count; c++) sum += likelihoods[c]! * rows[c * width + i]!;
  return sum;
}

/** Σ_c of likelihood times (v_ci − meanI)(v_cj − meanJ). */
function likelihoodSpread(
  { rows, width, count, likelihoods }: Tile,
  i: number,
  meanI: number,
  j: number,
  meanJ: number,
): number {
  let sum = 0;
  for (let c = 0; c < count; c++)
    sum += likelihoods[c]! * (rows[c * width + i]! - meanI) * (rows[c * width + j]! - meanJ);
  return sum;
}

/**
 * One pass over the classes, holding a tile of them: f = V h and p = softmax(f) for every sample, and the moments asked
 * for.
 *
 * Tiles are joined by the update formula of Chan, Golub and LeVeque (1979) for means and covariances, with the weights
 * e^{f_c} relative to the largest logit met so far, so that nothing overflows and a covariance is not the difference of
 * two large numbers. `features` is width×samples. Cost O(C·N·(m + pairs)); memory O(N·(columns + pairs)), independent
 * of C.
 */
export function softmaxMoments(
  readout: Readout,
  features: Float64Array,
  samples: number,
  request: MomentRequest,
): SoftmaxMoments {
  const width = readout.fanIn;
  const columns = [...new Set([...request.columns, ...request.pairs.flat()])];
  const position = new Map(columns.map((column, k) => [column, k]));
  const first = request.pairs.map(([i]) => position.get(i)!);
  const second = request.pairs.map(([, j]) => position.get(j)!);

  const largest = new Float64Array(samples).fill(-Infinity);
  const total = new Float64Array(samples);
  const means = columns.map(() => new Float64Array(samples));
  const covariances = request.pairs.map(() => new Float64Array(samples));
  const feature = new Float64Array(width);
  const tileMeans = new Float64Array(columns.length);
  const shifts = new Float64Array(columns.length);
  let likelihoods = new Float64Array(0);

  readout.visitTiles((rows, _start, count) => {
    if (likelihoods.length < count) likelihoods = new Float64Array(count);
    const tile: Tile = { rows, width, count, likelihoods };
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < width; k++) feature[k] = features[k * samples + n]!;
      const { largest: tileLargest, total: tileTotal } = fillLikelihoods(tile, feature);
      const newLargest = Math.max(largest[n]!, tileLargest);
      const before = total[n]! * Math.exp(largest[n]! - newLargest);
      const added = tileTotal * Math.exp(tileLargest - newLargest);
      const after = before + added;
      const share = added / after;

      for (let a = 0; a < columns.length; a++) {
        tileMeans[a] = likelihoodSum(tile, columns[a]!) / tileTotal;
        shifts[a] = tileMeans[a]! - means[a]![n]!;
        means[a]![n]! += share * shifts[a]!;
      }
      for (let pair = 0; pair < covariances.length; pair++) {
        const a = first[pair]!;
        const b = second[pair]!;
        const spread = likelihoodSpread(tile, columns[a]!, tileMeans[a]!, columns[b]!, tileMeans[b]!) / tileTotal;
        const old = covariances[pair]![n]!;
        covariances[pair]![n] = (1 - share) * (old + share * shifts[a]! * shifts[b]!) + share * spread;
      }
      largest[n] = newLargest;
      total[n] = after;
    }
  });

  const logNormaliser = largest;
  for (let n = 0; n < samples; n++) logNormaliser[n]! += Math.log(total[n]!);
  return { logNormaliser, means: new Map(columns.map((column, k) => [column, means[k]!])), covariances };
}
