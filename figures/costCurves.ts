import type { FigureStyle, PaperFigure, Panel, PlotlyObject } from './figure.js';
import { layOut } from './layout/layOut.js';
import { seriesColours, seriesSymbols } from './palette.js';
import { exactLine, logAxis, logExtent, panelNote } from './parts.js';

/** Who draws, in the order of legend and notes. */
const programs = [
  ['wasm', 'embedded kernels'],
  ['native', 'OpenBLAS'],
  ['numpy', 'NumPy'],
] as const;
type Program = (typeof programs)[number][0];

/** Seconds of processor of one draw as one of its sizes grows; `CostCurve` of bench/results.json. */
export interface CostCurve {
  /** What grows: dimension, samples over dimension, classes or width. */
  readonly name: string;
  /** Least size whose seconds are in the exponent. */
  readonly from: number;
  readonly points: readonly { readonly at: number; readonly seconds: { readonly [program in Program]?: number } }[];
  /** Slopes of log seconds on log size, by least squares. */
  readonly exponents: { readonly [program in Program]?: number };
}

const axisTitles: Readonly<Record<string, string>> = {
  dimension: '<i>d</i>',
  'samples over dimension': '<i>N</i>/<i>d</i>',
  classes: '<i>C</i>',
  width: '<i>m</i>',
};

/** Seconds of one draw against each size, embedded kernels, OpenBLAS and NumPy in each panel, with fitted powers. */
export function costFigure(curves: readonly CostCurve[], source: string, style?: FigureStyle): PaperFigure {
  return layOut(
    {
      id: 'cost-curves',
      title: 'Cost of one draw',
      column: 'double',
      groups: [curves.map(costPanel)],
      most: { single: 2, double: 4 },
      caption:
        'Seconds of processor of one draw, with all eigenvalues of a diagonal and an off-diagonal block, as one size grows. Noted: fitted powers of the size, from the size named in each panel.',
      source,
    },
    style,
  );
}

function costPanel(curve: CostCurve): Panel {
  const used = programs.map(([program, name], slot) => ({
    ...{ name, slot, exponent: curve.exponents[program] },
    points: curve.points.flatMap(({ at, seconds }) =>
      seconds[program] === undefined ? [] : [[at, seconds[program]] as const],
    ),
  }));
  const seen = used.filter(({ points }) => points.length > 0);
  const [lowest, highest] = logExtent(
    seen.flatMap(({ points }) => points.map(([, value]) => value)),
    0.1,
  );
  // Room above the lines for the notes.
  const room = 0.45 * (highest - lowest);
  return {
    name: curve.name,
    title: '',
    data: seen.map(costLine),
    notes: [
      panelNote(
        [
          `powers from ${curve.from.toLocaleString('en').replaceAll(',', ' ')} on`,
          ...seen.flatMap(({ slot, exponent }) =>
            exponent === undefined
              ? []
              : [`<span style="color:${seriesColours[slot]}">●</span> ${exponent.toFixed(2).replaceAll('-', '−')}`],
          ),
        ].join('<br>'),
        'top-left',
      ),
    ],
    x: logAxis(logExtent(curve.points.map(({ at }) => at)), { title: axisTitles[curve.name] ?? curve.name }),
    y: logAxis([lowest, highest + room], { title: 'seconds of processor' }),
    height: { inches: 1.8 },
  };
}

function costLine({
  name,
  slot,
  points,
}: {
  readonly name: string;
  readonly slot: number;
  readonly points: readonly (readonly [number, number])[];
}): PlotlyObject {
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    showlegend: true,
    x: points.map(([at]) => at),
    y: points.map(([, value]) => value),
    line: exactLine({ color: seriesColours[slot], width: 1.2 }),
    marker: { color: seriesColours[slot], symbol: seriesSymbols[slot], size: 4.5 },
    hovertemplate: '%{x}: %{y:.3g} s<extra>%{fullData.name}</extra>',
  };
}
