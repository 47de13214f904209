/** The table that ends a check: two lines for each claim, then the sentences that explain what is not plain agreement. */
import { counted } from '../pipeline/counted.js';
import { ruledTable } from './ruledTable.js';
import { sentenceTable } from './sentenceTable.js';
import { wrapped } from './wrapped.js';
import type { ConfidenceInterval, Measured, RunResults } from '../../figures/results.js';

export function claimTable(results: RunResults, columns: number): string {
  const rows = results.claims.map(({ id, quantity, predicted, measured, interval, verdict }) => ({
    cells: [id, verdict, shown(predicted), shown(measured), interval === null ? '' : range(interval)],
    below: quantity ?? '',
  }));
  const table = ruledTable(['claim', 'verdict', 'predicted', 'measured', '95 % interval'], rows, columns);
  const remarks = results.claims
    .filter(({ verdict }) => verdict !== 'agree')
    .map(({ id, verdict, reason }) => `${id}: ${verdict}. ${reason}`);
  const tests = results.claims.flatMap(({ evidence }) => evidence);
  const level = tests[0]?.level;
  const rejected = tests.filter((test) => test.rejected).length;
  const summary = `${counted(tests.length, 'test')}, ${rejected} rejected at family-wise level ${level ?? ''} (Holm).`;
  const sentences = [summary, ...shownOnly(results), ...remarks].map((sentence) => `${wrapped(sentence, columns)}\n`);
  return `${table}\n${sentences.join('')}${sentenceTable(results.claims, columns)}`;
}

/** How many of the other numbers of each claim no test rests on. */
function shownOnly({ claims }: RunResults): string[] {
  const counts = claims.flatMap(({ id, measurements = [] }) => {
    const count = measurements.filter(({ judged }) => judged === false).length;
    return count === 0 ? [] : [`${id} ${count} of ${measurements.length}`];
  });
  return counts.length === 0 ? [] : [`Further numbers in the report that are shown, not judged: ${counts.join(', ')}.`];
}

function shown(value: Measured): string {
  if (value === null) return '-';
  return typeof value === 'number' ? value.toPrecision(5) : value;
}

function range({ lower, upper }: ConfidenceInterval): string {
  return `${lower.toPrecision(4)} … ${upper.toPrecision(4)}`;
}
