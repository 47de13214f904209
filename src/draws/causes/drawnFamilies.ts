/** Spectra of covariance matrices of data that is not white: families of one parameter, each a kind of data. */
import { gammaVariate } from '../../../simulations/inputs/gammaVariate.js';
import { inputSampler } from '../../../simulations/inputs/index.js';
import type { RandomStream, Workspace } from '../../../simulations/contracts.js';

/** Unequal variances or correlations, of rows or of columns; and tails without a fourth moment. */
export type FamilyKind = 'rows or columns' | 'heavy tails';

export interface Family {
  readonly id: string;
  readonly kind: FamilyKind;
  /** Tried, and those between neighbours. */
  readonly grid: readonly number[];
  /** Fills the inputs, of variance 1 on average, where there is a variance. */
  fill(workspace: Workspace, stream: RandomStream, parameter: number): void;
}

/** Relative variance of a variance. */
const spreads = Array.from({ length: 9 }, (_, k) => 0.02 * 150 ** (k / 8));
const correlations = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/** Of Student's law: up to 4 without a fourth moment. */
const degrees = [2.3, 2.6, 3, 3.5, 4, 5, 7];

export const families: readonly Family[] = [
  {
    id: 'variances of rows',
    kind: 'rows or columns',
    grid: spreads,
    fill(workspace, stream, spread) {
      workspace.drawInputs(stream);
      scaleRows(workspace, () => Math.sqrt(varianceOfSpread(stream, spread)));
    },
  },
  {
    id: 'variances of columns',
    kind: 'rows or columns',
    grid: spreads,
    fill(workspace, stream, spread) {
      workspace.drawInputs(stream);
      const { inputs, dimension, samples } = workspace;
      for (let i = 0; i < dimension; i++) {
        const factor = Math.sqrt(varianceOfSpread(stream, spread));
        for (let n = 0; n < samples; n++) inputs[n * dimension + i]! *= factor;
      }
    },
  },
  {
    id: 'correlation of rows',
    kind: 'rows or columns',
    grid: correlations,
    fill(workspace, stream, correlation) {
      workspace.drawInputs(stream);
      const { inputs, dimension } = workspace;
      const innovation = Math.sqrt(1 - correlation * correlation);
      for (let at = dimension; at < inputs.length; at++)
        inputs[at] = correlation * inputs[at - dimension]! + innovation * inputs[at]!;
    },
  },
  {
    id: 'correlation of columns',
    kind: 'rows or columns',
    grid: correlations,
    fill: (workspace, stream, correlation) =>
      inputSampler({ kind: 'toeplitz', correlation }, workspace.dimension)(workspace, stream),
  },
  {
    id: 'entries',
    kind: 'heavy tails',
    grid: degrees,
    fill: (workspace, stream, freedom) =>
      inputSampler({ kind: 'student', degrees: freedom, radius: 'independent' }, workspace.dimension)(
        workspace,
        stream,
      ),
  },
  {
    id: 'lengths of rows',
    kind: 'heavy tails',
    grid: degrees,
    fill: (workspace, stream, freedom) =>
      inputSampler({ kind: 'student', degrees: freedom, radius: 'shared' }, workspace.dimension)(workspace, stream),
  },
];

/** A gamma variate of mean 1 and variance `spread`. */
function varianceOfSpread(stream: RandomStream, spread: number): number {
  const shape = 1 / spread;
  // Gamma(a) = Gamma(a + 1) U^{1/a}: the variate takes shapes from 1 up.
  if (shape < 1) return spread * gammaVariate(stream, shape + 1) * stream.uniform() ** spread;
  return spread * gammaVariate(stream, shape);
}

function scaleRows({ inputs, dimension, samples }: Workspace, factorOf: () => number): void {
  for (let n = 0; n < samples; n++) {
    const factor = factorOf();
    for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! *= factor;
  }
}

/** Ascending eigenvalues of (1/N) Σ x xᵀ without its zeros. */
export function familySpectrum(
  family: Family,
  workspace: Workspace,
  stream: RandomStream,
  parameter: number,
): Float64Array {
  family.fill(workspace, stream, parameter);
  const { dimension, samples } = workspace;
  const all = workspace.eigenvalues(new Float64Array(samples).fill(1));
  return all.slice(dimension - Math.min(dimension, samples));
}
