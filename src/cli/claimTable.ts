/** The table that ends a check: one row for each claim, then the sentences that explain what is not plain agreement. */
import Table from 'cli-table3';
import { sentenceTable } from './sentenceTable.js';
import { wrapped } from './wrapped.js';
import type { ClaimResult, ConfidenceInterval, Measured, RunResults } from '../../figures/results.js';

/** Columns below which a row is split over several lines rather than squeezed. */
const narrow = 72;

export function claimTable(results: RunResults, columns: number): string {
  const rows = results.claims.map((claim) => [
    claim.id,
    shortQuantity(claim),
    shown(claim.predicted),
    `${shown(claim.measured)}${claim.interval === null ? '' : `\n${range(claim.interval)}`}`,
    claim.verdict,
  ]);
  const paper = sentenceTable(results.claims, columns);
  if (columns < narrow) {
    return `${rows.map(([id, quantity, predicted, measured, verdict]) => `${id}: ${verdict}\n  ${quantity}: predicted ${predicted}, measured ${measured!.replace('\n', ' ')}`).join('\n')}\n${paper.remarks.map((line) => `${line}\n`).join('')}`;
  }
  const nameColumn = Math.max(...rows.map(([id]) => id!.length)) + 2;
  const table = new Table({
    head: ['claim', 'quantity', 'predicted', 'measured (95 %)', 'verdict'],
    style: { head: [], border: [], compact: true },
    colWidths: [nameColumn, columns - nameColumn - 12 - 20 - 11 - 6, 12, 20, 11],
    wordWrap: true,
  });
  table.push(...rows);
  const remarks = results.claims
    .filter(({ verdict }) => verdict !== 'agree')
    .map(({ id, verdict, reason }) => `${id}: ${verdict}. ${reason}`);
  const tests = results.claims.flatMap(({ evidence }) => evidence);
  const level = tests[0]?.level;
  const summary = `${tests.length} tests, ${tests.filter(({ rejected }) => rejected).length} rejected at family-wise level ${level ?? ''} (Holm).`;
  const sentences = [summary, ...shownOnly(results), ...remarks].map((sentence) => wrapped(sentence, columns));
  const paperRemarks = paper.remarks.map((remark) => `${wrapped(remark, columns)}\n`).join('');
  return `${table.toString()}\n${sentences.join('\n')}\n${paper.table}${paperRemarks}`;
}

/** How many of the other numbers of each claim no test rests on. */
function shownOnly({ claims }: RunResults): string[] {
  const counts = claims.flatMap(({ id, measurements = [] }) => {
    const count = measurements.filter(({ judged }) => judged === false).length;
    return count === 0 ? [] : [`${id} ${count} of ${measurements.length}`];
  });
  return counts.length === 0 ? [] : [`Further numbers in the report that are shown, not judged: ${counts.join(', ')}.`];
}

function shortQuantity({ quantity }: ClaimResult): string {
  return quantity ?? '';
}

function shown(value: Measured): string {
  if (value === null) return '-';
  return typeof value === 'number' ? value.toPrecision(5) : value;
}

function range({ lower, upper }: ConfidenceInterval): string {
  return `${lower.toPrecision(4)} … ${upper.toPrecision(4)}`;
}
