import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { verdictSteps } from '../paper/phaseMaps.js';
import { axis, panelTitle, tickFont } from '../parts.js';
import type { SweepComparison, SweepGroup, SweepResult } from '../sweepResult.js';
import { formatNumber, formatPValue, plotlyText, provenance } from '../text.js';
import { firstOf, fixedText, lawNames, mostRows, rowsOf } from './sweepParts.js';

const shortNames: Readonly<Record<SweepComparison['name'], string>> = { ...lawNames, weights: 'given weights' };

interface TableRow {
  readonly label: string;
  /** Number of the step of colour; undefined where nothing is judged. */
  readonly step: number | undefined;
  /** None under the name of a group. */
  readonly cells: readonly string[];
}

const columns = ['verdict', 'distance', 'exponent', 'adj. p', 'power'] as const;

/** A line with the name of the group, then one for each comparison. */
function rowsOfGroup(results: SweepResult, group: SweepGroup): TableRow[] {
  const fixed = fixedText(group);
  const heading = { label: `${group.block}${fixed === '' ? '' : `, ${fixed}`}`, step: undefined, cells: [] };
  const rows = rowsOf(results, group);
  const judged = group.comparisons.map((comparison): TableRow => {
    const { name, verdict } = comparison;
    const distances = name === 'coupling' || name === 'draws' ? [] : (rows.at(-1)?.[name] ?? []);
    return {
      label: shortNames[name],
      step: verdictSteps.findIndex((step) => step.word === verdict),
      cells: [verdict, meanText(distances), ...evidenceOf(comparison)],
    };
  });
  const estimate = group.estimate?.sizes.at(-1);
  const shown: TableRow[] =
    estimate === undefined
      ? []
      : [
          {
            label: 'estimate',
            step: undefined,
            cells: ['not judged', formatNumber(estimate.distance, 2), '', '', ''],
          },
        ];
  return [heading, ...judged, ...shown];
}

const meanText = (values: readonly number[]): string =>
  values.length === 0 ? '' : formatNumber(values.reduce((sum, value) => sum + value, 0) / values.length, 2);

function evidenceOf({ exponent, predictedExponent, smallestAdjustedPValue, power }: SweepComparison): string[] {
  return [
    exponent === null
      ? ''
      : `${exponent.value.toFixed(2)} (${predictedExponent === null ? '' : formatNumber(predictedExponent)})`.replaceAll(
          '-',
          '−',
        ),
    smallestAdjustedPValue === null
      ? ''
      : smallestAdjustedPValue < 1e-99
        ? '< 10⁻⁹⁹'
        : formatPValue(smallestAdjustedPValue),
    power === null ? '' : power.probability > 0.995 ? '> 0.99' : power.probability.toFixed(2),
  ];
}

function tableTraces(rows: readonly TableRow[]): PlotlyObject[] {
  const steps = verdictSteps.length;
  const heat = {
    type: 'heatmap',
    z: rows.map(({ step }) => columns.map((_, i) => (i === 0 ? (step ?? null) : null))),
    zmin: -0.5,
    zmax: steps - 0.5,
    colorscale: verdictSteps.flatMap(({ colour }, k) => [
      [k / steps, colour],
      [(k + 1) / steps, colour],
    ]),
    showscale: false,
    xgap: 1,
    ygap: 1,
    hoverinfo: 'skip',
  };
  // Words of their own, since a cell without a colour has no text.
  const words = {
    type: 'scatter',
    mode: 'text',
    x: rows.flatMap(({ cells }) => cells.map((_, i) => i)),
    y: rows.flatMap(({ cells }, j) => cells.map(() => j)),
    text: rows.flatMap(({ cells }) => cells.map(plotlyText)),
    textfont: {
      size: tickFont.size,
      color: rows.flatMap(({ step, cells }) =>
        cells.map((_, i) => (i === 0 && step !== undefined ? verdictSteps[step]!.textColour : '@ink')),
      ),
    },
    hoverinfo: 'skip',
  };
  return [heat, words];
}

/** The name of a group, over the columns of its line. */
const headingNote = (label: string, at: number): PlotlyObject =>
  panelTitle(`<b>${plotlyText(label)}</b>`, {
    ...{ x: 0, y: at, yref: 'y', xanchor: 'left', yanchor: 'middle', yshift: 0 },
    font: { ...tickFont, color: '@ink' },
  });

function tablePanel(rows: readonly TableRow[]): Panel {
  const common: PlotlyObject = { nticks: undefined, ticks: '', showgrid: false, ticklabelstandoff: 3 };
  return {
    name: 'verdicts',
    title: '',
    data: tableTraces(rows),
    notes: rows.flatMap(({ label, cells }, i) => (cells.length === 0 ? [headingNote(label, i)] : [])),
    x: axis({
      ...common,
      tickvals: columns.map((_, i) => i),
      ticktext: [...columns],
      side: 'top',
      range: [-0.5, columns.length - 0.5],
    }),
    y: axis({
      ...common,
      tickvals: rows.map((_, i) => i),
      ticktext: rows.map(({ label, cells }) => (cells.length === 0 ? '' : plotlyText(label))),
      range: [rows.length - 0.5, -0.5],
    }),
    height: { inches: 0.165 * rows.length },
    cells: () => {
      let heading = '';
      return rows.flatMap(({ label, cells }) => {
        if (cells.length === 0) heading = label;
        return cells.map((cell, i) => [columns[i]!, `${heading}: ${label}`, cell] as const);
      });
    },
  };
}

export const sweepVerdicts = figureDefinition<SweepResult>({
  id: 'verdicts',
  title: 'Verdicts of the sweep, with the power of their tests',
  needs: 'a grid point that was drawn',
  plan: (results) => {
    const all = results.summary.groups.flatMap((group) => rowsOfGroup(results, group));
    const rows = all.slice(0, mostRows);
    if (rows.length === 0) return undefined;
    return {
      id: 'verdicts',
      title: 'Verdicts of the sweep',
      column: 'single',
      groups: [[tablePanel(rows)]],
      most: { single: 1, double: 1 },
      caption: `Verdicts at a level of ${formatNumber(results.level)} over the whole sweep, with the mean Kolmogorov distance over the draws of the largest $d$. Exponent: fitted power of $d$, in brackets that of a law that holds ($\\log d$ divided out but for the limit law); adj. p: the least p-value, adjusted over the sweep; power: the chance that the test rejects a law whose aspect ratio is 5 % too large${firstOf(rows.length, all.length, 'rows')}.`,
      source: provenance(results),
    };
  },
});
