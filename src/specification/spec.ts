/** A sweep's specification once it has been checked against the schema. */
import type { InitialisationName, Loss, Model } from '../../theory/contracts.js';
import type {
  ActivationName,
  BlockName,
  Curvature,
  InputName,
  InputNumberName,
  InputRadius,
  LogitPrecision,
} from '../../theory/names.js';
import type { comparisonNames } from './specSchema.js';

export type ComparisonName = (typeof comparisonNames)[number];

/** A number, an expression in earlier names, or a list of numbers that makes one grid point each. */
export type Rule = number | string | readonly number[];

export interface InputSpec extends Readonly<Partial<Record<InputNumberName, number | string>>> {
  readonly distribution: InputName;
  readonly file?: string;
  readonly radius?: InputRadius;
  readonly standardise?: boolean;
  readonly format?: 'auto' | 'cifar10' | 'cifar100';
}

/** Where a message about the value at a path points: `s.yaml, line 3, inputs.file`, or an option. */
export type Place = (path: Path) => string;

export type Path = readonly (string | number)[];

export interface SweepSpec {
  readonly name: string;
  readonly model: Model;
  readonly loss: Loss;
  /** The Hessian when absent. */
  readonly curvature: Curvature | undefined;
  /** Double when absent. */
  readonly logitPrecision: LogitPrecision | undefined;
  readonly activation:
    { readonly named: ActivationName } | { readonly expression: string; readonly kinks: readonly number[] };
  readonly initialisation:
    | { readonly named: InitialisationName }
    | {
        readonly hiddenVariance: number | string;
        readonly outputVariance: number | string;
        readonly distribution: 'normal' | 'uniform';
      };
  readonly inputs: InputSpec;
  /** In the order in which they may refer to each other: own parameters, then d, N, C, L, m, logitVariance. */
  readonly rules: readonly (readonly [name: string, rule: Rule])[];
  /** Number of classes of the claimed limit law, when it is not C. */
  readonly claimedClasses: number | string | undefined;
  /** Absent: all that every point has; see `blocksOfSweep`. */
  readonly blocks: readonly BlockName[] | undefined;
  readonly compare: readonly ComparisonName[];
  readonly replicates: number;
  readonly nullReplicates: number;
  readonly level: number;
  /** Part of the experiment when it is written in the specification. */
  readonly seed: string | undefined;
  readonly place: Place;
}
