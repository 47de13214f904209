import type { FigureDefinition, PaperFigure, PlotlyObject } from '../figure.js';
import { inPanel, logAxis, panelAxes, panelDomain, panelNote, panelTitle, paperFigure, axis } from '../parts.js';
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
  const alone = curves.length === 1;
  const perRow = Math.min(curves.length, curves.length > 4 ? 3 : 4);
  const bands = Math.ceil(curves.length / perRow);
  const heightInches = alone ? 2.3 : 0.6 + 3.1 * bands;
  const grid = {
    rows: alone ? 1 : 2 * bands,
    columns: alone ? 2 : perRow,
    horizontalGap: perRow > 2 ? 0.08 : 0.12,
    verticalGap: 0.42 / heightInches,
  };
  const data: PlotlyObject[] = [];
  const annotations: PlotlyObject[] = [];
  let layout: PlotlyObject = {};
  curves.forEach((curve, k) => {
    const row = 2 * Math.floor(k / perRow);
    const column = k % perRow;
    for (const part of [0, 1] as const) {
      const position = 2 * k + part;
      const scale = (classes: number): number => (part === 1 ? classes ** curve.rate : 1);
      const y = curve.measured.map((value, i) => value * scale(curve.classes[i] as number));
      const exact = curve.exact.map((value, i) => value * scale(curve.exactClasses[i] as number));
      const span = [...curve.classes, ...curve.exactClasses];
      const ends = [Math.min(...span), Math.max(...span)];
      const legend = k === 0 && part === 0;
      if (curve.limit !== null && curve.rate > 0) {
        data.push({
          type: 'scatter',
          mode: 'lines',
          name: 'limit',
          legendgroup: 'limit',
          showlegend: legend,
          x: ends,
          y: ends.map((c) => (curve.limit as number) * c ** -curve.rate * scale(c)),
          line: { color: '@muted', width: 1, dash: '4px,3px' },
          hovertemplate: `limit ${formatNumber(curve.limit, 5)}<extra></extra>`,
          ...inPanel(position),
        });
      }
      const errors = (curve.exactErrors ?? []).map((error, i) => 2 * error * scale(curve.exactClasses[i] as number));
      if (errors.some((error, i) => error > 0.002 * (exact[i] as number))) {
        const edge = {
          type: 'scatter',
          mode: 'lines',
          x: curve.exactClasses,
          line: { width: 0, color: '@clear' },
          hoverinfo: 'skip',
          showlegend: false,
          ...inPanel(position),
        };
        data.push(
          { ...edge, y: exact.map((value, i) => value - (errors[i] as number)) },
          { ...edge, y: exact.map((value, i) => value + (errors[i] as number)), fill: 'tonexty', fillcolor: '@band' },
        );
      }
      if (exact.length > 0) {
        data.push({
          type: 'scatter',
          mode: 'lines',
          name: 'theory at each C',
          legendgroup: 'exact',
          showlegend: legend,
          x: curve.exactClasses,
          y: exact,
          line: { color: '@blue', width: 1.4 },
          hovertemplate: 'C = %{x}: %{y:.5g}<extra>theory</extra>',
          ...inPanel(position),
        });
      }
      data.push({
        type: 'scatter',
        mode: 'markers',
        name: 'drawn',
        legendgroup: 'drawn',
        showlegend: legend,
        x: curve.classes,
        y,
        ...errorBars(curve, scale),
        marker: { color: '@vermillion', size: 4 },
        hovertemplate: 'C = %{x}: %{y:.4g}<extra>drawn</extra>',
        ...inPanel(position),
      });
      // An interval may reach over decades: it is cut at the frame.
      const centres = [...y, ...exact].filter((value) => value > 0);
      const [least, most] = [Math.min(...centres), Math.max(...centres, part === 1 ? (curve.limit ?? 0) : 0)];
      const tops = curve.intervals
        .map((interval, i) => (interval?.upper ?? 0) * scale(curve.classes[i] as number))
        .filter((value) => value < 1.4 * most);
      const yTitle = column > 0 ? {} : { title: part === 0 ? 'ratio of squared norms' : 'C<sup>rate</sup> × ratio' };
      layout = {
        ...layout,
        ...panelAxes(
          position,
          alone ? panelDomain(grid, 0, part) : panelDomain(grid, row + part, column),
          logAxis(part === 1 || alone ? { title: 'C' } : {}),
          part === 0
            ? logAxis({
                range: [Math.log10(least) - 0.35, Math.log10(most) + 0.35],
                ...(most / least > 1e6 ? { dtick: 2 } : {}),
                ...yTitle,
              })
            : axis({ range: [0, 1.08 * Math.max(most, ...tops)], ...yTitle }),
        ),
      };
      if (part === 0) {
        annotations.push(panelTitle(position, plotlyText(heading(curve))));
        const fits = [
          curve.exponent === null ? '' : `slope ${formatFixed(curve.exponent, 3)}`,
          curve.interval === null
            ? ''
            : `[${formatFixed(curve.interval.lower, 3)}, ${formatFixed(curve.interval.upper, 3)}]`,
          curve.exactExponent === undefined || curve.exactExponent === null
            ? ''
            : `theory ${formatFixed(curve.exactExponent, 3)}`,
        ].filter((text) => text !== '');
        if (fits.length > 0) annotations.push(panelNote(position, fits.join('<br>'), 'bottom-left'));
      } else {
        annotations.push(
          panelNote(
            position,
            curve.limit === null
              ? plotlyText(curve.limitReason ?? '')
              : `${scaleName(curve.rate)}r → ${formatNumber(curve.limit, 5)}`,
            'bottom-right',
          ),
        );
      }
    }
  });
  const first = curves[0] as RatioCurve;
  return paperFigure({
    id,
    title: 'Ratio of squared Frobenius norms against C',
    column: 'double',
    heightInches,
    data,
    layout: { ...layout, annotations, showlegend: true },
    margin: { t: 42, b: 34, l: 48 },
    caption: `Ratio $r = \\mathbb{E}\\lVert H_{\\mathrm{off}}\\rVert_F^2 / \\mathbb{E}\\lVert H_{\\mathrm{diag}}\\rVert_F^2$ against the number of classes $C$ and scaled by its rate: draws with their ${formatNumber(100 * (curves.flatMap(({ intervals }) => intervals).find((interval) => interval !== null)?.level ?? 0.95))} % intervals, theory at each $C$, and the limit.${curves.some((curve) => curve.exactErrors !== undefined) ? ' Theory is exact but for the hidden model under cross-entropy, where it is integrated: shaded, twice its standard error.' : ''} Intervals that reach far beyond the curve are cut at the frame.${curves.some(({ intervals }) => intervals.includes(null)) ? ' Points without an interval: norms with heavy tails, over $V$ in a hidden model, over samples in a linear one.' : ''} Noted: slope of the drawn points with its interval, and of theory fitted in the same way (the scaled ratio is not monotone, so a straight line is biased). $d = ${first.dimension}$, $d/N = ${formatNumber(first.aspectRatio)}$, ${first.replicates} independent draws at each $C$. ${provenance(results)}`,
  });
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
