import type { FigurePlan, PaperFigure, Panel, PlotlyObject } from '../figure.js';
import { figureDefinition, layOut } from '../layout/layOut.js';
import { wrapped } from '../layout/textWidth.js';
import { axis, logAxis, logExtent, panelNote, tickFont } from '../parts.js';
import type { ConfidenceInterval, RatioCurve, RunResults } from '../results.js';
import { formatFixed, formatNumber, initialisationName, plotlyText, provenance, settingName } from '../text.js';

const heading = (curve: RatioCurve): string => `${settingName(curve)}, ${initialisationName(curve.initialisation)}`;

/** "C² r", as the paper writes it. */
const scaledName = (rate: number): string =>
  rate === 0 ? '<i>r</i>' : `<i>C</i>${rate === 1 ? '' : `<sup>${rate}</sup>`} <i>r</i>`;

const usable = (curve: RatioCurve): boolean =>
  curve.classes.length + curve.exactClasses.length > 0 &&
  [...curve.measured, ...curve.exact].some((value) => value > 0);

/** r against C beside C^rate r of each curve: draws with intervals, exact curve, limit. */
function ratioPlan(id: string, all: readonly RatioCurve[], results: RunResults): FigurePlan | undefined {
  const curves = all.filter(usable);
  const [first] = curves;
  if (first === undefined) return undefined;
  const intervals = curves.flatMap((curve) => curve.intervals);
  const level = intervals.find((interval) => interval !== null)?.level ?? 0.95;
  const remarks = [
    `$d = ${first.dimension}$, $d/N = ${formatNumber(first.aspectRatio)}$, ${first.replicates} draws at each $C$`,
    ...(curves.some((curve) => curve.exactErrors !== undefined)
      ? ['shaded: twice the standard error where theory is integrated']
      : []),
    ...(intervals.includes(null) ? ['no interval where norms have heavy tails'] : []),
    'noted: slope of the drawn points, its interval, and that of theory fitted in the same way',
  ];
  return {
    id,
    title: 'Ratio of squared Frobenius norms against C',
    column: 'double',
    groups: curves.map((curve) => [ratioPanel(curve, 0), ratioPanel(curve, 1)]),
    most: { single: 2, double: 4 },
    caption: `Ratio $r = \\mathrm{E}\\Vert H_{\\mathrm{off}}\\Vert_F^2 / \\mathrm{E}\\Vert H_{\\mathrm{diag}}\\Vert_F^2$ against the number of classes $C$, and scaled by its rate: draws with ${formatNumber(100 * level)} % intervals (cut at the frame), theory at each $C$, and the limit. Here ${remarks.join('; ')}.`,
    source: provenance(results),
  };
}

export function ratioFigure(id: string, all: readonly RatioCurve[], results: RunResults): PaperFigure | undefined {
  const plan = ratioPlan(id, all, results);
  return plan === undefined ? undefined : layOut(plan);
}

/** What both panels of a curve draw: r itself (part 0), or C^rate r (part 1). */
function scaledCurve(curve: RatioCurve, part: 0 | 1) {
  const scale = (classes: number): number => (part === 1 ? classes ** curve.rate : 1);
  return {
    scale,
    drawn: curve.measured.map((value, i) => value * scale(curve.classes[i]!)),
    exact: curve.exact.map((value, i) => value * scale(curve.exactClasses[i]!)),
    errors: (curve.exactErrors ?? []).map((error, i) => 2 * error * scale(curve.exactClasses[i]!)),
  };
}

function ratioPanel(curve: RatioCurve, part: 0 | 1): Panel {
  const { scale, drawn, exact, errors } = scaledCurve(curve, part);
  const line = { type: 'scatter', mode: 'lines', showlegend: true };
  return {
    data: [
      ...limitLine(curve, scale, line),
      ...errorBand(curve, exact, errors),
      ...(exact.length === 0
        ? []
        : [
            {
              ...line,
              name: 'theory at each C',
              x: curve.exactClasses,
              y: exact,
              line: { color: '@blue', width: 1.4 },
              hovertemplate: 'C = %{x}: %{y:.5g}<extra>theory</extra>',
            },
          ]),
      {
        ...line,
        mode: 'markers',
        name: 'drawn',
        x: curve.classes,
        y: drawn,
        ...errorBars(curve, scale),
        marker: { color: '@vermillion', size: 4 },
        hovertemplate: 'C = %{x}: %{y:.4g}<extra>drawn</extra>',
      },
    ],
    name: `${heading(curve)}: ${part === 0 ? 'r' : `C^${curve.rate} r`}`,
    title: part === 0 ? plotlyText(heading(curve)) : '',
    notes: part === 0 ? slopeNote(curve) : [limitNote(curve)],
    ...ratioAxes(curve, part),
    height: { inches: 1.25 },
  };
}

