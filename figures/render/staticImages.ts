import { gunzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { pixelsPerInch } from '../figure.js';
import { UsageError } from '../../theory/errors.js';
import type { PaperFigure } from '../figure.js';
import { resolveColours } from '../palette.js';
import type { ThemeName } from '../palette.js';
import { readAsset } from './assets.js';
import { browserFlags } from './browser.js';
import { withIndexedImages } from './indexedImages.js';
import { sharpMaps } from './sharpMaps.js';

export interface ImageOptions {
  readonly theme?: ThemeName;
  /** Pixels of a PNG for one of Plotly's (1/96 in): 4 gives 384 dots per inch. */
  readonly scale?: number;
  /** Width of a PNG in pixels, instead of `scale`. */
  readonly width?: number;
}

/** Draws figures in one browser page, kept open from figure to figure. Close it after use. */
export interface ImageRenderer {
  svg(figure: PaperFigure, options?: ImageOptions): Promise<string>;
  png(figure: PaperFigure, options?: ImageOptions): Promise<Uint8Array>;
  /** One page of exactly the figure's size; text stays text and its fonts are embedded. */
  pdf(figure: PaperFigure, options?: ImageOptions): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A browser draws nothing, without a word, on a canvas much larger than this. */
const largestSide = 16384;

/**
 * Pixels of a PNG for one of the figure's.
 * @throws UsageError when the image would be larger than a browser can draw, or smaller than a pixel.
 */
export function pngScale({ layout }: PaperFigure, { width, scale = 3 }: ImageOptions): number {
  const chosen = width === undefined ? scale : width / layout.width;
  const sides = [layout.width * chosen, layout.height * chosen].map(Math.round) as [number, number];
  if (Math.max(...sides) > largestSide || Math.min(...sides) < 1) {
    const option = width === undefined ? `--scale ${scale}` : `--width ${width}`;
    throw new UsageError(
      `${option}: a side of a png must have from 1 to ${largestSide} pixels, this would be ${sides[0]} by ${sides[1]}. Choose another ${width === undefined ? 'scale' : 'width'}.`,
    );
  }
  return chosen;
}

/**
 * `executable`: path of a Chrome or Chromium (see `findBrowser`). Long, because everything in it belongs to one browser,
 * from its launch to its end.
 */
export async function openImageRenderer(executable: string): Promise<ImageRenderer> {
  const browser: Browser = await chromium.launch({ executablePath: executable, args: [...browserFlags] });
  const blankPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><meta charset="utf-8"><title>figure</title><body></body>');
    return page;
  };
  let drawing: Page | undefined;
  const drawingPage = async (): Promise<Page> => {
    if (drawing === undefined) {
      drawing = await blankPage();
      await drawing.addScriptTag({ content: gunzipSync(readAsset('plotly.min.js.gz')).toString('utf8') });
    }
    return drawing;
  };

  const image = async (figure: PaperFigure, format: 'svg' | 'png', options: ImageOptions): Promise<string> => {
    const page = await drawingPage();
    const { data, layout } = resolveColours(
      {
        data: format === 'png' ? figure.data : sharpMaps(figure),
        layout: figure.layout,
      },
      options.theme ?? 'light',
    );
    const { width, height } = figure.layout;
    // As text: the browser's protocol is slow with large nested arrays.
    const text = JSON.stringify([
      { data, layout, config: { staticPlot: true } },
      { format, width, height, scale: format === 'svg' ? 1 : pngScale(figure, options) },
    ]);
    return page.evaluate((json) => {
      // Plotly names the parts of a drawing by chance: by the same chance in every drawing, so that the same figure is the
      // same file. Marsaglia's xorshift of 32 bits.
      let state = 88675123;
      const random = (): number => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 2 ** 32;
      };
      Object.assign(Math, { random });
      const [what, how] = JSON.parse(json) as readonly [unknown, unknown];
      return (
        globalThis as unknown as { Plotly: { toImage(figure: unknown, options: unknown): Promise<string> } }
      ).Plotly.toImage(what, how);
    }, text);
  };

  const svg = async (figure: PaperFigure, options: ImageOptions = {}): Promise<string> => {
    const url = await image(figure, 'svg', options);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${decodeURIComponent(url.slice(url.indexOf(',') + 1))}\n`;
  };

  return {
    svg,
    async png(figure, options = {}) {
      const url = await image(figure, 'png', options);
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    },
    async pdf(figure, options = {}) {
      const page = await blankPage();
      const { width, height } = figure.layout;
      const text = (await svg(figure, options)).replace(/^<\?xml[^>]*>\n/, '');
      await page.setContent(
        `<!doctype html><meta charset="utf-8"><title>${figure.id}</title><style>@page{margin:0}html,body{margin:0;padding:0}svg{display:block}</style>${text}`,
      );
      const bytes = await page.pdf({
        width: `${width / pixelsPerInch}in`,
        height: `${height / pixelsPerInch}in`,
        printBackground: true,
        pageRanges: '1',
      });
      await page.close();
      return withIndexedImages(bytes);
    },
    close: () => browser.close(),
  };
}
