/**
 * Every word that theory, simulations, figures and the command line share, once, with its properties: choices on the
 * command line, the schema of a specification, validation and documents read these lists. Words and flags, no formulas.
 */

/** ce: cross-entropy. mse: half the mean squared error, (1/2N) Σ‖f − y‖². */
export const losses = ['ce', 'mse'] as const;
/** A loss by its name. */
export type Loss = (typeof losses)[number];

/** Of a model with one hidden layer at most: W is hidden, V is output. */
export type PlainLayer = 'hidden' | 'output';
/** W_k of a model with several: hidden-1 multiplies the inputs. */
export type NumberedLayer = `hidden-${number}`;
/** Of parameters. */
export type Layer = PlainLayer | NumberedLayer;

/** The k-th hidden layer, from 1. */
export const numberedLayer = (k: number): NumberedLayer => `hidden-${k}`;

/** Which hidden layer of several, from 1; undefined for one without a number. */
export function layerNumber(layer: Layer): number | undefined {
  const digits = /^hidden-(\d+)$/.exec(layer)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface ModelTraits {
  /** f, as texts write it. */
  readonly formula: string;
  /** In the order of the parameters; numbered: hidden-1, hidden-2, … as its settings have widths, and the output layer. */
  readonly layers: readonly PlainLayer[] | 'numbered';
  /** The layer whose blocks are d×d sums (1/N) Σ a_n x_n x_nᵀ; meant wherever a model is named without a layer. */
  readonly weightedLayer: Layer;
  /** What a setting must or may say of this model, and of no other. */
  readonly settings: readonly ModelSetting[];
}

/** width: m of the one hidden layer. widths: n_1 … n_L of several. */
export type ModelSetting = 'width' | 'widths' | 'activation';

export const modelTraits = {
  linear: { formula: 'f = Vx', layers: ['output'], weightedLayer: 'output', settings: [] },
  hidden: {
    formula: 'f = V σ(Wx)',
    layers: ['hidden', 'output'],
    weightedLayer: 'hidden',
    settings: ['width', 'activation'],
  },
  deep: {
    formula: 'f = V h_L, h_k = σ(W_k h_(k−1)), h_0 = x',
    layers: 'numbered',
    weightedLayer: 'hidden-1',
    settings: ['widths', 'activation'],
  },
} as const satisfies Record<string, ModelTraits>;
/** A model by its name. */
export type Model = keyof typeof modelTraits;
export const models = Object.keys(modelTraits) as Model[];

/** Hidden layers of a deep model at most. */
export const largestDepth = 64;

/** In the order of the parameters, of a model with so many hidden layers; one that has no choice of them ignores it. */
export function layersOf(model: Model, depth = 1): readonly Layer[] {
  const { layers }: ModelTraits = modelTraits[model];
  if (layers !== 'numbered') return layers;
  return [...Array.from({ length: depth }, (_, k) => numberedLayer(k + 1)), 'output'];
}

/** Those of the paper, which claims and training know: one hidden layer at most. */
export const paperModels = ['linear', 'hidden'] as const satisfies readonly Model[];
export type PaperModel = (typeof paperModels)[number];

/** Whether a setting of this model says its width, its activation, … */
export function takesSetting(model: Model, setting: ModelSetting): boolean {
  return (modelTraits[model] as ModelTraits).settings.includes(setting);
}

/** Whether the logits are linear in the inputs, so that the variance of one is that of the readout. */
export function takesLogitVariance(model: Model): boolean {
  return layersOf(model).length === 1;
}

/** Names of the models of which something holds, for texts: 'hidden', or 'hidden or deep'. */
export function modelsThat(holds: (model: Model) => boolean): string {
  return models.filter(holds).join(' or ');
}

/** Names of the models of which a setting is said. */
export const modelsWith = (setting: ModelSetting): string => modelsThat((model) => takesSetting(model, setting));

/** Whether the weights are functions of the softmax of a linear output, with a limit law for each number of classes. */
export function hasSoftmaxWeights(model: Model, loss: Loss): boolean {
  return loss === 'ce' && modelTraits[model].weightedLayer === 'output';
}

/** Whether the weights are the same for every input: the second derivative of the loss, by a linear output. */
export function hasConstantWeights(model: Model, loss: Loss): boolean {
  return loss === 'mse' && modelTraits[model].weightedLayer === 'output';
}

/**
 * Of the products behind the logits of a draw. Single: of those that enter the normaliser of the softmax alone; the
 * logits of the classes whose blocks are wanted are in double precision still (paper-notes.md, Blocks).
 */
export const logitPrecisions = ['double', 'single'] as const;
export type LogitPrecision = (typeof logitPrecisions)[number];

/** The refusal of single precision, to stand behind the name of the setting. */
export const noSingleLogits = `single is for model: ${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, loss: ce`;

/**
 * Which d×d or m×m blocks: second derivatives of the mean loss, or of the empirical Fisher matrix, the second moment (1/N) Σ
 * ∂ℓ_n ∂ℓ_nᵀ of the gradients of the samples' losses, with the labels of the data.
 */
export const curvatures = ['hessian', 'empirical-fisher'] as const;
export type Curvature = (typeof curvatures)[number];

/** Whether blocks of the empirical Fisher matrix are drawn and have a law: where gradients multiply the inputs themselves. */
export function takesEmpiricalFisher(model: Model): boolean {
  return modelTraits[model].layers.length === 1;
}

/** Why other models refuse it. */
export const noEmpiricalFisher = (model: Model): string =>
  `blocks of the empirical Fisher matrix are those of the model ${modelsThat(takesEmpiricalFisher)} here, of the ${model} model there are none`;

export const blockKinds = ['diagonal', 'off-diagonal'] as const;
/** Where a block stands within its layer. */
export type BlockKind = (typeof blockKinds)[number];

/** A block by its layer and kind, as specifications and files write it. */
export type BlockName = `${Layer}-${BlockKind}`;
/** What every such name matches. */
export const blockNamePattern = /^(hidden|output|hidden-[1-9]\d?)-(diagonal|off-diagonal)$/;

/** The blocks of a model with so many hidden layers. */
export const blockNamesOf = (model: Model, depth?: number): BlockName[] =>
  layersOf(model, depth).flatMap((layer) => blockKinds.map((kind): BlockName => `${layer}-${kind}`));

/** The layer and kind that a block's name says, and the indices (0, j) that stand for it. */
export function layerOfBlock(name: BlockName): { readonly layer: Layer; readonly kind: BlockKind; readonly j: 0 | 1 } {
  const kind = name.endsWith('-off-diagonal') ? 'off-diagonal' : 'diagonal';
  const layer = name.slice(0, -1 - kind.length) as Layer;
  return { layer, kind, j: kind === 'diagonal' ? 0 : 1 };
}

/**
 * f = Vh with features h that are given, or of a named law: its ratios are known and the laws of its blocks are not. It is
 * drawn as the linear model on these features as inputs, so that `modelTraits` has no entry for it.
 */
export const headModel = 'head';

/** Why commands for models of the paper refuse it. */
const headElsewhere =
  "a head f = Vh has no law of a block for features in general: its weights depend on them. Ask limitlaw ratio --model head; to draw one, model linear with inputs {distribution: data, file: h.npy}; for features N(0, I) model linear's laws hold";

/** Words of `ratio` alone, and why other commands refuse them. */
export const ratioModels = { [headModel]: headElsewhere } as const;
export type RatioModel = keyof typeof ratioModels;
export const ratioModelNames = Object.keys(ratioModels) as RatioModel[];

/** Laws of a head's features that have a name; what they are stands at `FeatureLaw` in theory/head/featureLaw.ts. */
export const featureLaws = ['gaussian', 'rms', 'relu'] as const;
export type FeatureLawName = (typeof featureLaws)[number];

/** What formulas and draws ask of a law of features. */
export interface FeatureLawTraits {
  /** Positive parts of N(0, I): takes no covariance. */
  readonly isRectified: boolean;
  /** Divided by its root mean square: |h|² is D at every position. */
  readonly isNormalised: boolean;
  /** Normal as it stands: expectations are sums over the eigenvalues of its covariance. */
  readonly isNormal: boolean;
}

export const featureLawTraits: Readonly<Record<FeatureLawName, FeatureLawTraits>> = {
  gaussian: { isRectified: false, isNormalised: false, isNormal: true },
  rms: { isRectified: false, isNormalised: true, isNormal: false },
  relu: { isRectified: true, isNormalised: false, isNormal: false },
};

/** Variances of entries in theory/network/initialisationScheme.ts. */
export const initialisations = ['lecun', 'he', 'xavier', 'pytorch'] as const;
/** An initialisation by its name. */
export type InitialisationName = (typeof initialisations)[number];
/** Meant where none is named, as in the paper. */
export const paperInitialisation: InitialisationName = 'lecun';

export interface ActivationTraits {
  /** As texts and figures write it. */
  readonly label: string;
  /** |σ| has a bound, so that no moment over the inputs diverges. */
  readonly bounded: boolean;
  /** 0 on the negative half line and the identity on the positive one: σ′ is a gate, and σ″ = 0. */
  readonly gated: boolean;
  /** Points where σ or σ′ jumps. */
  readonly kinks: readonly number[];
}

export const activations = {
  relu: { label: 'ReLU', bounded: false, gated: true, kinks: [0] },
  tanh: { label: 'tanh', bounded: true, gated: false, kinks: [] },
  gelu: { label: 'GELU', bounded: false, gated: false, kinks: [] },
  softplus: { label: 'softplus', bounded: false, gated: false, kinks: [] },
} as const satisfies Record<string, ActivationTraits>;
/** An activation by its name. */
export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as ActivationName[];
/** Meant where none is named, as in the paper. */
export const paperActivation: ActivationName = 'relu';

/** A number that an input distribution takes, and the rule it obeys. */
export interface InputNumber {
  readonly about: string;
  readonly rule: string;
  holds(value: number): boolean;
  /** A value to try. */
  readonly example: number;
}

export const inputNumbers = {
  correlation: {
    about: 'Σ_ij = correlation^|i−j|, strictly between −1 and 1',
    rule: 'strictly between -1 and 1',
    holds: (value: number) => Math.abs(value) < 1,
    example: 0.5,
  },
  components: {
    about: 'number of centres',
    rule: 'a whole number from 1 to 1000',
    holds: (value: number) => Number.isInteger(value) && value >= 1 && value <= 1000,
    example: 4,
  },
  separation: {
    about: 'length of each centre',
    rule: 'a finite number of at least 0',
    holds: (value: number) => value >= 0 && Number.isFinite(value),
    example: 3,
  },
  degrees: {
    about: 'degrees of freedom, above 2',
    rule: 'a finite number above 2',
    holds: (value: number) => value > 2 && Number.isFinite(value),
    example: 5,
  },
  spread: {
    about: 'standard deviation of the logarithm of the radius, above 0 and at most 2',
    rule: 'above 0 and at most 2',
    holds: (value: number) => value > 0 && value <= 2,
    example: 0.5,
  },
  noise: {
    about: 'standard deviation about a centre of length 1',
    rule: 'a finite number of at least 0',
    holds: (value: number) => value >= 0 && Number.isFinite(value),
    example: 0.05,
  },
} as const satisfies Record<string, InputNumber>;
export type InputNumberName = keyof typeof inputNumbers;
export const inputNumberNames = Object.keys(inputNumbers) as InputNumberName[];

export interface InputTraits {
  /** What a specification must give with the name. */
  readonly needs: readonly (InputNumberName | 'file')[];
  /** The rest of a line "inputs: {distribution: name, …". */
  readonly example: string;
}

/**
 * How inputs are distributed, and what each distribution must be given. Every one has mean 0 and average variance 1 a
 * coordinate unless it says otherwise; a sampler stands in simulations/inputs, the law that applies to a sweep in
 * src/draws/sweep/applicableLaw.ts.
 *
 * - toeplitz: N(0, Σ), a stationary autoregression along the coordinates; covariance: N(0, Σ) for a given matrix.
 * - mixture: equally likely centres in directions drawn with each draw, plus white noise.
 * - clusters: as many samples about each of the centres, which lie on the unit sphere and are drawn with each draw, plus
 *   white noise; to its own scale variance 1/d + noise² a coordinate, as the authors' code for an ablation has it.
 * - student: t of variance 1, each coordinate by itself or one radius for the whole input.
 * - lognormal: N(0, I) times a radius whose logarithm is normal, E radius² = 1.
 * - sphere: uniform on the sphere of radius √d; rademacher: independent ±1.
 * - data: rows of a data set, chosen without replacement.
 */
export const inputDistributions = {
  gaussian: { needs: [], example: '}' },
  toeplitz: { needs: ['correlation'], example: 'correlation: 0.5}' },
  covariance: { needs: ['file'], example: 'file: sigma.npy}' },
  mixture: { needs: ['components', 'separation'], example: 'components: 4, separation: 3}' },
  clusters: {
    needs: ['components', 'noise'],
    example: 'components: 100, noise: 0.05, standardise: false}      # true: variance 1 a coordinate',
  },
  student: { needs: ['degrees'], example: 'degrees: 5, radius: shared}      # radius: independent, shared' },
  lognormal: { needs: ['spread'], example: 'spread: 0.5}' },
  sphere: { needs: [], example: '}' },
  rademacher: { needs: [], example: '}' },
  data: {
    needs: ['file'],
    example:
      'file: train-images-idx3-ubyte.gz, standardise: true}   # data_batch_1.bin: format: cifar10; train.bin: format: cifar100',
  },
} as const satisfies Record<string, InputTraits>;
export type InputName = keyof typeof inputDistributions;
export const inputNames = Object.keys(inputDistributions) as InputName[];

export interface OptimiserTraits {
  /** Every update reads all samples. */
  readonly fullBatch: boolean;
  /** θ ← θ − η ∂L of the batch, with no memory. */
  readonly plain: boolean;
  /** Each sample is read once, in order. */
  readonly onePass: boolean;
}

/** adam: β₁ = 0.9, β₂ = 0.999, ε = 1e-8 outside the root, with bias corrections; sgd: batches drawn with replacement. */
export const optimisers = {
  gd: { fullBatch: true, plain: true, onePass: false },
  sgd: { fullBatch: false, plain: true, onePass: false },
  'one-pass': { fullBatch: false, plain: true, onePass: true },
  adam: { fullBatch: true, plain: false, onePass: false },
} as const satisfies Record<string, OptimiserTraits>;
export type Optimiser = keyof typeof optimisers;
export const optimiserNames = Object.keys(optimisers) as Optimiser[];

/** cosine: η_k = η(1 + cos(πk/steps))/2, k the updates made. */
export const schedules = ['constant', 'cosine'] as const;
export type Schedule = (typeof schedules)[number];

export interface LabelTraits {
  /** The inputs that such labels belong to: they come with them, through directions that are not known. */
  readonly inputs: InputName | undefined;
}

/**
 * random: uniform, independent of the inputs. teacher: the largest output of a network of the same shape, drawn LeCun
 * with streams of its own. file: given with the inputs. clusters: that of the input, neighbours joined if there are more
 * clusters than classes.
 */
export const labelTraits = {
  random: { inputs: undefined },
  teacher: { inputs: undefined },
  file: { inputs: 'data' },
  clusters: { inputs: 'clusters' },
} as const satisfies Record<string, LabelTraits>;
export type LabelRule = keyof typeof labelTraits;
export const labelRules = Object.keys(labelTraits) as LabelRule[];

/** One radius for every coordinate by itself, or for the whole input. */
export const inputRadii = ['independent', 'shared'] as const;
export type InputRadius = (typeof inputRadii)[number];

/**
 * Laws along training. residual: of the part of a hidden model's Hessian that carries the residual, at initialisation.
 * one-step: of a block of the linear model under cross-entropy after one gradient step. training: loss, risk and
 * gradient of the linear model under squared error along gradient descent. All with random labels or noise. deep-linear:
 * of the whole Hessian at a balanced minimum of a deep linear network, where training from a balanced start ends.
 */
export const dynamicsLaws = ['residual', 'one-step', 'training', 'deep-linear'] as const;
export type DynamicsLaw = (typeof dynamicsLaws)[number];

/** How a tensor of a network is cut into blocks; custom: by a list of the block of each row. */
export const partitionNames = ['rows', 'heads', 'whole', 'tokens', 'custom'] as const;
export type PartitionName = (typeof partitionNames)[number];

/** What stands between the last block of a network and its head. */
export const finalNorms = ['layer', 'rms', 'none'] as const;
export type FinalNormName = (typeof finalNorms)[number];

/** Floors of the ratio of blocks as C → ∞ that are known: of a value projection, of the last down projection below a final norm. */
export const floorNames = ['value', 'last-down'] as const;
export type FloorName = (typeof floorNames)[number];

/** Power that a test must have against each stated alternative before an agreement may be said. */
export const decisivePower = 0.95;
