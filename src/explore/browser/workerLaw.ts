import type { Outlier } from '../../../theory/contracts.js';
import { paperActivation } from '../../../theory/names.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { lawOfState, scalingOf, unitOf, viewOf } from './lawOfState.js';
import type { LawView } from './lawOfState.js';
import { familyOf, isWeighted, samplesOf } from './state.js';
import type { ExplorerState } from './state.js';

/**
 * Points of the cubature over pre-activations, fewer when there are many classes: the page should answer within a
 * second or two, at a million classes in ten.
 */
const cubaturePoints = (classes: number): number =>
  classes > 20000 ? 256 : classes > 2000 ? 1024 : classes > 200 ? 2048 : 8192;

/** Outliers integrate over all classes many times. */
const outlierClasses = { softmax: 256, givenReadout: 2000 } as const;

const partner = (state: ExplorerState): number => (state.block === 'diagonal' ? 0 : 1);

/** Law of a hidden cross-entropy block given V. */
export function hiddenLawView(
  state: ExplorerState,
  readout: Float64Array,
): { readonly view: LawView | undefined; readonly note: string } {
  const found = lawOfState(state, { readout, points: cubaturePoints(state.classes) });
  return {
    view: viewOf(found),
    note: `Given the drawn V (seed ${state.seed}). ${found.note ?? ''}`,
  };
}

/** Eigenvalues of the m×m output block as N → ∞, given V, as a law of atoms. */
export function outputLawView(
  state: ExplorerState,
  readout: Float64Array,
): { readonly view: LawView | undefined; readonly note: string } {
  const { classes, width } = state;
  const { matrix, error } = outputBlockMean({
    loss: 'ce',
    activation: paperActivation,
    readout,
    classes,
    width,
    i: 0,
    j: partner(state),
    points: cubaturePoints(classes),
  });
  return {
    view: viewOf({ eigenvalues: Array.from(symmetricEigenvalues(matrix, width)) }),
    note: `The block is ${width}×${width}: its limit given the drawn V (seed ${state.seed}) is a matrix, whose eigenvalues are shown; relative error of the cubature ${error.toExponential(1)}.`,
  };
}

/**
 * Outliers of the block for N samples: weights rarer than one in N are taken to be at the edge of what N draws show.
 */
export function outliersOfState(
  state: ExplorerState,
  readout: Float64Array | undefined,
): { readonly outliers: readonly Outlier[]; readonly note: string } {
  const { loss, block, classes } = state;
  if (!isWeighted(state)) return { outliers: [], note: 'An output block is m×m: it has no bulk to leave.' };
  if (loss === 'mse') {
    const outliers = lawOfState(state).outliers?.() ?? [];
    return { outliers, note: block === 'diagonal' ? '' : unitOf(state) };
  }
  const { random } = familyOf(state);
  if (random && readout === undefined) return { outliers: [], note: '' };
  const most = random ? outlierClasses.givenReadout : outlierClasses.softmax;
  if (classes > most) return { outliers: [], note: `Outliers are computed up to C = ${most}.` };
  const found = lawOfState(
    state,
    readout === undefined ? { scaling: 'raw' } : { readout, points: cubaturePoints(classes) },
  );
  const samples = samplesOf(state);
  const negligibleMass = Math.min(0.01, 1 / samples);
  const factor = scalingOf(state).factor(state);
  return {
    outliers: found.outliers!({ points: 1024, negligibleMass }).map((outlier) => ({
      ...outlier,
      at: outlier.at * factor,
    })),
    note: `For N = ${samples} samples${readout === undefined ? '' : ', given the drawn V'}.`,
  };
}
