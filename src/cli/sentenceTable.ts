/** Under the verdicts: what the paper itself says, and whether the draws bear it out. */
import type { ClaimResult, Ground, MarkWord, PaperSentence } from '../../figures/results.js';
import { wrapped } from './wrapped.js';

interface Said extends PaperSentence {
  readonly id: string;
}

/**
 * Each sentence with its marks in its set-ups and the claims that it stands beside. Beneath, what the marks rest on
 * wherever a sentence is not supported in every set-up. Nothing where no claim has a sentence.
 */
export function sentenceTable(claims: readonly ClaimResult[], columns: number): string {
  const said = claims.flatMap(({ id, sentences = [] }) => sentences.map((each): Said => ({ id, ...each })));
  if (said.length === 0) return '';
  const lines = [...new Set(said.map((each) => each.sentence))].map((sentence) => {
    const own = said.filter((each) => each.sentence === sentence);
    return wrapped(`${markText(own)}: ${sentence} (${[...new Set(own.map(({ id }) => id))].join(', ')})`, columns);
  });
  const open = new Set(said.filter(({ mark }) => mark !== 'supported').map(({ sentence }) => sentence));
  const told = said.filter(({ sentence }) => open.has(sentence));
  const places = [...new Set(told.map(({ id, setUp }) => `${id}, ${setUp}`))];
  const remarks = places.flatMap((place) => [
    `${place}:`,
    ...told
      .filter(({ id, setUp }) => `${id}, ${setUp}` === place)
      .map(({ mark, grounds }) => `- ${mark}: ${grounds.map(groundText).join('; ')}`),
  ]);
  const title = "The paper's own sentences, beside these claims";
  const space = remarks.length === 0 ? [] : [''];
  const parts = [`\n${title}\n${'─'.repeat(Math.min(columns, title.length))}`, ...lines];
  return `${[...parts, ...space, ...remarks.map((remark) => wrapped(remark, columns))].join('\n')}\n`;
}

const words: readonly MarkWord[] = ['supported', 'refuted', 'undecided'];

/** "supported", or each mark with the number of set-ups that gave it. */
function markText(said: readonly Said[]): string {
  const counts = words.map((word) => ({ word, count: said.filter(({ mark }) => mark === word).length }));
  const found = counts.filter(({ count }) => count > 0);
  return found.length === 1 ? found[0]!.word : found.map(({ word, count }) => `${count} ${word}`).join(', ');
}

function groundText({ quantity, measured, interval, said }: Ground): string {
  if (measured === null) return `${quantity}: not measured`;
  const spread = interval === null ? 'no interval' : `${short(interval.lower)} … ${short(interval.upper)}`;
  return `${quantity} ${short(measured)} (${spread}), said ${said}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
