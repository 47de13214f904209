import { activations, takesSetting, modelTraits } from '../theory/names.js';
import type { ActivationName, Layer, Loss, Model } from '../theory/names.js';
import type { ClassCount, ConfidenceInterval, Measured, RunResults, SettingValue } from './results.js';

/** Text from a results file, safe inside Plotly's little HTML. */
export const plotlyText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The letters of what Plotly's little HTML shows. */
export const plainText = (html: string): string =>
  html
    .replaceAll('<br>', ', ')
    .replace(/<sup>(.*?)<\/sup>/g, '^$1')
    .replace(/<sub>(.*?)<\/sub>/g, '_$1')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Stands for a dollar sign that opens no formula: a private-use character, which no caption holds otherwise. */
export const literalDollar = '\ue000';

/** A user's text for a caption, where no part of it is a formula. */
export const literal = (text: string): string => text.replaceAll('$', literalDollar);

/** A true minus sign, three significant digits unless asked, a power of ten written out beyond 10^±4. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  const text =
    magnitude >= 1e6 || magnitude < 1e-4
      ? value
          .toExponential(digits - 1)
          .replace(/\.?0+e/, 'e')
          .replace('e+', 'e')
          .replace(/^(.*)e(.*)$/, (_, mantissa: string, power: string) => `${mantissa}·10${superscript(power)}`)
      : Number.isInteger(value)
        ? String(value)
        : String(Number(value.toPrecision(digits)));
  return text.replaceAll('-', '−');
}

/**
 * The same number of decimals whatever the digits, with a true minus sign: for numbers that stand beside each other.
 */
export const formatFixed = (value: number, decimals: number): string => value.toFixed(decimals).replace('-', '−');

/** Digits of a power. */
export function superscript(text: string): string {
  const digits: Readonly<Record<string, string>> = {
    '0': '⁰',
    '1': '¹',
    '2': '²',
    '3': '³',
    '4': '⁴',
    '5': '⁵',
    '6': '⁶',
    '7': '⁷',
    '8': '⁸',
    '9': '⁹',
    '-': '⁻',
  };
  return [...text].map((c) => digits[c] ?? c).join('');
}

/** p-values: never "0". */
export function formatPValue(value: number): string {
  if (value < 1e-4) return value <= 0 ? '< 10⁻¹⁵' : formatNumber(value, 2);
  return formatNumber(value, value > 0.99 ? 5 : 2);
}

export const formatMeasured = (value: Measured, digits = 5): string =>
  value === null ? '—' : typeof value === 'number' ? formatNumber(value, digits) : value;

export const formatInterval = (interval: ConfidenceInterval | null, digits = 4): string =>
  interval === null ? '—' : `[${formatNumber(interval.lower, digits)}, ${formatNumber(interval.upper, digits)}]`;

export const formatClasses = (classes: ClassCount): string => (classes === 'inf' ? '∞' : String(classes));

export const lossName = (loss: Loss): string => (loss === 'ce' ? 'cross-entropy' : 'squared error');
const lossShort = (loss: Loss): string => (loss === 'ce' ? 'CE' : 'MSE');

/** "linear, CE", "hidden layer, MSE", "output layer, CE". */
export const settingName = (setting: { readonly model: Model; readonly layer: Layer; readonly loss: Loss }): string =>
  `${modelTraits[setting.model].layers.length === 1 ? setting.model : `${setting.layer} layer`}, ${lossShort(setting.loss)}`;

/** ", m = 8"; nothing of a model without hidden units. */
export function widthText(setting: { readonly model: Model; readonly width?: number }): string {
  return setting.width === undefined || !takesSetting(setting.model, 'width') ? '' : `, m = ${setting.width}`;
}

export const levelName = (level: 1 | 2 | 3): string =>
  ['limit law', 'law given the initialisation', 'law given the drawn weights'][level - 1] as string;

export const initialisationName = (name: string): string =>
  ({ lecun: 'LeCun', he: 'He', xavier: 'Xavier', pytorch: 'PyTorch’s default' })[name] ?? name;

export const activationName = (name: ActivationName): string => activations[name]?.label ?? String(name);

/** Distinct values in ascending order, as words: "10, 100 and 1000". */
export function listValues(values: readonly ClassCount[]): string {
  const distinct = [...new Set(values)]
    .sort((a, b) => (a === 'inf' ? Infinity : a) - (b === 'inf' ? Infinity : b))
    .map(formatClasses);
  return distinct.length < 2 ? (distinct[0] ?? '') : `${distinct.slice(0, -1).join(', ')} and ${distinct.at(-1)}`;
}

export const formatSetting = (value: SettingValue): string =>
  value === null
    ? '—'
    : Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'number'
        ? String(value).replaceAll('-', '−')
        : String(value);

/** What a caption says of its run. */
export type RunFacts = Pick<RunResults, 'settings' | 'preset' | 'seed' | 'version' | 'backend'>;

/** Settings, seed and program, for what goes with a caption. */
export function provenance(results: RunFacts): string {
  const preset = results.preset === 'sweep' ? [] : [`preset ${results.preset}`];
  const settings = Object.entries(results.settings).map(([name, value]) => `${name} = ${formatSetting(value)}`);
  return literal(
    `Settings of the run: ${[...preset, ...settings].join('; ')}. Seed: ${results.seed}. Drawn by limitlaw ${results.version} (${results.backend} backend).`,
  );
}

/** `1 claim`, `2 claims`. The plural of an irregular noun is given. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
