/** What a change of initialisation changes, and what the theory predicts for each scheme: sentences for the report. */
import type { InitialisationName, LayerInitialisation } from '../../../theory/contracts.js';
import { frobeniusRatio, type FrobeniusRatioSpec } from '../../../theory/models/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import type { Preset } from '../../claims/presets.js';

const titles: Readonly<Record<InitialisationName, string>> = {
  lecun: 'LeCun (as in the theorems)',
  he: 'He',
  xavier: 'Xavier',
  pytorch: 'PyTorch default (as in the published code)',
};

export function initialisationNotes(preset: Preset): string[] {
  const notes = preset.initialisations.map((initialisation) => initialisationNote(initialisation, preset));
  if (preset.initialisations.length < 2) return notes;
  return [
    'Initialisations differ in one number for each layer, the variance of an entry times the fan-in, and in whether entries are normal or uniform. A smaller variance flattens the softmax: the laws narrow towards the Marčenko–Pastur law of equal weights, the ratios approach their limits from fewer classes, and outliers disappear. A uniform readout has no heavy tails: its constants are finite at every width, where a normal one needs m > 2 (product of the two variances).',
    ...notes,
  ];
}

function initialisationNote(
  initialisation: InitialisationName,
  { width, aspectRatio, hiddenClasses, dimensions }: Preset,
): string {
  const sizes = { dimension: dimensions[dimensions.length - 1]!, width, classes: hiddenClasses[0]! };
  const linear = initialisationScheme(initialisation, { model: 'linear', ...sizes }).output;
  const { hidden, output } = initialisationScheme(initialisation, { model: 'hidden', ...sizes });
  const limitOf = (spec: Pick<FrobeniusRatioSpec, 'model' | 'loss' | 'layer' | 'logitVariance'>): string => {
    const scheme = spec.logitVariance === undefined ? { initialisation } : {};
    const { limit, reason } = frobeniusRatio({ ...spec, ...scheme, width, classes: Infinity, aspectRatio });
    return Number.isFinite(limit) ? limit.toPrecision(5) : `infinite (${reason ?? 'heavy tails'})`;
  };
  return (
    `${titles[initialisation]}: linear model ${describe(linear)}; hidden model W ${hidden === undefined ? '' : describe(hidden)}, V ${describe(output)}. ` +
    `Predicted limits at d/N = ${aspectRatio} and m = ${width}: linear cross-entropy C² r → ${limitOf({ model: 'linear', loss: 'ce', layer: 'output', logitVariance: linear.varianceFactor })}; ` +
    `hidden cross-entropy C r → ${limitOf({ model: 'hidden', loss: 'ce', layer: 'hidden' })}; hidden squared error C r → ${limitOf({ model: 'hidden', loss: 'mse', layer: 'hidden' })}; ` +
    `output cross-entropy C² r → ${limitOf({ model: 'hidden', loss: 'ce', layer: 'output' })}.`
  );
}

function describe({ varianceFactor, distribution }: LayerInitialisation): string {
  return `${distribution}, variance ${Number(varianceFactor.toPrecision(4))}/fan-in`;
}
