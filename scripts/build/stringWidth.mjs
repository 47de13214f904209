// Columns of a text in a terminal, in place of the package string-width where yargs lays out its help: the package
// segments by grapheme, and making a segmenter loads the tables of ICU at every start.
import { stripVTControlCharacters } from 'node:util';

const printableAscii = /^[\x20-\x7e]*$/;
/** Marks on the character before, and characters that are not shown. */
const nothing = /[\p{Mark}\p{Control}\p{Format}]/u;
/** Hangul, Han, kana and full-width forms, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

export default function stringWidth(text) {
  if (printableAscii.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text))
    if (!nothing.test(character)) width += wide.test(character) ? 2 : 1;
  return width;
}
