/** A head for a reader: sums and ratios with their errors, what formulas say, and what has a law. */
import type { BlockRatio, HeadResult, Measured } from '../pipeline/head/headResult.js';
import { pValueIs } from '../pipeline/probability.js';
import { equivalentFacts, equivalentTable } from './headEquivalent.js';
import { keyValues } from './numberTable.js';
import { digits } from './measuredText.js';
import { ruledTable } from './ruledTable.js';
import { wrapped } from './wrapped.js';

/** A number with as many digits as its error leaves. */
function withError({ value, error }: Measured): string {
  if (error === null || !(error > 0) || !Number.isFinite(value)) return digits(value);
  const count = Math.max(2, Math.min(8, Math.ceil(Math.log10(Math.abs(value) / error)) + 2));
  return `${digits(value, count)} ± ${digits(error, 2)}`;
}

/** An end of the spectrum, which rounding moves from 0. */
const end = ({ value, error }: Measured): string =>
  Math.abs(value) < 1e-8 ? '0' : withError({ value, error: error === null || error < 1e-6 ? null : error });

export function headTable(result: HeadResult, columns: number): string {
  const parts = [
    wrapped(heading(result), columns),
    ratioTable(result, columns),
    keyValues([...facts(result), ...equivalentFacts(result)], columns),
    equivalentTable(result, columns),
    statementsOf(result, columns),
    result.notes.map((note) => `${wrapped(note, columns)}\n`).join(''),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function heading({ label, step, samples, classes, dimension, groups, loss }: HeadResult): string {
  const name = [label, step === null ? null : `step ${step}`].filter((part) => part !== null).join(', ');
  const sizes = [`C = ${classes}`, `D = ${dimension}`, `N = ${samples}`];
  if (groups !== samples) sizes.push(`${groups} groups`);
  if (loss !== null) sizes.push(`loss ${digits(loss, 4)}`);
  return `head${name === '' ? '' : ` ${name}`}: ${sizes.join(', ')}\n`;
}

function ratioTable({ sample, population, unigram, initialisation }: HeadResult, columns: number): string {
  const row = (name: string, ratio: Pick<BlockRatio, 't' | 'scaled'>, effective: string) => ({
    cells: [name, withError(ratio.t), withError(ratio.scaled), effective],
    below: '',
  });
  const formula = (name: string, t: number | null, scaled: number, effective: string) => ({
    cells: [name, t === null ? '' : digits(t), digits(scaled), effective],
    below: '',
  });
  return ruledTable(
    ['off over diagonal', 't', 'C²·r', 'C_eff'],
    [
      row('these positions', sample, ''),
      ...(population === null ? [] : [row('population', population, withError(population.effectiveClasses))]),
      ...(['predictions', 'targets'] as const).flatMap((name) => {
        const found = unigram[name];
        return found === null
          ? []
          : [formula(`unigram, ${name}`, found.t, found.scaled, digits(found.effectiveClasses))];
      }),
      ...(initialisation === null
        ? []
        : [
            formula('initialisation', null, initialisation.expected, ''),
            formula('  of the population', null, initialisation.expectedPopulation, ''),
          ]),
    ],
    columns,
  );
}

function facts({ sample, population, tied, whitened, spectrum, initialisation }: HeadResult): [string, string][] {
  const sums = population ?? sample;
  const which = population === null ? 'positions' : 'population';
  return [
    [`Σ_i ‖H_ii‖², ${which}`, withError(sums.diagonal)],
    [`Σ_{i≠j} ‖H_ij‖², ${which}`, withError(sums.offDiagonal)],
    ...(initialisation === null
      ? []
      : [
          [
            'V as drawn',
            `τ = ${digits(initialisation.variance)}; formula against ${initialisation.draws} draws: ${pValueIs(initialisation.formulaPValue)}; this head among them: ${pValueIs(initialisation.placePValue)}`,
          ] as [string, string],
        ]),
    ...(tied === null
      ? []
      : [
          [
            'cosine with own token',
            `mean ${digits(tied.cosine.mean, 3)}, from ${digits(tied.cosine.least, 3)} to ${digits(tied.cosine.largest, 3)}; a copier above ${digits(tied.threshold, 3)}`,
          ] as [string, string],
        ]),
    ...(whitened === null
      ? []
      : [
          [
            'whitened off-energy',
            `${withError(whitened.energy)} over ${whitened.tokens} tokens; C² times a pair's: ${withError(whitened.scaled)}; damping ${whitened.damping}`,
          ] as [string, string],
        ]),
    ...(spectrum === null
      ? []
      : [['D^-½ H D^-½', `from ${end(spectrum.smallest)} to ${end(spectrum.largest)}, in [0, 2]`] as [string, string]]),
  ];
}

function statementsOf({ statements }: HeadResult, columns: number): string {
  const sentences = [
    ...statements.map(({ statement, verdict, reason }) => `${verdict}: ${statement}. ${reason}`),
    'All other numbers are measured: no law of them is known, and nothing is judged.',
  ];
  return `${sentences.map((sentence) => wrapped(sentence, columns)).join('\n')}\n`;
}
