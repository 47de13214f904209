import { columnInches } from '../figure.js';
import type { PaperFigure } from '../figure.js';
import { textTex } from './markup.js';

/** A LaTeX float with the caption of `figure`: \input it beside the PDF. */
export function captionTex(figure: PaperFigure): string {
  const environment = figure.column === 'double' ? 'figure*' : 'figure';
  return [
    `\\begin{${environment}}[t]`,
    '  \\centering',
    `  \\includegraphics[width=${columnInches[figure.column]}in]{${figure.id}}`,
    `  \\caption{${textTex(figure.caption)}}`,
    `  \\label{fig:${figure.id}}`,
    `\\end{${environment}}`,
    '',
  ].join('\n');
}
