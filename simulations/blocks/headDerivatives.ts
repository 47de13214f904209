import type { Draw } from '../network/model.js';
import { addTransposedTimesField, timesField } from '../network/fieldProducts.js';
import { requireIndex } from '../network/requireIndex.js';

/** Derivatives of each sample's loss in f = V h_L, and through V in h_L. */
export interface HeadDerivatives {
  /** ∂loss/∂h_L = Vᵀ r, n_L×N. */
  readonly gradient: Float64Array;
  /** r_c = ∂loss/∂f_c, N values. */
  residual(c: number): Float64Array;
  /** Vᵀ Π V ḣ, n_L×N, with Π the second derivative in the outputs: diag p − p pᵀ, or 1. */
  curvatureTimes(change: Float64Array): Float64Array;
  /** Row c of Π V ḣ, N values. */
  changeOfResidual(c: number, change: Float64Array): Float64Array;
}

/** Holds one C×N field, the probabilities or the outputs; V is read by tiles. */
export function headDerivatives(draw: Draw): HeadDerivatives {
  const { labels, readout, features, settings } = draw;
  const { samples, classes, loss } = settings;
  const outputs = new Float64Array(classes * samples);
  readout.visitTiles((rows, start, count) => outputs.set(timesField(rows, count, features, samples), start * samples));
  if (loss === 'ce') softmaxOfColumns(outputs, samples);
  const isLabel = (c: number, n: number) => (labels[n] === c ? 1 : 0);
  const residual = (c: number): Float64Array => {
    requireIndex('class', c, classes);
    return outputs.slice(c * samples, (c + 1) * samples).map((value, n) => value - isLabel(c, n));
  };
  /** Vᵀ of what `field` makes of each row of V. */
  const carriedDown = (field: (c: number, row: Float64Array) => Float64Array): Float64Array => {
    const out = new Float64Array(features.length);
    readout.visitTiles((rows, start, count) => {
      const values = new Float64Array(count * samples);
      for (let c = 0; c < count; c++)
        values.set(field(start + c, rows.subarray(c * readout.fanIn, (c + 1) * readout.fanIn)), c * samples);
      addTransposedTimesField(rows, count, values, out);
    });
    return out;
  };
  // E_p v, so that the mean of V ḣ under p takes no pass over the classes.
  const meanRow =
    loss === 'ce' ? carriedDown((c) => outputs.subarray(c * samples, (c + 1) * samples)) : new Float64Array(0);
  const changeOf = (c: number, row: Float64Array, change: Float64Array, mean: Float64Array): Float64Array => {
    const out = timesField(row, 1, change, samples);
    if (loss === 'ce') for (let n = 0; n < samples; n++) out[n] = outputs[c * samples + n]! * (out[n]! - mean[n]!);
    return out;
  };
  const meanOf = (change: Float64Array): Float64Array => {
    const mean = new Float64Array(samples);
    for (let e = 0; e < meanRow.length; e++) mean[e % samples]! += meanRow[e]! * change[e]!;
    return mean;
  };
  return {
    gradient: carriedDown(residual),
    residual,
    curvatureTimes(change) {
      if (loss === 'mse') return timesField(draw.statistics.readoutGram(), readout.fanIn, change, samples);
      const mean = meanOf(change);
      return carriedDown((c, row) => changeOf(c, row, change, mean));
    },
    changeOfResidual: (c, change) => changeOf(c, draw.statistics.readoutRow(c), change, meanOf(change)),
  };
}

/** e^{f_c} / Σ e^{f_c} of every column of a field, in place. */
function softmaxOfColumns(field: Float64Array, samples: number): void {
  const largest = new Float64Array(samples).fill(-Infinity);
  const total = new Float64Array(samples);
  for (let e = 0; e < field.length; e++) largest[e % samples] = Math.max(largest[e % samples]!, field[e]!);
  for (let e = 0; e < field.length; e++) {
    field[e] = Math.exp(field[e]! - largest[e % samples]!);
    total[e % samples]! += field[e]!;
  }
  for (let e = 0; e < field.length; e++) field[e]! /= total[e % samples]!;
}
