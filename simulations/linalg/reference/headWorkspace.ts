import type { HeadField, HeadWorkspace } from '../../contracts.js';
import { checkSize } from '../checks.js';
import { dot, rowOf } from '../vectors.js';

const tileRows = 16;

/** The operations on a readout of many rows as plain loops, each read beside its formula in the contract. */
export function createHeadWorkspace(dimension: number, samples: number): HeadWorkspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const numbers = (length = samples): Float64Array => new Float64Array(length);
  const field = (): Float64Array => numbers(tileRows * samples);
  const square = (): Float64Array => numbers(samples * samples);
  const fields = { probabilities: field(), squares: field(), weights: field() };
  const matrices = { gram: square(), probabilities: square(), squares: square(), weights: square() };
  const features = numbers(samples * dimension);
  const rows = numbers(tileRows * dimension);
  const bias = numbers(tileRows);
  const [largest, winner, others] = [numbers(), numbers(), numbers()];
  const [shift, scale, mass] = [numbers(), numbers(), numbers()];
  const { probabilities: p } = fields;

  return {
    dimension,
    samples,
    tileRows,
    fieldRow: samples,
    matrixRow: samples,
    ...{ features, rows, bias, fields, matrices, largest, winner, others, shift, scale, mass },
    takeFeatures() {
      for (const sums of [...Object.values(matrices), winner, others, mass]) sums.fill(0);
      largest.fill(-1e308);
      for (let n = 0; n < samples; n += 1)
        for (let m = 0; m <= n; m += 1)
          matrices.gram[n * samples + m] = dot(rowOf(features, n, dimension), rowOf(features, m, dimension));
    },
    project(count) {
      for (let c = 0; c < count; c += 1)
        for (let n = 0; n < samples; n += 1)
          p[c * samples + n] = dot(rowOf(rows, c, dimension), rowOf(features, n, dimension)) + bias[c]!;
    },
    takeLogits(first, count) {
      let magnitude = 0;
      for (let k = 0; k < count * samples; k += 1) {
        const n = k % samples;
        const logit = p[k]!;
        const decay = Math.exp(-Math.abs(logit - largest[n]!));
        magnitude = Math.max(magnitude, Math.abs(logit));
        if (logit > largest[n]!) {
          others[n] = (others[n]! + 1) * decay;
          largest[n] = logit;
          winner[n] = first + Math.floor(k / samples);
        } else others[n]! += decay;
      }
      return magnitude;
    },
    takeProbabilities(count) {
      for (let k = 0; k < count * samples; k += 1) {
        const n = k % samples;
        p[k] = Math.exp(p[k]! - shift[n]!) * scale[n]!;
        fields.squares[k] = p[k]! ** 2;
        fields.weights[k] = p[k]! - p[k]! ** 2;
        mass[n]! += p[k]!;
      }
    },
    addOverlaps(count) {
      for (const name of ['probabilities', 'squares', 'weights'] as const)
        for (let c = 0; c < count; c += 1) {
          const x = rowOf(fields[name], c, samples);
          for (let n = 0; n < samples; n += 1)
            for (let m = 0; m <= n; m += 1) matrices[name][n * samples + m]! += x[n]! * x[m]!;
        }
    },
    takeTriangles() {},
    quadraticForms(name: HeadField, matrix, count) {
      const form = (x: Float64Array): number => {
        let sum = 0;
        for (let n = 0; n < samples; n += 1) sum += x[n]! * dot(rowOf(matrices[matrix], n, samples), x);
        return 2 * sum;
      };
      return Float64Array.from({ length: count }, (_, c) => form(rowOf(fields[name], c, samples)));
    },
    linearForms: (name, vector, count) =>
      Float64Array.from({ length: count }, (_, c) => dot(rowOf(fields[name], c, samples), vector)),
  };
}
