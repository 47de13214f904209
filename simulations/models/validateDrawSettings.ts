import { UsageError } from '../../theory/errors.js';
import {
  activationNames,
  curvatures,
  hasSoftmaxWeights,
  initialisations,
  largestDepth,
  logitPrecisions,
  losses,
  models,
  noEmpiricalFisher,
  noSingleLogits,
  takesEmpiricalFisher,
  takesSetting,
} from '../../theory/names.js';
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
  if (settings.curvature !== undefined) requireOneOf('curvature', settings.curvature, curvatures);
  if (settings.curvature === 'empirical-fisher' && !takesEmpiricalFisher(settings.model))
    throw new UsageError(`curvature: ${noEmpiricalFisher(settings.model)}; draw its Hessian`);
  if (settings.logitPrecision !== undefined) requireOneOf('logitPrecision', settings.logitPrecision, logitPrecisions);
  if (settings.logitPrecision === 'single' && !hasSoftmaxWeights(settings.model, settings.loss))
    throw new UsageError(`logitPrecision: ${noSingleLogits}, got ${settings.model}, ${settings.loss}; leave it out`);
  requireOneOf('initialisation', settings.initialisation, initialisations);
  if (takesSetting(settings.model, 'activation')) requireOneOf('activation', settings.activation, activationNames);
  for (const [key, smallest, meaning] of sizes) {
    if (key === 'width' && !takesSetting(settings.model, key)) continue;
    requireSize(`${key}, ${meaning},`, settings[key], smallest);
  }
  if (!takesSetting(settings.model, 'widths')) return;
  const { widths } = settings;
  if (!Array.isArray(widths) || widths.length < 1 || widths.length > largestDepth)
    throw new UsageError(
      `widths must name from 1 to ${largestDepth} hidden layers of a ${settings.model} model, got ${String(widths)}; give a list`,
    );
  for (const width of widths) requireSize('widths, of the hidden layers,', width as number, 1);
}

function requireSize(name: string, value: number, smallest: number): void {
  if (Number.isSafeInteger(value) && value >= smallest) return;
  throw new UsageError(
    `${name} must be a whole number of at least ${smallest}, got ${String(value)}; give a whole number`,
  );
}
