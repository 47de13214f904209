import { decisivePower } from '../../theory/names.js';
import { columnInches, pixelsPerInch } from '../figure.js';
import type { Column, FigurePlan, Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { textWidth, wrapped } from '../layout/textWidth.js';
import { seriesColours, seriesDashes, seriesSymbols } from '../palette.js';
import { axis, tickFont } from '../parts.js';
import type { PowerCurve } from '../results.js';
import { formatNumber, plotlyText, provenance } from '../text.js';

/** What a curve is told apart by: its claim, its test, or both when neither is enough. */
function namesOf(curves: readonly PowerCurve[]): (curve: PowerCurve) => string {
  const count = (values: readonly unknown[]): number => new Set(values).size;
  if (count(curves.map(({ claim }) => claim)) < 2) return ({ test }) => test;
  if (count(curves.map(({ test }) => test)) < 2) return ({ claim, test }) => claim ?? test;
  return ({ claim, test }) => (claim === undefined ? test : `${claim}: ${test}`);
}

const percent = ({ unit }: PowerCurve): boolean => unit === 'relative' || unit === '%';

/** Sizes as drawn: relative ones in per cent. */
const shownSizes = ({ unit, sizes }: PowerCurve): readonly number[] =>
  sizes.map((size) => (unit === 'relative' ? 100 * size : size));

/** "classes too many by 1", but a shape that is wrong has no size. */
const namedSize = (curve: PowerCurve, size: number): string =>
  curve.unit === 'shape' || curve.unit === 'activation'
    ? curve.alternative
    : `${curve.alternative} ${formatNumber(size)}${percent(curve) ? ' %' : ''}`;

/** Errors of one size only, a column each, a line for each name: a share in each cell. */
function singleErrors(
  curves: readonly PowerCurve[],
  nameOf: (curve: PowerCurve) => string,
  names: readonly string[],
  column: Column,
): Panel {
  const cells = curves.flatMap((curve) =>
    shownSizes(curve).map((size, i) => ({
      error: namedSize(curve, size),
      name: nameOf(curve),
      share: curve.power[i] as number,
    })),
  );
  const errors = [...new Set(cells.map(({ error }) => error))];
  const rows = names.filter((name) => cells.some((cell) => cell.name === name)).reverse();
  const z = rows.map((row) =>
    errors.map((error) => cells.find((cell) => cell.name === row && cell.error === error)?.share ?? null),
  );
  const common: PlotlyObject = { nticks: undefined, ticks: '', showgrid: false, ticklabelstandoff: 3 };
  const left = Math.max(...rows.map((row) => textWidth(row, tickFont.size)));
  return {
    name: 'errors of one size',
    title: '',
    isWide: true,
    height: { inches: 0.17 * rows.length },
    cells: () => rows.flatMap((row, j) => errors.map((error, i) => [error, row, z[j]![i]!] as const)),
    data: [
      {
        type: 'heatmap',
        name: 'share rejected',
        z,
        zmin: 0,
        zmax: 1,
        colorscale: [
          [0, '@plot'],
          [1, '@blue'],
        ],
        showscale: false,
        xgap: 1,
        ygap: 1,
        hoverongaps: false,
        text: z.map((row) => row.map((share) => (share === null ? '' : formatNumber(share, 2)))),
        texttemplate: '%{text}',
        textfont: { size: tickFont.size },
        hovertemplate: '%{text}<extra></extra>',
      },
    ],
    x: axis({
      ...common,
      ...headings(errors, (columnInches[column] * pixelsPerInch - left - 24) / errors.length),
      side: 'top',
      range: [-0.5, errors.length - 0.5],
    }),
    y: axis({
      ...common,
      tickvals: rows.map((_, i) => i),
      ticktext: rows.map(plotlyText),
      range: [-0.5, rows.length - 0.5],
    }),
  };
}

/** Names above columns of this width: in lines, or upright where a word is wider. */
function headings(names: readonly string[], width: number): PlotlyObject {
  const inLines = names.map((name) => wrapped(plotlyText(name), tickFont.size, width - 4));
  const fits = inLines.every((text) => textWidth(text, tickFont.size) <= width);
  return {
    tickvals: names.map((_, i) => i),
    ticktext: fits ? inLines : names.map((name) => wrapped(plotlyText(name), tickFont.size, 90)),
    ...(fits ? {} : { tickangle: -90 }),
  };
}

/** Power against the size of one error, a line for each claim. */
function powerPanel(
  group: readonly PowerCurve[],
  level: number,
  { nameOf, names }: { readonly nameOf: (curve: PowerCurve) => string; readonly names: readonly string[] },
): Panel {
  const lead = group[0]!;
  const sizes = [...new Set(group.flatMap(shownSizes))].sort((a, b) => a - b);
  // Sizes chosen by factors stand on a logarithmic axis, each with its tick.
  const scale: PlotlyObject =
    sizes[0]! > 0
      ? { type: 'log', tickvals: sizes, ticktext: sizes.map((size) => formatNumber(size)), nticks: undefined }
      : {};
  return {
    data: group.map((curve) => {
      const name = nameOf(curve);
      const i = names.indexOf(name);
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: plotlyText(name),
        showlegend: true,
        x: shownSizes(curve),
        y: curve.power,
        line: {
          color: seriesColours[i % seriesColours.length],
          dash: seriesDashes[i % seriesDashes.length],
          width: 1.2,
        },
        marker: { symbol: seriesSymbols[i % seriesSymbols.length], size: 4.5 },
        hovertemplate: `%{x}${percent(curve) ? ' %' : ''}: %{y:.3f}<extra>%{fullData.name}</extra>`,
      };
    }),
    name: lead.alternative,
    title: plotlyText(lead.alternative),
    x: axis({ ...scale, title: percent(lead) ? 'error, %' : plotlyText(lead.unit) }),
    y: axis({
      range: [-0.03, 1.06],
      tickvals: [0, 0.5, 1],
      ticktext: ['0', '0.5', '1'],
      nticks: undefined,
      title: 'share rejected',
    }),
    shapes: [decisivePower, level].map(levelLine),
    height: { inches: 1.3 },
  };
}

