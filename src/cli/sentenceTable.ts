/** Under the verdicts: what the paper itself says, and whether the draws bear it out. */
import Table from 'cli-table3';
import type { ClaimResult, Ground, MarkWord, PaperSentence } from '../../figures/results.js';

/** Widths of the columns of claims and of marks. */
const claimColumn = 16;
const markColumn = 13;

interface Said extends PaperSentence {
  readonly id: string;
}

/**
 * One row for each sentence, with the claims that it stands beside and its marks in their set-ups. Beneath, what the
 * marks rest on wherever a sentence is not supported in every set-up.
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
  for (const sentence of new Set(said.map((each) => each.sentence))) {
    const own = said.filter((each) => each.sentence === sentence);
    table.push([sentence, [...new Set(own.map(({ id }) => id))].join(' '), markText(own)]);
  }
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

const words: readonly MarkWord[] = ['supported', 'refuted', 'undecided'];

/** "supported", or a line for each mark with the number of set-ups that gave it. */
function markText(said: readonly Said[]): string {
  const counts = words.map((word) => ({ word, count: said.filter(({ mark }) => mark === word).length }));
  const found = counts.filter(({ count }) => count > 0);
  return found.length === 1 ? found[0]!.word : found.map(({ word, count }) => `${count} ${word}`).join('\n');
}

function groundText({ quantity, measured, interval, said }: Ground): string {
  if (measured === null) return `${quantity}: not measured`;
  const spread = interval === null ? 'no interval' : `${short(interval.lower)} … ${short(interval.upper)}`;
  return `${quantity} ${short(measured)} (${spread}), said ${said}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
