/** The numbers of a mark that a table shows, one value a replicate. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import type { LabelRule, Layer } from '../../../theory/names.js';
import type { ColumnName } from '../../../figures/trainResult.js';

export interface MarkColumn {
  readonly name: ColumnName;
  /** Undefined where the model, or the labels, have no such number. */
  valueOf(mark: MarkObservation, about: ColumnContext): number | undefined;
}

export interface ColumnContext {
  readonly settings: DrawSettings;
  readonly labels: LabelRule;
}

const meanOf = (values: readonly (number | null)[]): number | undefined => {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0) / present.length;
};

/**
 * Scores say whether the residual depends on the inputs off the directions that labels come through. Those of a data
 * set come through directions that nobody knows, and what they say would be mistaken for memorisation.
 */
const ofKnownLabels = (labels: LabelRule, value: number | undefined): number | undefined =>
  labels === 'file' ? undefined : value;

/** Of the mean squared norms of off-diagonal and diagonal blocks, C^power times. */
const ratioOf =
  (of: Layer, power: number): MarkColumn['valueOf'] =>
  ({ layers }, { settings: { classes } }) => {
    const found = layers.find(({ layer, count }) => layer === of && count > 1);
    return found === undefined || found.diagonal === 0
      ? undefined
      : (classes ** power * found.offDiagonal) / found.diagonal;
  };

export const markColumns: readonly MarkColumn[] = [
  { name: 'loss', valueOf: ({ loss }) => loss },
  { name: 'accuracy', valueOf: ({ accuracy }) => accuracy },
  { name: 'residualPower', valueOf: ({ residualPower }) => residualPower },
  { name: 'residualPart', valueOf: ({ cross }) => cross?.residual },
  { name: 'curvaturePart', valueOf: ({ cross }) => cross?.curvature },
  { name: 'cross', valueOf: ({ cross }) => cross?.total },
  {
    name: 'residualShare',
    valueOf: ({ cross }) => (cross && cross.total > 0 ? cross.residual / cross.total : undefined),
  },
  { name: 'crossShare', valueOf: ({ crossShare }) => crossShare ?? undefined },
  // The rates of the paper at initialisation: 1/C of the hidden layer, 1/C² of the output layer.
  { name: 'hiddenRatio', valueOf: ratioOf('hidden', 1) },
  { name: 'outputRatio', valueOf: ratioOf('output', 2) },
  {
    name: 'residualRatio',
    valueOf: ({ units }, { labels }) => ofKnownLabels(labels, meanOf(units.map(({ residualRatio }) => residualRatio))),
  },
  {
    name: 'residualScore',
    valueOf: ({ units }, { labels }) => ofKnownLabels(labels, meanOf(units.map(({ residualScore }) => residualScore))),
  },
  {
    name: 'traceScore',
    valueOf: ({ blocks }, { labels }) =>
      ofKnownLabels(labels, meanOf(blocks.filter(({ i, j }) => i === j).map(({ traceScore }) => traceScore))),
  },
];
