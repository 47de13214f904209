/** Options that name a model of the paper and a block of it, for every command that takes them. */
import { columnNames } from '../pipeline/figures/matrixChoices.js';
import {
  activationNames,
  blockKinds,
  curvatures,
  hasSoftmaxWeights,
  initialisations,
  layersOf,
  logitPrecisions,
  losses,
  models,
  modelsThat,
  modelsWith,
  modelTraits,
  paperActivation,
  paperInitialisation,
  ratioModelNames,
  takesEmpiricalFisher,
} from '../../theory/names.js';

/** An option whose value is read by the pipeline, which knows its rule. */
export const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

/**
 * The same of a number: said in the help, and left a text, so that a message shows what was typed and no digit is lost.
 */
export const number = (describe: string) => ({ ...text(describe), number: true }) as const;

/** Of a command that draws. One that reads a seed elsewhere too has its own. */
export const rootSeed = { ...text('Root seed: any text'), default: '1', defaultDescription: '1' } as const;

/** Options under a heading of their own in the help. */
export const grouped = <Options extends Readonly<Record<string, object>>>(group: string, options: Options) =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, group }])) as {
    readonly [Name in keyof Options]: Options[Name] & { readonly group: string };
  };

/** What the losses are, and by what the Hessians of others differ. */
export const lossConventions =
  "ce: mean over samples of −log p. mse: (1/2N) Σ‖f − y‖². PyTorch's CrossEntropyLoss has the Hessian of ce, its MSELoss 2/C times that of mse; with reduction='sum' N times ce, 2N times mse";

export const modelOptions = {
  model: {
    choices: [...models, ...ratioModelNames],
    describe: 'A model of the paper, or deep, several hidden layers; of ratio also head, f = Vh',
  },
  loss: { choices: losses, describe: `Cross-entropy or squared error. ${lossConventions}` },
  layer: text(
    `Which layer, of ${modelsThat((model) => layersOf(model).length > 1)}: hidden, output; of deep from 1, or output`,
  ),
  block: {
    choices: [...blockKinds, 'whole'],
    describe: 'Which block, or the whole Hessian, of order C·d',
  },
  classes: number('Number of classes C, or inf'),
  width: text('Hidden width m; of deep n, or n_1,n_2,…'),
  depth: number('Hidden layers of deep, if --width is one number'),
  'logit-variance': number('Variance s² of a logit: LeCun 1, He 2, PyTorch default 1/3'),
  activation: { choices: activationNames, describe: `Of ${modelsWith('activation')}` },
  initialisation: { choices: initialisations, describe: 'In place of a logit variance' },
  readout: text('V as drawn, a file C×m (C×d if linear): the law given V; C and m are its'),
  pair: text('With --readout: the two rows i,j that make the block [default: 0,0 or 0,1]'),
} as const;

/** Of commands that draw a network: which, */
export const drawnModelOptions = {
  model: { ...modelOptions.model, describe: models.map((model) => modelTraits[model].formula).join(', or ') },
  loss: { ...modelOptions.loss, default: 'ce' },
} as const;

/** its activation, how it starts, and its sizes but for hidden ones. */
export const drawnSizeOptions = {
  activation: {
    ...modelOptions.activation,
    describe: `Of ${modelsWith('activation')} [default: ${paperActivation}]`,
  },
  initialisation: {
    ...modelOptions.initialisation,
    describe: `Scheme of the weights [default: ${paperInitialisation}]`,
  },
  dimension: number('d, length of an input'),
  samples: number('N, number of inputs'),
  classes: number('C, number of classes'),
} as const;

/** Of commands whose blocks may be of either. */
export const curvatureOption = {
  choices: curvatures,
  describe: `Second derivatives, or (1/N) Σ of squared gradients (${modelsThat(takesEmpiricalFisher)}) [default: hessian]`,
} as const;

/** Of commands that write spectra alone. */
export const logitPrecisionOption = {
  choices: logitPrecisions,
  describe: `Of logits in the softmax's normaliser (${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, ce); single: weights within some 1e-7, faster from C = 4d on [default: double]`,
} as const;

/** What is known of one block of a deep model: see openWeightsChoice. */
export const openWeightOptions = {
  signal: text('Of deep: ξ of the pair of units, standard normal over pairs; in the first layer, or all'),
  'open-mean': number('Or the mean of its weights over the samples that are open'),
  'open-deviation': number('and their standard deviation'),
  'open-share': number('Share of these samples [default: 0.5 on the diagonal, 0.25 off it]'),
  'input-dimension': number('d, which blocks above the first layer depend on'),
} as const;

/** Laws that are no model's. */
export const lawOptions = {
  population: text('x ~ N(0, Σ): a file of Σ, or of its eigenvalues'),
  semicircle: {
    type: 'string',
    describe: 'Independent symmetric entries: the semicircle, of this variance [1 if none is given]',
  },
} as const;

/** Of a command that draws one figure. */
export const figureOptions = (what: string) => ({
  figure: text(`New file for a figure of ${what} (.svg, .png, .pdf, .html); caption and numbers beside it`),
  column: { choices: columnNames, describe: 'Width of the figure, 3.5 or 7.16 in [default: as it needs]' },
  font: text('Family of its type [default: Arial]'),
  browser: text('Chrome or Chromium for a figure that is not .html'),
});

/** The browser of `--browser`, and where else one is looked for. */
export const browserChoice = (path: string | undefined) => ({
  ...(path === undefined ? {} : { path }),
  environment: process.env,
  platform: process.platform,
});
