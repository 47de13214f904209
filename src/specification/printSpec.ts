import {
  activationNames,
  hasSoftmaxWeights,
  initialisations,
  inputDistributions,
  inputNames,
  models,
  modelsThat,
  modelsWith,
  modelTraits,
  paperActivation,
  paperInitialisation,
  takesEmpiricalFisher,
  takesLogitVariance,
} from '../../theory/names.js';
import { plainInputNames } from './specSchema.js';

/** One line each, of those that need more than their name. */
export const inputExamples = inputNames
  .filter((name) => !plainInputNames.includes(name))
  .map((name) => `# inputs: {distribution: ${name}, ${inputDistributions[name].example}`)
  .join('\n');

/** A commented specification to start from. It is valid as it stands. */
export function printSpec(): string {
  return `# A scaling regime for limitlaw. Run it with: limitlaw sweep spec.yaml
# Every number may be an expression in the names above it; a list makes one grid point for each entry.
# Expressions: + - * / ^, brackets, "a > b ? c : d", and exp, log, sqrt, round, floor, ceil, min, max, abs and others.
name: classes in proportion to the dimension

model: hidden              # ${models.map((model) => `${model}: ${modelTraits[model].formula}`).join('        ')}
loss: ce                   # ce: cross-entropy     mse: half the mean squared error
# curvature: empirical-fisher   # second moments of gradients in place of the Hessian; only for model: ${modelsThat(takesEmpiricalFisher)}
# logitPrecision: single   # of logits in the softmax's normaliser: weights within some 1e-7, faster from C = 4 d on; only for model: ${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, loss: ce

activation: ${paperActivation}           # ${activationNames.join(', ')}, or a formula in x, alone or with the points where it has kinks:
# activation: "x*tanh(log(1+exp(x)))"
# activation: {expression: "max(x, 0.1*x)", kinks: [0]}

initialisation: ${paperInitialisation}      # ${initialisations.join(', ')}, or variance factors (variance = factor / fan-in):
# initialisation:
#   hiddenVariance: 2
#   outputVariance: 1
#   distribution: normal   # normal, uniform

inputs: gaussian           # ${plainInputNames.join(', ')}, or one of
${inputExamples}

# parameters:              # names of your own for the rules below
#   density: [0.05, 0.1, 0.2]

d: [100, 200]              # length of an input
N: "2*d"                   # number of samples
C: "round(0.1*d)"          # number of classes
m: 8                       # hidden width; only for model: ${modelsWith('width')}, ${modelsWith('widths')}
# L: 3                     # number of hidden layers, each of width m; only for model: ${modelsWith('widths')}
# logitVariance: "2"       # variance of a logit in place of a scheme; only for model: ${modelsThat(takesLogitVariance)}
# claimedClasses: 10       # take the limit law at this C whatever C is, to see it fail; only for model: ${modelsThat((model) => hasSoftmaxWeights(model, 'ce'))}, loss: ce

blocks: [hidden-diagonal, hidden-off-diagonal]   # also output-diagonal, output-off-diagonal; of deep hidden-2-diagonal
compare: [law, weights, coupling, ratio]         # law: the limit law        weights: the law given the drawn weights
                                                 # coupling: the exact 2k/d  ratio: the Frobenius ratio
replicates: 20             # independent draws at each grid point
nullReplicates: 99         # fresh draws of the null
level: 0.01                # chance of a false alarm in the whole sweep
seed: limitlaw
`;
}
