import { decisivePower } from '../../theory/names.js';
import type { FigureDefinition, PlotlyObject } from '../figure.js';
import { seriesColours, seriesDashes, seriesSymbols } from '../palette.js';
import {
  axis,
  axisSuffix,
  inPanel,
  joinPanels,
  panelAxes,
  panelDomain,
  panelTitle,
  paperFigure,
  tickFont,
  type FigurePanel,
} from '../parts.js';
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

/** Errors of one size only, under each name: a share in each cell. */
function singleErrors(
  curves: readonly PowerCurve[],
  nameOf: (curve: PowerCurve) => string,
  names: readonly string[],
  position: number,
): {
  readonly trace: PlotlyObject;
  readonly xaxis: PlotlyObject;
  readonly yaxis: PlotlyObject;
  readonly rows: readonly string[];
} {
  const cells = curves.flatMap((curve) =>
    shownSizes(curve).map((size, i) => ({
      row: namedSize(curve, size),
      name: nameOf(curve),
      share: curve.power[i] as number,
    })),
  );
  const rows = [...new Set(cells.map(({ row }) => row))].reverse();
  const columns = names.filter((name) => cells.some((cell) => cell.name === name));
  const z = rows.map((row) =>
    columns.map((name) => cells.find((cell) => cell.row === row && cell.name === name)?.share ?? null),
  );
  const common: PlotlyObject = { nticks: undefined, ticks: '', showgrid: false, ticklabelstandoff: 3 };
  return {
    rows,
    trace: {
      type: 'heatmap',
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
      ...inPanel(position),
    },
    xaxis: axis({
      ...common,
      tickvals: columns.map((_, i) => i),
      ticktext: columns.map(plotlyText),
      side: 'top',
      range: [-0.5, columns.length - 0.5],
    }),
    yaxis: axis({
      ...common,
      tickvals: rows.map((_, i) => i),
      ticktext: rows.map(plotlyText),
      range: [-0.5, rows.length - 0.5],
    }),
  };
}

/** Power against the size of one error, a line for each claim. */
function powerPanel(
  group: readonly PowerCurve[],
  position: number,
  options: {
    readonly nameOf: (curve: PowerCurve) => string;
    /** Of all lines of the figure, in the order of their colours. */
    readonly names: readonly string[];
    readonly inLegend: readonly PowerCurve[];
    readonly domain: ReturnType<typeof panelDomain>;
    readonly isLeft: boolean;
  },
): FigurePanel {
  const lead = group[0]!;
  const sizes = [...new Set(group.flatMap(shownSizes))].sort((a, b) => a - b);
  // Sizes chosen by factors stand on a logarithmic axis, each with its tick.
  const scale: PlotlyObject =
    sizes[0]! > 0
      ? { type: 'log', tickvals: sizes, ticktext: sizes.map((size) => formatNumber(size)), nticks: undefined }
      : {};
  return {
    data: group.map((curve) => {
      const name = options.nameOf(curve);
      const i = options.names.indexOf(name);
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: plotlyText(name),
        legendgroup: name,
        showlegend: options.inLegend.includes(curve),
        x: shownSizes(curve),
        y: curve.power,
        line: {
          color: seriesColours[i % seriesColours.length],
          dash: seriesDashes[i % seriesDashes.length],
          width: 1.2,
        },
        marker: { symbol: seriesSymbols[i % seriesSymbols.length], size: 4.5 },
        hovertemplate: `%{x}${percent(curve) ? ' %' : ''}: %{y:.3f}<extra>%{fullData.name}</extra>`,
        ...inPanel(position),
      };
    }),
    annotations: [panelTitle(position, plotlyText(lead.alternative))],
    axes: panelAxes(
      position,
      options.domain,
      axis({ ...scale, title: percent(lead) ? 'error, %' : plotlyText(lead.unit) }),
      axis({
        range: [-0.03, 1.06],
        tickvals: [0, 0.25, 0.5, 0.75, 1],
        nticks: undefined,
        ...(options.isLeft ? { title: 'share rejected' } : {}),
      }),
    ),
  };
}

