/**
 * What a run leaves behind for figures and reports: `results.json`, read back as `RunResults`. Types only.
 *
 * Everything here is plain JSON: no typed arrays, no NaN, no Infinity. A number of classes may be infinite and is then
 * the string 'inf'; a quantity that does not exist (an infinite limit, a test that was not run) is `null`, with its
 * reason beside it. Text is plain text, never HTML; formulas are LaTeX.
 */
import type { ActivationName, BlockKind, InitialisationName, Layer, Loss, Model } from '../theory/contracts.js';

/** A finite number of classes, or 'inf' for the limit. */
export type ClassCount = number | 'inf';

export type VerdictWord = 'agree' | 'disagree' | 'undecided';

/** Whether a sentence of the paper is so, in the set-up that was drawn. */
export type MarkWord = 'supported' | 'refuted' | 'undecided';

/** One check, as saved. */
export interface RunResults {
  readonly kind: 'check' | 'compare';
  /** Version of limitlaw that made the run. */
  readonly version: string;
  readonly title?: string;
  /** ISO 8601. */
  readonly created?: string;
  readonly seed: string;
  readonly preset: string;
  /** Whatever fixes the run, by name; shown as a table and written into captions. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly backend: string;
  readonly machine?: Readonly<Record<string, SettingValue>>;
  /** Wall-clock seconds of the run. */
  readonly seconds?: number;
  readonly claims: readonly ClaimResult[];
  /** Pictures of whole Hessians and of blocks; those of one claim may sit in the claim instead. */
  readonly heatMaps?: readonly HeatMap[];
  /** Families of laws drawn without any simulation: growing C, and the like. */
  readonly lawFamilies?: readonly LawFamily[];
  /** Edges of the support and outliers as one parameter moves. */
  readonly supportCurves?: readonly SupportCurve[];
  /** Maps over two parameters: where outliers appear, where a law holds. */
  readonly phaseMaps?: readonly PhaseMap[];
  readonly calibration?: Calibration;
  /** Present when a refuted sentence of the paper rejects the run. */
  readonly strictPaper?: true;
  /** Plain sentences that belong to the whole run, e.g. what differs between two initialisations. */
  readonly notes?: readonly string[];
}

export type SettingValue = string | number | boolean | null | readonly (string | number)[];

/** A statement of the theory, what was predicted for it, what was measured, and what follows. */
export interface ClaimResult {
  /** One of `claimIds`. */
  readonly id: string;
  /** A few words, for headings. */
  readonly title: string;
  /** Plain text; a formula inside it may stand between dollar signs. */
  readonly statement: string;
  /** LaTeX of the claim's main equation, without dollar signs. */
  readonly formula: string;
  /** By `judge`: the tests, the exact statements and the power. */
  readonly verdict: VerdictWord;
  /** Why the verdict is what it is, one or two sentences. */
  readonly reason: string;
  /** Headline numbers. Text when a number would not do ("exactly 0"), `null` when there is none. */
  readonly predicted: Measured;
  /** Beside `predicted`, at the same d, N and C. */
  readonly measured: Measured;
  /** Confidence interval of `measured`, and its level. */
  readonly interval: ConfidenceInterval | null;
  /** What the headline numbers are: "C times the ratio of squared Frobenius norms". */
  readonly quantity?: string;
  /** More rows of predicted and measured numbers, beyond the headline. */
  readonly measurements?: readonly Measurement[];
  /** What the paper itself says, and what the draws say of it; absent in results of versions without them. */
  readonly sentences?: readonly PaperSentence[];
  /** Wrong predictions, and how well the tests would have seen them; absent in results of versions without them. */
  readonly powers?: readonly StatedPower[];
  /** Every test and exact check, in the order in which it was made. */
  readonly evidence: readonly Evidence[];
  /** Histograms beside their laws. */
  readonly spectra: readonly SpectrumPanel[];
  /** Distances to laws as d grows. */
  readonly distances: readonly DistanceSeries[];
  /** Frobenius ratios as C grows. */
  readonly ratioCurves: readonly RatioCurve[];
  /** Ratios of the layers of deep networks as C grows. */
  readonly deepRatios?: readonly DeepRatioSeries[];
  /** Pictures of its Hessians. */
  readonly heatMaps?: readonly HeatMap[];
  /** Numbers that fit nowhere else. */
  readonly tables?: readonly ResultTable[];
  /** Plain sentences. */
  readonly notes?: readonly string[];
}

