import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { textWidth } from '../layout/textWidth.js';
import { axis, panelTitle, tickFont } from '../parts.js';
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

interface Point {
  readonly text: string;
  readonly at: number;
  readonly rate: number;
  readonly runs: number;
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
  };
}

type Line = ReturnType<typeof linesOf>[number];

/** Lines count from below. */
const pointsOf = (lines: readonly Line[]): Point[] =>
  lines.flatMap(({ text, row }, i) =>
    row === undefined ? [] : [{ text, ...row, rate: row.rejections / row.runs, at: lines.length - 1 - i }],
  );

const misses = ({ interval }: Point, level: number): boolean => interval.lower > level || interval.upper < level;

/** Pixels of labels that leave half of one column to the rates. */
const widestBeside = 150;

/** Rates of the lines of `panelBeside` and `panelBelow`, which name them in different places. */
function ratesPanel(points: readonly Point[], level: number): Pick<Panel, 'name' | 'title' | 'data' | 'x' | 'shapes'> {
  const furthest = Math.max(level, ...points.map(({ interval }) => interval.upper));
  return {
    name: 'false alarms',
    title: '',
    data: [
      {
        name: 'level inside',
        ...marks(
          points.filter((point) => !misses(point, level)),
          '@blue',
        ),
      },
      {
        name: 'level outside',
        ...marks(
          points.filter((point) => misses(point, level)),
          '@vermillion',
        ),
      },
    ],
    x: axis({ title: 'rate of false alarms', range: [-0.03 * furthest, 1.04 * furthest] }),
    shapes: [
      {
        type: 'line',
        xref: 'x',
        yref: 'y domain',
        x0: level,
        x1: level,
        y0: 0,
        y1: 1,
        line: { color: '@muted', width: 0.75, dash: '3px,2px' },
        layer: 'below',
      },
    ],
  };
}

const bare = { nticks: undefined, ticks: '', showgrid: false, ticklabelstandoff: 3 };

/** Names at the left of their rates. */
const panelBeside = (lines: readonly Line[], points: readonly Point[], level: number): Panel => ({
  ...ratesPanel(points, level),
  y: axis({
    ...bare,
    tickvals: lines.map((_, i) => lines.length - 1 - i),
    ticktext: lines.map(({ text }) => text),
    range: [-0.6, lines.length - 0.4],
  }),
  height: { inches: 0.122 * lines.length + 0.05 },
});

/** Long names above their rates. */
const panelBelow = (lines: readonly Line[], points: readonly Point[], level: number): Panel => ({
  ...ratesPanel(points, level),
  y: axis({ ...bare, tickvals: [], ticktext: [], range: [-0.7, lines.length - 0.3] }),
  notes: lines.map(({ text, row }, i) =>
    panelTitle(text, {
      ...{ x: 0.01, y: lines.length - 1 - i, yref: 'y', xanchor: 'left' },
      ...{ yanchor: row === undefined ? 'middle' : 'bottom', yshift: row === undefined ? 0 : 1 },
      font: { ...tickFont, color: '@ink' },
    }),
  ),
  height: { inches: 0.19 * lines.length },
});

export const falseAlarms = figureDefinition({
  id: 'calibration',
  title: 'False alarms of the tests on true laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  plan: (results) => {
    const { calibration } = results;
    if (calibration === undefined || calibration.falseAlarms.length === 0) return undefined;
    const { level } = calibration;
    const lines = linesOf(calibration.falseAlarms);
    const points = pointsOf(lines);
    const missed = points.filter((point) => misses(point, level));
    const first = points[0];
    const labels = Math.max(...lines.map(({ text }) => textWidth(text, tickFont.size)));
    return {
      id: 'calibration',
      title: 'False alarms',
      column: labels > widestBeside ? 'double' : 'single',
      groups: [[panelBeside(lines, points, level)]],
      ...(labels > widestBeside ? { narrow: [[panelBelow(lines, points, level)]] } : {}),
      most: { single: 1, double: 1 },
      caption: `Rate at which each test rejects a true law in ${first?.runs ?? 0} runs, with its ${formatNumber(100 * (first?.interval.level ?? 0.95))} % binomial interval; dashed: the level ${formatNumber(level)}. ${missed.length === 0 ? 'Every interval contains the level' : 'Intervals without the level are in the second colour'}.`,
      source: provenance(results),
    };
  },
});
