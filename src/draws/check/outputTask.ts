/**
 * Output blocks of one draw of the hidden model. They are m×m with m fixed, so that their law is a law of large
 * numbers: given V and W the block tends to a matrix as N grows, and its eigenvalues to those of that matrix
 * (paper-notes.md, output blocks).
 */
import { outputBlock } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { scaledIdentity } from '../../../theory/numerics/gramFactor.js';
import { gramOfRows } from '../lawsOfDraw.js';
import type { BlockRequest } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';

export interface OutputTask {
  readonly kind: 'output';
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly seed: string;
  readonly replicate: number;
  readonly blocks: readonly BlockRequest[];
  readonly claimed: readonly Perturbation[];
  /** Eigenvalues against those of both levels, for the first claimed law: for draws that are shown. */
  readonly levels: boolean;
}

export interface OutputTaskResult {
  readonly kind: 'output';
  readonly blocks: readonly OutputBlockResult[];
}

export interface OutputBlockResult {
  readonly block: BlockRequest;
  readonly vanishes: boolean;
  /** Ascending, m of them. */
  readonly eigenvalues: Float64Array;
  /**
   * For each claimed law tr H / tr E[H | V, W] − 1 and ⟨H, E⟩ / ⟨E, E⟩ − 1: mean zero over draws of the inputs.
   */
  readonly claims: readonly (readonly [trace: number, projection: number])[];
  readonly levels: OutputLevels | undefined;
}

/** One block against the first claimed law, at the two levels that are not trivial. */
export interface OutputLevels {
  /** Eigenvalues of the limit matrix given V (W Wᵀ at its limit), and given V and W. */
  readonly predicted: readonly [limit: Float64Array, initialisation: Float64Array];
  /** max |λ_k − predicted λ_k| over the largest |predicted|. */
  readonly distances: readonly [limit: number, initialisation: number];
}

export async function performOutputTask(task: OutputTask, environment: TaskEnvironment): Promise<OutputTaskResult> {
  const { settings } = task;
  const { width, dimension, classes } = settings;
  const workspace = environment.workspace(dimension, settings.samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: { hidden: [], output: task.blocks.map(({ i, j }) => [i, j] as [number, number]) },
  });
  const readout = draw.readout.rows([...Array(classes).keys()]);
  const scheme = initialisationScheme(settings.initialisation, { ...settings });
  const eigenvaluesOf = (matrix: Float64Array) => environment.backend.symmetricEigenvalues(matrix, width);
  const blocks = task.blocks.map(({ i, j }): OutputBlockResult => {
    const observed = outputBlock(draw, i, j);
    const vanishes = observed.every((entry) => entry === 0);
    const eigenvalues = eigenvaluesOf(observed);
    if (vanishes) return { block: { i, j }, vanishes, eigenvalues, claims: [], levels: undefined };
    const meanOf = (claim: Perturbation, preactivationGram: Float64Array) =>
      outputBlockMean({
        loss: settings.loss,
        activation: claim.activation ?? settings.activation,
        readout,
        classes,
        width,
        i,
        j,
        preactivationGram,
      }).matrix;
    const given = task.claimed.map((claim) =>
      meanOf(claim, gramOfRows(draw.hiddenLayer, width, dimension, claim.logitVariance)),
    );
    const levelsOf = (claim: Perturbation): OutputLevels => {
      const limit = scaledIdentity(width, (scheme.hidden?.varianceFactor ?? 1) * claim.logitVariance);
      const predicted = [eigenvaluesOf(meanOf(claim, limit)), eigenvaluesOf(given[0]!)] as const;
      return {
        predicted,
        distances: [spectralGap(eigenvalues, predicted[0]), spectralGap(eigenvalues, predicted[1])],
      };
    };
    return {
      block: { i, j },
      vanishes,
      eigenvalues,
      claims: given.map((mean) => [
        trace(observed, width) / trace(mean, width) - 1,
        inner(observed, mean) / inner(mean, mean) - 1,
      ]),
      levels: task.levels ? levelsOf(task.claimed[0]!) : undefined,
    };
  });
  return { kind: 'output', blocks };
}

function spectralGap(eigenvalues: Float64Array, predicted: Float64Array): number {
  let gap = 0;
  let size = 0;
  for (let k = 0; k < predicted.length; k++) {
    gap = Math.max(gap, Math.abs(eigenvalues[k]! - predicted[k]!));
    size = Math.max(size, Math.abs(predicted[k]!));
  }
  return gap / size;
}

function trace(matrix: Float64Array, order: number): number {
  let sum = 0;
  for (let k = 0; k < order; k++) sum += matrix[k * order + k]!;
  return sum;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
