/**
 * The JSON Schema of a sweep's specification; `limitlaw sweep --print-schema` writes it for editors. What a schema cannot
 * say (expressions, names, sizes) is checked in loadSpec.ts and expandSpec.ts.
 */
import {
  activationNames,
  blockNamePattern,
  curvatures,
  hasSoftmaxWeights,
  initialisations,
  inputDistributions,
  inputNames,
  inputNumberNames,
  inputNumbers,
  inputRadii,
  logitPrecisions,
  losses,
  models,
  modelsThat,
  modelsWith,
  modelTraits,
  takesEmpiricalFisher,
  takesLogitVariance,
  type InputName,
} from '../../theory/names.js';

const rule = (description: string) => ({
  description: `${description} A number, an expression in earlier names ("2*d"), or a list of numbers: one grid point each.`,
  type: ['number', 'string', 'array'],
  items: { type: 'number' },
  minItems: 1,
  maxItems: 1000,
  maxLength: 500,
});

const expression = (description: string) => ({ description, type: ['number', 'string'], maxLength: 500 });

export const comparisonNames = ['law', 'weights', 'coupling', 'ratio'] as const;
/** Distributions that need no parameter and may be given by name alone. */
export const plainInputNames = inputNames.filter((name) => inputDistributions[name].needs.length === 0);

const requiredWith = (distribution: InputName, keys: readonly string[]) => ({
  if: { type: 'object', properties: { distribution: { const: distribution } }, required: ['distribution'] },
  then: { required: keys },
});

/** Which distributions take a number, and what it is. */
const inputNumberFields = Object.fromEntries(
  inputNumberNames.map((number) => {
    const takers = inputNames.filter((name) => (inputDistributions[name].needs as readonly string[]).includes(number));
    return [number, expression(`${takers.join(', ')}: ${inputNumbers[number].about}.`)];
  }),
);

export const specSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'limitlaw sweep specification',
  type: 'object',
  additionalProperties: false,
  required: ['model', 'loss', 'd', 'N', 'C'],
  properties: {
    name: { description: 'A title for tables and figures.', type: 'string', maxLength: 200 },
    model: {
      description: `${models.map((name) => `${name}: ${modelTraits[name].formula}`).join('. ')}.`,
      enum: models,
    },
    loss: { description: 'ce: cross-entropy. mse: half the mean squared error.', enum: losses },
    curvature: {
      description: `hessian: second derivatives. empirical-fisher: second moments of the gradients of the samples, with random labels (only for model: ${modelsThat(takesEmpiricalFisher)}).`,
      enum: curvatures,
    },
    logitPrecision: {
      description: `Of logits that enter the normaliser of the softmax alone. single: weights within some 1e-7, faster from C = 4 d on (only for model: ${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, loss: ce).`,
      enum: logitPrecisions,
    },
    activation: {
      description: `Of the hidden layer: ${activationNames.join(', ')}, or a formula in x, for example "x*tanh(log(1+exp(x)))"; with kinks as {expression, kinks}.`,
      type: ['string', 'object'],
      if: { type: 'string' },
      // A single word is a name, so that a misspelt one is not taken for a formula.
      then: { if: { pattern: '[^A-Za-z]' }, then: { maxLength: 500 }, else: { enum: activationNames } },
      else: { required: ['expression'] },
      properties: {
        expression: {
          description: 'σ(x), for example "x*tanh(log(1+exp(x)))".',
          type: 'string',
          minLength: 1,
          maxLength: 500,
        },
        kinks: {
          description: 'Points where σ or its derivative jumps.',
          type: 'array',
          items: { type: 'number' },
          maxItems: 20,
        },
      },
      additionalProperties: false,
    },
    initialisation: {
      description: 'A scheme by name, or variance factors: entries have variance factor / fan-in.',
      type: ['string', 'object'],
      if: { type: 'string' },
      then: { enum: initialisations },
      properties: {
        hiddenVariance: expression(
          `Variance factor of W (${modelsThat((model) => !takesLogitVariance(model))}). 1 for LeCun, 2 for He.`,
        ),
        outputVariance: expression('Variance factor of V.'),
        distribution: { description: 'Shape of the entries.', enum: ['normal', 'uniform'] },
      },
      additionalProperties: false,
    },
    inputs: {
      description: `Distribution of the inputs: ${plainInputNames.join(', ')} by name, or an object.`,
      type: ['string', 'object'],
      if: { type: 'string' },
      then: { enum: plainInputNames },
      else: { required: ['distribution'] },
      properties: {
        distribution: { enum: inputNames },
        ...inputNumberFields,
        file: {
          description: 'covariance: a d×d matrix. data: a table, IDX or CIFAR file. Relative to the specification.',
          type: 'string',
          minLength: 1,
          maxLength: 4096,
        },
        radius: {
          description: 'student: every coordinate its own, or one shared by the input (multivariate t).',
          enum: inputRadii,
        },
        standardise: {
          description:
            'data: bring every column to mean 0 and variance 1. clusters: to average variance 1 a coordinate; without it centres have length 1, as in the code of the authors.',
          type: 'boolean',
        },
        format: {
          description:
            'data: cifar10 for data_batch_1.bin, cifar100 for train.bin, as downloaded (binary version); auto, by the name, for all others.',
          enum: ['auto', 'cifar10', 'cifar100'],
        },
      },
      additionalProperties: false,
      allOf: [
        ...inputNames
          .filter((name) => !plainInputNames.includes(name))
          .map((name) => requiredWith(name, inputDistributions[name].needs)),
      ],
    },
    parameters: {
      description: 'Names of your own for the rules below, in order: each may use those before it.',
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]{0,30}$' },
      maxProperties: 20,
      additionalProperties: rule('A parameter.'),
    },
    d: rule('Length of an input.'),
    N: rule('Number of samples.'),
    C: rule('Number of classes.'),
    L: rule(`Number of hidden layers (only for model: ${modelsWith('widths')}).`),
    m: rule(
      `Hidden width, of deep that of each layer (only for model: ${modelsWith('width')}, ${modelsWith('widths')}).`,
    ),
    logitVariance: rule(
      `Variance of a logit at initialisation, in place of a scheme (only for model: ${modelsThat(takesLogitVariance)}).`,
    ),
    claimedClasses: expression(
      `Number of classes at which the limit law is taken, in place of C (only for model: ${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, loss: ce): to see a law of fixed C fail.`,
    ),
    blocks: {
      description:
        'Which blocks to look at, as hidden-diagonal, output-off-diagonal, of deep hidden-2-diagonal; all that every point has when left out.',
      type: 'array',
      items: { type: 'string', pattern: blockNamePattern.source },
      minItems: 1,
      uniqueItems: true,
    },
    compare: {
      description:
        'law: with the limit law. weights: with the law given the drawn weights. coupling: the exact 2k/d check. ratio: Frobenius ratio.',
      type: 'array',
      items: { enum: [...comparisonNames] },
      minItems: 1,
      uniqueItems: true,
    },
    replicates: { description: 'Independent draws at each grid point.', type: 'integer', minimum: 2, maximum: 100000 },
    nullReplicates: {
      description: 'Fresh draws of the null for each grid point and block.',
      type: 'integer',
      minimum: 19,
      maximum: 100000,
    },
    level: {
      description: 'Chance of a false alarm in the whole sweep (Holm).',
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 0.5,
    },
    seed: { description: 'Root of all random numbers.', type: ['string', 'integer'], maxLength: 200 },
  },
} as const;
