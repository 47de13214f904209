import type { FigureDefinition } from '../figure.js';
import { seriesColours, seriesDashes } from '../palette.js';
import {
  axis,
  exactLine,
  inPanel,
  logAxis,
  panelAxes,
  panelDomain,
  panelNote,
  panelTitle,
  paperFigure,
  smallTitleFont,
  joinPanels,
  type FigurePanel,
  type PanelGrid,
} from '../parts.js';
import type { LawCurve, LawFamily, SupportCurve } from '../results.js';
import { formatClasses, formatNumber, plotlyText, provenance } from '../text.js';

/** 'C^2' to 'C<sup>2</sup>·'. */
const scaleLabel = (scaling: string | undefined): string =>
  scaling === undefined || scaling === '1' ? '' : `${plotlyText(scaling).replace(/\^\{?(\d+)\}?/g, '<sup>$1</sup>')}·`;

/** The same law in log |λ|: its density there is |λ| times that of λ. Laws here have one sign. */
function inLogarithm(curve: LawCurve): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const kept = curve.x
    .flatMap((x, i) => (x === 0 ? [] : [[Math.abs(x), Math.abs(x) * (curve.density[i] as number)] as const]))
    .sort((a, b) => a[0] - b[0]);
  return { x: kept.map(([x]) => x), y: kept.map(([, y]) => y) };
}

/** Range of log10 in which some curve is above a fiftieth of the highest. */
function visibleDecades(curves: readonly LawCurve[]): readonly [number, number] {
  const points = curves.map(inLogarithm);
  const top = Math.max(...points.flatMap(({ y }) => y));
  const shown = points.flatMap(({ x, y }) => x.filter((_, i) => (y[i] as number) > top / 50));
  return [Math.log10(Math.min(...shown)) - 0.1, Math.log10(Math.max(...shown)) + 0.1];
}

export const lawsByClasses: FigureDefinition = {
  id: 'laws-by-classes',
  title: 'Laws as C grows, and their lognormal limit',
  needs: 'law families',
  build: (results) => {
    const families = (results.lawFamilies ?? []).slice(0, 4);
    if (families.length === 0) return undefined;
    const columns = Math.min(2, families.length);
    const rows = Math.ceil(families.length / columns);
    const heightInches = 0.6 + 2 * rows;
    const grid = { rows, columns, horizontalGap: 0.1, verticalGap: 0.55 / heightInches };
    const lead = families[0] as LawFamily;
    return paperFigure({
      id: 'laws-by-classes',
      title: 'Laws as C grows',
      column: columns === 1 ? 'single' : 'double',
      heightInches,
      ...joinPanels(families.map((family, position) => familyPanel(family, position, grid))),
      margin: { t: 42, b: 34, l: 42 },
      caption: `Spectral laws of scaled blocks as $C$ grows, as densities of $\\log|\\lambda|$ (every eigenvalue of the off-diagonal block is negative), and their limit, the generalised Marčenko–Pastur law of lognormal weights. $d/N = ${formatNumber(lead.aspectRatio)}$${lead.logitVariance === undefined ? '' : `, logit variance ${formatNumber(lead.logitVariance)}`}. ${provenance(results)}`,
    });
  },
};

function familyPanel(family: LawFamily, position: number, grid: PanelGrid): FigurePanel {
  const { parameter, curves, limit } = family;
  const column = position % grid.columns;
  const line = {
    type: 'scatter',
    mode: 'lines',
    showlegend: position === 0,
    hovertemplate: '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>',
    ...inPanel(position),
  };
  const gaps = curves.flatMap(({ value, distanceToLimit }) =>
    distanceToLimit === undefined
      ? []
      : [`${parameter} = ${formatClasses(value)}: ${formatNumber(distanceToLimit, 2)}`],
  );
  const note = ['sup |F − F<sub>∞</sub>|', ...gaps].join('<br>');
  return {
    data: [
      ...curves.map((curve, i) => ({
        ...line,
        name: `${parameter} = ${formatClasses(curve.value)}`,
        legendgroup: String(i),
        ...inLogarithm(curve),
        line: exactLine({
          color: seriesColours[i % seriesColours.length],
          dash: seriesDashes[(i + 1) % seriesDashes.length],
          width: 1.2,
        }),
      })),
      ...(limit === undefined
        ? []
        : [
            {
              ...line,
              name: `${parameter} = ∞`,
              legendgroup: 'limit',
              ...inLogarithm(limit),
              line: exactLine({ color: '@ink', width: 1.6 }),
            },
          ]),
    ],
    annotations: [
      panelTitle(position, plotlyText(family.label)),
      ...(gaps.length === 0 ? [] : [panelNote(position, note, 'top-left')]),
    ],
    axes: panelAxes(
      position,
      panelDomain(grid, Math.floor(position / grid.columns), column),
      logAxis({
        title: `${family.block === 'diagonal' ? 'eigenvalue' : '|eigenvalue|'} × ${scaleLabel(family.scaling).replace(/·$/, '') || '1'}`,
        range: visibleDecades(limit === undefined ? curves : [...curves, limit]),
      }),
      axis({ rangemode: 'tozero', ...(column === 0 ? { title: 'density of log |λ|' } : {}) }),
    ),
  };
}