/** A dotted line across a panel. */
const levelLine = (y: number): PlotlyObject => ({
  type: 'line',
  xref: 'x domain',
  yref: 'y',
  x0: 0,
  x1: 1,
  y0: y,
  y1: y,
  line: { color: '@muted', width: 0.75, dash: '2px,2px' },
  layer: 'below',
});

export const powerCurves = figureDefinition({
  id: 'power',
  title: 'Power of the tests against wrong laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  plan: (results) => {
    const curves = results.calibration?.power ?? [];
    if (curves.length === 0) return undefined;
    const level = results.calibration?.level ?? 0.05;
    const nameOf = namesOf(curves);
    const names = [...new Set(curves.map(nameOf))];
    const alternatives = new Map<string, PowerCurve[]>();
    for (const curve of curves)
      alternatives.set(curve.alternative, [...(alternatives.get(curve.alternative) ?? []), curve]);
    const groups = [...alternatives.values()];
    const drawn = groups.filter((group) => group.some(({ sizes }) => sizes.length > 1)).slice(0, 8);
    const single = groups.filter((group) => group.every(({ sizes }) => sizes.length < 2)).flat();
    const groupsIn = (column: Column): FigurePlan['groups'] => [
      ...drawn.map((group) => [powerPanel(group, level, { nameOf, names })]),
      ...(single.length === 0 ? [] : [[singleErrors(single, nameOf, names, column)]]),
    ];
    const tests = new Set(curves.map(({ test }) => test));
    const against =
      drawn.length === 0
        ? ''
        : `, against the size of the error (dotted: ${decisivePower} and the level ${formatNumber(level)})`;
    const below =
      single.length === 0
        ? ''
        : ` ${drawn.length === 0 ? 'Errors' : 'Below: errors'} of one size, the share in each cell.`;
    return {
      id: 'power',
      title: 'Power of the tests',
      column: drawn.length === 1 && single.length === 0 ? 'single' : 'double',
      groups: groupsIn('double'),
      narrow: groupsIn('single'),
      most: { single: 2, double: 4 },
      caption: `Share of ${curves[0]?.runs ?? 0} runs in which a wrong law is rejected by ${tests.size === 1 ? curves[0]!.test : 'each test'}${against}.${below}`,
      source: provenance(results),
    };
  },
});
