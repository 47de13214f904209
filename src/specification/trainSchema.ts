/**
 * The JSON Schema of a training's specification; `limitlaw train --print-schema` writes it for editors. The options of
 * `limitlaw train` are held against it too. What a schema cannot say is checked in trainSpec.ts.
 */
import { initialisations, labelRules, optimiserNames, paperModels, schedules } from '../../theory/names.js';
import { specSchema } from './specSchema.js';

const { name, model, loss, inputs, seed } = specSchema.properties;

const size = (description: string) => ({ description, type: ['integer', 'string'], maxLength: 500 });
const path = (description: string) => ({ description, type: 'string', minLength: 1, maxLength: 4096 });

export const trainSchema = {
  $schema: specSchema.$schema,
  title: 'limitlaw train specification',
  type: 'object',
  additionalProperties: false,
  properties: {
    name,
    model: { ...model, enum: paperModels },
    loss,
    activation: { description: 'Of the hidden layer.', enum: specSchema.properties.activation.then.else.enum },
    initialisation: { description: 'Scheme of the weights.', enum: initialisations },
    inputs,
    d: size('Length of an input.'),
    N: size('Number of training samples, or an expression in d.'),
    C: size('Number of classes, or an expression in d and N.'),
    m: size('Hidden width, or an expression in d, N and C (hidden model only).'),
    labels: {
      description:
        'random: uniform, independent of the inputs. teacher: the largest output of a network of the same shape. file: of the data set. clusters: of clustered inputs, by their cluster.',
      enum: labelRules,
    },
    labelsFile: path(
      'labels: file: one class a row of the data, from 0; not needed for CIFAR. Relative to the specification.',
    ),
    optimiser: {
      description: 'gd: full batch. sgd: batches with replacement. one-pass: each sample once. adam: full batch.',
      enum: optimiserNames,
    },
    learningRate: { description: 'η of the first step.', type: 'number', exclusiveMinimum: 0 },
    schedule: { description: 'cosine: to 0 over the steps.', enum: schedules },
    steps: { description: 'Updates.', type: 'integer', minimum: 0, maximum: 1e9 },
    batch: { description: 'Samples of one update (sgd and one-pass).', type: 'integer', minimum: 1, maximum: 1e9 },
    marks: {
      description:
        'When the network is looked at: shares of the steps ("0,25,50,75,100%"), steps ("0,10,100"), or how many marks, evenly spaced.',
      type: ['integer', 'string', 'array'],
      maxLength: 2000,
      items: { type: 'integer' },
      minItems: 1,
      maxItems: 1000,
    },
    replicates: { description: 'Independent trainings.', type: 'integer', minimum: 1, maximum: 100000 },
    freshSamples: { description: 'Number of fresh samples at a mark.', type: 'integer', minimum: 1, maximum: 1e9 },
    saveWeights: { description: 'Write X, y, and W and V at every mark, as .npy.', type: 'boolean' },
    spectra: { description: 'Distances of the blocks to their laws.', type: 'boolean' },
    heatMaps: { description: 'Pictures of the Hessian at the marks of the first replicate.', type: 'boolean' },
    seed,
  },
} as const;
