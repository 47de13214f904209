/** What `limitlaw blocks` finds: plain data, for the terminal, a page, figures and programs. */
import type { Interval } from '../theory/contracts.js';
import type { TrendInClasses } from '../simulations/comparisons/index.js';
import type { FinalNormName, FloorName, Loss, PartitionName } from '../theory/names.js';

/** Standard errors, each from another source; null where one cannot be told. */
export interface SourcesOfError {
  /** Of the probes, the networks and the probed blocks given. */
  readonly probes: number | null;
  /** Of which blocks were probed; 0 where all were. */
  readonly blocks: number | null;
  /** Over initialisations, with both others in it; null for one network. */
  readonly initialisations: number | null;
}

/** A number with its errors, and the one that exponents and figures take: over initialisations, else of probes and blocks. */
export interface Probed {
  readonly value: number;
  readonly errors: SourcesOfError;
  readonly error: number | null;
  readonly degrees: number | null;
}

/** Of one Hessian, full or Gauss–Newton. */
export interface BlockNorms {
  /** Mean of ‖H_bb‖² over blocks, and of ‖H_ab‖² over a ≠ b; null for one block. */
  readonly diagonal: number;
  readonly offDiagonal: number | null;
  /** r, the second over the first; null for one block, or where all on the diagonal are 0. */
  readonly ratio: Probed | null;
}

/** Of the networks with one C, N and step. */
export interface BlocksPoint {
  readonly classes: number;
  readonly samples: number;
  readonly step: number | null;
  /** Numbers of the files in the list of files. */
  readonly files: readonly number[];
  /** B; P of them were probed in each file, each K times. */
  readonly blocks: number;
  /** Those that the data reach: of tokens the ones that occur. */
  readonly live: number;
  readonly probed: number;
  readonly probes: number;
  readonly gaussNewton: BlockNorms;
  readonly hessian: BlockNorms | null;
  /** Mean ‖H_bb‖² of the full Hessian over that of Gauss–Newton. */
  readonly fullOverGaussNewton: Probed | null;
  /** What r of Gauss–Newton tends to as C → ∞, leading order in 1/D: for pairs of inputs, and for an input with itself. */
  readonly floor: Interval | null;
}

/** How r depends on C at one N and step. */
export interface BlocksTrend extends TrendInClasses {
  readonly hessian: 'gauss-newton' | 'full';
  readonly samples: number;
  readonly step: number | null;
  /** What the errors of all exponents are of. */
  readonly errorsOf: 'initialisations' | 'probes';
}

export interface BlocksTensor {
  readonly name: string;
  /** Of the first file. */
  readonly shape: readonly number[];
  readonly partition: PartitionName;
  readonly floor: FloorName | null;
  /** By step, then N, then C. */
  readonly points: readonly BlocksPoint[];
  readonly trends: readonly BlocksTrend[];
}

export interface BlocksFile {
  readonly name: string;
  readonly classes: number;
  readonly samples: number;
  readonly initialisation: number | null;
  readonly step: number | null;
  readonly label: string | null;
  readonly cosineSquare: number | null;
  readonly sequence: number | null;
}

export interface BlocksResult {
  readonly kind: 'blocks';
  /** Of this program. */
  readonly version: string;
  /** Chance that an interval misses. */
  readonly level: number;
  readonly loss: Loss;
  readonly dimension: number | null;
  readonly finalNorm: FinalNormName | null;
  readonly files: readonly BlocksFile[];
  readonly tensors: readonly BlocksTensor[];
  readonly notes: readonly string[];
}
