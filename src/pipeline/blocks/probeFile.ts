/** What an exporter says of a network, and squared norms of blocks of its Hessian as probes found them. */
import type { FinalNormName, FloorName, Loss, PartitionName } from '../../../theory/names.js';

/** A tensor of the network, cut into blocks. */
export interface TensorFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly partition: PartitionName;
  /** B: how many blocks the tensor has. */
  readonly blocks: number;
  /** How many of them the data reach; those of other tokens are 0 and were not to be picked. */
  readonly live: number;
  /** Which known floor applies, by whoever exported it. */
  readonly floor: FloorName | null;
}

export interface NetworkFacts {
  /** C. */
  readonly classes: number;
  /** N. */
  readonly samples: number;
  /** D, width of the last hidden state. */
  readonly dimension: number | null;
  readonly loss: Loss;
  /** Number of the draw: files that differ in it alone are draws of one network. */
  readonly initialisation: number | null;
  readonly step: number | null;
  readonly label: string | null;
  readonly finalNorm: FinalNormName | null;
  /** Mean of cos² over pairs of inputs of the final norm, centred for LayerNorm. */
  readonly cosineSquare: number | null;
  /** Positions of a sequence. */
  readonly sequence: number | null;
  readonly tensors: readonly TensorFacts[];
}

/** P×K squared norms, a probed block a row and a probe a column: unbiased for the block's own, and for all others of its row. */
export interface ProbedNorms {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
}

export interface ProbedTensor extends TensorFacts {
  /** The P blocks that were probed, and how often each. */
  readonly probed: readonly number[];
  readonly probes: number;
  readonly gaussNewton: ProbedNorms;
  readonly hessian: ProbedNorms | null;
}

export interface ProbeFile extends NetworkFacts {
  /** Its name, for sentences. */
  readonly source: string;
  readonly tensors: readonly ProbedTensor[];
}
