import { columnInches } from '../figure.js';
import type { PaperFigure } from '../figure.js';
import { literalDollar } from '../text.js';
import { textTex } from './markup.js';

/** Letters in a line of a comment. */
const commentWidth = 100;

/** A LaTeX float with the caption of `figure`, its settings in a comment: \\input it beside the PDF, which is `file`. */
export function captionTex(figure: PaperFigure, file = figure.id): string {
  const environment = figure.column === 'double' ? 'figure*' : 'figure';
  return [
    ...commentLines(figure.source),
    `\\begin{${environment}}[t]`,
    '  \\centering',
    `  \\includegraphics[width=${columnInches[figure.column]}in]{${file}}`,
    `  \\caption{${textTex(figure.caption)}}`,
    `  \\label{fig:${file}}`,
    `\\end{${environment}}`,
    '',
  ].join('\n');
}

/** Nothing that a user wrote ends a line of it. */
function commentLines(text: string): string[] {
  const lines: string[] = [];
  for (const word of text
    .replaceAll(literalDollar, '$')
    .split(/[\s\p{Cc}\p{Zl}\p{Zp}]+/u)
    .filter((each) => each !== '')) {
    const longer = `${lines.at(-1) ?? '%'} ${word}`;
    if (lines.length === 0 || longer.length > commentWidth) lines.push(`% ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
