/** Blocks of the Hessian between layers of deep networks at initialisation: striped between neighbours, dense between others. */
import type { Loss } from '../../theory/contracts.js';
import type { Measurement, PaperSentence } from '../../figures/results.js';
import { lossName } from '../../figures/text.js';
import {
  joinMoments,
  normalTwoSided,
  powerOfMeanTest,
  type PowerAgainst,
} from '../../simulations/comparisons/index.js';
import { layerDistances, type DeepCrossGroup, type DeepCrossTask, type LayerDistance } from '../draws/check/index.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, Finished, JudgeContext, TestDraft } from './claim.js';
import { deepLosses, deepTasks, groupBy, sizesText } from './evidence/deepEvidence.js';
import { statedPower } from './evidence/lawEvidence.js';
import { markSentence } from './evidence/markSentence.js';
import { nameTest } from './evidence/nameTest.js';
import { ratioOfMoments } from './evidence/ratioScore.js';
import { paperSentences } from './paperSentences.js';
import { finishedOf } from './taskLists.js';

export const deepCross = defineClaim({
  id: 'deep-cross',
  title: 'Blocks between layers of a deep network',
  statement: String.raw`In a block $(w^\ell_i, w^k_j)$ of a deep ReLU network, $k > \ell$, the part that carries the residuals fills column $i$ alone when the layers are neighbours, and every column when they are not; it weighs the same in both. As all sizes grow in proportion the squared norms of both parts tend to sums over pairs of inputs, at a distance of order one over the width.`,
  formula: String.raw`H_{w^\ell_i w^k_j} = \frac1N\sum_n g^\ell_{n,i}\, h_{n,\ell-1}\Bigl[\delta^k_{n,j} \frac{\partial h_{n,k-1}}{\partial h_{n,\ell,i}} + a_n h_{n,k-1}\Bigr]^{\mathsf T},\qquad \frac{\partial h_\ell}{\partial h_{\ell,i}} = e_i`,
  plan: (context) =>
    deepLosses.flatMap((loss) =>
      context.preset.deep.cross.flatMap((setting) =>
        deepTasks(context, 'deep-cross', loss, setting).map((task): DeepCrossTask => ({ ...task, kind: 'deep cross' })),
      ),
    ),
  judge,
});

/** One distance of layers under one setting. */
interface Group extends DeepCrossGroup {
  readonly network: DeepCrossTask['network'];
}

function groupsOf(finished: readonly Finished[]): Group[] {
  return groupBy(finishedOf(finished, 'deep cross'), ({ task }) => task.experiment).flatMap(([, batches]) =>
    batches[0]!.result.groups.map((group, k): Group => ({
      ...group,
      network: batches[0]!.task.network,
      relative: joinMoments(batches.map(({ result }) => result.groups[k]!.relative)),
      columns: joinMoments(batches.map(({ result }) => result.groups[k]!.columns)),
    })),
  );
}

const parts = ['residual part', 'curvature part'] as const;

/** Two settings of one shape, the second with all sizes twice as large: a norm over its limit is 1 + c/n + O(1/n²) in either. */
interface Pair {
  readonly loss: Loss;
  readonly distance: LayerDistance;
  readonly small: Group;
  readonly large: Group;
}

function pairsOf(groups: readonly Group[]): Pair[] {
  return deepLosses.flatMap((loss) =>
    layerDistances.flatMap((distance): Pair[] => {
      const own = groups.filter((group) => group.network.loss === loss && group.distance === distance);
      const [small, large] = own;
      return small === undefined || large === undefined ? [] : [{ loss, distance, small, large }];
    }),
  );
}

const regimeOf = ({ loss, distance }: Pair): string =>
  `${lossName(loss)}, ${distance === 'neighbours' ? 'neighbouring layers' : 'distant layers'}`;

/** Twice the relative norm at twice the sizes less that at the sizes: 1 up to what is of second order. */
function extrapolated({ small, large }: Pair, part: 0 | 1) {
  const value = 2 * large.relative.mean[part]! - small.relative.mean[part]!;
  const spread = ({ relative }: Group, share: number): number =>
    Math.sqrt(relative.covariance[part]![part]! / (relative.count * share));
  const secondOrder = small.network.widths.reduce((sum, width) => sum + (5 / width) ** 2, 0) / 2;
  const errorOf = (share: number): number => Math.hypot(2 * spread(large, share), spread(small, share), secondOrder);
  return { value, errorOf };
}