function limitLine(curve: RatioCurve, scale: (classes: number) => number, line: PlotlyObject): PlotlyObject[] {
  const { limit, rate } = curve;
  if (limit === null || !(rate > 0)) return [];
  const span = [...curve.classes, ...curve.exactClasses];
  const ends = [Math.min(...span), Math.max(...span)];
  return [
    {
      ...line,
      name: 'limit',
      x: ends,
      y: ends.map((c) => limit * c ** -rate * scale(c)),
      line: { color: '@muted', width: 1, dash: '4px,3px' },
      hovertemplate: `limit ${formatNumber(limit, 5)}<extra></extra>`,
    },
  ];
}

/** Twice the standard error of theory, where an eye would see it. */
function errorBand({ exactClasses }: RatioCurve, exact: readonly number[], errors: readonly number[]): PlotlyObject[] {
  if (!errors.some((error, i) => error > 0.002 * exact[i]!)) return [];
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x: exactClasses,
    line: { width: 0, color: '@clear' },
    hoverinfo: 'skip',
    showlegend: false,
  };
  return [
    { ...edge, y: exact.map((value, i) => value - errors[i]!) },
    { ...edge, y: exact.map((value, i) => value + errors[i]!), fill: 'tonexty', fillcolor: '@band' },
  ];
}

/** An interval may reach over decades: it is cut at the frame. */
function ratioAxes(curve: RatioCurve, part: 0 | 1): Pick<Panel, 'x' | 'y'> {
  const { scale, drawn, exact } = scaledCurve(curve, part);
  const centres = [...drawn, ...exact].filter((value) => value > 0);
  const most = Math.max(...centres, part === 1 ? (curve.limit ?? 0) : 0);
  const tops = curve.intervals
    .map((interval, i) => (interval?.upper ?? 0) * scale(curve.classes[i]!))
    .filter((value) => value < 1.4 * most);
  return {
    x: logAxis(logExtent([...curve.classes, ...curve.exactClasses], 0.12), { title: '<i>C</i>' }),
    y:
      part === 0
        ? logAxis(logExtent(centres, 0.35), { title: '<i>r</i>' })
        : axis({ range: [0, 1.08 * Math.max(most, ...tops)], title: scaledName(curve.rate), nticks: 5 }),
  };
}

function slopeNote({ exponent, interval, exactExponent }: RatioCurve): PlotlyObject[] {
  const fits = [
    ...(exponent === null ? [] : [`slope ${formatFixed(exponent, 3)}`]),
    ...(interval === null ? [] : [`[${formatFixed(interval.lower, 3)}, ${formatFixed(interval.upper, 3)}]`]),
    ...(exactExponent === undefined || exactExponent === null ? [] : [`theory ${formatFixed(exactExponent, 3)}`]),
  ];
  return fits.length === 0 ? [] : [panelNote(fits.join('<br>'), 'bottom-left')];
}

function limitNote({ limit, limitReason, rate }: RatioCurve): PlotlyObject {
  const text =
    limit === null
      ? wrapped(plotlyText(limitReason ?? ''), tickFont.size, 90)
      : `${scaledName(rate)} → ${formatNumber(limit, 5)}`;
  return panelNote(text, 'bottom-right');
}

/** Bars of the points that have an interval. */
function errorBars({ intervals, measured, classes }: RatioCurve, scale: (classes: number) => number) {
  if (intervals.every((interval) => interval === null)) return {};
  const lengths = (reach: (interval: ConfidenceInterval, value: number) => number): (number | null)[] =>
    intervals.map((interval, i) =>
      interval === null ? null : Math.max(0, reach(interval, measured[i]!)) * scale(classes[i]!),
    );
  return {
    error_y: {
      type: 'data',
      symmetric: false,
      thickness: 0.9,
      width: 2,
      color: '@vermillion',
      array: lengths(({ upper }, value) => upper - value),
      arrayminus: lengths(({ lower }, value) => value - lower),
    },
  };
}

export const ratioCurves = figureDefinition({
  id: 'ratio-against-classes',
  title: 'Ratio of squared Frobenius norms against C',
  needs: 'ratio curves',
  plan: (results) => {
    const all = results.claims.flatMap((claim) => claim.ratioCurves);
    // Six curves fill a page: of more, those of the first initialisation.
    const kept =
      all.length > 6 ? all.filter((curve) => curve.initialisation === all[0]?.initialisation).slice(0, 6) : all;
    return ratioPlan('ratio-against-classes', kept, results);
  },
});
