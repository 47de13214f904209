/** A training for a reader: what was trained, a table of the marks on each data, and what must hold and does not. */
import { takesSetting } from '../../theory/names.js';
import { wrapped } from './wrapped.js';
import type { ColumnName, MarkSummary, TrainResult } from '../../figures/trainResult.js';
import { counted } from '../pipeline/counted.js';

/** In the order of the table; those that no mark has are left out. */
const heads: readonly (readonly [ColumnName, string])[] = [
  ['loss', 'loss'],
  ['accuracy', 'acc'],
  ['residualPart', '‖R‖²'],
  ['cross', '‖cross‖²'],
  ['crossShare', 'share'],
  ['hiddenRatio', 'C·r_ww'],
  ['outputRatio', 'C²·r_vv'],
  ['residualScore', 'z_R'],
];

/** In place of those of cross-layer blocks, of a model that has none. */
const oneLayerHeads: typeof heads = [
  ...heads.slice(0, 2),
  ['residualPower', '‖r‖²'],
  ['outputRatio', 'C²·r_vv'],
  ['traceScore', 'z₁'],
];

/** Kolmogorov, of the first diagonal block. */
const distanceHeads: typeof heads = [
  ['distanceGivenWeights', 'D(weights)'],
  ['distanceGivenLayers', 'D(layers)'],
];

const titles = { train: 'training data', fresh: 'fresh data' } as const;

export function trainTable(results: TrainResult, columns: number): string {
  const tables = (['train', 'fresh'] as const).flatMap((data) => {
    const rows = results.summary.filter((row) => row.data === data);
    return rows.length === 0 ? [] : [`\n${titles[data]}${meant(rows)}\n${marksTable(rows)}`];
  });
  const sentences = [...statementsOf(results), ...results.notes].map((line) => wrapped(line, columns));
  return `${wrapped(heading(results), columns)}\n${tables.join('')}\n${sentences.join('\n')}\n`;
}

function heading({ title, settings, plan, labels, seed, replicates }: TrainResult): string {
  const { model, loss, activation, initialisation, dimension, samples, classes, width } = settings;
  const network = [
    ...[model, loss],
    ...(takesSetting(model, 'activation') ? [activation] : []),
    ...[`d = ${dimension}`, `N = ${samples}`, `C = ${classes}`],
    ...(takesSetting(model, 'width') ? [`m = ${width}`] : []),
  ];
  const course =
    plan === null
      ? [`labels ${labels}`]
      : [
          initialisation,
          `labels ${labels}`,
          `${plan.optimiser} ${plan.learningRate} ${plan.schedule}`,
          `${counted(plan.steps, 'step')}${plan.batch === samples ? '' : ` of ${plan.batch}`}`,
          counted(replicates, 'replicate'),
          `seed ${seed}`,
        ];
  return `${title}: ${[...network, ...course].join(', ')}`;
}

const meant = (rows: readonly MarkSummary[]): string =>
  rows.some(({ count }) => count > 1) ? ' (means; below them their standard errors)' : '';

function marksTable(rows: readonly MarkSummary[]): string {
  const has = (name: ColumnName) => rows.some((row) => row.columns[name] !== undefined);
  // Distances take the place of ratios: there is no room for both.
  const own = has('cross') ? heads : oneLayerHeads;
  const wanted = has('distanceGivenWeights')
    ? [...own.filter(([name]) => !name.endsWith('Ratio')), ...distanceHeads]
    : own;
  const shown = wanted.filter(([name]) => has(name));
  // Of checkpoints it is not known how many steps there were.
  const withShare = rows.some(({ share }) => share !== null);
  const lines = [['step', ...(withShare ? ['%'] : []), ...shown.map(([, head]) => head)]];
  for (const { step, share, columns } of rows) {
    const percent = withShare ? [String(Math.round(100 * (share ?? 0)))] : [];
    lines.push([String(step), ...percent, ...shown.map(([name]) => brief(columns[name]?.mean, 4))]);
    const errors = shown.map(([name]) => columns[name]?.standardError ?? undefined);
    if (errors.some((error) => error !== undefined))
      lines.push([...(withShare ? ['', '±'] : ['±']), ...errors.map((error) => brief(error, 2))]);
  }
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => `${line.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}\n`).join('');
}

/** Of a number that is written without an exponent. */
const mostDecimals = 4;

/** So many digits, fewer where that would be more decimals than a column has room for. */
function brief(value: number | undefined, digits: number): string {
  if (value === undefined) return '-';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10 ** digits || size < 1e-4) return value.toExponential(1);
  return value.toFixed(Math.min(mostDecimals, Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}

/** At most so many broken statements are written out; results.json has all. */
const mostWritten = 10;

function statementsOf({ broken, statements, deadUnits, failures }: TrainResult): string[] {
  const lines =
    broken.length === 0
      ? [`${counted(statements, 'exact statement holds', 'exact statements hold')}, up to rounding.`]
      : broken.slice(0, mostWritten).map(({ id, unit, replicate, step, data, left, right, relation }) => {
          const which = unit === null ? '' : `, unit ${unit}`;
          const must = relation === 'equal' ? 'must equal' : 'must be at most';
          return `DISAGREE  ${id} at step ${step} on ${titles[data]}${which}, replicate ${replicate}: ${left} ${must} ${right}.`;
        });
  if (broken.length > 0) lines.push(`${broken.length} of ${statements} exact statements are broken.`);
  const dead = deadUnits.map(
    ({ units, step, data, replicate }) =>
      `No sample of the ${titles[data]} opens ${units.length === 1 ? 'unit' : 'units'} ${units.join(', ')} at step ${step} (replicate ${replicate}): left out of ratios, kept in sums.`,
  );
  const stopped = failures.map(({ replicate, message }) => `Replicate ${replicate} stopped: ${message}.`);
  return [...lines, ...dead.slice(0, mostWritten), ...stopped.slice(0, mostWritten)];
}
