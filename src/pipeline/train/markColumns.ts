/** The numbers of a mark that a table shows, one value a replicate. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import type { Layer } from '../../../theory/names.js';
import type { ColumnName } from '../../../figures/trainResult.js';

export interface MarkColumn {
  readonly name: ColumnName;
  /** Undefined where the model, or the labels, have no such number. */
  valueOf(mark: MarkObservation, about: ColumnContext): number | undefined;
}

export interface ColumnContext {
  readonly settings: DrawSettings;
  /** Whether the inputs off the directions are standard normal given the residual, on data that were not trained on. */
  readonly scored: boolean;
}

const meanOf = (values: readonly (number | null)[]): number | undefined => {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0) / present.length;
};

/** Of the one diagonal block that is looked at. */
const diagonalOf = <Value>(
  blocks: MarkObservation['blocks'],
  valueOf: (block: MarkObservation['blocks'][number]) => Value,
): Value[] => blocks.filter(({ i, j }) => i === j).map(valueOf);

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
    valueOf: ({ units }, { scored }) => (scored ? meanOf(units.map(({ residualRatio }) => residualRatio)) : undefined),
  },
  {
    name: 'residualScore',
    valueOf: ({ units }, { scored }) => (scored ? meanOf(units.map(({ residualScore }) => residualScore)) : undefined),
  },
  {
    name: 'traceScore',
    valueOf: ({ blocks }, { scored }) =>
      scored ? meanOf(diagonalOf(blocks, ({ traceScore }) => traceScore)) : undefined,
  },
  {
    name: 'distanceGivenWeights',
    valueOf: ({ blocks }) => meanOf(diagonalOf(blocks, ({ distances }) => distances && distances.drawnWeights)),
  },
  {
    name: 'distanceGivenLayers',
    valueOf: ({ blocks }) => meanOf(diagonalOf(blocks, ({ distances }) => distances && distances.layers)),
  },
];
