import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { textWidth } from '../layout/textWidth.js';
import { axis, tickFont } from '../parts.js';
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

export const falseAlarms = figureDefinition({
  id: 'calibration',
  title: 'False alarms of the tests on true laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  plan: (results) => {
    const { calibration } = results;
    if (calibration === undefined || calibration.falseAlarms.length === 0) return undefined;
    const { level } = calibration;
    const lines = linesOf(calibration.falseAlarms);
    const points = lines.flatMap(({ text, row }, i) =>
      row === undefined ? [] : [{ text, ...row, rate: row.rejections / row.runs, at: lines.length - 1 - i }],
    );
    const missed = points.filter(({ interval }) => interval.lower > level || interval.upper < level);
    const furthest = Math.max(level, ...points.map(({ interval }) => interval.upper));
    const first = points[0];
    // Beside labels that leave less than this share of one column, two are taken.
    const labels = Math.max(...lines.map(({ text }) => textWidth(text, tickFont.size)));
    const panel: Panel = {
      name: 'false alarms',
      title: '',
      data: [
        {
          name: 'level inside',
          ...marks(
            points.filter((point) => !missed.includes(point)),
            '@blue',
          ),
        },
        { name: 'level outside', ...marks(missed, '@vermillion') },
      ],
      x: axis({ title: 'rate of false alarms', range: [-0.03 * furthest, 1.04 * furthest] }),
      y: axis({
        tickvals: lines.map((_, i) => lines.length - 1 - i),
        ticktext: lines.map(({ text }) => text),
        range: [-0.6, lines.length - 0.4],
        nticks: undefined,
        ticks: '',
        showgrid: false,
        ticklabelstandoff: 3,
      }),
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
      height: { inches: 0.122 * lines.length + 0.05 },
    };
    return {
      id: 'calibration',
      title: 'False alarms',
      column: labels > 150 ? 'double' : 'single',
      groups: [[panel]],
      most: { single: 1, double: 1 },
      caption: `Rate at which each test rejects a true law in ${first?.runs ?? 0} runs, with its ${formatNumber(100 * (first?.interval.level ?? 0.95))} % binomial interval; dashed: the level ${formatNumber(level)}. ${missed.length === 0 ? 'Every interval contains the level' : 'Intervals without the level are in the second colour'}.`,
      source: provenance(results),
    };
  },
});
