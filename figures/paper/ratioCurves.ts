import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import {
  axis,
  inPanel,
  joinPanels,
  logAxis,
  panelAxes,
  panelDomain,
  panelNote,
  panelTitle,
  paperFigure,
  type FigurePanel,
} from '../parts.js';
import type { ConfidenceInterval, RatioCurve, RunResults } from '../results.js';
import { formatFixed, formatNumber, initialisationName, plotlyText, provenance, settingName } from '../text.js';

const heading = (curve: RatioCurve): string => `${settingName(curve)}, ${initialisationName(curve.initialisation)}`;

const scaleName = (rate: number): string => (rate === 0 ? '' : rate === 1 ? 'C·' : `C<sup>${rate}</sup>·`);

/** Ratio against C above, C^rate times the ratio below: draws with intervals, exact curve, limit. */
export function ratioFigure(id: string, all: readonly RatioCurve[], results: RunResults): PaperFigure | undefined {
  const curves = all.filter(
    (curve) =>
      curve.classes.length + curve.exactClasses.length > 0 &&
      [...curve.measured, ...curve.exact].some((value) => value > 0),
  );
  if (curves.length === 0) return undefined;
  // A curve alone has its two panels side by side.
  const isSingle = curves.length === 1;
  const perRow = Math.min(curves.length, curves.length > 4 ? 3 : 4);
  const bands = Math.ceil(curves.length / perRow);
  const heightInches = isSingle ? 2.3 : 0.6 + 3.1 * bands;
  const grid = {
    rows: isSingle ? 1 : 2 * bands,
    columns: isSingle ? 2 : perRow,
    horizontalGap: perRow > 2 ? 0.08 : 0.12,
    verticalGap: 0.42 / heightInches,
  };
  const panels = curves.flatMap((curve, k) => {
    const row = 2 * Math.floor(k / perRow);
    const column = k % perRow;
    return ([0, 1] as const).map((part) =>
      ratioPanel(curve, part, {
        position: 2 * k + part,
        domain: isSingle ? panelDomain(grid, 0, part) : panelDomain(grid, row + part, column),
        legend: k === 0 && part === 0,
        xTitle: part === 1 || isSingle,
        yTitle: column === 0,
      }),
    );
  });
  const first = curves[0] as RatioCurve;
  return paperFigure({
    id,
    title: 'Ratio of squared Frobenius norms against C',
    column: 'double',
    heightInches,
    ...joinPanels(panels),
    margin: { t: 42, b: 34, l: 48 },
    caption: `Ratio $r = \\mathbb{E}\\lVert H_{\\mathrm{off}}\\rVert_F^2 / \\mathbb{E}\\lVert H_{\\mathrm{diag}}\\rVert_F^2$ against the number of classes $C$ and scaled by its rate: draws with their ${formatNumber(100 * (curves.flatMap(({ intervals }) => intervals).find((interval) => interval !== null)?.level ?? 0.95))} % intervals, theory at each $C$, and the limit.${curves.some((curve) => curve.exactErrors !== undefined) ? ' Theory is exact but for the hidden model under cross-entropy, where it is integrated: shaded, twice its standard error.' : ''} Intervals that reach far beyond the curve are cut at the frame.${curves.some(({ intervals }) => intervals.includes(null)) ? ' Points without an interval: norms with heavy tails, over $V$ in a hidden model, over samples in a linear one.' : ''} Noted: slope of the drawn points with its interval, and of theory fitted in the same way (the scaled ratio is not monotone, so a straight line is biased). $d = ${first.dimension}$, $d/N = ${formatNumber(first.aspectRatio)}$, ${first.replicates} independent draws at each $C$. ${provenance(results)}`,
  });
}

