import type { Draw } from '../network/model.js';

/** What the loss makes of the outputs of each sample. Fields are C×N, one row of N a class. */
export interface SampleOutputs {
  /** Mean loss, and the share of samples whose largest output is their label's. */
  readonly loss: number;
  readonly accuracy: number;
  /** r = ∂ℓ/∂f: p − y for the cross-entropy, f − y for the squared error. */
  readonly residuals: Float64Array;
  /** (1/N) Σ‖r_n‖². */
  readonly residualPower: number;
  /** p, for the cross-entropy. */
  readonly probabilities: Float64Array | undefined;
  /** p(1 − p), for the cross-entropy: ∂²ℓ/∂f_c². */
  readonly spreads: Float64Array | undefined;
}

/**
 * Outputs of a draw, whose inputs must be in its workspace where the readout multiplies them. Every value is accurate
 * relative to itself, however near to 1 a probability is: with c* the class of the largest output, 1 − p_c* is the sum
 * of the other probabilities, and ℓ = log(1 + Σ_{c≠c*} e^{f_c − f_c*}) where the label is c*. 1 − p by subtraction
 * breaks ‖r‖² ≤ 2(1 − p_y)² by more than half where p_y rounds to 1.
 */
export function sampleOutputs(draw: Draw): SampleOutputs {
  const field = draw.statistics.logits();
  const outputs = draw.settings.loss === 'ce' ? ofCrossEntropy(draw, field) : ofSquaredError(draw, field);
  const power = outputs.residuals.reduce((sum, r) => sum + r * r, 0) / draw.settings.samples;
  return { ...outputs, residualPower: power };
}

type Outputs = Omit<SampleOutputs, 'residualPower'>;

/** The class of each sample's largest output, the first of equal ones. */
function largestOutputs(field: Float64Array, classes: number, samples: number): Int32Array {
  const largest = new Int32Array(samples);
  for (let c = 1; c < classes; c++)
    for (let n = 0; n < samples; n++) if (field[c * samples + n]! > field[largest[n]! * samples + n]!) largest[n] = c;
  return largest;
}

function ofCrossEntropy({ labels, settings: { classes, samples } }: Draw, field: Float64Array): Outputs {
  const largest = largestOutputs(field, classes, samples);
  const top = Float64Array.from(largest, (c, n) => field[c * samples + n]!);
  const ofLabel = Float64Array.from(labels, (c, n) => field[c * samples + n]!);
  /** Σ_{c≠c*} e^{f_c − f_c*}. */
  const others = new Float64Array(samples);
  const probabilities = field;
  for (let c = 0; c < classes; c++) {
    for (let n = 0; n < samples; n++) {
      const likelihood = c === largest[n] ? 1 : Math.exp(field[c * samples + n]! - top[n]!);
      if (c !== largest[n]) others[n]! += likelihood;
      probabilities[c * samples + n] = likelihood;
    }
  }
  const residuals = new Float64Array(field.length);
  const spreads = new Float64Array(field.length);
  for (let c = 0; c < classes; c++) {
    for (let n = 0; n < samples; n++) {
      const at = c * samples + n;
      const p = probabilities[at]! / (1 + others[n]!);
      const rest = c === largest[n] ? others[n]! / (1 + others[n]!) : 1 - p;
      probabilities[at] = p;
      residuals[at] = c === labels[n] ? -rest : p;
      spreads[at] = p * rest;
    }
  }
  let [loss, right] = [0, 0];
  for (let n = 0; n < samples; n++) {
    loss += top[n]! - ofLabel[n]! + Math.log1p(others[n]!);
    if (labels[n] === largest[n]) right++;
  }
  return { loss: loss / samples, accuracy: right / samples, residuals, probabilities, spreads };
}

function ofSquaredError({ labels, settings: { classes, samples } }: Draw, field: Float64Array): Outputs {
  const largest = largestOutputs(field, classes, samples);
  let right = 0;
  for (let n = 0; n < samples; n++) {
    if (labels[n] === largest[n]) right++;
    field[labels[n]! * samples + n]! -= 1;
  }
  const loss = field.reduce((sum, r) => sum + r * r, 0) / (2 * samples);
  return { loss, accuracy: right / samples, residuals: field, probabilities: undefined, spreads: undefined };
}
