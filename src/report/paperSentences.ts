/** What the paper itself says, and whether it is so here. */
import { escapeHtml } from '../../figures/render/markup.js';
import type { ClaimResult, Ground, MarkWord, PaperSentence, RunResults } from '../../figures/results.js';
import { counted, formatInterval, formatMeasured } from '../../figures/text.js';
import { badge } from './badge.js';
import { fold } from './fold.js';
import { table } from './table.js';
import { typeset } from './typeset.js';

export const paperHeading = 'What the paper says';
const lead =
  'A verdict is about what this program predicts. Beside it stand the paper’s own sentences, in our words, each marked in the set-up that was drawn: supported when the whole interval of a measured number lies where the sentence says, refuted when none of it does, else undecided.';

const marks: readonly MarkWord[] = ['supported', 'refuted', 'undecided'];

function groundHtml({ quantity, measured, interval, said }: Ground): string {
  const number =
    measured === null
      ? 'not measured'
      : `${formatMeasured(measured, 3)}${interval === null ? '' : ` ${formatInterval(interval, 3)}`}`;
  return `${typeset(quantity)}: ${escapeHtml(number)}, said ${typeset(said)}`;
}

/** Whose sentence it is. */
interface Said extends PaperSentence {
  readonly id: string;
  readonly title: string;
}

const saidIn = ({ claims }: RunResults): Said[] =>
  claims.flatMap(({ id, title, sentences = [] }) => sentences.map((each) => ({ id, title, ...each })));

export const saysPaper = (results: RunResults): boolean => saidIn(results).length > 0;

/** Each sentence once, with its marks and the claims that it stands beside; where it is not supported, why. */
export function paperSection(results: RunResults): string {
  const said = saidIn(results);
  const rows = [...new Set(said.map(({ sentence }) => sentence))].map((sentence) => {
    const own = said.filter((each) => each.sentence === sentence);
    const found = marks
      .map((mark) => ({ mark, count: own.filter((each) => each.mark === mark).length }))
      .filter(({ count }) => count > 0);
    const claims = new Map(own.map(({ id, title }) => [id, title]));
    const links = [...claims].map(([id, title]) => `<a href="#claim-${escapeHtml(id)}">${escapeHtml(title)}</a>`);
    const against = own
      .filter(({ mark }) => mark !== 'supported')
      .map(
        ({ mark, setUp, grounds }) =>
          `<li><em>${mark}</em>, ${typeset(setUp)}: ${grounds
            .filter((ground) => ground.mark !== 'supported')
            .map(groundHtml)
            .join('; ')}</li>`,
      );
    return {
      cells: [
        `${typeset(sentence)}<span class="small">${links.join(' · ')}</span>${against.length === 0 ? '' : `<ul class="small">${against.join('')}</ul>`}`,
        found.map(({ mark, count }) => badge(mark, found.length === 1 && count === 1 ? undefined : count)).join('<br>'),
      ],
    };
  });
  const columns = [
    { head: 'sentence, in our words', kind: 'name' },
    { head: 'here', kind: 'word' },
  ] as const;
  return `<p class="statement">${lead}</p>${table({ label: 'Sentences of the paper and their marks', columns, rows })}`;
}

/** The sentences beside one claim, each with source, set-up and all that its mark rests on. */
export function sentencesFold({ title, sentences = [] }: ClaimResult): string {
  if (sentences.length === 0) return '';
  const small = (parts: readonly string[]): string =>
    parts.map((part) => `<span class="small">${part}</span>`).join('');
  const html = table({
    label: `Sentences of the paper beside ${title}`,
    columns: [
      { head: 'sentence, in our words', kind: 'name' },
      { head: 'here', kind: 'word' },
      { head: 'set-up and grounds' },
    ],
    rows: sentences.map(({ sentence, source, holds, mark, setUp, grounds }) => ({
      cells: [
        `${typeset(sentence)}${small([`${typeset(source)}; holds ${typeset(holds)}`])}`,
        badge(mark),
        `${typeset(setUp)}${small(grounds.map(groundHtml))}`,
      ],
    })),
  });
  return fold(`What the paper says: ${counted(sentences.length, 'sentence')}`, html);
}