/** How well the tests of a claim would see one wrong prediction. */
export interface StatedPower {
  /** "aspect ratio 5 % too large (C = 10, LeCun)". */
  readonly alternative: string;
  readonly power: number;
  /** Draws of which the power is the required one; `null` where no number is enough. */
  readonly drawsNeeded: number | null;
  /** Relative size of the smallest such error that is seen with the required power; `null` where it has no size. */
  readonly smallestSeen: number | null;
  /** All of it in words. */
  readonly sentence: string;
}

export type Measured = number | string | null;

/**
 * A sentence of the paper, in this project's words, marked by numbers that were drawn. The mark is not the verdict of
 * its claim: that one is about what this program predicts.
 */
export interface PaperSentence {
  readonly sentence: string;
  /** Where the paper, or the restatement of its setting, says so. */
  readonly source: string;
  readonly mark: MarkWord;
  /** In what the mark was earned: model, loss, data, sizes. */
  readonly setUp: string;
  /** Where the sentence holds and where not, as far as is known. */
  readonly holds: string;
  /** All must speak for the sentence; one against it is enough. */
  readonly grounds: readonly Ground[];
}

/** One number that a sentence says something of, and the range in which it says the number lies. */
export interface Ground {
  readonly quantity: string;
  readonly measured: number | null;
  /** `null` where none is meant: then nothing follows. */
  readonly interval: ConfidenceInterval | null;
  /** Ends of the range; `null` is open. And the range in words: "at most 0.1". */
  readonly range: { readonly lower: number | null; readonly upper: number | null };
  readonly said: string;
  readonly mark: MarkWord;
}

export interface ConfidenceInterval {
  readonly lower: number;
  readonly upper: number;
  /** 0.95 and the like. */
  readonly level: number;
}

export interface Measurement {
  readonly quantity: string;
  readonly predicted: Measured;
  readonly measured: Measured;
  readonly interval: ConfidenceInterval | null;
  readonly note?: string;
  /** False where the two numbers are shown and no test rests on the predicted one. */
  readonly judged?: false;
}

/** One test. */
export interface Evidence {
  /** What was tested, for a reader. */
  readonly name: string;
  /** The same without the place where it was made; absent where that says nothing of it. */
  readonly label?: string;
  /** That place: number of classes, initialisation and the like. */
  readonly where?: string;
  /** What an exact statement says; formulas between dollar signs. */
  readonly says?: string;
  /** Name of the statistic and its observed value. */
  readonly statistic: string;
  /** Value of the statistic; absent or null where it is no single number. */
  readonly observed?: number | null;
  /** How the null distribution was made, in words. */
  readonly null: string;
  /** `null` for an exact check, which has no p-value: it holds or it does not. */
  readonly pValue: number | null;
  /** After Holm's correction over the whole set. */
  readonly adjustedPValue: number | null;
  /** Number of draws of the null; 0 for a theoretical null or an exact check. */
  readonly replicates: number;
  /** Stream of the draws of the null. */
  readonly seed: string;
  /** Family-wise level that the adjusted p-value is held against. */
  readonly level: number;
  /** Whether this test speaks against the claim. */
  readonly rejected: boolean;
  /** Textbook Kolmogorov–Smirnov p-value, void for eigenvalues: shown so that nobody computes it and believes it. */
  readonly voidIidPValue?: number | null;
  /** Smallest alternative this test sees with probability 0.95, in words. */
  readonly power?: string;
}

/** One spectrum against its law. */
export interface SpectrumPanel {
  readonly label: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly block: BlockKind;
  /** d. For an output block of the hidden model, the order m of the block. */
  readonly dimension: number;
  readonly samples: number;
  readonly classes: ClassCount;
  readonly width?: number;
  readonly aspectRatio: number;
  readonly initialisation: InitialisationName;
  readonly activation?: ActivationName;
  readonly logitVariance?: number;
  /** Which law is drawn: 1 the limit, 2 given the initialisation, 3 given the drawn weights. */
  readonly level: 1 | 2 | 3;
  /** Ascending eigenvalues of the first draw, outliers and exact zeros included. */
  readonly eigenvalues: readonly number[];
  /**
   * Pooled over several draws; drawn instead of a histogram of `eigenvalues` when present. Outliers and exact zeros
   * left out.
   */
  readonly histogram?: Histogram;
  /** Number of draws pooled in `histogram`, 1 without it. */
  readonly draws: number;
  /** Ascending points, about 400, dense near the edges; the law's density and CDF there. */
  readonly lawX: readonly number[];
  readonly lawDensity: readonly number[];
  readonly lawCdf: readonly number[];
  readonly atoms: readonly AtomResult[];
  readonly support: readonly (readonly [number, number])[];
  readonly outliers: {
    readonly predicted: readonly PredictedOutlier[];
    /** Eigenvalues matched to predictions, or left over. */
    readonly observed: readonly number[];
  };
  /** F_n − F and the band that draws of the null stay in, pointwise. */
  readonly band?: DifferenceBand;
  readonly distances?: Readonly<Record<string, number>>;
}

