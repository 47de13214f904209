import { basename } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import type { PaperFigure } from '../figure.js';
import { requireBrowser, type BrowserChoice } from './browser.js';
import { captionTex } from './caption.js';
import { figureCsv } from './figureCsv.js';
import { figurePage } from './figurePage.js';
import { figureFormats, type FigureFormat } from './renderFigures.js';
import { openImageRenderer } from './staticImages.js';

/**
 * The format that the ending of a file's name says.
 * @throws UsageError for another ending
 */
export function figureFormatOf(option: string, path: string): FigureFormat {
  const format = figureFormats.find((candidate) => path.toLowerCase().endsWith(`.${candidate}`));
  if (format === undefined)
    throw new UsageError(
      `${option} must name a file that ends in ${figureFormats.map((each) => `.${each}`).join(', ')}, got '${path}'`,
    );
  return format;
}

/** The figure, its caption and its numbers. */
export const figurePaths = (path: string): readonly [figure: string, caption: string, numbers: string] => {
  const stem = path.replace(/\.\w+$/, '');
  return [path, `${stem}.tex`, `${stem}.csv`];
};

/** One figure as the contents of its files; HTML needs no browser. Throws a UsageError where one is needed and there is none. */
export async function figureContents(
  figure: PaperFigure,
  path: string,
  format: FigureFormat,
  browser: BrowserChoice,
): Promise<readonly (readonly [path: string, content: string | Uint8Array])[]> {
  const [, caption, numbers] = figurePaths(path);
  return [
    [path, await contentOf(figure, format, browser)],
    [caption, captionTex(figure, basename(caption, '.tex'))],
    [numbers, figureCsv(figure)],
  ];
}

async function contentOf(
  figure: PaperFigure,
  format: FigureFormat,
  browser: BrowserChoice,
): Promise<string | Uint8Array> {
  if (format === 'html') return figurePage(figure);
  const renderer = await openImageRenderer(requireBrowser(browser, format.toUpperCase()));
  try {
    return await renderer[format](figure);
  } finally {
    await renderer.close();
  }
}
