/** Figures that belong to a run as a whole: of each group the first in view, the others folded. */
import type { FigureDefinition, PaperFigure } from '../../figures/figure.js';
import { hiddenBlocksByClasses, linearBlocksByClasses } from '../../figures/paper/blockHeatMaps.js';
import { falseAlarms } from '../../figures/paper/falseAlarms.js';
import { hessianHeatMaps } from '../../figures/paper/hessianHeatMaps.js';
import { lawsByClasses, supportCurves } from '../../figures/paper/limitLaws.js';
import { phaseMaps } from '../../figures/paper/phaseMaps.js';
import { powerCurves } from '../../figures/paper/powerCurves.js';
import { textHtml } from '../../figures/render/markup.js';
import { figurePlace } from '../../figures/render/page/htmlPage.js';
import type { RunResults } from '../../figures/results.js';
import { counted } from '../../figures/text.js';
import { fold } from './fold.js';
import type { PageSection } from './page.js';

const groups: readonly {
  readonly heading: string;
  readonly id: string;
  readonly definitions: readonly FigureDefinition[];
}[] = [
  {
    heading: 'The Hessian at initialisation',
    id: 'heat-maps',
    definitions: [hessianHeatMaps, hiddenBlocksByClasses, linearBlocksByClasses],
  },
  { heading: 'Laws, supports and outliers', id: 'laws', definitions: [lawsByClasses, supportCurves, phaseMaps] },
  { heading: 'Calibration and power of the tests', id: 'calibration', definitions: [falseAlarms, powerCurves] },
];

export interface WholeRun {
  readonly sections: readonly PageSection[];
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

export function wholeRun(results: RunResults): WholeRun {
  const drawn = groups.map((group) => ({
    ...group,
    figures: group.definitions.flatMap((definition) => definition.build(results) ?? []),
  }));
  const sections = drawn
    .filter(({ figures }) => figures.length > 0)
    .map(({ heading, id, figures }): PageSection => {
      const [first, ...others] = figures.map((figure) => figurePlace(figure.id, figure, textHtml(figure.caption)));
      return { id, heading, html: `${first}${fold(counted(others.length, 'more figure'), others.join(''))}` };
    });
  const figures = drawn.flatMap((group) => group.figures);
  return { sections, figures: Object.fromEntries(figures.map((figure) => [figure.id, figure])) };
}
