/** Blocks between layers of deep networks at initialisation: squared norms of their two parts over many draws, relative to what is claimed. */
import { deepCrossNorms, type DeepNetwork } from '../../../theory/deep/index.js';
import { momentsOfRows, type RowMoments } from '../../../simulations/comparisons/index.js';
import { deepCrossSampler } from '../../../simulations/deep/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { TaskEnvironment } from '../environment.js';
import { claimedNetwork, type DeepTask } from './deepTask.js';

export interface DeepCrossTask extends Omit<DeepTask, 'kind'> {
  readonly kind: 'deep cross';
}

/** Of hidden layers: neighbours k = ℓ + 1, and all other pairs. Residuals of the readout hardly know s². */
export const layerDistances = ['neighbours', 'distant'] as const;
export type LayerDistance = (typeof layerDistances)[number];

export interface DeepCrossGroup {
  readonly distance: LayerDistance;
  /** Means over the pairs of layers of ‖R‖² and ‖K‖², each over what is claimed of that pair. */
  readonly relative: RowMoments;
  /** The largest column of R + K, and all of it, summed over the pairs of layers. */
  readonly columns: RowMoments;
  /** The claimed norms with twice the s², over those with s² as it is, averaged likewise. */
  readonly wrong: readonly [residual: number, curvature: number];
  /** Claimed E‖R‖² over E‖K‖², averaged over the pairs of layers. */
  readonly ratio: number;
}

export interface DeepCrossTaskResult {
  readonly kind: 'deep cross';
  readonly groups: readonly DeepCrossGroup[];
}

/** Relative error of s² in the wrong law. */
const wrongVariance = 2;

export function performDeepCrossTask(task: DeepCrossTask, { backend }: TaskEnvironment): Promise<DeepCrossTaskResult> {
  const sample = deepCrossSampler(task.network, task.units, backend, 'hidden layers');
  const drawn = Array.from({ length: task.draws }, (_, r) =>
    sample(randomStream(`${task.seed}/${task.experiment}`, 'deep-network', task.replicate * task.draws + r)),
  );
  const network = claimedNetwork(task);
  const hidden = (change: Partial<DeepNetwork>) =>
    deepCrossNorms({ ...network, ...change }).filter(({ above }) => above <= network.widths.length);
  const claimed = hidden({});
  const wrong = hidden({ logitVariance: wrongVariance * network.logitVariance });
  const groups = layerDistances.flatMap((distance): DeepCrossGroup[] => {
    const pairs = claimed.flatMap(({ layer, above }, k) =>
      (above === layer + 1) === (distance === 'neighbours') ? [k] : [],
    );
    if (pairs.length === 0) return [];
    const mean = (value: (pair: number) => number): number =>
      pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length;
    return [
      {
        distance,
        relative: momentsOfRows(
          drawn.map((blocks) => [
            mean((k) => blocks[k]!.residual / claimed[k]!.residual),
            mean((k) => blocks[k]!.curvature / claimed[k]!.curvature),
          ]),
        ),
        columns: momentsOfRows(
          drawn.map((blocks) => [mean((k) => blocks[k]!.largestColumn), mean((k) => blocks[k]!.whole)]),
        ),
        wrong: [
          mean((k) => wrong[k]!.residual / claimed[k]!.residual),
          mean((k) => wrong[k]!.curvature / claimed[k]!.curvature),
        ],
        ratio: mean((k) => claimed[k]!.residual / claimed[k]!.curvature),
      },
    ];
  });
  return Promise.resolve({ kind: 'deep cross', groups });
}
