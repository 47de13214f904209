import type { DrawSettings, Parameters, Workspace } from '../contracts.js';
import { modelOf, type Activation } from '../models/index.js';

/** Classes whose outputs are held at a time. */
const tileClasses = 64;

/** The class of the largest output for each input in the workspace; of equal outputs the first. */
export function largestOutputs(
  settings: DrawSettings,
  workspace: Workspace,
  activation: Activation,
  { hiddenLayer, readout }: Parameters,
): Int32Array {
  const { classes } = settings;
  const { samples } = workspace;
  const model = modelOf(settings);
  const units = model.units(settings);
  const { features } = model.fields({ settings: { ...settings, samples }, workspace, activation, hiddenLayer });
  const width = readout.length / classes;
  const largest = new Float64Array(samples).fill(-Infinity);
  const found = new Int32Array(samples);
  const outputs = new Float64Array(Math.min(tileClasses, classes) * samples);
  for (let start = 0; start < classes; start += tileClasses) {
    const count = Math.min(tileClasses, classes - start);
    const rows = readout.subarray(start * width, (start + count) * width);
    if (units === 0) workspace.project(rows, count, outputs);
    else multiplyFeatures(rows, count, features, samples, outputs);
    for (let c = 0; c < count; c += 1) {
      for (let n = 0; n < samples; n += 1) {
        const output = outputs[c * samples + n]!;
        if (output <= largest[n]!) continue;
        largest[n] = output;
        found[n] = start + c;
      }
    }
  }
  return found;
}

/** `count` rows of V times the features, units×N. */
function multiplyFeatures(
  rows: Float64Array,
  count: number,
  features: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  const width = rows.length / count;
  out.fill(0);
  for (let c = 0; c < count; c += 1) {
    for (let k = 0; k < width; k += 1) {
      const entry = rows[c * width + k]!;
      for (let n = 0; n < samples; n += 1) out[c * samples + n]! += entry * features[k * samples + n]!;
    }
  }
}
