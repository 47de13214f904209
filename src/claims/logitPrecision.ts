/**
 * Where a check draws with logits in single precision: never where less than thousandfold is between what they change and
 * what chance does, and only where it pays.
 */
import { hasSoftmaxWeights } from '../../theory/names.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { CheckTask } from '../draws/check/index.js';
import { outputVarianceFactor } from '../draws/lawsOfDraw.js';

/** Of a logit, relative to √(f² + s²): `Workspace.softmaxOfClasses`. */
const logitError = 3e-7;
/** Largest error of a probability among the samples of a run, in units of its root mean square. */
const largestOverTypical = 4;
/** Sampling errors are this many times larger. */
const leastMargin = 1e3;
/**
 * Classes in units of d from which on an eighth and more of the time of norms is saved with either backend; at half as many a
 * twentieth or nothing (docs/tables/speed.md).
 */
const classesThatPay = 4;

/**
 * By how much logits of single precision change the ratio of two squared norms at most, relative. A norm is off by twice the
 * error of its weights, a weight of two probabilities by twice theirs at most. A probability is off by √(Σ p_c² ε_c²), and for
 * many normal logits Σ p² → e^{s²}/C, with f ~ N(2s², s²) under p²: the mean of f² + s² is 4s⁴ + 2s².
 */
export function ratioErrorOfSingle({ classes, logitVariance: s2 }: { classes: number; logitVariance: number }): number {
  const typical = logitError * Math.sqrt(((4 * s2 ** 2 + 2 * s2) * Math.exp(s2)) / classes);
  const [ofWeight, ofNorm, ofRatio] = [2, 2, 2];
  return ofWeight * ofNorm * ofRatio * largestOverTypical * typical;
}

/**
 * Settings of so many draws whose norms are compared, with the precision of their logits. The standard error of a ratio is
 * above 1/√(N · draws), relative: squared weights of a softmax scatter by more than their mean from s² = 0.18 on.
 */
export function withLogitPrecision(settings: DrawSettings, draws: number): DrawSettings {
  const { model, loss, classes, dimension, samples } = settings;
  if (!hasSoftmaxWeights(model, loss) || classes < classesThatPay * dimension) return settings;
  const samplingError = 1 / Math.sqrt(samples * draws);
  const error = ratioErrorOfSingle({ classes, logitVariance: outputVarianceFactor(settings) });
  return samplingError > leastMargin * error ? { ...settings, logitPrecision: 'single' } : settings;
}

/** Each C at which norms are drawn so, ascending. */
export function singleClasses(tasks: readonly CheckTask[]): readonly number[] {
  const classes = tasks.flatMap((task) =>
    task.kind === 'norm' && task.settings.logitPrecision === 'single' ? [task.settings.classes] : [],
  );
  return [...new Set(classes)].sort((a, b) => a - b);
}