export interface Histogram {
  /** counts.length + 1 ascending edges. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Number of eigenvalues in all draws, so that density = count / (total · width). */
  readonly total: number;
}

export interface AtomResult {
  readonly at: number;
  /** Mass of the law. */
  readonly mass: number;
  /** Share of the eigenvalues that are exactly there. */
  readonly observed?: number;
}

export interface PredictedOutlier {
  readonly at: number;
  readonly multiplicity: number;
  readonly side: 'below' | 'above' | 'gap';
}

export interface DifferenceBand {
  readonly x: readonly number[];
  /** F_n(x) − F(x) of the first draw, F its law given the drawn weights: the null draws have the same weights. */
  readonly difference: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** Coverage at each point, 0.95 and the like. */
  readonly level: number;
  readonly replicates: number;
}

/** Distance of spectra to a law as d grows, at one level of prediction. */
export interface DistanceSeries {
  readonly label?: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly block: BlockKind;
  readonly level: 1 | 2 | 3;
  /** 'Kolmogorov' and the like. */
  readonly distance: string;
  readonly dimensions: readonly number[];
  readonly medians: readonly number[];
  /** One row for each dimension, one number for each independent draw. */
  readonly replicates: readonly (readonly number[])[];
  /** Fitted exponent of d, with its interval from replicated draws. */
  readonly exponent: number;
  readonly interval: ConfidenceInterval;
  /** −1/2 or −1. */
  readonly expected: number;
  /** Whether log d / d rather than 1 / d was fitted. */
  readonly logCorrection: boolean;
  /** Whether a test rests on the exponent; it is only shown when not. */
  readonly judged?: boolean;
}

/** Ratio of squared Frobenius norms as C grows. */
export interface RatioCurve {
  readonly label?: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly initialisation: InitialisationName;
  readonly aspectRatio: number;
  readonly width?: number;
  readonly logitVariance?: number;
  readonly dimension: number;
  readonly replicates: number;
  /** Values of C that were drawn, the ratios measured there and their intervals; null where tails are too heavy. */
  readonly classes: readonly number[];
  readonly measured: readonly number[];
  readonly intervals: readonly (ConfidenceInterval | null)[];
  /** Values of C of the exact curve (finite ones), and the ratios there. Empty where no exact value is known. */
  readonly exactClasses: readonly number[];
  readonly exact: readonly number[];
  /** Standard error of each, where the curve is an integral done by drawing; absent where it is exact. */
  readonly exactErrors?: readonly number[];
  /** Limit of C^rate · ratio; `null` when it is infinite or unknown. */
  readonly limit: number | null;
  /** 1 or 2: the ratio falls like C^{−rate}. 0 when it is exactly zero or does not fall. */
  readonly rate: number;
  /** Fitted slope of log ratio against log C, its interval, and the same fit made on the exact curve. */
  readonly exponent: number | null;
  readonly interval: ConfidenceInterval | null;
  readonly exactExponent?: number | null;
  /** Why the limit is not a number, where it is not. */
  readonly limitReason?: string;
}

/** Ratio of squared Frobenius norms in one hidden layer of a deep network as C grows. */
export interface DeepRatioSeries {
  readonly loss: Loss;
  /** From 1. */
  readonly layer: number;
  readonly dimension: number;
  readonly samples: number;
  /** Of every hidden layer. */
  readonly widths: readonly number[];
  /** By ascending C. */
  readonly points: readonly DeepRatioPoint[];
}

