/** What the figures of a given matrix have in common: a square beside a colour bar. */
import { columnInches, pixelsPerInch } from '../figure.js';
import type { PlotlyObject } from '../figure.js';
import type { MapDomain } from '../mapPanels.js';
import type { MatrixResult } from '../matrixResult.js';
import { formatNumber, literal } from '../text.js';

/** Pixels around the plotting area; on the left and above stand the names of blocks. */
const margin = { t: 24, b: 9, l: 30, r: 4 };

/** Share of the width that the square takes, beside a bar and its numbers. */
const squareShare = { single: 0.8, double: 0.9 };

export function squareOf(column: keyof typeof columnInches): {
  readonly domain: MapDomain;
  readonly heightInches: number;
  readonly margin: PlotlyObject;
} {
  const width = columnInches[column] * pixelsPerInch - margin.l - margin.r;
  const share = squareShare[column];
  return {
    domain: { x: [0, share], y: [0, 1] },
    heightInches: (width * share + margin.t + margin.b) / pixelsPerInch,
    margin,
  };
}

export const beside = ({ x }: MapDomain): PlotlyObject => ({
  x: x[1] + 0.012,
  y: 0.5,
  len: 1,
  lenmode: 'fraction',
  ypad: 0,
});

/** 0, half and the end of a scale; beyond the end the colour stays. */
export const clippedTicks = (end: number, isClipped: boolean): string[] => [
  '0',
  formatNumber(end / 2, 2),
  `${isClipped ? '≥ ' : ''}${formatNumber(end, 2)}`,
];

export const drawnBy = ({ version, source }: MatrixResult): string =>
  literal(`Drawn by limitlaw ${version} from ${source}.`);
