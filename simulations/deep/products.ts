import type { Backend, Workspace } from '../contracts.js';

/** Products with matrices of any shape, in workspaces that are kept from draw to draw. */
export interface Products {
  /** left · rightᵀ, both with `columns` columns, as rows of `left` by rows of `right`. */
  times(left: Float64Array, right: Float64Array, columns: number): Float64Array;
}

export function productsOf(backend: Backend): Products {
  const kept = new Map<string, Workspace>();
  const workspaceOf = (columns: number, rows: number): Workspace => {
    const shape = `${columns}×${rows}`;
    let workspace = kept.get(shape);
    if (workspace === undefined) kept.set(shape, (workspace = backend.createWorkspace(columns, rows)));
    return workspace;
  };
  return {
    times(left, right, columns) {
      const workspace = workspaceOf(columns, right.length / columns);
      workspace.inputs.set(right);
      const count = left.length / columns;
      const out = new Float64Array(count * workspace.samples);
      workspace.project(left, count, out);
      return out;
    },
  };
}
