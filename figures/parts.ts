/** Pieces from which every figure is laid out: axes on a grid of panels, titles of panels, legends. */
import { columnInches, figureConfig, fontFamily, pixelsOfPoints, pixelsPerInch, printPoints } from './figure.js';
import type { PaperFigure, PlotlyObject } from './figure.js';

export const tickFont = { size: pixelsOfPoints(printPoints.tick), color: '@muted' };
const textFont = { size: pixelsOfPoints(printPoints.text), color: '@ink' };

/** For titles that would not fit above a narrow panel. */
export const smallTitleFont = { ...tickFont, color: '@ink' };

/** Suffix of an axis: Plotly calls the first one "x", the second "x2". */
export const axisSuffix = (position: number): string => (position === 0 ? '' : String(position + 1));

/** A line drawn through every point it is given. */
export const exactLine = (options: PlotlyObject): PlotlyObject => ({ simplify: false, ...options });

/** `{ xaxis, yaxis }` of a trace in panel `position`. */
export const inPanel = (position: number): PlotlyObject => ({
  xaxis: `x${axisSuffix(position)}`,
  yaxis: `y${axisSuffix(position)}`,
});

/** What every axis has; a panel adds its own. */
export function axis(options: PlotlyObject = {}): PlotlyObject {
  const { title, ...rest } = options;
  return {
    showline: true,
    mirror: true,
    linecolor: '@axis',
    linewidth: 0.75,
    gridcolor: '@grid',
    gridwidth: 0.5,
    zeroline: false,
    ticks: 'outside',
    ticklen: 3,
    tickwidth: 0.75,
    tickcolor: '@axis',
    tickfont: tickFont,
    exponentformat: 'power',
    minexponent: 4,
    nticks: 6,
    ...(title === undefined ? {} : { title: { text: title, font: textFont, standoff: 4 } }),
    ...rest,
  };
}

/** An axis with a title; none for an empty one. */
export const titled = (options: PlotlyObject, title: string): PlotlyObject =>
  title === '' ? options : { ...options, title: { text: title, font: textFont, standoff: 4 } };

/**
 * Ticks of a logarithmic axis at whole decades only. Plotly enlarges their type by a quarter, which is taken back here.
 */
export const logAxis = (options: PlotlyObject = {}): PlotlyObject =>
  axis({
    type: 'log',
    dtick: 1,
    nticks: undefined,
    tickfont: { ...tickFont, size: tickFont.size / 1.25 },
    minor: { ticks: 'outside', ticklen: 1.5, tickwidth: 0.5, tickcolor: '@axis' },
    ...options,
  });

export interface PanelGrid {
  readonly rows: number;
  readonly columns: number;
  /** Gaps as shares of the plotting area. */
  readonly horizontalGap?: number;
  readonly verticalGap?: number;
}

/** Share of the plotting area taken by the panel in row `row` (0 on top) and column `column`. */
export function panelDomain(
  grid: PanelGrid,
  row: number,
  column: number,
): { readonly x: readonly [number, number]; readonly y: readonly [number, number] } {
  const horizontal = grid.horizontalGap ?? 0.09;
  const vertical = grid.verticalGap ?? 0.14;
  const width = (1 - horizontal * (grid.columns - 1)) / grid.columns;
  const height = (1 - vertical * (grid.rows - 1)) / grid.rows;
  const left = column * (width + horizontal);
  const top = 1 - row * (height + vertical);
  const clamp = (value: number): number => Math.min(1, Math.max(0, Number(value.toFixed(5))));
  return { x: [clamp(left), clamp(left + width)], y: [clamp(top - height), clamp(top)] };
}

/** `xaxisN`, `yaxisN` of a panel, anchored to each other. */
export function panelAxes(
  position: number,
  domain: { readonly x: readonly number[]; readonly y: readonly number[] },
  x: PlotlyObject,
  y: PlotlyObject,
): PlotlyObject {
  const suffix = axisSuffix(position);
  return {
    [`xaxis${suffix}`]: { ...x, domain: domain.x, anchor: `y${suffix}` },
    [`yaxis${suffix}`]: { ...y, domain: domain.y, anchor: `x${suffix}` },
  };
}

/** A title above a panel, left-aligned with it. */
export function panelTitle(position: number, text: string, options: PlotlyObject = {}): PlotlyObject {
  const suffix = axisSuffix(position);
  return {
    text,
    showarrow: false,
    xref: `x${suffix} domain`,
    yref: `y${suffix} domain`,
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    font: textFont,
    align: 'left',
    ...options,
  };
}

/** Small text inside a panel, in one of its corners. */
export function panelNote(
  position: number,
  text: string,
  corner: 'top-right' | 'top-left' | 'bottom-left' | 'bottom-right',
): PlotlyObject {
  const right = corner.endsWith('right');
  const top = corner.startsWith('top');
  return panelTitle(position, text, {
    x: right ? 0.98 : 0.02,
    y: top ? 0.97 : 0.03,
    xanchor: right ? 'right' : 'left',
    yanchor: top ? 'top' : 'bottom',
    align: right ? 'right' : 'left',
    yshift: 0,
    font: { ...tickFont, color: '@ink' },
  });
}

/** What one panel adds to a figure whose panels share a legend. */
export interface FigurePanel {
  readonly data: readonly PlotlyObject[];
  readonly annotations: readonly PlotlyObject[];
  /** Both axes, by their names in Plotly's layout. */
  readonly axes: PlotlyObject;
}

/** Panels as the data and the layout of their figure. */
export function joinPanels(panels: readonly FigurePanel[]): { data: PlotlyObject[]; layout: PlotlyObject } {
  return {
    data: panels.flatMap(({ data }) => data),
    layout: {
      ...Object.assign({}, ...panels.map(({ axes }) => axes)),
      annotations: panels.flatMap(({ annotations }) => annotations),
      showlegend: true,
    },
  };
}

/** Puts a figure together. Sizes in inches; margins in Plotly's pixels. */
export function paperFigure(parts: {
  readonly id: string;
  readonly title: string;
  readonly column: keyof typeof columnInches;
  readonly heightInches: number;
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject;
  readonly caption: string;
  readonly margin?: PlotlyObject;
}): PaperFigure {
  return {
    id: parts.id,
    title: parts.title,
    column: parts.column,
    data: parts.data,
    config: figureConfig,
    caption: parts.caption,
    layout: {
      paper_bgcolor: '@paper',
      plot_bgcolor: '@plot',
      font: { family: fontFamily, ...textFont },
      margin: { l: 46, r: 8, t: 22, b: 36, pad: 0, ...parts.margin },
      hovermode: 'closest',
      hoverlabel: { font: { family: fontFamily } },
      showlegend: false,
      legend: {
        orientation: 'h',
        x: 0,
        y: 0.995,
        yanchor: 'top',
        yref: 'container',
        font: tickFont,
        bgcolor: '@clear',
      },
      ...parts.layout,
      width: Math.round(columnInches[parts.column] * pixelsPerInch),
      height: Math.round(parts.heightInches * pixelsPerInch),
    },
  };
}
