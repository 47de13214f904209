import type { Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { seriesColours, seriesDashes } from '../palette.js';
import { axis, exactLine, logAxis, logExtent, panelNote } from '../parts.js';
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

export const lawsByClasses = figureDefinition({
  id: 'laws-by-classes',
  title: 'Laws as C grows, and their lognormal limit',
  needs: 'law families',
  plan: (results) => {
    const families = (results.lawFamilies ?? []).slice(0, 4);
    const [lead] = families;
    if (lead === undefined) return undefined;
    return {
      id: 'laws-by-classes',
      title: 'Laws as C grows',
      column: families.length === 1 ? 'single' : 'double',
      groups: families.map((family) => [familyPanel(family)]),
      most: { single: 1, double: 2 },
      caption: `Spectral laws of scaled blocks as $C$ grows, as densities of $\\log|\\lambda|$ (every eigenvalue of the off-diagonal block is negative), and their limit, the generalised Marčenko–Pastur law of lognormal weights. $d/N = ${formatNumber(lead.aspectRatio)}$${lead.logitVariance === undefined ? '' : `, logit variance ${formatNumber(lead.logitVariance)}`}.`,
      source: provenance(results),
    };
  },
});

function familyPanel(family: LawFamily): Panel {
  const { parameter, curves, limit } = family;
  const line = {
    type: 'scatter',
    mode: 'lines',
    showlegend: true,
    hovertemplate: '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>',
  };
  const gaps = curves.flatMap(({ value, distanceToLimit }) =>
    distanceToLimit === undefined
      ? []
      : [`${parameter} = ${formatClasses(value)}: ${formatNumber(distanceToLimit, 2)}`],
  );
  const drawn = (limit === undefined ? curves : [...curves, limit]).flatMap((curve) => inLogarithm(curve).y);
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
    name: family.label,
    title: plotlyText(family.label),
    notes: gaps.length === 0 ? [] : [panelNote(note, 'top-right')],
    x: logAxis(visibleDecades(limit === undefined ? curves : [...curves, limit]), {
      title: `${scaleLabel(family.scaling)}${family.block === 'diagonal' ? 'eigenvalue' : '|eigenvalue|'}`,
    }),
    // Room above for the note.
    y: axis({ range: [0, 1.3 * Math.max(...drawn)], title: 'density of log |λ|' }),
    height: { inches: 1.5 },
  };
}

const parameterName = (name: SupportCurve['parameter']): string =>
  ({ classes: 'C', aspectRatio: 'd/N', logitVariance: 'logit variance s²' })[name];

function supportPanel(curve: SupportCurve): Panel {
  const { values } = curve;
  const points = curve.outliers.flatMap((row, i) => row.map((at) => [values[i]!, at] as const));
  const [least, most] = [values[0] ?? 0, values.at(-1) ?? 1];
  const isWide = most / (least || 1) > 20;
  const edge = { type: 'scatter', mode: 'lines', x: values, line: { color: '@blue', width: 1.2 } };
  const hover = (format: string, what: string): string => `%{x:.4g}: %{y:${format}}<extra>${what}</extra>`;
  const outliers = {
    type: 'scatter',
    mode: 'markers',
    name: 'outliers',
    showlegend: true,
    x: points.map(([value]) => value),
    y: points.map(([, at]) => at),
    marker: { color: '@vermillion', symbol: 'diamond', size: 4 },
    hovertemplate: hover('.5g', 'outlier'),
  };
  const title = parameterName(curve.parameter);
  const room = 0.04 * (most - least);
  return {
    name: `${curve.label} against ${title}`,
    title: `${curve.block} block`,
    data: [
      { ...edge, name: 'lower edge', y: curve.lower, hovertemplate: hover('.4g', 'lower edge') },
      {
        ...edge,
        name: 'support of the bulk',
        showlegend: true,
        y: curve.upper,
        fill: 'tonexty',
        fillcolor: '@band',
        hovertemplate: hover('.4g', 'upper edge'),
      },
      ...(points.length > 0 ? [outliers] : []),
    ],
    x: isWide ? logAxis(logExtent(values, 0.08), { title }) : axis({ title, range: [least - room, most + room] }),
    y: axis({ title: `${scaleLabel(curve.scaling)}eigenvalue` }),
    height: { inches: 1.4 },
  };
}

export const supportCurves = figureDefinition({
  id: 'support',
  title: 'Support and outliers as C, aspect ratio and logit variance move',
  needs: 'support curves',
  plan: (results) => {
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
    return {
      id: 'support',
      title: 'Support and outliers',
      column: curves.length === 1 ? 'single' : 'double',
      groups: curves.map((curve) => [supportPanel(curve)]),
      most: { single: 2, double: 3 },
      caption: `Support of the bulk (band) and predicted outliers (diamonds) of ${[...new Set(curves.map(({ label }) => label))].join(' and ')} as one parameter moves. The others stand at ${[...new Set(curves.map((curve) => `${parameterName(curve.parameter)}: ${curve.fixed}`))].join('; ')}.`,
      source: provenance(results),
    };
  },
});
