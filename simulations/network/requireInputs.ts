import { UsageError } from '../../theory/errors.js';
import type { Workspace } from '../contracts.js';
import type { Draw } from './model.js';

/** The draw whose inputs a workspace holds. */
const holder = new WeakMap<Workspace, Draw>();

/** Says that the workspace holds the inputs of this draw from now on. */
export function holdInputs(draw: Draw): void {
  holder.set(draw.workspace, draw);
}

/** Says that the workspace no longer holds any draw's inputs. */
export function forgetInputs(workspace: Workspace): void {
  holder.delete(workspace);
}

/** Throws unless the workspace still holds the inputs of this draw. */
export function requireInputs(draw: Draw): void {
  if (holder.get(draw.workspace) !== draw) {
    throw new UsageError(
      'draw must still have its inputs in its workspace; they have been replaced by another draw or by a twin; read what needs inputs first, or draw again',
    );
  }
}

/** Throws unless the readout multiplies what the blocks that are asked for are made of: the inputs, or features. */
export function requireReadoutOf(of: 'inputs' | 'features', draw: Draw, what: string): void {
  const found = draw.model.units(draw.settings) === 0 ? 'inputs' : 'features';
  if (found !== of)
    throw new UsageError(
      `${what} belong to a model whose readout multiplies ${of}, got a draw of the ${draw.model.name} model, whose readout multiplies ${found}; ask for its own blocks`,
    );
}