/** A dotted line across a panel. */
function levelLine(position: number, y: number): PlotlyObject {
  const suffix = axisSuffix(position);
  return {
    type: 'line',
    xref: `x${suffix} domain`,
    yref: `y${suffix}`,
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color: '@muted', width: 0.75, dash: '2px,2px' },
    layer: 'below',
  };
}

export const powerCurves: FigureDefinition = {
  id: 'power',
  title: 'Power of the tests against wrong laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  build: (results) => {
    const curves = results.calibration?.power ?? [];
    if (curves.length === 0) return undefined;
    const level = results.calibration?.level ?? 0.05;
    const nameOf = namesOf(curves);
    const names = [...new Set(curves.map(nameOf))];
    const groups = new Map<string, PowerCurve[]>();
    for (const curve of curves) groups.set(curve.alternative, [...(groups.get(curve.alternative) ?? []), curve]);
    const panels = [...groups.values()].filter((group) => group.some(({ sizes }) => sizes.length > 1)).slice(0, 8);
    const single = [...groups.values()].filter((group) => group.every(({ sizes }) => sizes.length < 2)).flat();
    const columns = Math.max(1, Math.min(panels.length, 4));
    const rows = Math.ceil(panels.length / columns);
    const table = single.length === 0 ? undefined : singleErrors(single, nameOf, names, panels.length);
    const heights = {
      curves: panels.length === 0 ? 0 : 2.1 * rows,
      table: table === undefined ? 0 : 0.45 + 0.2 * table.rows.length,
    };
    const heightInches = 0.45 + heights.curves + heights.table;
    // The share of the height below the curves, table and the room between.
    const below = panels.length === 0 ? 1 : (heights.table + (table === undefined ? 0 : 0.15)) / (heightInches - 0.75);
    const grid = { rows, columns, horizontalGap: 0.07, verticalGap: 0.62 / heightInches };
    const above = (y: number): number => below + (1 - below) * y;
    const named = new Set<string>();
    const content = panels.map((group, position) => {
      const unnamed = group.filter((curve) => !named.has(nameOf(curve)) && named.add(nameOf(curve)));
      const domain = panelDomain(grid, Math.floor(position / columns), position % columns);
      return powerPanel(group, position, {
        nameOf,
        names,
        inLegend: unnamed,
        domain: { x: domain.x, y: [above(domain.y[0]), above(domain.y[1])] },
        isLeft: position % columns === 0,
      });
    });
    const { data, layout } = joinPanels(content);
    const shapes = panels.flatMap((_, position) => [decisivePower, level].map((y) => levelLine(position, y)));
    if (table !== undefined) {
      const height = (0.2 * table.rows.length) / (heightInches - 0.75);
      // Room at the left for the names of the errors.
      const left = Math.min(0.5, (0.47 * tickFont.size * Math.max(...table.rows.map((row) => row.length))) / 620);
      data.push(table.trace);
      Object.assign(layout, panelAxes(panels.length, { x: [left, 1], y: [0, height] }, table.xaxis, table.yaxis));
    }
    return paperFigure({
      id: 'power',
      title: 'Power of the tests',
      column: panels.length === 1 && table === undefined ? 'single' : 'double',
      heightInches,
      data,
      layout: { ...layout, shapes, showlegend: panels.length > 0 },
      margin: { t: panels.length === 0 ? 36 : 42, b: table === undefined ? 36 : 6, l: 42 },
      caption: `Share of runs in which a wrong law is rejected by ${new Set(curves.map(({ test }) => test)).size === 1 ? (curves[0] as PowerCurve).test : 'each test'}${panels.length === 0 ? '' : `, against the size of the error; dotted: ${decisivePower} and the level ${formatNumber(level)}`}.${table === undefined ? '' : `${panels.length === 0 ? '' : ' Below:'} errors of one size, the share in each cell.`} ${curves[0]?.runs ?? 0} runs for each share. ${provenance(results)}`,
    });
  },
};
