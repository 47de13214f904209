import type { PaperFigure } from '../../figures/figure.js';
import { distanceFigure } from '../../figures/paper/distanceRates.js';
import { mapRow, sizes } from '../../figures/paper/hessianHeatMaps.js';
import { ratioFigure } from '../../figures/paper/ratioCurves.js';
import { panelHeading, spectrumPanelFigure } from '../../figures/paper/spectrumDetail.js';
import { escapeHtml, formulaHtml, textHtml } from '../../figures/render/markup.js';
import { figurePlace } from '../../figures/render/page/htmlPage.js';
import type { ClaimResult, RunResults, SpectrumPanel } from '../../figures/results.js';
import { formatNumber, levelName } from '../../figures/text.js';
import { evidenceTable, measurementTable, resultTable, sentencesTable, verdictBadge } from './tables.js';

export interface ClaimSection {
  readonly html: string;
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

/** A spectrum of each kind of block stays in view: the largest. The others are folded. */
function leadingPanels(spectra: readonly SpectrumPanel[]): ReadonlySet<SpectrumPanel> {
  const leads = new Map<string, SpectrumPanel>();
  for (const panel of spectra) {
    const held = leads.get(panel.block);
    if (held === undefined || panel.dimension > held.dimension) leads.set(panel.block, panel);
  }
  return new Set(leads.values());
}

/** Statement, prediction, measurement, verdict, figures and evidence of one claim. */
export function claimSection(claim: ClaimResult, results: RunResults): ClaimSection {
  const figures: Record<string, PaperFigure> = {};
  const place = (key: string, figure: PaperFigure | undefined, caption: string): string => {
    if (figure === undefined) return '';
    figures[key] = figure;
    return figurePlace(key, figure, textHtml(caption));
  };
  // The caption of a paper figure ends with the settings of the run, which the report shows once.
  const short = (figure: PaperFigure | undefined): string =>
    figure?.caption.replace(/ Settings of the run:.*$/s, '') ?? '';

  const ratio = ratioFigure(`${claim.id}-ratio`, claim.ratioCurves, results);
  const distance = distanceFigure(`${claim.id}-distance`, claim.distances, results);
  const leads = leadingPanels(claim.spectra);
  const spectra = claim.spectra.map((panel, i) => ({
    lead: leads.has(panel),
    html: place(
      `${claim.id}-spectrum-${i}`,
      spectrumPanelFigure(panel, `${claim.id}-spectrum-${i}`),
      `${panelHeading(panel)}. ${levelName(panel.level)[0]?.toUpperCase()}${levelName(panel.level).slice(1)}; ${panel.draws === 1 ? 'one draw' : `histogram of ${panel.draws} draws, quantiles of the first`}.${panel.band === undefined ? '' : ` Right: $F_n - F$ given the drawn weights, with the pointwise ${formatNumber(100 * panel.band.level)} % band of ${panel.band.replicates} null draws.`}`,
    ),
  }));
  const folded = spectra.filter(({ lead }) => !lead).map(({ html }) => html);
  const maps = claim.heatMaps ?? [];
  const mapFigure =
    maps.length === 0
      ? undefined
      : mapRow({
          id: `${claim.id}-maps`,
          title: `Heat maps, ${claim.title}`,
          maps: maps.slice(0, 4),
          heading: (map) => map.label,
          caption: '',
        });

  const html = `<section class="claim" id="claim-${escapeHtml(claim.id)}" aria-labelledby="title-${escapeHtml(claim.id)}">
<h2 id="title-${escapeHtml(claim.id)}">${escapeHtml(claim.title)} ${verdictBadge(claim.verdict)}</h2>
<p class="statement">${textHtml(claim.statement)}</p>
<div class="formula" tabindex="0" role="region" aria-label="Main equation of ${escapeHtml(claim.title)}">${claim.formula === '' ? '' : formulaHtml(claim.formula, true)}</div>
<p class="reason ${claim.verdict}">${textHtml(claim.reason)}</p>
${measurementTable(claim)}
${sentencesTable(claim)}
${(claim.notes ?? []).map((note) => `<p class="statement">${textHtml(note)}</p>`).join('')}
${place(`${claim.id}-ratio`, ratio, short(ratio))}
${spectra
  .filter(({ lead }) => lead)
  .map(({ html: figure }) => figure)
  .join('')}
${folded.length === 0 ? '' : `<details><summary>${folded.length} more ${folded.length === 1 ? 'spectrum' : 'spectra'}</summary>${folded.join('')}</details>`}
${place(`${claim.id}-distance`, distance, short(distance))}
${place(`${claim.id}-maps`, mapFigure, maps[0] === undefined ? '' : `Absolute values averaged over tiles, one logarithmic scale; ${sizes(maps[0])}.`)}
${(claim.tables ?? []).map(resultTable).join('')}
${evidenceTable(claim)}
</section>`;
  return { html, figures };
}
