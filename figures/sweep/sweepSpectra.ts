import { figureDefinition } from '../layout/layOut.js';
import { spectrumPanel } from '../paper/spectraOverview.js';
import { spectrumView } from '../spectrumParts.js';
import type { SweepResult, SweepSpectrum } from '../sweepResult.js';
import { listValues, provenance } from '../text.js';
import { crowdsAtZero, sharesView } from './sharesView.js';
import { firstOf, mostSpectra } from './sweepParts.js';

export const sweepSpectra = figureDefinition<SweepResult>({
  id: 'spectra',
  title: 'Spectra of the largest size against their law',
  needs: 'a law of the block (compare: [weights]), in a sweep of this version',
  plan: (results) => {
    const { spectra = [] } = results;
    const shown = spectra.slice(0, mostSpectra);
    if (shown.length === 0) return undefined;
    const laws = [...new Set(shown.map(({ law }) => law))];
    const orders = listValues(shown.map(({ dimension }) => dimension));
    return {
      id: 'spectra',
      title: 'Spectra against their law',
      column: 'double',
      groups: shown.map((panel) => [
        spectrumPanel(
          panel,
          `${settingOf(results, panel)}${laws.length === 1 ? '' : `: ${panel.law}`}`,
          crowdsAtZero(panel) ? sharesView : spectrumView,
        ),
      ]),
      most: { single: 1, double: 2 },
      caption: `Eigenvalues of the first draw at the largest $d$ of each setting (blocks of order ${orders}), and the density of its law${laws.length === 1 ? ` (${laws[0]})` : ''}; diamonds: eigenvalues clear of the support; dashed: places that the law has for single ones${firstOf(shown.length, spectra.length, 'spectra')}.${shown.some(crowdsAtZero) ? ' Where they crowd at zero and reach far: the share of eigenvalues up to each size, drawn and by the law.' : ''}`,
      source: provenance(results),
    };
  },
});

function settingOf({ rows, lists }: SweepResult, { name, point }: SweepSpectrum): string {
  const values = rows.find((row) => row.point === point && row.block === name)?.values ?? {};
  const fixed = lists.filter((list) => list !== 'd').map((list) => `, ${list} = ${values[list]}`);
  return `${name}${fixed.join('')}`;
}
