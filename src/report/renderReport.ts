import type { FigureDefinition, PaperFigure } from '../../figures/figure.js';
import { hiddenBlocksByClasses, linearBlocksByClasses } from '../../figures/paper/blockHeatMaps.js';
import { falseAlarms } from '../../figures/paper/falseAlarms.js';
import { hessianHeatMaps } from '../../figures/paper/hessianHeatMaps.js';
import { lawsByClasses, supportCurves } from '../../figures/paper/limitLaws.js';
import { phaseMaps } from '../../figures/paper/phaseMaps.js';
import { powerCurves } from '../../figures/paper/powerCurves.js';
import { escapeHtml, textHtml } from '../../figures/render/markup.js';
import { figurePlace, htmlPage } from '../../figures/render/page/htmlPage.js';
import type { RunResults, VerdictWord } from '../../figures/results.js';
import { claimSection } from './claimSection.js';
import { reportStyle } from './style.js';
import { markTable, pairsTable, summaryTable } from './tables.js';

/** Figures that belong to the run as a whole. */
const wholeRun: readonly {
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

const paperHeading = 'What the paper says';
const paperLead =
  'A verdict is about what this program predicts. Beside it stand the paper’s own sentences, in our words, each marked in the set-up that was drawn: supported when the whole interval of a measured number lies where the sentence says, refuted when none of it does, else undecided.';

/** "5 claims agree, 1 is undecided" */
function tally(results: RunResults): string {
  const count = (verdict: VerdictWord): number => results.claims.filter((claim) => claim.verdict === verdict).length;
  const [agree, disagree, undecided] = [count('agree'), count('disagree'), count('undecided')];
  const parts = [
    `${agree} of ${results.claims.length} ${results.claims.length === 1 ? 'claim agrees' : 'claims agree'} with the draws`,
    ...(disagree > 0 ? [`${disagree} ${disagree === 1 ? 'disagrees' : 'disagree'}`] : []),
    ...(undecided > 0 ? [`${undecided} ${undecided === 1 ? 'is' : 'are'} undecided`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/**
 * The report of a run as one HTML page: opens from disk, asks no network for anything, prints. All text is escaped;
 * formulas are MathML.
 */
export function renderReport(results: RunResults): string {
  const figures: Record<string, PaperFigure> = {};
  const sections = results.claims.map((claim) => {
    const section = claimSection(claim, results);
    Object.assign(figures, section.figures);
    return section.html;
  });
  const groups = wholeRun.flatMap(({ heading, id, definitions }) => {
    const built = definitions.map((definition) => definition.build(results)).filter((figure) => figure !== undefined);
    if (built.length === 0) return [];
    for (const figure of built) figures[figure.id] = figure;
    return [
      {
        heading,
        id,
        html: built
          .map((figure) =>
            figurePlace(figure.id, figure, textHtml(figure.caption.replace(/ Settings of the run:.*$/s, ''))),
          )
          .join(''),
      },
    ];
  });
  const title = results.title ?? 'Limit laws of the Hessian, checked';
  const facts = [
    `preset ${results.preset}`,
    `seed ${results.seed}`,
    `limitlaw ${results.version}`,
    `${results.backend} backend`,
    ...(results.created === undefined ? [] : [results.created.replace(/\.\d+Z$/, 'Z')]),
    ...(results.seconds === undefined ? [] : [`${Math.round(results.seconds)} s`]),
  ];
  const saysPaper = results.claims.some(({ sentences = [] }) => sentences.length > 0);
  const contents = [
    ...(saysPaper ? [['paper', paperHeading] as const] : []),
    ...results.claims.map((claim) => [`claim-${claim.id}`, claim.title] as const),
    ...groups.map(({ id, heading }) => [id, heading] as const),
    ['settings', 'Settings and machine'] as const,
  ];
  const body = `<a class="skip" href="#summary">Skip to the summary</a>
<header class="top"><div><h1>${escapeHtml(title)}</h1><p class="meta">${facts.map(escapeHtml).join(' · ')}</p></div><button id="theme-button" class="screen" type="button">light / dark</button></header>
<main>
<section id="summary" aria-label="Summary">${results.claims.length === 0 ? '<p class="lead">No claim is judged in this run.</p>' : `<p class="lead">${tally(results)}</p>${summaryTable(results)}`}${(results.notes ?? []).map((note) => `<p class="statement">${textHtml(note)}</p>`).join('')}</section>
<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${contents.map(([id, heading]) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(heading)}</a></li>`).join('')}</ol></nav>
${saysPaper ? `<section class="claim" id="paper"><h2>${paperHeading}</h2><p class="statement">${paperLead}</p>${markTable(results)}</section>` : ''}
${sections.join('\n')}
${groups.map(({ id, heading, html }) => `<section class="claim" id="${id}"><h2>${heading}</h2>${html}</section>`).join('\n')}
<section class="claim" id="settings"><h2>Settings and machine</h2>${pairsTable({ preset: results.preset, seed: results.seed, ...results.settings })}${results.machine === undefined ? '' : `<h3>Machine</h3>${pairsTable({ backend: results.backend, ...results.machine })}`}</section>
</main>`;
  return htmlPage({ title, body, style: reportStyle, figures });
}
