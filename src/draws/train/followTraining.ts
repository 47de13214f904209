import type { TaskEnvironment } from '../environment.js';
import { trainedNetwork } from './trainedNetwork.js';
import type { MarkedNetwork, TrainingRequest } from './trainedNetwork.js';

/** What a training is looked at on: its own data at every mark, and fresh data. */
export interface Looks {
  readonly train: boolean;
  readonly fresh: 'never' | 'at the end' | 'at every mark';
}

/** A training that stops at its marks, in order; at each the training data first, then fresh data if they are wanted. */
export async function* followTraining(
  { looks, ...request }: TrainingRequest & { readonly looks: Looks },
  environment: TaskEnvironment,
): AsyncGenerator<MarkedNetwork, void> {
  const { marks } = request.plan;
  const network = trainedNetwork(request, environment);
  for (const step of marks) {
    await network.trainer.advance(step);
    if (looks.train) yield network.on('train', step);
    if (looks.fresh === 'at every mark' || (looks.fresh === 'at the end' && step === marks.at(-1)))
      yield network.on('fresh', step);
  }
}