function judge({ finished }: JudgeContext): ClaimDraft {
  const groups = groupsOf(finished).filter(({ relative }) => relative.count > 2);
  const pairs = pairsOf(groups);
  const columns = groups.map(largestColumn);
  const headline = columns.findLast(({ quantity }) => quantity.includes('neighbouring'));
  return {
    quantity: headline?.quantity ?? 'largest column of a block',
    predicted: null,
    measured: headline?.measured ?? null,
    interval: headline?.interval ?? null,
    measurements: [...pairs.flatMap(extrapolatedRows), ...columns],
    sentences: sentencesOf(groups),
    spectra: [],
    distances: [],
    ratioCurves: [],
    tests: pairs.flatMap((pair) => parts.map((_, part) => testOf(pair, part as 0 | 1))),
    exactFailures: [],
    powers: (testLevel) => pairs.flatMap((pair) => powerOf(pair, testLevel)),
    notes: [
      'Of two hidden layers each; labels are uniform and independent of the inputs. Norms are held against their limit by extrapolation from two sizes, all in proportion: at the larger one they may still be a third away from it.',
    ],
    arrays: new Map(),
  };
}

function testOf(pair: Pair, part: 0 | 1): TestDraft {
  const { value, errorOf } = extrapolated(pair, part);
  const score = (value - 1) / errorOf(1);
  return {
    ...nameTest(regimeOf(pair), `squared norm of the ${parts[part]} against its limit`),
    statistic: `normal score of twice the mean relative norm at n = ${pair.large.network.widths[0]} less that at n = ${pair.small.network.widths[0]}`,
    observed: score,
    null: '1: leading order in the widths; spread of the draws, and the second order in 1/n as an error',
    pValue: normalTwoSided(score),
    replicates: 0,
  };
}

/** Of either part the test that sees it better. */
function powerOf(pair: Pair, testLevel: number): PowerAgainst[] {
  const draws = pair.large.relative.count;
  const candidates = parts.map((_, part) => {
    const { errorOf } = extrapolated(pair, part as 0 | 1);
    const effect = 1 / pair.large.wrong[part]! - 1;
    const power = (replicates: number): number =>
      powerOfMeanTest({ effect: effect / errorOf(replicates / draws), replicates: 1, level: testLevel, sides: 2 });
    return { replicates: draws, power };
  });
  return [statedPower(`${regimeOf(pair)}: logit variance twice as large`, candidates, 1)];
}

function extrapolatedRows(pair: Pair): Measurement[] {
  return parts.map((name, part) => {
    const { value, errorOf } = extrapolated(pair, part as 0 | 1);
    const half = 1.96 * errorOf(1);
    return {
      quantity: `squared norm of the ${name} over its limit, ${regimeOf(pair)}, extrapolated in 1/n`,
      predicted: 1,
      measured: value,
      interval: { lower: value - half, upper: value + half, level: 0.95 },
    };
  });
}

function largestColumn({ columns, network, distance }: Group): Measurement {
  const { ratio, error } = ratioOfMoments(columns);
  const layers = distance === 'neighbours' ? 'neighbouring layers' : 'distant layers';
  return {
    quantity: `share of the squared norm of a block in its largest column, ${lossName(network.loss)}, ${layers}, ${sizesText(network)}`,
    predicted: null,
    measured: ratio,
    interval: { lower: ratio - 1.96 * error, upper: ratio + 1.96 * error, level: 0.95 },
    judged: false,
  };
}

/** A stripe holds at least as much as all the other columns; a dense block has no column with a quarter of it. */
const [stripe, dense] = [0.5, 0.25] as const;

function sentencesOf(groups: readonly Group[]): PaperSentence[] {
  return deepLosses.flatMap((loss) => {
    const own = groups.filter(({ network }) => network.loss === loss);
    const largest = own.at(-1);
    if (largest === undefined) return [];
    const assertions = own
      .filter(({ network }) => network === largest.network)
      .map((group) => {
        const { quantity, measured, interval } = largestColumn(group);
        const range = group.distance === 'neighbours' ? { lower: stripe } : { upper: dense };
        return { quantity, measured: measured as number, interval, ...range };
      });
    return [markSentence(paperSentences.deepCirculant, `${lossName(loss)}, ${sizesText(largest.network)}`, assertions)];
  });
}
