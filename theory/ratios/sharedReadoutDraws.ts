import type { ActivationName } from '../contracts.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { fixedNormalFill, fixedUniforms } from '../numerics/fixedSequence.js';
import { softmax } from '../numerics/softmax.js';
import type { ReadoutEntry } from '../network/readoutEntry.js';

export interface SharedReadoutOptions {
  readonly classes: number;
  readonly width: number;
  readonly activation: ActivationName;
  readonly hiddenFactor: number;
  readonly entry: ReadoutEntry;
  /** Inputs that share each readout. */
  readonly inputsPerReadout: number;
  readonly readouts: number;
  readonly seed: number;
}

/** One readout from the fixed sequence, with inputs that share it. All is reused from one to the next. */
export interface SharedReadout {
  /** V, m×C: one row a hidden unit. */
  readonly columns: Float64Array;
  readonly inputs: readonly SharedInput[];
}

/** What one input makes of its units, σ and its derivatives at their pre-activations, and of the classes. */
export interface SharedInput {
  /** m each. */
  readonly h: Float64Array;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
  /** Softmax probabilities, C. */
  readonly probabilities: Float64Array;
}

/**
 * Visits readouts and inputs of a fixed sequence: integration points for expectations over V and several x that have no
 * closed form.
 */
export function forEachSharedReadout(options: SharedReadoutOptions, visit: (shared: SharedReadout) => void): void {
  const { classes, width, hiddenFactor, inputsPerReadout, readouts, seed } = options;
  const activation = activationFunctions(options.activation);
  const fillNormals = fixedNormalFill(seed);
  const fillEntries = entriesOf(options.entry, fillNormals, seed);
  const deviation = Math.sqrt(hiddenFactor);
  const columns = new Float64Array(classes * width);
  const normals = new Float64Array(inputsPerReadout * width);
  const inputs = Array.from({ length: inputsPerReadout }, () => ({
    h: new Float64Array(width),
    slope: new Float64Array(width),
    curvature: new Float64Array(width),
    probabilities: new Float64Array(classes),
  }));
  const logits = new Float64Array(classes);
  for (let r = 0; r < readouts; r += 1) {
    fillEntries(columns);
    fillNormals(normals);
    for (let n = 0; n < inputsPerReadout; n += 1) {
      const { h, slope, curvature, probabilities } = inputs[n];
      for (let k = 0; k < width; k += 1) {
        const u = deviation * normals[n * width + k];
        h[k] = activation.value(u);
        slope[k] = activation.first(u);
        curvature[k] = activation.second(u);
      }
      projectReadout(columns, h, classes, logits);
      softmax(logits, probabilities);
    }
    visit({ columns, inputs });
  }
}

/** Entries of V: normal ones from the sequence of the inputs, uniform ones from their own. */
function entriesOf(
  { variance, distribution }: ReadoutEntry,
  fillNormals: (out: Float64Array) => void,
  seed: number,
): (out: Float64Array) => void {
  const spread = Math.sqrt(variance);
  if (distribution === 'normal')
    return (out) => {
      fillNormals(out);
      for (let k = 0; k < out.length; k += 1) out[k] *= spread;
    };
  const uniform = fixedUniforms(seed + 7919);
  const bound = Math.sqrt(3) * spread;
  return (out) => {
    for (let k = 0; k < out.length; k += 1) out[k] = bound * (2 * uniform() - 1);
  };
}

function projectReadout(columns: Float64Array, features: Float64Array, classes: number, out: Float64Array): void {
  out.fill(0);
  for (let k = 0; k < features.length; k += 1) {
    const h = features[k];
    if (h === 0) continue;
    const row = k * classes;
    for (let c = 0; c < classes; c += 1) out[c] += h * columns[row + c];
  }
}
