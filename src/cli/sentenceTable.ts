/** Under the verdicts: what the paper itself says, and whether the draws bear it out. */
import Table from 'cli-table3';
import type { ClaimResult, Ground, MarkWord, PaperSentence } from '../../figures/results.js';

/** Widths of the columns of claims and of marks. */
const claimColumn = 16;
const markColumn = 11;

interface Said extends PaperSentence {
  readonly id: string;
}

/**
 * One row for each sentence and mark, with the claims that it stands beside. Beneath, what the mark rests on wherever a
 * sentence is not supported in every set-up.
 */
export function sentenceTable(
  claims: readonly ClaimResult[],
  columns: number,
): {
  readonly table: string;
  readonly remarks: readonly string[];
} {
  const said = claims.flatMap(({ id, sentences = [] }) => sentences.map((each): Said => ({ id, ...each })));
  if (said.length === 0) return { table: '', remarks: [] };
  const table = new Table({
    head: ["the paper's own sentence", 'beside', 'here'],
    style: { head: [], border: [], compact: true },
    colWidths: [columns - claimColumn - markColumn - 4, claimColumn, markColumn],
    wordWrap: true,
  });
  for (const { sentence, mark, beside } of rowsOf(said)) table.push([sentence, beside.join(' '), mark]);
  const open = new Set(said.filter(({ mark }) => mark !== 'supported').map(({ sentence }) => sentence));
  const told = said.filter(({ sentence }) => open.has(sentence));
  const places = [...new Set(told.map(({ id, setUp }) => `${id}, ${setUp}`))];
  return {
    table: `${table.toString()}\n`,
    remarks: places.flatMap((place) => [
      `${place}:`,
      ...told
        .filter(({ id, setUp }) => `${id}, ${setUp}` === place)
        .map(({ mark, grounds }) => `- ${mark}: ${grounds.map(groundText).join('; ')}`),
    ]),
  };
}

function rowsOf(said: readonly Said[]): { sentence: string; mark: MarkWord; beside: string[] }[] {
  const rows = new Map<string, { sentence: string; mark: MarkWord; beside: string[] }>();
  for (const { id, sentence, mark } of said) {
    const key = `${sentence} ${mark}`;
    const row = rows.get(key) ?? { sentence, mark, beside: [] };
    if (!row.beside.includes(id)) row.beside.push(id);
    rows.set(key, row);
  }
  const first = (sentence: string): number => said.findIndex((each) => each.sentence === sentence);
  return [...rows.values()].sort((a, b) => first(a.sentence) - first(b.sentence));
}

function groundText({ quantity, measured, interval, said }: Ground): string {
  if (measured === null) return `${quantity}: not measured`;
  const spread = interval === null ? 'no interval' : `${short(interval.lower)} … ${short(interval.upper)}`;
  return `${quantity} ${short(measured)} (${spread}), said ${said}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
