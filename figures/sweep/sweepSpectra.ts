import type { FigureDefinition } from '../figure.js';
import { spectrumGrid } from '../paper/spectraOverview.js';
import type { SweepResult, SweepSpectrum } from '../sweepResult.js';
import { listValues, provenance } from '../text.js';
import { firstOf, mostPanels } from './sweepParts.js';

export const sweepSpectra: FigureDefinition<SweepResult> = {
  id: 'spectra',
  title: 'Spectra of the largest size against their law',
  needs: 'a law of the block (compare: [weights]), in a sweep of this version',
  build: (results) => {
    const { spectra = [] } = results;
    const shown = spectra.slice(0, mostPanels);
    if (shown.length === 0) return undefined;
    return spectrumGrid({
      id: 'spectra',
      title: 'Spectra against their law',
      panels: shown.map((panel) => ({ panel, heading: headingOf(results, panel) })),
      columns: Math.min(2, shown.length),
      caption: `Eigenvalues of the first draw at the largest $d$ of each setting, and the density of its law; diamonds: eigenvalues clear of the support. Orders of the blocks: ${listValues(shown.map(({ dimension }) => dimension))}.${firstOf(shown.length, spectra.length, 'spectra')} ${provenance(results)}`,
    });
  },
};

function headingOf({ rows, lists }: SweepResult, { name, law, point }: SweepSpectrum): string {
  const values = rows.find((row) => row.point === point && row.block === name)?.values ?? {};
  const fixed = lists.filter((list) => list !== 'd').map((list) => `, ${list} = ${values[list]}`);
  return `${name}${fixed.join('')}: ${law}`;
}
