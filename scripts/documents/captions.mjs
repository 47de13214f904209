// Captions of pictures from the gallery, held against the captions that the gallery's runs wrote.
import { basename } from 'node:path';
import { parseDocument } from './parseDocument.mjs';

/** The caption below each picture of a document, by the picture's file name. */
export function captionsOf(text) {
  const paragraphs = parseDocument(text).tokens.filter(({ type }) => type !== 'space');
  return new Map(
    paragraphs.flatMap((paragraph, k) => {
      const [image, ...others] = paragraph.tokens ?? [];
      if (image?.type !== 'image' || others.length > 0) return [];
      const below = paragraphs[k + 1];
      return [
        [
          basename(image.href),
          { href: image.href, line: paragraph.line, caption: below?.type === 'paragraph' ? below.text : '' },
        ],
      ];
    }),
  );
}

/**
 * Settings that a caption claims and the gallery's caption does not have: every `symbol = value`, and every other
 * number. A document without a caption for a picture of the gallery claims nothing.
 */
export function staleCaptions(text, gallery) {
  const run = captionsOf(gallery);
  return [...captionsOf(text)].flatMap(([picture, { href, line, caption }]) => {
    if (!href.includes('gallery/')) return [];
    const origin = run.get(picture);
    if (origin === undefined) return [{ line, sentence: `the gallery has no caption for ${picture}` }];
    return unsupported(caption, origin.caption).map((claim) => ({
      line,
      sentence: `the caption of ${picture} says ${claim}, which the gallery's caption does not`,
    }));
  });
}

/** What the first caption states and the second does not. */
export function unsupported(caption, origin) {
  const [claimed, known] = [settingsIn(caption), settingsIn(origin)];
  return claimed
    .filter(({ symbol, value }) =>
      known.every((one) => one.value !== value || (symbol !== undefined && one.symbol !== symbol)),
    )
    .map(({ symbol, value }) => (symbol === undefined ? value : `${symbol} = ${value}`));
}

/** `d = C = 64, 128` and `48 and 96` behind it: each symbol with each of its values; other numbers without a symbol. */
function settingsIn(text) {
  const plain = text.replace(/[$*`]/g, '').replace(/(\d)[\u00a0\u202f ](?=\d{3}\b)/g, '$1');
  const settings = [];
  const list = /((?:[A-Za-z](?:\/[A-Za-z])? = )+)(\d[\d.]*(?:(?:, | and |, and )\d[\d.]*\b(?! draws))*)/g;
  const rest = plain.replace(list, (_whole, symbols, values) => {
    for (const symbol of symbols.split(' = ').filter(Boolean))
      for (const value of numbersIn(values)) settings.push({ symbol, value });
    return ' ';
  });
  settings.push(...numbersIn(rest).map((value) => ({ symbol: undefined, value })));
  return settings;
}

const numbersIn = (text) => (text.match(/\d+(?:\.\d+)?/g) ?? []).map((number) => String(Number(number)));
