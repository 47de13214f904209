import { UsageError } from '../../theory/errors.js';
import { activationNames, takesSetting, initialisations, losses, models } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';

const sizes: readonly (readonly [
  key: 'dimension' | 'samples' | 'classes' | 'width',
  smallest: number,
  meaning: string,
])[] = [
  ['dimension', 1, 'the length d of an input'],
  ['samples', 1, 'the number N of inputs'],
  ['classes', 2, 'the number C of classes'],
  ['width', 1, 'the number m of hidden units'],
];

function requireOneOf(key: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new UsageError(`${key} must be one of ${allowed.join(', ')}, got ${String(value)}`);
}

/**
 * Throws a UsageError unless the settings describe a model that can be drawn. Width and activation are
 * read only of a model that has them.
 */
export function validateDrawSettings(settings: DrawSettings): void {
  requireOneOf('model', settings.model, models);
  requireOneOf('loss', settings.loss, losses);
  requireOneOf('initialisation', settings.initialisation, initialisations);
  if (takesSetting(settings.model, 'activation')) requireOneOf('activation', settings.activation, activationNames);
  for (const [key, smallest, meaning] of sizes) {
    if (key === 'width' && !takesSetting(settings.model, key)) continue;
    const value = settings[key];
    if (!Number.isSafeInteger(value) || value < smallest) {
      throw new UsageError(
        `${key}, ${meaning}, must be a whole number of at least ${smallest}, got ${String(value)}; give a whole number`,
      );
    }
  }
}
