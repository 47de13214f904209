import type { Backend } from '../contracts.js';
import { createInputSums } from '../blocks/index.js';
import type { Draw } from '../network/model.js';

/** ∂L/∂θ: W's part m×d, empty without a hidden layer; V's part C×m, or C×d for the linear model. */
export interface LossGradient {
  readonly hiddenLayer: Float64Array;
  readonly readout: Float64Array;
}

/**
 * The gradient by back-propagation, sample by sample: ∂L/∂w_i = (1/N) Σ σ′(u_i)(r·v_i) x and ∂L/∂v_i = (1/N) Σ r h_i.
 * It knows nothing of the sums S_i, whose contractions it must be.
 */
export function lossGradient(draw: Draw, backend: Backend, residuals: Float64Array): LossGradient {
  const { model, settings, features, slopes } = draw;
  const { samples, classes, dimension } = settings;
  const units = model.units(settings);
  const all = [...Array(samples).keys()];
  const sumInputs = createInputSums(draw, backend);
  if (units === 0) {
    const readout = new Float64Array(classes * dimension);
    sumInputs(all, classes, (c, n) => residuals[c * samples + n]!, readout);
    return { hiddenLayer: new Float64Array(0), readout };
  }
  const pulls = new Float64Array(units * samples);
  const readout = new Float64Array(classes * units);
  draw.readout.visitTiles((rows, start, count) => {
    for (let c = 0; c < count; c++) {
      const residual = residuals.subarray((start + c) * samples, (start + c + 1) * samples);
      for (let i = 0; i < units; i++) {
        const entry = rows[c * units + i]!;
        let sum = 0;
        for (let n = 0; n < samples; n++) {
          pulls[i * samples + n]! += entry * residual[n]!;
          sum += residual[n]! * features[i * samples + n]!;
        }
        readout[(start + c) * units + i] = sum / samples;
      }
    }
  });
  const hiddenLayer = new Float64Array(units * dimension);
  sumInputs(all, units, (i, n) => slopes[i * samples + n]! * pulls[i * samples + n]!, hiddenLayer);
  return { hiddenLayer, readout };
}
