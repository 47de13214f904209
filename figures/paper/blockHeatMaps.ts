import type { FigureDefinition } from '../figure.js';
import type { HeatMap } from '../results.js';
import { figureDefinition } from '../layout/layOut.js';
import { lossName, provenance } from '../text.js';
import { allHeatMaps, mapRowPlan, sizes } from './hessianHeatMaps.js';

/** Maps of one part and one initialisation, ascending in C, of one loss. */
function growingClasses(maps: readonly HeatMap[], part: HeatMap['part']): readonly HeatMap[] {
  const candidates = maps.filter((map) => map.part === part && map.loss === 'ce');
  const initialisation = candidates[0]?.initialisation;
  const chosen = candidates.filter((map) => map.initialisation === initialisation);
  return chosen
    .filter((map, i) => chosen.findIndex((other) => other.classes === map.classes) === i)
    .sort((a, b) => a.classes - b.classes)
    .slice(0, 4);
}

function byClasses(id: string, title: string, part: HeatMap['part'], sentence: string): FigureDefinition {
  return figureDefinition({
    id,
    title,
    needs: `heat maps of part '${part}' at two or more numbers of classes`,
    plan: (results) => {
      const maps = growingClasses(allHeatMaps(results), part);
      const lead = maps[0];
      if (lead === undefined || maps.length < 2) return undefined;
      return mapRowPlan({
        id,
        title,
        maps,
        heading: (map) => `C = ${map.classes}`,
        caption: `${sentence} Absolute values averaged over tiles, on one logarithmic scale; ${lossName(lead.loss)}, in the first panel ${sizes(lead)}.`,
        source: provenance(results),
      });
    },
  });
}

export const hiddenBlocksByClasses = byClasses(
  'hidden-blocks-by-classes',
  'Hidden blocks as C grows',
  'hidden',
  'Hidden blocks of the Hessian at initialisation: the off-diagonal blocks fade as $C$ grows.',
);
export const linearBlocksByClasses = byClasses(
  'linear-blocks-by-classes',
  'Linear model as C grows',
  'linear',
  'Hessian of the linear model at initialisation: the off-diagonal blocks fade like $1/C$ against the diagonal ones.',
);
