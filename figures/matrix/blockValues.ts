import type { Column, FigurePlan, Panel, PlotlyObject } from '../figure.js';
import { blockLabels, colourBar, colourScale, logRange, rowsOf } from '../heatMapParts.js';
import { figureDefinition } from '../layout/layOut.js';
import type { BlockValueName, GivenBlocks, MatrixResult } from '../matrixResult.js';
import { axis, tickFont } from '../parts.js';
import { formatFixed, formatNumber, literal, superscript } from '../text.js';
import { clippedTicks, drawnBy } from './matrixParts.js';

/** As many as leave room for a number in each. */
const mostWritten = { single: 8, double: 16 };

/** Linear colours end here, of the largest, unless nothing is to be clipped: the authors' choice for blocks. */
const blockClip = 2;

const words: Readonly<Record<BlockValueName, { readonly bar: string; readonly caption: string }>> = {
  'root-mean-square': {
    bar: 'root mean square',
    caption: 'Root mean square of the entries of each block, its Frobenius norm over the root of their number,',
  },
  'mean-absolute': { bar: 'mean |H|', caption: 'Mean of the absolute entries of each block' },
  'signed-mean': { bar: 'mean of H', caption: 'Mean of the entries of each block, with their sign,' },
};

interface Scale {
  readonly z: (value: number) => number | null;
  readonly range: readonly [number, number];
  readonly colours: readonly (readonly [number, string])[];
  readonly bar: PlotlyObject;
  readonly words: string;
}

/** Blue below zero, vermillion above. */
const diverging: Scale['colours'] = [
  [0, '@blue'],
  [0.5, '@plot'],
  [1, '@vermillion'],
];

function scaleOf({ values, shown }: GivenBlocks, { colours, clip }: MatrixResult): Scale {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const divisor = colours === 'linear' ? Math.min(blockClip, clip) : 1;
  const end = largest / divisor;
  const isClipped = divisor > 1;
  const until = isClipped ? `1/${divisor} of the largest` : 'the largest';
  if (shown === 'signed-mean') {
    const [, half, whole] = clippedTicks(end, isClipped);
    return {
      z: (value) => value,
      range: [-end, end],
      colours: diverging,
      bar: {
        tickvals: [-end, -end / 2, 0, end / 2, end],
        ticktext: [`${isClipped ? '≤ ' : ''}${formatNumber(-end, 2)}`, `−${half}`, '0', half, whole],
      },
      words: `linear colours, symmetric about 0, to ${until}`,
    };
  }
  if (colours === 'linear')
    return {
      z: (value) => value,
      range: [0, end],
      colours: colourScale,
      bar: { tickvals: [0, end / 2, end], ticktext: clippedTicks(end, isClipped) },
      words: `linear colours from 0 to ${until}`,
    };
  const range = logRange([{ values }]);
  return {
    z: (value) => (value > 0 ? Math.log10(value) : null),
    range,
    colours: colourScale,
    bar: colourBar(range),
    words: 'logarithmic colours, exact zeros blank',
  };
}

/** Two digits, of small ones two decimals, in units of a power of ten that leaves the largest between 10 and 100. */
function written(values: readonly number[]): { readonly power: number; readonly text: readonly string[] } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const power = largest === 0 ? 0 : Math.floor(Math.log10(largest)) - 1;
  const inUnits = (value: number): string => {
    const scaled = Number((value / 10 ** power).toPrecision(2));
    if (scaled === 0) return '0';
    const decimals = Math.min(2, Math.max(0, 1 - Math.floor(Math.log10(Math.abs(scaled)))));
    return formatFixed(scaled, decimals);
  };
  return { power, text: values.map(inUnits) };
}

/** With a number in each block, or with colours alone. */
function panelOf(result: MatrixResult, blocks: GivenBlocks, isWritten: boolean): Panel {
  const { list, values, shown } = blocks;
  const count = list.length;
  const scale = scaleOf(blocks, result);
  const { power, text } = written(values);
  // The edges of the blocks, in rows of the matrix: a block takes as much of the picture as of the matrix.
  const edges = [...list.map(({ start }) => start), list.at(-1)!.start + list.at(-1)!.size];
  const digits = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));
  const inUnits = isWritten ? `; numbers in units of 10${superscript(String(power))}` : '';
  return {
    name: 'blocks',
    title: '',
    data: [
      {
        type: 'heatmap',
        name: words[shown].bar,
        x: edges,
        y: edges,
        z: rowsOf(values.map(scale.z).map(digits), count, count),
        zmin: scale.range[0],
        zmax: scale.range[1],
        colorscale: scale.colours,
        hoverongaps: false,
        customdata: rowsOf(values.map(digits), count, count),
        hovertemplate: 'rows %{y}, columns %{x}: %{customdata:.4g}<extra></extra>',
        ...(isWritten
          ? { text: rowsOf(text, count, count), texttemplate: '%{text}', textfont: { size: tickFont.size } }
          : {}),
      },
    ],
    ...axesOf(result.picture),
    height: { perWidth: 1 },
    bar: {
      scale: 'own',
      options: {
        thickness: 7,
        outlinewidth: 0,
        tickfont: tickFont,
        ...scale.bar,
        title: { text: `${words[shown].bar}${inUnits}`, side: 'right', font: tickFont },
      },
    },
    cells: () => values.map((value, k) => [k % count, Math.floor(k / count), value]),
  };
}

function planOf(result: MatrixResult): FigurePlan | undefined {
  const { blocks } = result;
  if (blocks === undefined || blocks.list.length < 2) return undefined;
  const { list, shown } = blocks;
  const count = list.length;
  const isWritten = (column: Column): boolean =>
    count <= mostWritten[column] && list.every(({ size }) => size === list[0]!.size);
  return {
    id: 'block-values',
    title: `Blocks of ${result.source}`,
    column: isWritten('double') && !isWritten('single') ? 'double' : 'single',
    groups: [[panelOf(result, blocks, isWritten('double'))]],
    narrow: [[panelOf(result, blocks, isWritten('single'))]],
    most: { single: 1, double: 1 },
    caption: `${words[shown].caption} of ${literal(result.source)}: ${count} by ${count} blocks; ${scaleOf(blocks, result).words}.`,
    source: drawnBy(result),
  };
}

/** In rows of the matrix, with the names that its heat map has. */
function axesOf({ blocks, order }: MatrixResult['picture']): { x: PlotlyObject; y: PlotlyObject } {
  const named = blockLabels({ blocks, order, columns: order });
  const common: PlotlyObject = {
    showgrid: false,
    ticks: '',
    nticks: undefined,
    tickvals: named.map(({ at }) => at + 0.5),
    ticktext: named.map(({ text }) => text),
    linewidth: 0.5,
    ticklabelstandoff: 1,
    tickangle: 0,
  };
  return {
    x: axis({ ...common, side: 'top', range: [0, order], constrain: 'domain' }),
    y: axis({ ...common, range: [order, 0], scaleanchor: 'x', constrain: 'domain' }),
  };
}

export const blockValues = figureDefinition<MatrixResult>({
  id: 'block-values',
  title: 'Blocks of a given matrix',
  needs: 'two blocks or more: name them with --blocks',
  plan: planOf,
});
