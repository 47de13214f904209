import type { HeadWorkspace } from '../contracts.js';
import type { Normaliser } from './normaliser.js';
import { visitLogits, type Readout } from './visitLogits.js';

/**
 * A pass over V with the probabilities of each tile in the workspace's fields: p, p², and a = p(1 − p), where 1 − p of the largest
 * comes from the sum of the others.
 */
export function visitProbabilities(
  workspace: HeadWorkspace,
  readout: Readout,
  { shift, scale, winner, rest }: Normaliser,
  visit: (first: number, count: number) => void,
): void {
  workspace.shift.set(shift);
  workspace.scale.set(scale);
  const { fields, fieldRow } = workspace;
  visitLogits(workspace, readout, (first, count) => {
    workspace.takeProbabilities(count);
    winner?.forEach((c, n) => {
      const at = (c - first) * fieldRow + n;
      if (c >= first && c < first + count) fields.weights[at] = fields.probabilities[at]! * rest![n]!;
    });
    visit(first, count);
  });
}

export interface Overlaps {
  /** (1/N) Σ_n p_c(n), C values. */
  readonly meanPrediction: Float64Array;
  /** Σ_c p_c(n), N values: 1 up to rounding, or to what a given normaliser is off. */
  readonly mass: Float64Array;
}

/** Fills the workspace's matrices S = PPᵀ, U = QQᵀ and T = AAᵀ with Q = P∘P and A = P − Q, N×N each. */
export function takeOverlaps(workspace: HeadWorkspace, readout: Readout, normaliser: Normaliser): Overlaps {
  const { samples } = workspace;
  const meanPrediction = new Float64Array(readout.rows.rows);
  const equal = new Float64Array(samples).fill(1 / samples);
  visitProbabilities(workspace, readout, normaliser, (first, count) => {
    workspace.addOverlaps(count);
    meanPrediction.set(workspace.linearForms('probabilities', equal, count), first);
  });
  return { meanPrediction, mass: workspace.mass.slice() };
}
