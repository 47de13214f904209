import type { Model } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import type { Draw } from '../models/draw.js';

export function requireModel(draw: Draw, model: Model, what: string): void {
  if (draw.settings.model !== model) {
    throw new UsageError(
      `${what} belong to the ${model} model; got a draw of the ${draw.settings.model} model; ask for its own blocks`,
    );
  }
}
