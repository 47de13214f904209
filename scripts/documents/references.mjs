// What a document refers to: files and headings by links, files, names and commands in code spans.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseDocument, tokensBelow } from './parseDocument.mjs';
import { root } from './runCommand.mjs';

const UNSEARCHED = new Set(['node_modules', 'dist', 'coverage', 'limitlaw-runs', '.git']);

/** Files of the tree, as paths below `folder`. */
export function filesBelow(folder, top = folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return UNSEARCHED.has(entry.name) ? [] : filesBelow(path, top);
    return [relative(top, path)];
  });
}

/** The anchor that GitHub gives a heading: lower case, no punctuation, hyphens for spaces. */
export function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');
}

/** Anchors of a document: its headings, a repeated one with a number as on GitHub, and those written as `<a id>`. */
export function anchorsOf(text) {
  const seen = new Map();
  const ofHeadings = headingsOf(text).map((heading) => {
    const anchor = anchorOf(heading);
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
  return [...ofHeadings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1])];
}

/** Texts of the headings, without marks of emphasis or code. */
export function headingsOf(text) {
  return parseDocument(text)
    .tokens.filter(({ type }) => type === 'heading')
    .map(({ text: heading }) => heading.replace(/[*`]/g, ''));
}

/** The tree that documents refer to: its files, and every word of its sources. */
export function treeAt(folder = root) {
  const files = filesBelow(folder);
  const sources = files.filter((file) => /\.(ts|mjs|py)$/.test(file) && !file.startsWith('scripts/documents/'));
  const words = new Set(
    sources.flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []),
  );
  return { folder, files, words };
}

/** References of a document that lead nowhere: `line`, `sentence`. `path` is the document's, below the tree's folder. */
export function staleReferences(path, text, tree) {
  return parseDocument(text).tokens.flatMap((token) =>
    tokensBelow(token)
      .flatMap((below) => staleReference(below, path, text, tree))
      .map((sentence) => ({ line: token.line, sentence })),
  );
}

function staleReference(token, path, text, tree) {
  if (token.type === 'link' || token.type === 'image') return staleLink(token.href, path, text, tree.folder);
  return token.type === 'codespan' ? staleSpan(token.text, tree) : [];
}

function staleLink(href, path, text, folder) {
  if (/^[a-z]+:/i.test(href)) return [];
  const [target, anchor] = decodeURI(href).split('#');
  const file = target === '' ? join(folder, path) : resolve(folder, dirname(path), target);
  if (!existsSync(file)) return [`the link ${href} leads to no file`];
  if (anchor === undefined) return [];
  const anchors = statSync(file).isDirectory() ? [] : anchorsOf(target === '' ? text : readFileSync(file, 'utf8'));
  return anchors.includes(anchor) ? [] : [`the link ${href} leads to no heading`];
}

/**
 * Code spans that are held against the tree: a path of a source file or below a folder of the tree (written whole, or
 * from any folder on), and a name in camel case, which must stand in some source.
 */
function staleSpan(span, { folder, files, words }) {
  if (/^[\w./-]+\.(ts|mjs|py|md)$/.test(span) || (span.includes('/') && existsSync(join(folder, span.split('/')[0]))))
    return /[*<>\s]/.test(span) || isInTree(span, folder, files) ? [] : [`there is no file \`${span}\``];
  if (/^[a-z]+[A-Z]\w*(\(\))?$/.test(span) && !words.has(span.replace('()', '')))
    return [`no source has the name \`${span}\``];
  return [];
}

function isInTree(span, folder, files) {
  if (existsSync(join(folder, span))) return true;
  return files.some((file) => (span.includes('/') ? file.endsWith(`/${span}`) : basename(file) === span));
}

/** Commands in code spans whose command or options do not exist. `options` gives those of a command, by its name. */
export function staleCommands(text, options) {
  return parseDocument(text).tokens.flatMap((token) =>
    tokensBelow(token)
      .filter(({ type }) => type === 'codespan')
      .flatMap(({ text: span }) => staleCommand(span, options))
      .map((sentence) => ({ line: token.line, sentence })),
  );
}

function staleCommand(span, options) {
  const [program, command] = span.split(/\s+/);
  const known = program === 'limitlaw' && command !== undefined ? options[command] : Object.values(options).flat();
  if (known === undefined) return /^[a-z]/.test(command) ? [`limitlaw has no command '${command}'`] : [];
  if (program !== 'limitlaw' && !program.startsWith('--')) return [];
  const used = [...span.matchAll(/(?<=^|\s)--([a-z][\w-]*)/g)].map((match) => match[1]);
  return used
    .filter((option) => !known.includes(option))
    .map((option) => `\`${span}\`: there is no option --${option}`);
}

/** Topics that doc comments name, "paper-notes.md, topic", and that are no anchor of the notes: `place`, `sentence`. */
export function staleTopics(tree, notes) {
  const anchors = anchorsOf(notes);
  return tree.files
    .filter((file) => /^(theory|simulations|figures|src)\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(tree.folder, file), 'utf8').replace(/\n\s*(\*|\/\/) ?/g, ' ');
      return topicsOf(text)
        .filter((topic) => !anchors.includes(anchorOf(topic)))
        .map((topic) => ({ place: file, sentence: `paper-notes.md has no topic '${topic}'` }));
    });
}

/** Topics after "paper-notes.md," up to the end of the phrase. */
export function topicsOf(text) {
  return [...text.matchAll(/paper-notes\.md,\s+([^).;:,]+)/g)].map((match) => match[1].replace(/\s+/g, ' ').trim());
}
