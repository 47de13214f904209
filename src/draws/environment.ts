/** What a worker keeps between tasks: one backend, and one workspace for each size, reused from draw to draw. */
import type { Backend, Workspace } from '../../simulations/contracts.js';

export interface TaskEnvironment {
  readonly backend: Backend;
  /** @param use workspaces of different uses are different ones, whose inputs do not overwrite each other */
  workspace(dimension: number, samples: number, use?: string): Workspace;
}

/**
 * Workspaces kept at most; the one unused for longest goes first, so that a long list of sizes cannot fill the memory.
 */
export const workspacesKept = 4;

export function createEnvironment(backend: Backend): TaskEnvironment {
  const kept = new Map<string, Workspace>();
  return {
    backend,
    workspace(dimension, samples, use = '') {
      const key = `${dimension}×${samples} ${use}`;
      const workspace = kept.get(key) ?? backend.createWorkspace(dimension, samples);
      kept.delete(key);
      kept.set(key, workspace);
      for (const oldest of kept.keys()) {
        if (kept.size <= workspacesKept) break;
        kept.delete(oldest);
      }
      return workspace;
    },
  };
}
