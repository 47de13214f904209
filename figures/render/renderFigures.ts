import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { columnNames, type FigureStyle, type PaperFigure } from '../figure.js';
import { figuresOf } from '../figuresOf.js';
import type { DrawnResults } from '../figuresOf.js';
import { findBrowser, requireBrowser } from './browser.js';
import type { BrowserChoice } from './browser.js';
import { captionTex } from './caption.js';
import { figureCsv } from './figureCsv.js';
import { figurePage } from './figurePage.js';
import { openImageRenderer, pngScale } from './staticImages.js';
import type { ImageOptions, ImageRenderer } from './staticImages.js';

export const figureFormats = ['html', 'svg', 'png', 'pdf'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface RenderFiguresOptions extends ImageOptions {
  readonly results: DrawnResults;
  /** Ids of figures of this kind of run; every figure that the results can fill when left out. */
  readonly ids?: readonly string[];
  readonly formats: readonly FigureFormat[];
  readonly outputDirectory: string;
  readonly browser?: BrowserChoice;
  /** Width, type, and the one panel that is drawn. */
  readonly style?: FigureStyle;
  /** Replace files that are there. Otherwise one of them is a UsageError, before anything is written. */
  readonly overwrite?: boolean;
  /** Makes the folder of the files and those above it, when there is something to write. */
  readonly makeFolder?: (path: string) => void;
  /** Files of numbers written beside the figures. */
  readonly tables?: readonly { readonly file: string; readonly text: string }[];
  /** Called after each file. */
  readonly onFile?: (path: string) => void;
}

export interface RenderedFigures {
  /** Paths, in the order written. */
  readonly files: readonly string[];
  /** Figures left out because the results hold nothing for them. */
  readonly skipped: readonly { readonly id: string; readonly needs: string }[];
}

function requireStyle({ column, panel }: FigureStyle, ids: readonly string[] | undefined): void {
  if (column !== undefined && !columnNames.includes(column))
    throw new UsageError(`--column must be one of ${columnNames.join(', ')}, got '${String(column)}'`);
  if (panel !== undefined && ids?.length !== 1)
    throw new UsageError(
      `--panel is of one figure, and --only names ${ids === undefined ? 'none' : String(ids.length)}: give the id of one figure with --only`,
    );
}

/** The figures asked for, built. */
function chooseFigures({ results, ids, style = {} }: RenderFiguresOptions): {
  readonly figures: readonly PaperFigure[];
  readonly skipped: RenderedFigures['skipped'];
} {
  requireStyle(style, ids);
  const figures: PaperFigure[] = [];
  const skipped: { id: string; needs: string }[] = [];
  const known = figuresOf(results);
  for (const id of ids ?? []) {
    if (!known.some((definition) => definition.id === id))
      throw new UsageError(
        `--only: this kind of run has no figure '${id}'. Figures: ${known.map((definition) => definition.id).join(', ')}.`,
      );
  }
  for (const definition of known) {
    if (ids !== undefined && !ids.includes(definition.id)) continue;
    const figure = definition.build(style);
    if (figure !== undefined) figures.push(figure);
    else if (ids !== undefined)
      throw new UsageError(
        `figure '${definition.id}': there is nothing to draw; it needs ${definition.needs}. Give that, or leave the figure out.`,
      );
    else skipped.push({ id: definition.id, needs: definition.needs });
  }
  if (figures.length === 0)
    throw new UsageError('the run holds nothing that a figure could be drawn from: give the folder of a finished run.');
  return { figures, skipped };
}

/** Without ending; a panel alone does not take the place of its figure. */
const fileName = ({ id, panels }: PaperFigure, { panel }: FigureStyle = {}): string =>
  panel === undefined
    ? id
    : `${id}-${panels[0]!.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 60)}`;

async function drawFile(
  format: FigureFormat,
  figure: PaperFigure,
  renderer: ImageRenderer | undefined,
  options: ImageOptions,
): Promise<string | Uint8Array> {
  if (format === 'html' || renderer === undefined) return figurePage(figure);
  return renderer[format](figure, options);
}

/**
 * Draws figures of a run into files `<id>.html`, `.svg`, `.png`, `.pdf`, each with its caption in `<id>.tex` and its
 * numbers in `<id>.csv`; of one panel `<id>-<panel>`. No simulation.
 *
 * SVG, PNG and PDF need a system Chrome or Chromium; without one the HTML is written all the same, whatever formats
 * were asked for, and then a UsageError names the line that installs one. Throws a UsageError for an unknown figure or
 * format, for one that the results cannot fill, and for a file that exists.
 */
export async function renderFigures(options: RenderFiguresOptions): Promise<RenderedFigures> {
  const { outputDirectory, browser = {}, overwrite = false } = options;
  for (const format of options.formats) {
    if (!figureFormats.includes(format))
      throw new UsageError(`--format: there is no format '${String(format)}'. Formats: ${figureFormats.join(', ')}.`);
  }
  const { figures, skipped } = chooseFigures(options);
  if (options.formats.includes('png')) figures.forEach((figure) => pngScale(figure, options));
  const wantsImages = options.formats.some((format) => format !== 'html');
  const executable = wantsImages ? findBrowser(browser) : undefined;
  const formats: readonly FigureFormat[] =
    wantsImages && executable === undefined ? ['html'] : [...new Set(options.formats)];
  const pathOf = (figure: PaperFigure, extension: string): string =>
    join(outputDirectory, `${fileName(figure, options.style)}.${extension}`);
  const tables = (options.tables ?? []).map(({ file, text }) => ({ path: join(outputDirectory, file), text }));
  const taken = [
    ...figures.flatMap((figure) => [...formats, 'tex', 'csv'].map((extension) => pathOf(figure, extension))),
    ...tables.map(({ path }) => path),
  ].filter((path) => existsSync(path));
  if (!overwrite && taken.length > 0)
    throw new UsageError(
      `'${taken[0]}' exists${taken.length > 1 ? ` (and ${taken.length - 1} more)` : ''}: nothing was written. Choose another folder, or say --force to replace files.`,
    );

  if (options.makeFolder === undefined) await mkdir(outputDirectory, { recursive: true });
  else options.makeFolder(outputDirectory);
  const files: string[] = [];
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' });
    files.push(path);
    options.onFile?.(path);
  };
  for (const { path, text } of tables) await write(path, text);
  const renderer = executable === undefined ? undefined : await openImageRenderer(executable);
  try {
    for (const figure of figures) {
      for (const format of formats)
        await write(pathOf(figure, format), await drawFile(format, figure, renderer, options));
      await write(pathOf(figure, 'tex'), captionTex(figure, fileName(figure, options.style)));
      await write(pathOf(figure, 'csv'), figureCsv(figure));
    }
  } finally {
    await renderer?.close();
  }
  if (wantsImages && executable === undefined)
    requireBrowser(
      browser,
      `HTML is in '${outputDirectory}', but ${options.formats
        .filter((format) => format !== 'html')
        .join(', ')
        .toUpperCase()}`,
    );
  return { files, skipped };
}