const parameterName = (name: SupportCurve['parameter']): string =>
  ({ classes: 'C', aspectRatio: 'd/N', logitVariance: 'logit variance s²' })[name];

function supportPanel(curve: SupportCurve, position: number, grid: PanelGrid, isTitled: boolean): FigurePanel {
  const { values } = curve;
  const column = position % grid.columns;
  const points = curve.outliers.flatMap((row, i) => row.map((at) => [values[i]!, at] as const));
  const [least, most] = [values[0] ?? 0, values.at(-1) ?? 1];
  const isWide = (values.at(-1) ?? 1) / (values[0] || 1) > 20;
  const scatter = { type: 'scatter', showlegend: position === 0, ...inPanel(position) };
  const edge = { ...scatter, mode: 'lines', x: values, line: { color: '@blue', width: 1.2 } };
  const hover = (format: string, what: string): string => `%{x:.4g}: %{y:${format}}<extra>${what}</extra>`;
  const outliers = {
    ...scatter,
    mode: 'markers',
    name: 'outliers',
    x: points.map(([value]) => value),
    y: points.map(([, at]) => at),
    marker: { color: '@vermillion', symbol: 'diamond', size: 4 },
    hovertemplate: hover('.5g', 'outlier'),
  };
  return {
    data: [
      { ...edge, name: 'lower edge', showlegend: false, y: curve.lower, hovertemplate: hover('.4g', 'lower edge') },
      {
        ...edge,
        name: 'support of the bulk',
        y: curve.upper,
        fill: 'tonexty',
        fillcolor: '@band',
        hovertemplate: hover('.4g', 'upper edge'),
      },
      ...(points.length > 0 ? [outliers] : []),
    ],
    annotations: isTitled ? [panelTitle(position, plotlyText(curve.label), { font: smallTitleFont })] : [],
    axes: panelAxes(
      position,
      panelDomain(grid, Math.floor(position / grid.columns), column),
      (isWide ? logAxis : axis)({
        title: parameterName(curve.parameter),
        range: isWide
          ? [Math.log10(least) - 0.08, Math.log10(most) + 0.08]
          : [least - 0.04 * (most - least), most + 0.04 * (most - least)],
      }),
      axis(column === 0 ? { title: `${scaleLabel(curve.scaling)}eigenvalue` } : {}),
    ),
  };
}

export const supportCurves: FigureDefinition = {
  id: 'support',
  title: 'Support and outliers as C, aspect ratio and logit variance move',
  needs: 'support curves',
  build: (results) => {
    // A row for each kind of block, a column for each parameter.
    const order = ['classes', 'aspectRatio', 'logitVariance'];
    const curves = [...(results.supportCurves ?? [])]
      .sort(
        (a, b) =>
          Number(a.block === 'off-diagonal') - Number(b.block === 'off-diagonal') ||
          order.indexOf(a.parameter) - order.indexOf(b.parameter),
      )
      .slice(0, 6);
    if (curves.length === 0) return undefined;
    const columns = Math.min(3, curves.length);
    const rows = Math.ceil(curves.length / columns);
    const heightInches = 0.6 + 2 * rows;
    const grid = { rows, columns, horizontalGap: 0.075, verticalGap: 0.6 / heightInches };
    const panels = curves.map((curve, position) =>
      supportPanel(curve, position, grid, position % columns === 0 || curve.label !== curves[position - 1]?.label),
    );
    return paperFigure({
      id: 'support',
      title: 'Support and outliers',
      column: columns === 1 ? 'single' : 'double',
      heightInches,
      ...joinPanels(panels),
      margin: { t: 42, b: 34, l: 42 },
      caption: `Support of the bulk (band) and predicted outliers (diamonds) as one parameter moves: from left to right at ${[...new Set(curves.map((curve) => curve.fixed))].join('; ')}. ${provenance(results)}`,
    });
  },
};
