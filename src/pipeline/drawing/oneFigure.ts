/** The one figure of a command, in the file that `--figure` names: its caption and its numbers stand beside it. */
import { columnNames, figureContents, figureFormatOf, figurePaths } from '../../../figures/index.js';
import { UsageError } from '../../../theory/errors.js';
import type { BrowserChoice, FigureStyle, PaperFigure } from '../../../figures/index.js';
import { requireNewFile, writeNewFile } from '../../store/writeNewFile.js';
import { choice } from '../options/textOptions.js';

/** As on the command line. */
export interface OneFigureOptions {
  /** .svg, .png, .pdf or .html. */
  readonly figure?: string | undefined;
  readonly column?: string | undefined;
  readonly font?: string | undefined;
  readonly browser?: BrowserChoice | undefined;
  /** Called after each file. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/** @throws UsageError for files that are there, a figure of no format and a column of no width; before anything is computed */
export function requireOneFigure({ figure, column, font }: OneFigureOptions): void {
  if (figure === undefined) {
    if ((column ?? font) === undefined) return;
    throw new UsageError(
      `--${column === undefined ? 'font' : 'column'} is of a figure, and none is asked for: name its file with --figure, e.g. --figure law.pdf`,
    );
  }
  if (column !== undefined) choice('--column', column, columnNames);
  figureFormatOf('--figure', figure);
  figurePaths(figure).forEach((path) => requireNewFile(path, '--figure'));
}

/**
 * @param draw the figure in the style that was asked for
 * @throws UsageError for no browser where an image needs one, and a place that cannot be written
 */
export async function writeOneFigure(
  draw: (style: FigureStyle) => PaperFigure,
  { figure: path, column, font, browser = {}, onFile }: OneFigureOptions,
): Promise<void> {
  if (path === undefined) return;
  const figure = draw({
    ...(column === undefined ? {} : { column: choice('--column', column, columnNames) }),
    ...(font === undefined ? {} : { font }),
  });
  for (const [file, content] of await figureContents(figure, path, figureFormatOf('--figure', path), browser)) {
    writeNewFile(file, content, '--figure');
    onFile?.(file);
  }
}
