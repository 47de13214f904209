/** What the page shows, to go on with elsewhere: its numbers as CSV, its law as a command line and as a snippet. */
import { csvText } from '../../../figures/csvText.js';
import type { Outlier } from '../../../theory/contracts.js';
import { modelTraits } from '../../../theory/names.js';
import { needsReadout, scalingOf, unitOf, type LawView } from './lawOfState.js';
import type { TrainingView } from './trainingView.js';
import { familyOf, hasSetting, isWeighted, type ExplorerState } from './state.js';

/** File of V that command line and snippet read, where the law is one given V. */
export const readoutFile = 'V.csv';

/** What the eigenvalues on the page are: "C·λ", or "λ in units of |v_i|²". */
const quantityOf = (state: ExplorerState): string =>
  `${scalingOf(state).label}${unitOf(state) === '' ? '' : ` ${unitOf(state)}`}`;

type Row = readonly [quantity: string, x: number | '', value: number | ''];

/**
 * Everything that is drawn and listed, numbers in full: one row a number, named by its first column. `density` is at x,
 * `support` an interval from x to value, an atom of mass `value` and an outlier of multiplicity `value` at x, a raw
 * moment of order x; an eigenvalue as drawn is a value alone.
 */
export function csvOfLaw(
  state: ExplorerState,
  view: LawView,
  outliers: readonly Outlier[],
  eigenvalues: Iterable<number> = [],
): string {
  const rows: Row[] = [
    ...view.support.map(([lower, upper]): Row => ['support', lower, upper]),
    ...view.atoms.map(({ at, mass }): Row => ['atom', at, mass]),
    ...view.moments.map((moment, k): Row => ['moment', k + 1, moment]),
    ...outliers.map(({ at, multiplicity }): Row => ['outlier', at, multiplicity]),
    ...densityRows(view),
    ...Array.from(eigenvalues, (value): Row => ['eigenvalue', '', value]),
  ];
  const quantity = quantityOf(state);
  return csvText([['quantity', 'x', 'value', 'eigenvalues are'], ...rows.map((row) => [...row, quantity])]);
}

/** Without the breaks between two intervals. */
function densityRows({ x, density }: Pick<LawView, 'x' | 'density'>): Row[] {
  return Array.from(x, (at, k): Row => ['density', at, density[k]!]).filter(([, , value]) => Number.isFinite(value));
}

/** Numbers, law and spectrum of a mark in full, as `csvOfLaw` has those of a law; rows of several marks can be joined. */
export function csvOfMark({ values, law, eigenvalues, step, data }: TrainingView): string {
  const rows: Row[] = [
    ...values.map(([name, value]): Row => [name, '', value]),
    ...densityRows(law),
    ...Array.from(eigenvalues, (value): Row => ['eigenvalue', '', value]),
  ];
  return csvText([
    ['quantity', 'x', 'value', 'eigenvalues are', 'step', 'data'],
    ...rows.map((row) => [...row, '√N R', step, data]),
  ]);
}

/** V, C×m, a row a class. */
export function csvOfReadout(readout: Float64Array, { width }: ExplorerState): string {
  return csvText(
    Array.from({ length: readout.length / width }, (_, c) => readout.subarray(c * width, (c + 1) * width)),
  );
}

/** What names the law of a state: by the library's names, but for V. */
function settingOf(state: ExplorerState): Readonly<Record<string, string | number>> {
  const { model, layer } = familyOf(state);
  const { loss, block, activation, classes, width, aspectRatio, logitVariance } = state;
  return {
    ...{ model, layer, loss, block, classes },
    ...(hasSetting(state, 'width') ? { width } : {}),
    ...(hasSetting(state, 'activation') ? { activation } : {}),
    aspectRatio,
    ...(needsReadout(state) ? {} : { logitVariance, scaling: 'rate' }),
  };
}

const optionName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The law of a state and its moments by `limitlaw law`. */
export function commandOf(state: ExplorerState): string {
  const options = Object.entries(settingOf(state)).map(
    ([name, value]) => `--${optionName(name)} ${value === Infinity ? 'inf' : value}`,
  );
  if (needsReadout(state)) options.push(`--readout ${readoutFile}`);
  if (hasLaw(state)) options.push('--moments 4');
  return `limitlaw law ${options.join(' ')}`;
}

/** Output blocks of a model with hidden units are matrices of fixed size, with eigenvalues in place of a law. */
const hasLaw = (state: ExplorerState): boolean =>
  isWeighted(state) || modelTraits[familyOf(state).model].layers.length === 1;

/** A program for Node that prints the same, as `limitlaw` on npm has it. */
export function snippetOf(state: ExplorerState): string {
  const given = needsReadout(state);
  const setting = Object.entries(settingOf(state)).map(
    ([name, value]) => `  ${name}: ${typeof value === 'string' ? `'${value}'` : value},\n`,
  );
  return [
    ...(given ? ["import { readFileSync } from 'node:fs';\n"] : []),
    "import { blockLaw } from 'limitlaw/theory';\n\n",
    ...(given ? [`const readout = readFileSync('${readoutFile}', 'utf8').trim().split(/[\\n,]/).map(Number);\n`] : []),
    `const ${hasLaw(state) ? '{ law }' : '{ eigenvalues }'} = blockLaw({\n`,
    ...setting,
    ...(given ? ['  readout,\n'] : []),
    '});\n',
    hasLaw(state)
      ? 'console.log(law?.support, law?.atoms, [1, 2, 3, 4].map((k) => law?.moment(k)));\n'
      : 'console.log(eigenvalues);\n',
  ].join('');
}
