// The table of changes and of who caught them, as Markdown.
import { isCaught } from './runHalf.mjs';

/** `rows`: a mutant with its results `claims` and `tests`, each undefined where it was not run. */
export function mutantsTable(rows) {
  const count = (of) => rows.filter(of).length;
  const asked = rows.filter(({ mutant }) => mutant.claims !== undefined);
  const unseen = asked.filter(({ claims }) => claims !== undefined && !isCaught(claims));
  const lines = [
    '# Small changes of the theory, and who notices',
    '',
    'Made by `npm run mutants`: each change is put alone into a copy of the build, the claims named are checked (`check --seed 1`, preset `quick` unless another is named), and the unit tests named are run. p is the smallest adjusted p-value of the tests that reject.',
    '',
    `${rows.length} changes: ${count(({ claims }) => claims && isCaught(claims))} make a claim disagree (of ${asked.length} asked), ${count(({ tests }) => tests && isCaught(tests))} fail a unit test (of ${count(({ mutant }) => mutant.tests !== undefined)} asked).`,
    `Survivors: ${named(rows.filter(isSurvivor))}. Asked of a claim, which did not disagree: ${named(unseen)}. Not run: ${named(rows.filter(isUnrun))}.`,
    '',
    '| change | in theory/ | claim that disagrees | unit test that fails |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ mutant, claims, tests }) =>
        `| ${cell(mutant.what)} (\`${mutant.id}\`) | ${mutant.file} | ${cell(claimText(mutant, claims))} | ${cell(testText(mutant, tests))} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Neither a claim nor a test notices it, though all that was to be asked was. */
export function isSurvivor({ mutant, claims, tests }) {
  return !isUnrun({ mutant, claims, tests }) && ![claims, tests].some((half) => half !== undefined && isCaught(half));
}

function isUnrun({ mutant, claims, tests }) {
  return (mutant.claims !== undefined && claims === undefined) || (mutant.tests !== undefined && tests === undefined);
}

function named(rows) {
  return rows.length === 0 ? 'none' : rows.map(({ mutant }) => `\`${mutant.id}\``).join(', ');
}

function claimText({ claims, preset }, result) {
  if (claims === undefined) return '–';
  const at = preset === undefined ? '' : ` at \`${preset}\``;
  if (result === undefined) return `not run (${claims.join(', ')})`;
  if (result.failure !== undefined) return `${claims.join(', ')}${at}: ${result.failure}`;
  const disagreeing = result.rejected.map(({ claim, test, pValue }) => {
    const strength = pValue === undefined ? '' : `, p ${pValue === 0 ? '= 0' : `= ${pValue.toPrecision(2)}`}`;
    return `${claim}${at}: ${test}${strength}`;
  });
  // A claim asked and content is told, also where another one disagrees.
  const others = Object.entries(result.verdicts)
    .filter(([id]) => !result.rejected.some(({ claim }) => claim === id))
    .map(([id, verdict]) => `**${id}${at}: ${verdict}**`);
  return [...disagreeing, ...others, ...(result.note === undefined ? [] : [result.note])].join('; ');
}

function testText({ tests }, result) {
  if (tests === undefined) return '–';
  const files = tests.map((path) => path.replace(/^.*\/|\.test\.ts$/g, '')).join(', ');
  if (result === undefined) return `not run (${files})`;
  if (result.failure !== undefined) return `${files}: ${result.failure}`;
  if (result.failed.length === 0) return `**none** of ${files}`;
  return `${files}: ${result.failed[0]}`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
