import type { FigureDefinition, PlotlyObject } from '../figure.js';
import { axis, inPanel, panelAxes, paperFigure, tickFont } from '../parts.js';
import type { ConfidenceInterval, FalseAlarm } from '../results.js';
import { formatNumber, plotlyText, provenance } from '../text.js';

/** Lines of the figure from the top: tests under the name of their claim. */
function linesOf(rows: readonly FalseAlarm[]): readonly { readonly text: string; readonly row?: FalseAlarm }[] {
  const claims = [...new Set(rows.map(({ claim }) => claim))];
  return claims.flatMap((claim) => [
    ...(claim === undefined ? [] : [{ text: `<b>${plotlyText(claim)}</b>` }]),
    ...rows.filter((row) => row.claim === claim).map((row) => ({ text: plotlyText(row.label ?? row.test), row })),
  ]);
}

/** Width of the longest label in Plotly's pixels: letters of this type are about half as wide as it is high. */
const widest = (texts: readonly string[]): number =>
  0.47 * tickFont.size * Math.max(...texts.map((text) => text.length));

interface Point {
  readonly text: string;
  readonly at: number;
  readonly rate: number;
  readonly interval: ConfidenceInterval;
}

/** Rates with their intervals. */
function marks(points: readonly Point[], colour: string): PlotlyObject {
  return {
    type: 'scatter',
    mode: 'markers',
    x: points.map(({ rate }) => rate),
    y: points.map(({ at }) => at),
    customdata: points.map(({ text }) => text),
    marker: { color: colour, size: 4.5 },
    error_x: {
      type: 'data',
      symmetric: false,
      color: colour,
      thickness: 1,
      width: 2,
      array: points.map(({ interval, rate }) => interval.upper - rate),
      arrayminus: points.map(({ interval, rate }) => rate - interval.lower),
    },
    hovertemplate: '%{customdata}: %{x:.3f}<extra></extra>',
    ...inPanel(0),
  };
}

export const falseAlarms: FigureDefinition = {
  id: 'calibration',
  title: 'False alarms of the tests on true laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  build: (results) => {
    const { calibration } = results;
    if (calibration === undefined || calibration.falseAlarms.length === 0) return undefined;
    const { level } = calibration;
    const lines = linesOf(calibration.falseAlarms);
    const points = lines.flatMap(({ text, row }, i) =>
      row === undefined ? [] : [{ text, ...row, rate: row.rejections / row.runs, at: lines.length - 1 - i }],
    );
    const missed = points.filter(({ interval }) => interval.lower > level || interval.upper < level);
    const heightInches = 0.6 + 0.122 * lines.length;
    const furthest = Math.max(level, ...points.map(({ interval }) => interval.upper));
    const first = points[0];
    const labels = widest(lines.map(({ text }) => text));
    return paperFigure({
      id: 'calibration',
      title: 'False alarms',
      column: labels > 150 ? 'double' : 'single',
      heightInches,
      data: [
        marks(
          points.filter((point) => !missed.includes(point)),
          '@blue',
        ),
        marks(missed, '@vermillion'),
      ],
      layout: {
        ...panelAxes(
          0,
          { x: [0, 1], y: [0, 1] },
          axis({ title: 'rate of false alarms', range: [-0.03 * furthest, 1.04 * furthest] }),
          axis({
            tickvals: lines.map((_, i) => lines.length - 1 - i),
            ticktext: lines.map(({ text }) => text),
            range: [-0.6, lines.length - 0.4],
            nticks: undefined,
            ticks: '',
            showgrid: false,
            ticklabelstandoff: 3,
          }),
        ),
        shapes: [
          {
            type: 'line',
            xref: 'x',
            yref: 'paper',
            x0: level,
            x1: level,
            y0: 0,
            y1: 1,
            line: { color: '@muted', width: 0.75, dash: '3px,2px' },
            layer: 'below',
          },
        ],
      },
      margin: { t: 6, b: 32, l: Math.min(480, 12 + labels) },
      caption: `Rate at which each test rejects a true law, with its ${formatNumber(100 * (first?.interval.level ?? 0.95))} % binomial interval; dashed: the level ${formatNumber(level)}. ${missed.length === 0 ? 'Every interval contains the level' : 'Intervals without the level are in the second colour'}. ${first?.runs ?? 0} runs for each test. ${provenance(results)}`,
    });
  },
};
