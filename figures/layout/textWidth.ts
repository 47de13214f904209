/** How wide a text will be, as far as a layout must know before anything is drawn. */
import { plainText } from '../text.js';

/** Shares of the type size, of Arial and Helvetica (Adobe's font metrics, rounded up); other letters take 0.56. */
const widths: readonly (readonly [letters: RegExp, share: number])[] = [
  [/[ijl'|.,:;!· ]/, 0.28],
  [/[ftIr()[\]/\-−]/, 0.35],
  [/[ckszvxyJ]/, 0.5],
  [/[mM%W]/, 0.87],
  [/[ABDEKPSVXYCHNRUw&]/, 0.71],
  [/[GOQ]/, 0.78],
];

/** The type that many machines have in place of Arial, DejaVu Sans, is wider by this. */
const widest = 1.13;

const shareOf = (letter: string): number => widths.find(([letters]) => letters.test(letter))?.[1] ?? 0.56;

/** Of the widest line of `text`, in the unit of `size`. An estimate, within a tenth for a sans serif type. */
export const textWidth = (text: string, size: number): number =>
  Math.max(
    0,
    ...text
      .split('<br>')
      .map((line) => widest * size * [...plainText(line)].reduce((sum, letter) => sum + shareOf(letter), 0)),
  );

export const lineCount = (text: string): number => (text === '' ? 0 : text.split('<br>').length);

/** Broken at blanks, but those inside a tag, so that no line is wider than `room` unless a word is. */
export function wrapped(text: string, size: number, room: number): string {
  const broken = text.split('<br>').map((line) => {
    const lines: string[] = [];
    for (const word of line.split(/ (?![^<]*>)/)) {
      const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
      if (lines.length > 0 && textWidth(longer, size) > room) lines.push(word);
      else lines.splice(Math.max(0, lines.length - 1), 1, longer);
    }
    return lines.join('<br>');
  });
  return broken.join('<br>');
}
