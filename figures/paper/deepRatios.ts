import type { FigurePlan, Panel, PaperFigure, PlotlyObject } from '../figure.js';
import { figureDefinition, layOut } from '../layout/layOut.js';
import { exactLine, logAxis, logExtent } from '../parts.js';
import type { DeepRatioPoint, DeepRatioSeries, RunResults } from '../results.js';
import { lossName, provenance } from '../text.js';

const colours = ['@blue', '@vermillion', '@green', '@purple', '@orange', '@sky'];
const colourOf = ({ layer }: DeepRatioSeries): string => colours[(layer - 1) % colours.length]!;
const layerName = ({ layer }: DeepRatioSeries): string => `layer ${layer}`;

/** The shape of networks that was drawn at the most numbers of classes: its curves tell what C does. */
function curvesOf(series: readonly DeepRatioSeries[]): readonly DeepRatioSeries[] {
  const most = Math.max(...series.map(({ points }) => points.length));
  const shape = series.find(({ points }) => points.length === most);
  return most < 3
    ? []
    : series.filter(({ widths, points }) => widths.join() === shape!.widths.join() && points.length > 2);
}

/** r against C of each loss, and r·(C_eff + 2) of everything that was drawn. */
function deepPlan(id: string, series: readonly DeepRatioSeries[], results: RunResults): FigurePlan | undefined {
  const curves = curvesOf(series);
  if (series.length === 0) return undefined;
  const losses = [...new Set(series.map(({ loss }) => loss))];
  const { widths } = curves[0] ?? series[0]!;
  const shape =
    curves.length === 0
      ? ''
      : ` Left: ${widths.length} layers of $n = ${widths[0]}$, $d = ${curves[0]!.dimension}$, $N = ${curves[0]!.samples}$.`;
  return {
    id,
    title: 'Ratios in the layers of deep networks',
    column: 'double',
    groups: losses.map((loss) => [
      ...(curves.length === 0
        ? []
        : [
            curvePanel(
              lossName(loss),
              curves.filter((each) => each.loss === loss),
            ),
          ]),
      collapsePanel(
        lossName(loss),
        series.filter((each) => each.loss === loss),
      ),
    ]),
    most: { single: 1, double: 2 },
    caption: `Ratio $r$ of squared norms of blocks off and on the diagonal in each hidden layer at initialisation against the number of classes $C$, drawn with 95 % intervals and predicted, with the floors of the widths (dashed); and $r (C_{\\mathrm{eff}} + 2)$ of all shapes drawn, against the number of outputs that the layer can tell apart.${shape}`,
    source: provenance(results),
  };
}

export function deepRatioFigure(
  id: string,
  series: readonly DeepRatioSeries[],
  results: RunResults,
): PaperFigure | undefined {
  const plan = deepPlan(id, series, results);
  return plan === undefined ? undefined : layOut(plan);
}

function curvePanel(loss: string, curves: readonly DeepRatioSeries[]): Panel {
  const values = curves.flatMap(({ points }) => points.flatMap(({ measured, predicted }) => [measured, predicted]));
  const classes = curves.flatMap(({ points }) => points.map((point) => point.classes));
  return {
    name: `${loss}: r`,
    title: loss,
    data: curves.flatMap((curve): PlotlyObject[] => [
      ...floorLine(curve),
      exactLine({
        type: 'scatter',
        mode: 'lines',
        name: 'predicted',
        showlegend: false,
        x: curve.points.map((point) => point.classes),
        y: curve.points.map(({ predicted }) => predicted),
        line: { color: colourOf(curve), width: 1.2 },
        hovertemplate: `C = %{x}: %{y:.4g}<extra>${layerName(curve)}, predicted</extra>`,
      }),
      drawnPoints(
        curve,
        ({ classes: x }) => x,
        ({ measured }) => measured,
        ({ interval, measured }) => interval.upper - measured,
      ),
    ]),
    x: logAxis(logExtent(classes, 0.12), { title: '<i>C</i>' }),
    y: logAxis(logExtent(values, 0.35), { title: '<i>r</i>' }),
    height: { inches: 1.9 },
  };
}

function floorLine(curve: DeepRatioSeries): PlotlyObject[] {
  const { floor } = curve.points.at(-1)!;
  if (!(floor > 0)) return [];
  return [
    exactLine({
      type: 'scatter',
      mode: 'lines',
      name: 'floor',
      showlegend: false,
      x: [curve.points[0]!.classes, curve.points.at(-1)!.classes],
      y: [floor, floor],
      line: { color: colourOf(curve), width: 0.8, dash: '4px,3px' },
      hovertemplate: `floor %{y:.4g}<extra>${layerName(curve)}</extra>`,
    }),
  ];
}

/** All shapes on one pair of axes: a legend entry for each layer. */
function collapsePanel(loss: string, series: readonly DeepRatioSeries[]): Panel {
  const scale = ({ effectiveOutputs }: DeepRatioPoint): number => effectiveOutputs + 2;
  const seen = new Set<number>();
  const points = series.flatMap((each) => each.points);
  return {
    name: `${loss}: r (C_eff + 2)`,
    title: '',
    data: series.map((each): PlotlyObject => {
      const isFirst = !seen.has(each.layer);
      seen.add(each.layer);
      return {
        ...drawnPoints(
          each,
          ({ effectiveOutputs }) => effectiveOutputs,
          (point) => point.measured * scale(point),
          (point) => (point.interval.upper - point.measured) * scale(point),
        ),
        showlegend: isFirst,
      };
    }),
    x: logAxis(
      logExtent(
        points.map(({ effectiveOutputs }) => effectiveOutputs),
        0.12,
      ),
      { title: '<i>C</i><sub>eff</sub>' },
    ),
    y: logAxis(logExtent([0.1, 1, ...points.map((point) => point.measured * scale(point))], 0.1), {
      title: '<i>r</i> (<i>C</i><sub>eff</sub> + 2)',
    }),
    height: { inches: 1.9 },
  };
}

function drawnPoints(
  series: DeepRatioSeries,
  x: (point: DeepRatioPoint) => number,
  y: (point: DeepRatioPoint) => number,
  half: (point: DeepRatioPoint) => number,
): PlotlyObject {
  const { points, widths, loss } = series;
  return {
    type: 'scatter',
    mode: 'markers',
    name: layerName(series),
    legendgroup: layerName(series),
    showlegend: false,
    x: points.map(x),
    y: points.map(y),
    error_y: { type: 'data', array: points.map(half), thickness: 0.9, width: 2, color: colourOf(series) },
    marker: { color: colourOf(series), size: 4 },
    hovertemplate: `%{x:.4g}: %{y:.4g}<extra>${layerName(series)} of n = ${widths.join(', ')}, ${lossName(loss)}</extra>`,
  };
}

export const deepRatios = figureDefinition({
  id: 'deep-ratios',
  title: 'Ratios in the layers of deep networks',
  needs: 'ratios of deep networks',
  plan: (results) =>
    deepPlan(
      'deep-ratios',
      results.claims.flatMap((claim) => claim.deepRatios ?? []),
      results,
    ),
});
