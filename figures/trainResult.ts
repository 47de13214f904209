/** What `results.json` of a training holds. Plain JSON; types only. */
import type { DrawSettings } from '../simulations/contracts.js';
import type { ExactStatement, MarkObservation } from '../simulations/dynamics/index.js';
import type { TrainingPlan } from '../simulations/training/index.js';
import type { LabelRule } from '../theory/names.js';
import type { HeatMap } from './results.js';

export interface TrainResult {
  readonly kind: 'train';
  readonly title: string;
  readonly version: string;
  readonly seed: string;
  readonly backend: string;
  readonly settings: DrawSettings;
  /** Of the training; null for checkpoints, which were trained elsewhere. */
  readonly plan: Omit<TrainingPlan, 'settings' | 'labels'> | null;
  readonly labels: LabelRule;
  /** As the specification or the options say them; of checkpoints, their folder. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly replicates: number;
  /** At a mark; 0 without fresh data. */
  readonly freshSamples: number;
  readonly interrupted: boolean;
  /** disagree: a statement that must hold whatever the network is broken. */
  readonly verdict: 'agree' | 'disagree';
  /** Statements that were held against the networks. */
  readonly statements: number;
  readonly broken: readonly BrokenStatement[];
  readonly deadUnits: readonly DeadUnits[];
  /** Trainings that stopped before their end, or looks that could not be made. */
  readonly failures: readonly TrainFailure[];
  readonly runs: readonly TrainRun[];
  /** Over replicates, of each mark and each data. */
  readonly summary: readonly MarkSummary[];
  /** Of the whole Hessian on the training data, at the marks of the first replicate, where they were asked for. */
  readonly heatMaps: readonly TrainHeatMap[];
  /** What the theory says of this training, as curves to draw. */
  readonly curves: TrainCurves;
  /** Plain sentences that belong to the whole run. */
  readonly notes: readonly string[];
  /** That there is more, or that parts come of different machines; none is absent. */
  readonly caveats?: readonly string[];
}

export interface TrainHeatMap extends HeatMap {
  readonly replicate: number;
  readonly step: number;
  /** How the rows of the readout stand: class by class as in the Hessian, or unit by unit. */
  readonly readoutOrder: 'class' | 'unit';
  /** Of |H|, over all entries. */
  readonly largest: number;
}

/** Where no law is known for the set-up, `null`. */
export interface TrainCurves {
  /** Of √N R at step 0, R the residual part of one unit or of all. */
  readonly residualPart: ResidualPartCurves | null;
  /** Of the linear model under squared error, trained by full-batch gradient descent. */
  readonly leastSquares: LeastSquaresCurves | null;
}

export interface ResidualPartCurves {
  /** Ascending, symmetric about 0. */
  readonly x: readonly number[];
  /** The law whose columns carry a random number of samples. */
  readonly density: readonly number[];
  /** The law for many samples a class: Marčenko–Pastur's roots, a semicircle where d = C. */
  readonly limitDensity: readonly number[];
  /** Masses at 0. */
  readonly atom: number;
  readonly limitAtom: number;
}

/** Over all outputs, as losses and norms of the run are. */
export interface LeastSquaresCurves {
  readonly steps: readonly number[];
  readonly trainingLoss: readonly number[];
  readonly freshLoss: readonly number[];
  /** ‖S‖², S = (1/N) Xᵀ r. */
  readonly gradientPower: readonly number[];
}

export interface TrainRun {
  readonly replicate: number;
  readonly marks: readonly MarkObservation[];
}

/** A replicate's mark on one of its data. */
export interface MarkPlace {
  readonly replicate: number;
  readonly step: number;
  readonly data: MarkObservation['data'];
}

export type BrokenStatement = MarkPlace & ExactStatement;

export interface DeadUnits extends MarkPlace {
  readonly units: readonly number[];
}

export interface TrainFailure {
  readonly replicate: number;
  readonly name: string;
  readonly message: string;
}

export interface MarkSummary {
  readonly step: number;
  /** step/steps; null where steps are not known. */
  readonly share: number | null;
  readonly data: MarkObservation['data'];
  /** Replicates that have this mark. */
  readonly count: number;
  readonly columns: Readonly<Partial<Record<ColumnName, Estimate>>>;
}

/** What the table shows of a mark; its columns stand in markColumns.ts. */
export type ColumnName =
  | 'loss'
  | 'accuracy'
  | 'residualPower'
  | 'residualPart'
  | 'curvaturePart'
  | 'cross'
  | 'residualShare'
  | 'crossShare'
  | 'hiddenRatio'
  | 'outputRatio'
  | 'residualRatio'
  | 'residualScore'
  | 'traceScore'
  | 'distanceGivenWeights'
  | 'distanceGivenLayers';

export interface Estimate {
  readonly mean: number;
  /** Of the mean over replicates; null for one. */
  readonly standardError: number | null;
}
