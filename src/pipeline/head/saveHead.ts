import { renderHeadReport } from '../../report/index.js';
import { examineMachine } from '../../store/machine.js';
import { requireNewResults, writeResults } from '../../store/resultFolder.js';
import type { HeadOutcome } from './runHead.js';
import { rowsCsv } from './rowTable.js';

/** Found out before anything is computed. Throws UsageError where a file of this name is there. */
export const requireNewHead = (folder: string): void =>
  requireNewResults(folder, ['results.json', 'rows.csv', 'report.html']);

/** Writes results.json, rows.csv with every class, and report.html. Returns their paths. */
export async function saveHead(
  folder: string,
  { result, rows }: HeadOutcome,
  { created, seconds }: { readonly created: Date; readonly seconds: number },
): Promise<string[]> {
  const machine = { ...(await examineMachine()) };
  return writeResults(folder, {
    'results.json': `${JSON.stringify(result, null, 1)}\n`,
    'rows.csv': rowsCsv(rows),
    'report.html': renderHeadReport(result, { created: created.toISOString(), seconds, machine }),
  });
}