export interface DeepRatioPoint {
  readonly classes: number;
  readonly draws: number;
  readonly measured: number;
  readonly interval: ConfidenceInterval;
  readonly predicted: number;
  /** Size of what the prediction leaves out. */
  readonly error: number;
  /** Limit of the ratio as C grows; 0 where it falls without end. */
  readonly floor: number;
  /** Predicted number of outputs that the layer can tell apart. */
  readonly effectiveOutputs: number;
}

/** A matrix of absolute values reduced to pixels, with its blocks. */
export interface MatrixPicture {
  readonly label: string;
  /**
   * Pixels: row-major, `rows`×`columns`, each the mean of |H| over its tile, four significant digits are enough. Row 0
   * on top.
   */
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
  /** Order of the matrix behind the picture. */
  readonly order: number;
  /** Where a block of rows begins, in matrix rows, with its name: w_1 at 0, w_2 at d, … Names may be empty. */
  readonly blocks: readonly { readonly start: number; readonly label: string }[];
}

/** The picture of a Hessian that was drawn. */
export interface HeatMap extends MatrixPicture {
  readonly id: string;
  /** What the picture is: the whole Hessian, the hidden blocks alone, the blocks of a linear model. */
  readonly part: 'whole' | 'hidden' | 'output' | 'linear';
  readonly model: Model;
  readonly loss: Loss;
  readonly dimension: number;
  readonly samples: number;
  readonly classes: number;
  readonly width?: number;
  readonly initialisation: InitialisationName;
  readonly activation?: ActivationName;
  readonly seed?: string;
  /** Frobenius norms of the blocks, row-major k×k, for the insets. */
  readonly norms?: readonly { readonly label: string; readonly order: number; readonly values: readonly number[] }[];
}

/** A table for the report. */
export interface ResultTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Measured[])[];
}

/** Laws of one block as one parameter grows, and the law they approach. */
export interface LawFamily {
  readonly id: string;
  readonly label: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly block: BlockKind;
  readonly aspectRatio: number;
  readonly logitVariance?: number;
  readonly parameter: string;
  /** 'C' or 'C^2' times the block: LaTeX of the scale that makes the laws comparable. */
  readonly scaling: string;
  readonly curves: readonly LawCurve[];
  readonly limit?: LawCurve;
}

export interface LawCurve {
  readonly value: ClassCount;
  readonly x: readonly number[];
  readonly density: readonly number[];
  /** Kolmogorov distance to the limit law. */
  readonly distanceToLimit?: number;
}

/** Support of a law as one parameter moves. */
export interface SupportCurve {
  readonly id: string;
  readonly label: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly block: BlockKind;
  readonly parameter: 'classes' | 'aspectRatio' | 'logitVariance';
  /** Plain sentence with the other parameters. */
  readonly fixed: string;
  readonly values: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** For each value the outliers there. */
  readonly outliers: readonly (readonly number[])[];
  /** LaTeX of the scale applied, e.g. 'C'. */
  readonly scaling?: string;
}

/** A quantity, or a verdict, over a grid of two parameters. */
export interface PhaseMap {
  readonly id: string;
  readonly label: string;
  readonly xName: string;
  readonly yName: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /**
   * Whether the grid is geometric, for whoever draws it on true axes; the figure here gives every value the same room.
   */
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  /** One row for each y. `null` where nothing is known. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly quantity: string;
  /** For a map of verdicts: −1 disagree, 0 undecided, 0.5 agree in the limit, 1 agree. */
  readonly kind: 'number' | 'count' | 'verdict';
  readonly fixed?: string;
}

/** How often tests alarm when they should not, and when they should. */
export interface Calibration {
  readonly level: number;
  readonly falseAlarms: readonly FalseAlarm[];
  readonly power: readonly PowerCurve[];
}

export interface FalseAlarm {
  /** Name of the test, and what it is called under the heading of its claim: the name where it is absent. */
  readonly test: string;
  readonly label?: string;
  readonly claim?: string;
  readonly runs: number;
  readonly rejections: number;
  /** Binomial interval of the rate. */
  readonly interval: ConfidenceInterval;
}

export interface PowerCurve {
  readonly test: string;
  readonly claim?: string;
  /** "aspect ratio too large by" and the like. */
  readonly alternative: string;
  /** Size of the error: relative, or in units. */
  readonly sizes: readonly number[];
  readonly unit: string;
  readonly power: readonly number[];
  readonly runs: number;
  /** Smallest size found with probability 0.95, `null` if none. */
  readonly smallestDetected: number | null;
}
