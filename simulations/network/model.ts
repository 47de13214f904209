/**
 * The contract of a model on this side: what it must say to be drawn and read, and the draw that says it. Types only; a
 * model stands in simulations/models/, the formulas of its blocks in simulations/blocks/.
 */
import type { Layer, Model } from '../../theory/names.js';
import type { Backend, DrawSettings, Workspace } from '../contracts.js';
import type { Activation } from './activation.js';
import type { ClassStatistics } from './classStatistics.js';
import type { Readout } from './readout.js';

/** A layer of parameters, count×order, one row an output of the layer; and the blocks that pairs of its rows make. */
export interface LayerBlocks {
  readonly layer: Layer;
  /** The matrix of its parameters, and the name of the stream they come from. */
  readonly symbol: 'W' | 'V' | `W${number}`;
  /** Rows: hidden units, or C outputs. */
  count(settings: DrawSettings): number;
  /** Length of a row, which is the fan-in and the order of a block: d, or the units below. */
  order(settings: DrawSettings): number;
  /** The parameters themselves, count×order. */
  rows(draw: Draw): Float64Array;
  /** The weights a_n of blocks (1/N) Σ a_n x_n x_nᵀ; absent where a block is a sum over features. */
  readonly weights?: (draw: Draw, i: number, j: number) => Float64Array;
  /** The block itself, row-major, exactly symmetric. */
  matrix(draw: Draw, i: number, j: number): Float64Array;
  /** Its part of the Hessian where something is faster than block by block. */
  readonly visitTiles?: VisitTiles;
}

/** The blocks between rows of two layers. */
export interface CrossBlocks {
  /** The layer nearer the input. */
  readonly rows: Layer;
  readonly columns: Layer;
  /** Of its tiles. */
  readonly region: CrossRegion;
  /** The block of row i of the one and row j of the other, row-major. */
  matrix(draw: Draw, i: number, j: number): Float64Array;
  readonly visitTiles: VisitTiles;
}

/** Visits every entry of one part of the Hessian whose first row and column are given. */
export type VisitTiles = (
  draw: Draw,
  backend: Backend,
  visit: (tile: HessianTile) => void,
  rowStart: number,
  columnStart: number,
) => void;

/** Between two layers: cross where there is one crossing only. */
export type CrossRegion = 'cross' | `${Layer} × ${Layer}`;
export type HessianRegion = Layer | CrossRegion;

/**
 * A regular sub-grid of the Hessian: entry (a, b) of the tile is entry (rowStart + a·rowStride, columnStart +
 * b·columnStride) of the Hessian. Unless the tile is symmetric about the Hessian's diagonal, its mirror image is part
 * of the Hessian too and is not visited.
 */
export interface HessianTile {
  readonly region: HessianRegion;
  readonly rowStart: number;
  readonly rowStride: number;
  readonly rows: number;
  readonly columnStart: number;
  readonly columnStride: number;
  readonly columns: number;
  /** rows × columns, row-major; reused after the visit. */
  readonly entries: Float64Array;
  /** True when the mirror image of the tile must be added: it is not visited by itself. */
  readonly isMirrored: boolean;
}

/** Fields over samples of a hidden layer's units, units×N each. */
export interface LayerFields {
  /** u = Wh of the layer below, WXᵀ in the first. */
  readonly preactivations: Float64Array;
  /** h = σ(u). */
  readonly features: Float64Array;
  /** σ'(u). */
  readonly slopes: Float64Array;
}

/** Those of the units below the readout; empty where the readout multiplies the inputs. */
export interface UnitFields extends LayerFields {
  /** Of the hidden layers below those units, the first first. */
  readonly lower: readonly LayerFields[];
}

/** What a Hessian is made of: that of a model, or of some of its layers. */
export interface HessianPart {
  /**
   * In the order of the parameters: from the layer that multiplies the inputs, whose rows are the directions of x that
   * the weights depend on, to the readout V.
   */
  readonly layers: readonly [LayerBlocks, ...LayerBlocks[]];
  /** Between which layers the Hessian has blocks. */
  readonly crossings: readonly CrossBlocks[];
}

export interface ModelSampler extends HessianPart {
  readonly name: Model;
  /** Features that the readout multiplies; 0 where it multiplies the inputs. */
  units(settings: DrawSettings): number;
  /** The fields of those units, from the layers below the readout and the inputs in the workspace. */
  fields(parts: Pick<Draw, 'settings' | 'workspace' | 'activation' | 'hiddenLayer'>): UnitFields;
}

/**
 * A model at initialisation on drawn data: everything a Hessian block is made of. Fields over samples are k×N, one row
 * of N per hidden unit. The inputs stay in the workspace, so a draw answers questions about them only until the
 * workspace is drawn into again; weights and blocks over features need no inputs and stay valid.
 */
export interface Draw extends UnitFields {
  /** What was drawn from, and its blocks. */
  readonly model: ModelSampler;
  /** Sizes, loss and initialisation. */
  readonly settings: DrawSettings;
  /** Root seed. */
  readonly seed: string;
  /** Which of the independent draws with that seed, from 0. */
  readonly replicate: number;
  /** Holds the inputs X, N×d. */
  readonly workspace: Workspace;
  /** σ with its derivatives. */
  readonly activation: Activation;
  /** y, N class numbers. */
  readonly labels: Int32Array;
  /** The layers below the readout, one after the other, row-major: W, or W_1 … W_L; empty for the linear model. */
  readonly hiddenLayer: Float64Array;
  /** V, C×d for the linear model and C×(the units below it) for others. */
  readonly readout: Readout;
  /** Averages over classes that the blocks use. */
  readonly statistics: ClassStatistics;
  /** True when the layers come from streams, false when they were given. */
  readonly isDrawn: boolean;
  /** True when the inputs are independent standard normals, which the twin construction needs. */
  readonly hasStandardNormalInputs: boolean;
}
