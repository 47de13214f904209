import type { RunResults } from './results.js';

/** A Plotly trace or a part of a layout: plain JSON, colours by name (see palette.ts). */
export type PlotlyObject = { readonly [key: string]: unknown };

/** One or two columns of a two-column paper, in inches: those of IEEE, which other journals' differ little from. */
export const columnInches = { single: 3.5, double: 7.16 } as const;
export type Column = keyof typeof columnInches;
export const columnNames = Object.keys(columnInches) as readonly Column[];

/** Points of type in print. 1 pt is 1/72 in, Plotly's pixel is 1/96 in. */
export const printPoints = { title: 8.5, text: 8, tick: 7 } as const;

export const pixelsPerInch = 96;

/** Type size in Plotly's pixels. */
export const pixelsOfPoints = (points: number): number => (points * pixelsPerInch) / 72;

/** What a caption is made of. Plain text in which formulas stand between dollar signs, as LaTeX. */
export interface Caption {
  /** One or two sentences: what is seen. */
  readonly caption: string;
  /** Settings and seed of the run, and what drew it. */
  readonly source: string;
}

/** A figure ready for print: exact size, type at its printed size. */
export interface PaperFigure extends Caption {
  readonly id: string;
  readonly title: string;
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject & { readonly width: number; readonly height: number };
  readonly config: PlotlyObject;
  readonly column: Column;
  /** In the order of their axes. */
  readonly panels: readonly Panel[];
}

/**
 * One pair of axes and what stands on them, wherever a figure puts it: its traces name no axes, its notes and shapes lie
 * on 'x' and 'y' or on 'x domain' and 'y domain'. `layOut` gives it a place.
 */
export interface Panel {
  /** Plain words: what `--panel` asks for, and what the table of the figure calls it. */
  readonly name: string;
  /** Above it, in Plotly's little HTML, broken into lines where it is wider than the panel; none for an empty one. */
  readonly title: string;
  readonly data: readonly PlotlyObject[];
  readonly x: PlotlyObject;
  readonly y: PlotlyObject;
  readonly notes?: readonly PlotlyObject[];
  readonly shapes?: readonly PlotlyObject[];
  /** Of the plotting area: its height in inches, or over its width. */
  readonly height: { readonly inches: number } | { readonly perWidth: number };
  /** Takes a row by itself. */
  readonly isWide?: true;
  /** Colour bar of its first trace; of neighbours on one scale the last shows it. */
  readonly bar?: { readonly scale: string; readonly options: PlotlyObject };
  /** Numbers for the table of the figure, beyond those of the named traces. */
  readonly more?: readonly PlotlyObject[];
  /** Numbers behind colours, for the table of the figure. */
  readonly cells?: () => readonly (readonly [x: number | string, y: number | string, value: number | string | null])[];
}

/** What a figure shows, before it has a size. */
export interface FigurePlan extends Caption {
  readonly id: string;
  readonly title: string;
  /** Where it is not asked for another. */
  readonly column: Column;
  /** Panels that belong together stand in one row where there is room. */
  readonly groups: readonly (readonly Panel[])[];
  /** In place of them in one column, where names take too much of two. */
  readonly narrow?: readonly (readonly Panel[])[];
  /** Panels in a row, at most. */
  readonly most: Readonly<Record<Column, number>>;
}

/** How a figure is wanted; what is left out is the figure's own choice. */
export interface FigureStyle {
  readonly column?: Column;
  /** A family that the browser has; Arial and its like follow. */
  readonly font?: string;
  /** Number, from 1, or name of the one panel that is drawn. */
  readonly panel?: string;
}

/** A figure, and how it is drawn from what a run, or several, left behind. */
export interface FigureDefinition<Results = RunResults> {
  readonly id: string;
  readonly title: string;
  /** What must be in the results, for the message when it is not. */
  readonly needs: string;
  /**
   * `undefined` when the results hold nothing to draw.
   * @throws UsageError for a panel that the figure does not have
   */
  readonly build: (results: Results, style?: FigureStyle) => PaperFigure | undefined;
}

export const figureConfig: PlotlyObject = {
  displaylogo: false,
  responsive: true,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  toImageButtonOptions: { format: 'svg' },
};

export const fontFamily = 'Arial, Helvetica, "Liberation Sans", sans-serif';
