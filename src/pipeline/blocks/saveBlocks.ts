import { renderBlocksReport } from '../../report/index.js';
import type { BlocksResult } from '../../../figures/blocksResult.js';
import { examineMachine } from '../../store/machine.js';
import { requireNewResults, writeResults } from '../../store/resultFolder.js';
import { blocksCsv } from './blocksCsv.js';

/** Found out before anything is read. Throws UsageError where a file of this name is there. */
export const requireNewBlocks = (folder: string): void =>
  requireNewResults(folder, ['results.json', 'blocks.csv', 'report.html']);

/** Writes results.json, blocks.csv with every number, and report.html. Returns their paths. */
export async function saveBlocks(
  folder: string,
  result: BlocksResult,
  { created, seconds }: { readonly created: Date; readonly seconds: number },
): Promise<string[]> {
  const machine = { ...(await examineMachine()) };
  return writeResults(folder, {
    'results.json': `${JSON.stringify(result, null, 1)}\n`,
    'blocks.csv': blocksCsv(result),
    'report.html': renderBlocksReport(result, { created: created.toISOString(), seconds, machine }),
  });
}
