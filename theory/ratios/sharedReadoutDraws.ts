import type { ActivationName } from '../contracts.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { fixedNormals, fixedUniforms } from '../numerics/fixedSequence.js';
import { softmax } from '../numerics/softmax.js';
import type { ReadoutEntry } from '../network/readoutEntry.js';
import type { Unit } from '../network/unitExpectations.js';

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
  /** inputs×m. */
  readonly units: readonly (readonly Unit[])[];
  /** inputs×C softmax probabilities, one array an input. */
  readonly probabilities: readonly Float64Array[];
}

/**
 * Visits readouts and inputs of a fixed sequence: integration points for expectations over V and several x that have no
 * closed form.
 */
export function forEachSharedReadout(options: SharedReadoutOptions, visit: (shared: SharedReadout) => void): void {
  const { classes, width, hiddenFactor, entry, inputsPerReadout, readouts, seed } = options;
  const activation = activationFunctions(options.activation);
  const normal = fixedNormals(seed);
  const uniform = fixedUniforms(seed + 7919);
  const deviation = Math.sqrt(hiddenFactor);
  const spread = Math.sqrt(entry.variance);
  const drawEntry =
    entry.distribution === 'normal' ? () => spread * normal() : () => Math.sqrt(3) * spread * (2 * uniform() - 1);
  const columns = new Float64Array(classes * width);
  const probabilities = Array.from({ length: inputsPerReadout }, () => new Float64Array(classes));
  const units = probabilities.map(() => Array.from({ length: width }, () => ({ h: 0, slope: 0, curvature: 0 })));
  const logits = new Float64Array(classes);
  for (let r = 0; r < readouts; r += 1) {
    for (let k = 0; k < columns.length; k += 1) columns[k] = drawEntry();
    units.forEach((own, n) => {
      for (const unit of own) {
        const u = deviation * normal();
        unit.h = activation.value(u);
        unit.slope = activation.first(u);
        unit.curvature = activation.second(u);
      }
      projectReadout(columns, own, classes, logits);
      softmax(logits, probabilities[n]);
    });
    visit({ columns, units, probabilities });
  }
}

function projectReadout(columns: Float64Array, units: readonly Unit[], classes: number, out: Float64Array): void {
  out.fill(0);
  units.forEach(({ h }, k) => {
    if (h === 0) return;
    for (let c = 0; c < classes; c += 1) out[c] += h * columns[k * classes + c];
  });
}
