import type { PaperFigure } from '../figure.js';
import { escapeHtml, textHtml } from './markup.js';
import { figurePlace, htmlPage } from './page/htmlPage.js';

/** One figure as a page of its own. */
export const figurePage = (figure: PaperFigure): string =>
  htmlPage({
    title: figure.title,
    figures: { [figure.id]: figure },
    body: `<header class="screen" style="display:flex;justify-content:space-between;align-items:start;gap:1rem"><h1>${escapeHtml(figure.title)}</h1><button id="theme-button" type="button">light / dark</button></header>
<main>${figurePlace(
      figure.id,
      figure,
      [figure.caption, figure.source]
        .filter((text) => text !== '')
        .map(textHtml)
        .join('<br>'),
    )}</main>`,
  });
