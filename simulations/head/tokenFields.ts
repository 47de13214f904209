import type { Backend, HeadWorkspace } from '../contracts.js';
import { findNormaliser, givenNormaliser } from './normaliser.js';
import { visitProbabilities } from './overlaps.js';
import type { RowSource } from './rowSource.js';
import type { Readout } from './visitLogits.js';

/** Predictions of some tokens: rows of N numbers, one a token. */
export interface TokenFields {
  readonly tokens: readonly number[];
  readonly samples: number;
  /** p_i(n). */
  readonly probabilities: Float64Array;
  /** p_i(1 − p_i). */
  readonly weights: Float64Array;
}

/** @param logNormaliser log Σ_c e^(f_c) of each sample, over all classes */
export function tokenFields(
  features: Float64Array,
  readout: Readout,
  logNormaliser: Float64Array,
  tokens: readonly number[],
  backend: Backend,
): TokenFields {
  const workspace = backend.createHeadWorkspace(readout.rows.dimension, logNormaliser.length);
  workspace.features.set(features);
  workspace.takeFeatures();
  return fieldsOf(workspace, readout, logNormaliser, tokens);
}

/** The same of features whose normaliser is not known yet, in a workspace that is there: a pass over V. */
export function ownTokenFields(
  workspace: HeadWorkspace,
  features: Float64Array,
  readout: Readout,
  tokens: readonly number[],
): TokenFields {
  workspace.features.set(features);
  workspace.takeFeatures();
  return fieldsOf(workspace, readout, findNormaliser(workspace, readout).logNormaliser, tokens);
}

function fieldsOf(
  workspace: HeadWorkspace,
  { rows, bias }: Readout,
  logNormaliser: Float64Array,
  tokens: readonly number[],
): TokenFields {
  const { samples } = workspace;
  const probabilities = new Float64Array(tokens.length * samples);
  const weights = new Float64Array(tokens.length * samples);
  const chosen = {
    rows: rowsOf(rows, tokens),
    bias: bias === undefined ? undefined : Float64Array.from(tokens, (token) => bias[token]!),
  };
  const { fields, fieldRow } = workspace;
  visitProbabilities(workspace, chosen, givenNormaliser(logNormaliser), (first, count) => {
    for (let c = 0; c < count; c += 1) {
      const from = c * fieldRow;
      probabilities.set(fields.probabilities.subarray(from, from + samples), (first + c) * samples);
      weights.set(fields.weights.subarray(from, from + samples), (first + c) * samples);
    }
  });
  return { tokens, samples, probabilities, weights };
}

/** Some rows of a source. */
function rowsOf(source: RowSource, numbers: readonly number[]): RowSource {
  const { dimension } = source;
  return {
    rows: numbers.length,
    dimension,
    read(first, out) {
      for (let k = 0; k * dimension < out.length; k += 1)
        source.read(numbers[first + k]!, out.subarray(k * dimension, (k + 1) * dimension));
    },
  };
}
