import type { FigureDefinition } from '../figure.js';
import { spectrumGrid } from '../paper/spectraOverview.js';
import type { SweepResult, SweepSpectrum } from '../sweepResult.js';
import { listValues, provenance } from '../text.js';
import { crowdsAtZero, sharesView } from './sharesView.js';
import { firstOf, mostSpectra } from './sweepParts.js';

export const sweepSpectra: FigureDefinition<SweepResult> = {
  id: 'spectra',
  title: 'Spectra of the largest size against their law',
  needs: 'a law of the block (compare: [weights]), in a sweep of this version',
  build: (results) => {
    const { spectra = [] } = results;
    const shown = spectra.slice(0, mostSpectra);
    if (shown.length === 0) return undefined;
    const laws = [...new Set(shown.map(({ law }) => law))];
    return spectrumGrid({
      id: 'spectra',
      title: 'Spectra against their law',
      panels: shown.map((panel) => ({
        panel,
        ...(crowdsAtZero(panel) ? { view: sharesView } : {}),
        heading: `${settingOf(results, panel)}${laws.length === 1 ? '' : `: ${panel.law}`}`,
      })),
      columns: Math.min(2, shown.length),
      caption: `Eigenvalues of the first draw at the largest $d$ of each setting, and the density of its law${laws.length === 1 ? ` (${laws[0]})` : ''}; diamonds: eigenvalues clear of the support; dashed: places that the law has for single ones.${shown.some(crowdsAtZero) ? ' Where they crowd at zero and reach far: the share of eigenvalues up to each size, drawn and by the law.' : ''} Orders of the blocks: ${listValues(shown.map(({ dimension }) => dimension))}.${firstOf(shown.length, spectra.length, 'spectra')} ${provenance(results)}`,
    });
  },
};

function settingOf({ rows, lists }: SweepResult, { name, point }: SweepSpectrum): string {
  const values = rows.find((row) => row.point === point && row.block === name)?.values ?? {};
  const fixed = lists.filter((list) => list !== 'd').map((list) => `, ${list} = ${values[list]}`);
  return `${name}${fixed.join('')}`;
}
