/** What judging would compute in one thread, computed before on all workers. */
import { runTasks } from '../../../simulations/runner/index.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../../../theory/models/index.js';
import type { ClaimedTask } from '../../claims/claim.js';
import type { Claim } from '../../claims/index.js';
import { isRatioNew, rememberRatio } from '../../claims/evidence/ratioEvidence.js';
import { compiledUrl } from '../../draws/compiledUrl.js';

/**
 * Ratios of norms that the judging of these tasks asks for: a fifth of the processor time of a quick check, which one thread would spend alone. What comes of them is the same.
 * One that cannot be computed is left to the judging, whose error then has its place.
 */
export async function prepareRatios(
  claims: readonly Claim[],
  tasks: readonly ClaimedTask[],
  workers: number,
): Promise<void> {
  const asked = claims.flatMap((claim) => claim.ratiosAsked?.(tasks) ?? []);
  const distinct = [...new Map(asked.map((spec) => [JSON.stringify(spec), spec])).values()].filter(isRatioNew);
  if (workers < 2 || distinct.length < 2) return;
  // Those that take longest first, so that no worker begins one when the others are done.
  const ordered = distinct.toSorted((a, b) => (b.effort ?? 0) - (a.effort ?? 0));
  const { results } = await runTasks<FrobeniusRatioSpec, FrobeniusRatio>({
    workerUrl: compiledUrl('src/draws/check/ratioWorker.bundle.js'),
    workers,
    tasks: ordered,
    onFailure: () => undefined,
  });
  ordered.forEach((spec, k) => {
    const ratio = results[k];
    if (ratio !== undefined) rememberRatio(spec, ratio);
  });
}
