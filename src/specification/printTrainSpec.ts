import { activationNames, initialisations, optimiserNames, schedules } from '../../theory/names.js';
import { inputExamples } from './printSpec.js';
import { plainInputNames } from './specSchema.js';
import { trainDefaults as given } from './trainSpec.js';

/** A commented specification of a training to start from: the values meant where a line is left out. */
export function printTrainSpec(): string {
  return `# A training for limitlaw. Run it with: limitlaw train train.yaml
name: the authors' configuration, scaled

model: ${given.model}              # linear: f = Vx        hidden: f = V σ(Wx)
loss: ${given.loss}                   # ce: cross-entropy     mse: half the mean squared error
activation: ${given.activation}           # ${activationNames.join(', ')}
initialisation: ${given.initialisation}    # ${initialisations.join(', ')}

inputs: ${given.inputs}           # ${plainInputNames.join(', ')}, or one of
${inputExamples}

d: ${given.d}                     # length of an input
N: "${given.N}"                # number of training samples, here and below also an expression in the names above
C: "${given.C}"                   # number of classes
m: ${given.m}                       # hidden width; only for model: hidden

labels: ${given.labels}             # random: independent of x   teacher: of a network of the same shape   file: of the data set
# labelsFile: labels.npy   # one class a row of the data, from 0; CIFAR files have their own

optimiser: ${given.optimiser}            # ${optimiserNames.join(', ')}
learningRate: ${given.learningRate}
schedule: ${given.schedule}           # ${schedules.join(', ')} (to 0 over the steps)
steps: ${given.steps}
# batch: 128               # samples of one update; only for sgd and one-pass
marks: "${given.marks}" # shares, or steps such as "0,10,100", or a number of marks

replicates: ${given.replicates}              # independent trainings
# freshSamples: 1000       # N when left out
# saveWeights: true        # X, y, and W and V at every mark, as .npy
# spectra: true            # distances of the blocks to their laws
# heatMaps: true           # pictures of the Hessian at every mark
seed: limitlaw
`;
}
