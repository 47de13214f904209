import type { HeadWorkspace } from '../contracts.js';
import type { KeptLogits } from './keptLogits.js';
import type { RowSource } from './rowSource.js';

/** A readout V with its bias, if it has one. */
export interface Readout {
  readonly rows: RowSource;
  readonly bias?: Float64Array | undefined;
  /** What passes of one workspace over this readout leave for those after them. */
  readonly kept?: KeptLogits | undefined;
}

/** Calls `visit` when the logits of the classes first … first + count − 1 stand in the workspace's field `probabilities`. */
export function visitLogits(
  workspace: HeadWorkspace,
  { rows: source, bias, kept }: Readout,
  visit: (first: number, count: number) => void,
): void {
  const { rows, tileRows, dimension } = workspace;
  workspace.bias.fill(0);
  for (let first = 0; first < source.rows; first += tileRows) {
    const count = Math.min(tileRows, source.rows - first);
    if (kept?.restore(first, count) === true) source.passed?.(count);
    else {
      source.read(first, rows.subarray(0, count * dimension));
      if (bias !== undefined) workspace.bias.set(bias.subarray(first, first + count));
      workspace.project(count);
      kept?.keep(first, count);
    }
    visit(first, count);
  }
}