interface Place {
  readonly position: number;
  readonly domain: ReturnType<typeof panelDomain>;
  readonly legend: boolean;
  readonly xTitle: boolean;
  readonly yTitle: boolean;
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

function ratioPanel(curve: RatioCurve, part: 0 | 1, place: Place): FigurePanel {
  const { position } = place;
  const { scale, drawn, exact, errors } = scaledCurve(curve, part);
  const line = { type: 'scatter', mode: 'lines', showlegend: place.legend, ...inPanel(position) };
  return {
    data: [
      ...limitLine(curve, scale, line),
      ...errorBand(curve, exact, errors, position),
      ...(exact.length === 0
        ? []
        : [
            {
              ...line,
              name: 'theory at each C',
              legendgroup: 'exact',
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
        legendgroup: 'drawn',
        x: curve.classes,
        y: drawn,
        ...errorBars(curve, scale),
        marker: { color: '@vermillion', size: 4 },
        hovertemplate: 'C = %{x}: %{y:.4g}<extra>drawn</extra>',
      },
    ],
    annotations: part === 0 ? slopeNotes(curve, position) : [limitNote(curve, position)],
    axes: ratioAxes(curve, part, place),
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
      legendgroup: 'limit',
      x: ends,
      y: ends.map((c) => limit * c ** -rate * scale(c)),
      line: { color: '@muted', width: 1, dash: '4px,3px' },
      hovertemplate: `limit ${formatNumber(limit, 5)}<extra></extra>`,
    },
  ];
}

/** Twice the standard error of theory, where an eye would see it. */
function errorBand(
  { exactClasses }: RatioCurve,
  exact: readonly number[],
  errors: readonly number[],
  position: number,
): PlotlyObject[] {
  if (!errors.some((error, i) => error > 0.002 * exact[i]!)) return [];
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x: exactClasses,
    line: { width: 0, color: '@clear' },
    hoverinfo: 'skip',
    showlegend: false,
    ...inPanel(position),
  };
  return [
    { ...edge, y: exact.map((value, i) => value - errors[i]!) },
    { ...edge, y: exact.map((value, i) => value + errors[i]!), fill: 'tonexty', fillcolor: '@band' },
  ];
}

/** An interval may reach over decades: it is cut at the frame. */
function ratioAxes(curve: RatioCurve, part: 0 | 1, { position, domain, ...titles }: Place): PlotlyObject {
  const { scale, drawn, exact } = scaledCurve(curve, part);
  const centres = [...drawn, ...exact].filter((value) => value > 0);
  const [least, most] = [Math.min(...centres), Math.max(...centres, part === 1 ? (curve.limit ?? 0) : 0)];
  const tops = curve.intervals
    .map((interval, i) => (interval?.upper ?? 0) * scale(curve.classes[i]!))
    .filter((value) => value < 1.4 * most);
  const yTitle = titles.yTitle ? { title: part === 0 ? 'ratio of squared norms' : 'C<sup>rate</sup> × ratio' } : {};
  return panelAxes(
    position,
    domain,
    logAxis(titles.xTitle ? { title: 'C' } : {}),
    part === 0
      ? logAxis({
          range: [Math.log10(least) - 0.35, Math.log10(most) + 0.35],
          ...(most / least > 1e6 ? { dtick: 2 } : {}),
          ...yTitle,
        })
      : axis({ range: [0, 1.08 * Math.max(most, ...tops)], ...yTitle }),
  );
}

function slopeNotes(curve: RatioCurve, position: number): PlotlyObject[] {
  const { exponent, interval, exactExponent } = curve;
  const fits = [
    ...(exponent === null ? [] : [`slope ${formatFixed(exponent, 3)}`]),
    ...(interval === null ? [] : [`[${formatFixed(interval.lower, 3)}, ${formatFixed(interval.upper, 3)}]`]),
    ...(exactExponent === undefined || exactExponent === null ? [] : [`theory ${formatFixed(exactExponent, 3)}`]),
  ];
  return [
    panelTitle(position, plotlyText(heading(curve))),
    ...(fits.length === 0 ? [] : [panelNote(position, fits.join('<br>'), 'bottom-left')]),
  ];
}

function limitNote({ limit, limitReason, rate }: RatioCurve, position: number): PlotlyObject {
  const text = limit === null ? plotlyText(limitReason ?? '') : `${scaleName(rate)}r → ${formatNumber(limit, 5)}`;
  return panelNote(position, text, 'bottom-right');
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

export const ratioCurves: FigureDefinition = {
  id: 'ratio-against-classes',
  title: 'Ratio of squared Frobenius norms against C',
  needs: 'ratio curves',
  build: (results) => {
    const all = results.claims.flatMap((claim) => claim.ratioCurves);
    // Six curves fill a page: of more, those of the first initialisation.
    const kept =
      all.length > 6 ? all.filter((curve) => curve.initialisation === all[0]?.initialisation).slice(0, 6) : all;
    return ratioFigure('ratio-against-classes', kept, results);
  },
};
