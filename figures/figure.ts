import type { RunResults } from './results.js';

/** A Plotly trace or a part of a layout: plain JSON, colours by name (see palette.ts). */
export type PlotlyObject = { readonly [key: string]: unknown };

/** One or two columns of a two-column paper, in inches. */
export const columnInches = { single: 3.4, double: 7 } as const;

/** Points of type in print. 1 pt is 1/72 in, Plotly's pixel is 1/96 in. */
export const printPoints = { title: 8.5, text: 8, tick: 7 } as const;

export const pixelsPerInch = 96;

/** Type size in Plotly's pixels. */
export const pixelsOfPoints = (points: number): number => (points * pixelsPerInch) / 72;

/** A figure ready for print: exact size, type at its printed size. */
export interface PaperFigure {
  readonly id: string;
  readonly title: string;
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject & { readonly width: number; readonly height: number };
  readonly config: PlotlyObject;
  /** Plain text in which formulas stand between dollar signs, as LaTeX. */
  readonly caption: string;
  readonly column: keyof typeof columnInches;
}

/** A figure, and how it is drawn from what a run, or several, left behind. */
export interface FigureDefinition<Results = RunResults> {
  readonly id: string;
  readonly title: string;
  /** What must be in the results, for the message when it is not. */
  readonly needs: string;
  /** `undefined` when the results hold nothing to draw. */
  readonly build: (results: Results) => PaperFigure | undefined;
}

export const figureConfig: PlotlyObject = {
  displaylogo: false,
  responsive: true,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  toImageButtonOptions: { format: 'svg' },
};

export const fontFamily = 'Arial, Helvetica, "Liberation Sans", sans-serif';
