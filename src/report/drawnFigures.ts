import type { FigureDefinition, PaperFigure } from '../../figures/figure.js';
import { escapeHtml, textHtml } from '../../figures/render/markup.js';
import { figurePlace } from '../../figures/render/page/htmlPage.js';

/** Every figure that these results can fill, with its title and caption. */
export function drawnFigures<Results>(
  definitions: readonly FigureDefinition<Results>[],
  results: Results,
): { readonly figures: Record<string, PaperFigure>; readonly html: string } {
  const drawn = definitions.flatMap(({ build }) => build(results) ?? []);
  return {
    figures: Object.fromEntries(drawn.map((figure) => [figure.id, figure])),
    html: drawn
      .map(
        (figure) => `<h3>${escapeHtml(figure.title)}</h3>${figurePlace(figure.id, figure, textHtml(figure.caption))}`,
      )
      .join(''),
  };
}
