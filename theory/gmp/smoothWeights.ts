import type { DiscreteMeasure } from '../contracts.js';
import type { ContourMeasure } from './contourMeasure.js';

/**
 * A weight law with a density, known through quadratures. It is a type of its own because its real nodes must not be
 * taken for atoms: the spectral law of atoms has a gap around each of them wherever the density is thin.
 */
export interface SmoothWeights {
  /**
   * Real nodes for expectations E f(a) of functions that are smooth on the scale of the weights (`momentOf`, the
   * outlier equations), and for points off the support.
   */
  readonly quadrature: DiscreteMeasure;
  /** −1 where `path` is that of −a. */
  readonly sign: 1 | -1;
  /** The quadrature on a path off the axis that the spectral law is made from; made when first asked for. */
  readonly path: () => ContourMeasure;
}

/** Atoms, drawn weights among them, or a density. */
export type WeightLaw = DiscreteMeasure | SmoothWeights;

/** Whether weights have a density: their law is solved on a path off the axis. */
export function isSmooth(weights: WeightLaw): weights is SmoothWeights {
  return 'path' in weights;
}

/** The nodes that E f(a) is summed over: the atoms, or the quadrature of a density. */
export function expectationNodes(weights: WeightLaw): DiscreteMeasure {
  return isSmooth(weights) ? weights.quadrature : weights;
}
