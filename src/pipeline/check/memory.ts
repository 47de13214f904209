import { predictMemory } from '../../../simulations/models/predictMemory.js';
import { workspacesKept } from '../../draws/environment.js';
import type { CheckTask } from '../../draws/check/index.js';

/** What the runtime takes for a worker besides its buffers. */
const runtimeBytes = 60 * 2 ** 20;

/**
 * Bytes that one worker needs at most for these tasks: the largest workspaces it may keep at a time, the largest draw,
 * the runtime.
 */
export function memoryOfWorker(tasks: readonly CheckTask[]): number {
  const workspaces = new Map<string, number>();
  let draw = 0;
  const seen = new Set<CheckTask['settings']>();
  for (const { settings } of tasks) {
    if (seen.has(settings)) continue;
    seen.add(settings);
    const prediction = predictMemory(settings);
    workspaces.set(`${settings.dimension}×${settings.samples}`, prediction.workspace);
    draw = Math.max(draw, prediction.draw + prediction.block);
  }
  const kept = [...workspaces.values()].sort((a, b) => b - a).slice(0, workspacesKept);
  return kept.reduce((sum, bytes) => sum + bytes, draw + runtimeBytes);
}
