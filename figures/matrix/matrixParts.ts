/** What the figures of a given matrix have in common. */
import type { MatrixResult } from '../matrixResult.js';
import { formatNumber, literal } from '../text.js';

/** 0, half and the end of a scale; beyond the end the colour stays. */
export const clippedTicks = (end: number, isClipped: boolean): string[] => [
  '0',
  formatNumber(end / 2, 2),
  `${isClipped ? '≥ ' : ''}${formatNumber(end, 2)}`,
];

export const drawnBy = ({ version, source }: MatrixResult): string =>
  literal(`Drawn by limitlaw ${version} from ${source}.`);
