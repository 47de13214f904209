/** Distances of a drawn spectrum to the laws that a sweep names, with fresh draws of each law's null. */
import { kolmogorovDistance, tableOf } from '../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../simulations/contracts.js';
import type { ApplicableLaw, LawDistances, SweepBlockResult, SweepTask } from './contract.js';
import {
  claimedLimitLaw,
  estimatedLawOf,
  lawOfWeights,
  lawThatApplies,
  type DrawnBlock,
  type LawWithDraws,
} from './lawsOfBlock.js';

/** Distances to each law that the task asks for and that the block has. */
export function distancesOf(
  task: SweepTask,
  applies: ApplicableLaw,
  block: DrawnBlock,
  stream: (label: string) => (r: number) => RandomStream,
): Pick<SweepBlockResult, 'law' | 'weights' | 'applicable' | 'estimate'> {
  const {
    workspace,
    observed: { eigenvalues, weights },
  } = block;
  const withNulls = (law: LawWithDraws | undefined, label: string): LawDistances | undefined =>
    law && distancesWithNulls(law, eigenvalues, task.nulls, stream(label));
  const limit = task.compare.includes('law') ? claimedLimitLaw(task, block) : undefined;
  const law = limit && kolmogorovDistance(eigenvalues, limit);
  if (!task.compare.includes('weights')) return { law, weights: undefined, applicable: undefined, estimate: undefined };
  const estimate = estimatedLawOf(task, applies, block);
  return {
    law,
    weights: withNulls(weights && lawOfWeights(task, weights, workspace), 'null'),
    applicable: withNulls(lawThatApplies(task, applies, block), 'applicable'),
    estimate: estimate && kolmogorovDistance(eigenvalues, estimate),
  };
}

const wrongFactor = 1.05;

function distancesWithNulls(
  { lawAt, aspectRatio, draw }: LawWithDraws,
  eigenvalues: Float64Array,
  count: number,
  stream: (r: number) => RandomStream,
): LawDistances {
  const [table, wrongTable] = [tableOf(lawAt(aspectRatio)), tableOf(lawAt(wrongFactor * aspectRatio))];
  const drawn = Array.from({ length: count }, (_, r) => {
    const own = draw(stream(r));
    return { right: kolmogorovDistance(own, table), wrong: kolmogorovDistance(own, wrongTable) };
  });
  return {
    observed: kolmogorovDistance(eigenvalues, table),
    nulls: drawn.map(({ right }) => right),
    wrong: drawn.map(({ wrong }) => wrong),
  };
}
