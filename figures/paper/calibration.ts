import type { FigureDefinition, PlotlyObject } from '../figure.js';
import { seriesColours, seriesDashes, seriesSymbols } from '../palette.js';
import { axis, inPanel, panelAxes, panelDomain, panelTitle, paperFigure } from '../parts.js';
import type { PowerCurve } from '../results.js';
import { formatNumber, plotlyText, provenance } from '../text.js';

export const powerCurves: FigureDefinition = {
  id: 'power',
  title: 'Power of the tests against wrong laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  build: (results) => {
    const curves = results.calibration?.power ?? [];
    if (curves.length === 0) return undefined;
    const groups = new Map<string, PowerCurve[]>();
    for (const curve of curves) groups.set(curve.alternative, [...(groups.get(curve.alternative) ?? []), curve]);
    const panels = [...groups].slice(0, 8);
    const tests = [...new Set(curves.map((curve) => curve.test))];
    const columns = Math.min(panels.length, panels.length > 4 ? 4 : panels.length);
    const rows = Math.ceil(panels.length / columns);
    const heightInches = 0.7 + 1.8 * rows;
    const data: PlotlyObject[] = [];
    const annotations: PlotlyObject[] = [];
    const shapes: PlotlyObject[] = [];
    let layout: PlotlyObject = {};
    const named = new Set<string>();
    panels.forEach(([alternative, group], position) => {
      const suffix = position === 0 ? '' : String(position + 1);
      for (const curve of group) {
        const i = tests.indexOf(curve.test);
        data.push({
          type: 'scatter', mode: 'lines+markers', name: plotlyText(curve.test), legendgroup: curve.test, showlegend: !named.has(curve.test), x: curve.sizes, y: curve.power,
          line: { color: seriesColours[i % seriesColours.length], dash: seriesDashes[i % seriesDashes.length], width: 1.2 }, marker: { symbol: seriesSymbols[i % seriesSymbols.length], size: 4 },
          hovertemplate: `%{x} ${plotlyText(curve.unit)}: %{y:.3f}<extra>%{fullData.name}</extra>`, ...inPanel(position),
        });
        named.add(curve.test);
      }
      for (const y of [0.95, results.calibration?.level ?? 0.05]) shapes.push({ type: 'line', xref: `x${suffix} domain`, yref: `y${suffix}`, x0: 0, x1: 1, y0: y, y1: y, line: { color: '@muted', width: 0.75, dash: '2px,2px' }, layer: 'below' });
      annotations.push(panelTitle(position, plotlyText(alternative)));
      layout = {
        ...layout,
        ...panelAxes(position, panelDomain({ rows, columns, horizontalGap: 0.055, verticalGap: 0.62 / heightInches }, Math.floor(position / columns), position % columns),
          axis({ title: plotlyText(group[0]?.unit === '%' ? 'error, %' : (group[0]?.unit ?? '')) }),
          axis({ range: [-0.03, 1.06], tickvals: [0, 0.25, 0.5, 0.75, 1], ...(position % columns === 0 ? { title: 'share rejected' } : {}) })),
      };
    });
    return paperFigure({
      id: 'power', title: 'Power of the tests', column: columns === 1 ? 'single' : 'double', heightInches, data, layout: { ...layout, annotations, shapes, showlegend: true }, margin: { t: 42, b: 36, l: 42 },
      caption: `Share of runs in which each test rejects a wrong law, against the size of the error; ${curves[0]?.runs ?? 0} runs a point. Dotted: 0.95 and the level ${formatNumber(results.calibration?.level ?? 0)}. ${provenance(results)}`,
    });
  },
};

export const falseAlarms: FigureDefinition = {
  id: 'calibration',
  title: 'False alarms of the tests on true laws',
  needs: 'a calibration (limitlaw check --calibrate)',
  build: (results) => {
    const { calibration } = results;
    if (calibration === undefined || calibration.falseAlarms.length === 0) return undefined;
    const rows = calibration.falseAlarms.map((row) => ({ ...row, name: row.claim === undefined ? row.test : `${row.claim}: ${row.test}`, rate: row.rejections / row.runs })).reverse();
    const heightInches = 0.7 + 0.17 * rows.length;
    return paperFigure({
      id: 'calibration', title: 'False alarms', column: 'single', heightInches,
      data: [{
        type: 'scatter', mode: 'markers', x: rows.map((row) => row.rate), y: rows.map((_, i) => i), marker: { color: '@blue', size: 5 },
        error_x: { type: 'data', symmetric: false, color: '@blue', thickness: 1, width: 2, array: rows.map((row) => row.interval.upper - row.rate), arrayminus: rows.map((row) => row.rate - row.interval.lower) },
        hovertemplate: '%{x:.3f}<extra></extra>', ...inPanel(0),
      }],
      layout: {
        ...panelAxes(0, { x: [0, 1], y: [0, 1] }, axis({ title: 'rate of false alarms', rangemode: 'tozero' }), axis({ tickvals: rows.map((_, i) => i), ticktext: rows.map((row) => plotlyText(row.name)), range: [-0.6, rows.length - 0.4], automargin: true, nticks: undefined })),
        shapes: [{ type: 'line', xref: 'x', yref: 'paper', x0: calibration.level, x1: calibration.level, y0: 0, y1: 1, line: { color: '@vermillion', width: 1, dash: '3px,2px' }, layer: 'below' }],
      },
      margin: { t: 8, b: 36, l: 60 },
      caption: `Rate at which each test rejects a true law, with its ${formatNumber(100 * (rows[0]?.interval.level ?? 0.95))} % binomial interval; dashed: the level ${formatNumber(calibration.level)}. ${rows[0]?.runs ?? 0} runs a test. ${provenance(results)}`,
    });
  },
};
