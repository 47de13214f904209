/** Figures of one claim: one in view, the others folded. */
import type { PaperFigure } from '../../figures/figure.js';
import { distanceFigure } from '../../figures/paper/distanceRates.js';
import { mapRow, sizes } from '../../figures/paper/hessianHeatMaps.js';
import { ratioFigure } from '../../figures/paper/ratioCurves.js';
import { panelHeading, spectrumPanelFigure } from '../../figures/paper/spectrumDetail.js';
import { textHtml } from '../../figures/render/markup.js';
import { figurePlace } from '../../figures/render/page/htmlPage.js';
import type { ClaimResult, RunResults, SpectrumPanel } from '../../figures/results.js';
import { counted, formatNumber, levelName } from '../../figures/text.js';
import { fold } from './fold.js';

export interface ClaimFigures {
  /** The figure that shows the claim; empty where there is none. */
  readonly lead: string;
  readonly folded: string;
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

interface Captioned {
  readonly key: string;
  readonly figure: PaperFigure | undefined;
  readonly caption: string;
}

/** The largest spectrum of each kind of block first, then the others as they come. */
function largestFirst(spectra: readonly SpectrumPanel[]): readonly SpectrumPanel[] {
  const leads = new Map<string, SpectrumPanel>();
  for (const panel of spectra) {
    const held = leads.get(panel.block);
    if (held === undefined || panel.dimension > held.dimension) leads.set(panel.block, panel);
  }
  const first = [...leads.values()];
  return [...first, ...spectra.filter((panel) => !first.includes(panel))];
}

function spectrumCaption(panel: SpectrumPanel): string {
  const level = levelName(panel.level);
  const draws = panel.draws === 1 ? 'one draw' : `histogram of ${panel.draws} draws, quantiles of the first`;
  const band =
    panel.band === undefined
      ? ''
      : ` Right: $F_n - F$ given the drawn weights, with the pointwise ${formatNumber(100 * panel.band.level)} % band of ${panel.band.replicates} null draws.`;
  return `${panelHeading(panel)}. ${level.charAt(0).toUpperCase()}${level.slice(1)}; ${draws}.${band}`;
}

function mapsOf({ id, title, heatMaps: maps = [] }: ClaimResult): Captioned[] {
  const [first] = maps;
  if (first === undefined) return [];
  const key = `${id}-maps`;
  const figure = mapRow({
    id: key,
    title: `Heat maps, ${title}`,
    maps: maps.slice(0, 4),
    heading: (map) => map.label,
    caption: '',
  });
  return [{ key, figure, caption: `Absolute values averaged over tiles, one logarithmic scale; ${sizes(first)}.` }];
}

/** In the order in which they tell of a claim: rates in C, spectra beside their laws, distances as d grows, pictures. */
export function claimFigures(claim: ClaimResult, results: RunResults): ClaimFigures {
  const { id, spectra } = claim;
  const paper = (name: string, figure: PaperFigure | undefined): Captioned => ({
    key: `${id}-${name}`,
    figure,
    caption: figure?.caption ?? '',
  });
  const all: readonly Captioned[] = [
    paper('ratio', ratioFigure(`${id}-ratio`, claim.ratioCurves, results)),
    ...largestFirst(spectra).map((panel): Captioned => {
      const key = `${id}-spectrum-${spectra.indexOf(panel)}`;
      return { key, figure: spectrumPanelFigure(panel, key), caption: spectrumCaption(panel) };
    }),
    paper('distance', distanceFigure(`${id}-distance`, claim.distances, results)),
    ...mapsOf(claim),
  ];
  const drawn = all.flatMap(({ key, figure, caption }) =>
    figure === undefined ? [] : [{ key, figure, html: figurePlace(key, figure, textHtml(caption)) }],
  );
  const [lead, ...others] = drawn;
  return {
    lead: lead?.html ?? '',
    folded: fold(counted(others.length, 'more figure'), others.map(({ html }) => html).join('')),
    figures: Object.fromEntries(drawn.map(({ key, figure }) => [key, figure])),
  };
}
