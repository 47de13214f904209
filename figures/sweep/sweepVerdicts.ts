import type { FigureDefinition, PlotlyObject } from '../figure.js';
import { verdictSteps } from '../paper/phaseMaps.js';
import { axis, inPanel, panelAxes, paperFigure, tickFont } from '../parts.js';
import type { SweepComparison, SweepGroup, SweepResult } from '../sweepResult.js';
import { formatNumber, formatPValue, plotlyText, provenance } from '../text.js';
import { firstOf, fixedText, lawNames, mostRows, rowsOf } from './sweepParts.js';

const shortNames: Readonly<Record<SweepComparison['name'], string>> = { ...lawNames, weights: 'given weights' };

interface TableRow {
  readonly label: string;
  /** Number of the step of colour; undefined where nothing is judged. */
  readonly step: number | undefined;
  readonly cells: readonly string[];
}

const columns = ['verdict', 'mean distance', 'exponent', 'adjusted p', 'power'] as const;

function rowsOfGroup(results: SweepResult, group: SweepGroup): TableRow[] {
  const fixed = fixedText(group);
  const heading = `${group.block}${fixed === '' ? '' : `, ${fixed}`}: `;
  const rows = rowsOf(results, group);
  const judged = group.comparisons.map((comparison, index): TableRow => {
    const { name, verdict } = comparison;
    const distances = name === 'coupling' || name === 'draws' ? [] : (rows.at(-1)?.[name] ?? []);
    return {
      // Named once a group.
      label: `${index === 0 ? heading : ''}${shortNames[name]}`,
      step: verdictSteps.findIndex((step) => step.word === verdict),
      cells: [verdict, meanText(distances), ...evidenceOf(comparison)],
    };
  });
  const estimate = group.estimate?.sizes.at(-1);
  if (estimate === undefined) return judged;
  return [
    ...judged,
    {
      label: 'estimate',
      step: undefined,
      cells: ['not judged', formatNumber(estimate.distance, 2), '', '', ''],
    },
  ];
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
    ...inPanel(0),
  };
  // Words of their own, since a cell without a colour has no text.
  const words = {
    type: 'scatter',
    mode: 'text',
    x: rows.flatMap(() => columns.map((_, i) => i)),
    y: rows.flatMap((_, j) => columns.map(() => j)),
    text: rows.flatMap(({ cells }) => cells.map(plotlyText)),
    textfont: {
      size: tickFont.size,
      color: rows.flatMap(({ step }) =>
        columns.map((_, i) => (i === 0 && step !== undefined ? verdictSteps[step]!.textColour : '@ink')),
      ),
    },
    hoverinfo: 'skip',
    ...inPanel(0),
  };
  return [heat, words];
}

export const sweepVerdicts: FigureDefinition<SweepResult> = {
  id: 'verdicts',
  title: 'Verdicts of the sweep, with the power of their tests',
  needs: 'a grid point that was drawn',
  build: (results) => {
    const all = results.summary.groups.flatMap((group) => rowsOfGroup(results, group));
    const rows = all.slice(0, mostRows);
    if (rows.length === 0) return undefined;
    const common: PlotlyObject = { nticks: undefined, ticks: '', showgrid: false, ticklabelstandoff: 3 };
    // Room at the left for the names.
    const left = Math.min(0.6, (0.6 * tickFont.size * Math.max(...rows.map(({ label }) => label.length))) / 660);
    return paperFigure({
      id: 'verdicts',
      title: 'Verdicts of the sweep',
      column: 'double',
      heightInches: 0.4 + 0.2 * rows.length,
      data: tableTraces(rows),
      layout: panelAxes(
        0,
        { x: [left, 1], y: [0, 1] },
        axis({
          ...common,
          tickvals: columns.map((_, i) => i),
          ticktext: [...columns],
          side: 'top',
          range: [-0.5, columns.length - 0.5],
        }),
        axis({
          ...common,
          tickvals: rows.map((_, i) => i),
          ticktext: rows.map(({ label }) => plotlyText(label)),
          range: [rows.length - 0.5, -0.5],
        }),
      ),
      margin: { t: 24, b: 6, l: 8 },
      caption: `Verdicts at a level of ${formatNumber(results.level)} over the whole sweep. Mean distance: Kolmogorov, over the draws of the largest $d$. Exponent: fitted power of $d$, in brackets that of a law that holds ($\\log d$ divided out but for the limit law). Power: the chance that the test rejects a law whose aspect ratio is 5 % too large.${firstOf(rows.length, all.length, 'rows')} ${provenance(results)}`,
    });
  },
};
