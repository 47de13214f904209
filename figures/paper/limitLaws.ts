import type { FigureDefinition, PlotlyObject } from '../figure.js';
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
    const data: PlotlyObject[] = [];
    const annotations: PlotlyObject[] = [];
    let layout: PlotlyObject = {};
    const columns = Math.min(2, families.length);
    const rows = Math.ceil(families.length / columns);
    const heightInches = 0.6 + 2 * rows;
    families.forEach((family, position) => {
      const legend = position === 0;
      family.curves.forEach((curve, i) =>
        data.push({
          type: 'scatter',
          mode: 'lines',
          name: `${family.parameter} = ${formatClasses(curve.value)}`,
          legendgroup: String(i),
          showlegend: legend,
          ...inLogarithm(curve),
          line: exactLine({
            color: seriesColours[i % seriesColours.length],
            dash: seriesDashes[(i + 1) % seriesDashes.length],
            width: 1.2,
          }),
          hovertemplate: '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>',
          ...inPanel(position),
        }),
      );
      if (family.limit !== undefined)
        data.push({
          type: 'scatter',
          mode: 'lines',
          name: `${family.parameter} = ∞`,
          legendgroup: 'limit',
          showlegend: legend,
          ...inLogarithm(family.limit),
          line: exactLine({ color: '@ink', width: 1.6 }),
          hovertemplate: '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>',
          ...inPanel(position),
        });
      const gaps = family.curves.filter((curve) => curve.distanceToLimit !== undefined);
      annotations.push(panelTitle(position, plotlyText(family.label)));
      if (gaps.length > 0)
        annotations.push(
          panelNote(
            position,
            [
              'sup |F − F<sub>∞</sub>|',
              ...gaps.map(
                (curve) =>
                  `${family.parameter} = ${formatClasses(curve.value)}: ${formatNumber(curve.distanceToLimit as number, 2)}`,
              ),
            ].join('<br>'),
            'top-left',
          ),
        );
      layout = {
        ...layout,
        ...panelAxes(
          position,
          panelDomain(
            { rows, columns, horizontalGap: 0.1, verticalGap: 0.55 / heightInches },
            Math.floor(position / columns),
            position % columns,
          ),
          logAxis({
            title: `${family.block === 'diagonal' ? 'eigenvalue' : '|eigenvalue|'} × ${scaleLabel(family.scaling).replace(/·$/, '') || '1'}`,
            range: visibleDecades(family.limit === undefined ? family.curves : [...family.curves, family.limit]),
          }),
          axis({ rangemode: 'tozero', ...(position % columns === 0 ? { title: 'density of log |λ|' } : {}) }),
        ),
      };
    });
    const lead = families[0] as LawFamily;
    return paperFigure({
      id: 'laws-by-classes',
      title: 'Laws as C grows',
      column: columns === 1 ? 'single' : 'double',
      heightInches,
      data,
      layout: { ...layout, annotations, showlegend: true },
      margin: { t: 42, b: 34, l: 42 },
      caption: `Spectral laws of scaled blocks as $C$ grows, as densities of $\\log|\\lambda|$ (every eigenvalue of the off-diagonal block is negative), and their limit, the generalised Marčenko–Pastur law of lognormal weights. $d/N = ${formatNumber(lead.aspectRatio)}$${lead.logitVariance === undefined ? '' : `, logit variance ${formatNumber(lead.logitVariance)}`}. ${provenance(results)}`,
    });
  },
};

const parameterName = (name: SupportCurve['parameter']): string =>
  ({ classes: 'C', aspectRatio: 'd/N', logitVariance: 'logit variance s²' })[name];

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
    const data: PlotlyObject[] = [];
    const annotations: PlotlyObject[] = [];
    let layout: PlotlyObject = {};
    curves.forEach((curve, position) => {
      const legend = position === 0;
      const points = curve.outliers.flatMap((row, i) => row.map((at) => [curve.values[i] as number, at] as const));
      data.push(
        {
          type: 'scatter',
          mode: 'lines',
          name: 'lower edge',
          showlegend: false,
          x: curve.values,
          y: curve.lower,
          line: { color: '@blue', width: 1.2 },
          hovertemplate: '%{x:.4g}: %{y:.4g}<extra>lower edge</extra>',
          ...inPanel(position),
        },
        {
          type: 'scatter',
          mode: 'lines',
          name: 'support of the bulk',
          showlegend: legend,
          x: curve.values,
          y: curve.upper,
          fill: 'tonexty',
          fillcolor: '@band',
          line: { color: '@blue', width: 1.2 },
          hovertemplate: '%{x:.4g}: %{y:.4g}<extra>upper edge</extra>',
          ...inPanel(position),
        },
      );
      if (points.length > 0)
        data.push({
          type: 'scatter',
          mode: 'markers',
          name: 'outliers',
          showlegend: legend,
          x: points.map(([value]) => value),
          y: points.map(([, at]) => at),
          marker: { color: '@vermillion', symbol: 'diamond', size: 4 },
          hovertemplate: '%{x:.4g}: %{y:.5g}<extra>outlier</extra>',
          ...inPanel(position),
        });
      const [least, most] = [curve.values[0] ?? 0, curve.values.at(-1) ?? 1];
      const wide = (curve.values.at(-1) ?? 1) / (curve.values[0] || 1) > 20;
      layout = {
        ...layout,
        ...panelAxes(
          position,
          panelDomain(
            { rows, columns, horizontalGap: 0.075, verticalGap: 0.6 / heightInches },
            Math.floor(position / columns),
            position % columns,
          ),
          (wide ? logAxis : axis)({
            title: parameterName(curve.parameter),
            range: wide
              ? [Math.log10(least) - 0.08, Math.log10(most) + 0.08]
              : [least - 0.04 * (most - least), most + 0.04 * (most - least)],
          }),
          axis(position % columns === 0 ? { title: `${scaleLabel(curve.scaling)}eigenvalue` } : {}),
        ),
      };
      if (position % columns === 0 || curve.label !== curves[position - 1]?.label)
        annotations.push(panelTitle(position, plotlyText(curve.label), { font: smallTitleFont }));
    });
    return paperFigure({
      id: 'support',
      title: 'Support and outliers',
      column: columns === 1 ? 'single' : 'double',
      heightInches,
      data,
      layout: { ...layout, annotations, showlegend: true },
      margin: { t: 42, b: 34, l: 42 },
      caption: `Support of the bulk (band) and predicted outliers (diamonds) as one parameter moves: from left to right at ${[...new Set(curves.map((curve) => curve.fixed))].join('; ')}. ${provenance(results)}`,
    });
  },
};
