/** The tables of the report of a head. */
import type { HeadResult, Measured } from '../../figures/headResult.js';
import { escapeHtml } from '../../figures/render/markup.js';
import type { SettingValue } from '../../figures/results.js';
import { formatNumber } from '../../figures/text.js';
import { badge } from './badge.js';
import { table } from './table.js';
import type { Row } from './table.js';
import { typeset } from './typeset.js';

/** A number with its standard error, to two digits of that. */
export function measured({ value, error }: Measured): string {
  if (error === null || !(error > 0)) return plain(value);
  const digits = Math.ceil(Math.log10(Math.abs(value) / error)) + 2;
  return escapeHtml(`${formatNumber(value, Math.min(8, Math.max(2, digits)))} ± ${formatNumber(error, 2)}`);
}

/** What the terminal writes in one line. */
export const asFormulas = (text: string): string =>
  typeset(
    text
      .replaceAll('D^-½ H D^-½', '$D^{-1/2} H D^{-1/2}$')
      .replaceAll('blockdiag(H)', '$\\operatorname{blockdiag}(H)$'),
  );

const plain = (value: number | undefined): string => (value === undefined ? '' : escapeHtml(formatNumber(value, 5)));

export const filesInWords = (files: HeadResult['files']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), file]),
  );

/** Both Hessians side by side: of these positions, and of the text that they come from. */
export function ratioTable({ sample, population }: HeadResult): string {
  const quantities = [
    ['$\\sum_i \\lVert H_{ii} \\rVert^2$', 'diagonal'],
    ['$\\sum_{i \\ne j} \\lVert H_{ij} \\rVert^2$', 'offDiagonal'],
    ['$t$, the second over the first', 't'],
    ['$C^2 r$', 'scaled'],
  ] as const;
  const rows = quantities.map(([name, key]): Row => ({
    cells: [typeset(name), measured(sample[key]), ...(population === null ? [] : [measured(population[key])])],
  }));
  return `${table({
    label: 'Norms of the blocks and their ratios',
    columns: [
      { head: 'quantity', kind: 'name' },
      { head: 'these positions', kind: 'number' },
      ...(population === null ? [] : [{ head: 'population, ± standard error', kind: 'number' } as const]),
    ],
    rows,
  })}<p class="remark">${
    population === null
      ? 'All positions are of one sequence: nothing can be said of the population.'
      : 'The population is estimated without bias from pairs of different sequences; the Hessian of these positions has its sampling noise on top and is not to be held against a law of the population.'
  }</p>`;
}

/** t, C² r and C_eff: as measured, and as formulas have them. */
export function formulaTable(result: HeadResult): string {
  const { initialisation, unigram, population, classes } = result;
  const toT = (scaled: number): number => (scaled * (classes - 1)) / classes ** 2;
  const rows: Row[] = [
    ...(population === null
      ? []
      : [
          {
            cells: [
              'measured, population',
              measured(population.t),
              measured(population.scaled),
              measured(population.effectiveClasses),
            ],
          },
        ]),
    ...(initialisation === null
      ? []
      : [
          {
            cells: [
              'formula at initialisation, population',
              plain(toT(initialisation.expectedPopulation)),
              plain(initialisation.expectedPopulation),
              '—',
            ],
          },
        ]),
    ...(
      [
        ['unigram formula, mean predictions', unigram.predictions],
        ['unigram formula, frequencies of the tokens', unigram.targets],
      ] as const
    ).flatMap(([name, found]): Row[] =>
      found === null ? [] : [{ cells: [name, plain(found.t), plain(found.scaled), plain(found.effectiveClasses)] }],
    ),
  ];
  return table({
    label: 'Measured ratio beside formulas',
    columns: [
      { head: '', kind: 'name' },
      { head: 't', kind: 'number' },
      { head: 'C² r', kind: 'number' },
      { head: 'C_eff', kind: 'number' },
    ],
    rows,
  });
}

/** What has a law, and what came of it. */
export function statementTable({ statements }: HeadResult): string {
  if (statements.length === 0) return '';
  return table({
    label: 'Statements and their verdicts',
    columns: [{ head: 'statement', kind: 'name' }, { head: 'verdict', kind: 'word' }, { head: 'why' }],
    rows: statements.map(({ statement, verdict, reason }) => ({
      cells: [asFormulas(statement), badge(verdict), asFormulas(reason)],
      rejected: verdict === 'disagree',
    })),
  });
}

/** Numbers of the Hessian beside its block diagonal. */
export function whitenedTable({ whitened, spectrum, classes }: HeadResult): string {
  const pairs: Record<string, SettingValue> = {
    ...(whitened === null
      ? {}
      : {
          tokens: whitened.tokens === classes ? classes : `${whitened.tokens} of ${classes}, across ranks`,
          'off-diagonal energy of a token': measured(whitened.energy),
          'C² times the mean over pairs of tokens': measured(whitened.scaled),
          'added to each block, of its mean eigenvalue': whitened.damping,
          probes: whitened.probes,
        }),
    ...(spectrum === null
      ? {}
      : {
          'smallest eigenvalue': formatNumber(spectrum.smallest.value, 5),
          'largest eigenvalue': formatNumber(spectrum.largest.value, 5),
          'steps of Lanczos': spectrum.steps,
        }),
  };
  if (Object.keys(pairs).length === 0) return '';
  const rows = Object.entries(pairs).map(([name, value]) => ({ cells: [typeset(name), escapeHtml(String(value))] }));
  return table({
    label: 'The Hessian beside its block diagonal',
    columns: [
      { head: 'quantity', kind: 'name' },
      { head: 'value', kind: 'number' },
    ],
    rows,
  });
}
