// Holds the documents to the program: `node scripts/documents.mjs [--write] [FILE …]` runs what README.md, docs/ and doc
// comments show and compares, follows what they refer to, and says where they are wrong (exit code 1); with --write it
// puts the outputs of today into the documents first. `npm run documents` builds and writes. What a document may hold is
// said in scripts/documents/parseDocument.mjs, when two outputs are equal in compareText.mjs.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, optionsOf } from '../dist/src/cli/command.js';
import { staleCaptions } from './documents/captions.mjs';
import { docComments } from './documents/docComments.mjs';
import { missingFacts } from './documents/facts.mjs';
import { commands, refusal } from './documents/parseLimitlaw.mjs';
import { staleCommands, staleReferences, staleTopics, treeAt } from './documents/references.mjs';
import { root } from './documents/runCommand.mjs';
import { runDocument } from './documents/runDocument.mjs';
import { importDrawing } from './importDrawing.mjs';

/** Documents whose captions tell of the gallery's runs. */
const quotingTheGallery = ['README.md', join('docs', 'verdicts.md'), join('docs', 'paper.md')];
const COMMANDS = join('docs', 'commands.md');
const write = process.argv.includes('--write');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const docs = readdirSync(join(root, 'docs'), { recursive: true })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));
const documents = [
  'README.md',
  ...docs,
  'paper-notes.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  join('figures', 'gallery', 'README.md'),
];
const read = (path) => readFileSync(join(root, path), 'utf8');

const tree = treeAt();
const options = Object.fromEntries(
  commands.map((command) => [nameOf(command), [...Object.keys(optionsOf(command)), 'help', 'version']]),
);

const chosen = named.length > 0 ? named : documents.filter((path) => existsSync(join(root, path)));
const problems = [
  ...chosen.flatMap((path) => checkDocument(path).map((problem) => ({ place: `${path}:${problem.line}`, ...problem }))),
  ...(named.length === 0 ? [...(await checkSources()), ...(await checkDrawing())] : []),
];
for (const { place, sentence, written } of problems)
  console.error(`${place}: ${sentence}${write && written ? '\n    (written)' : ''}`);
const left = problems.filter(({ written }) => !(write && written));
if (left.length > 0) console.error('\n`npm run documents` writes the outputs of today; the rest is for a person.');
process.exitCode = left.length > 0 ? 1 : 0;

function checkDocument(path) {
  const before = read(path);
  const { problems: drifts, text } = runDocument(before);
  if (write && text !== before) writeFileSync(join(root, path), text);
  return [
    ...drifts,
    ...staleReferences(path, text, tree),
    ...staleCommands(text, options),
    ...(quotingTheGallery.includes(path) ? staleCaptions(text, read(join('figures', 'gallery', 'README.md'))) : []),
    ...(path === COMMANDS ? checkManual(text) : []),
  ];
}

/** What the page of the commands, with those beside it, must hold: numbers of the program, every command. */
function checkManual(text) {
  const manual = [text, read('README.md'), read(join('docs', 'verdicts.md'))].join('\n');
  const missing = Object.keys(options).filter((name) => !text.includes(`\`limitlaw ${name}\``));
  return [
    ...missingFacts(manual).map((sentence) => ({ line: 1, sentence: `does not say today's '${sentence}'` })),
    ...missing.map((name) => ({ line: 1, sentence: `the command '${name}' is not described` })),
  ];
}

/** The drawing of the imports in docs/architecture.md. */
async function checkDrawing() {
  const path = join('docs', 'imports.svg');
  const today = await importDrawing(root);
  if (read(path) === today) return [];
  if (write) writeFileSync(join(root, path), today);
  return [{ place: path, sentence: 'draws other imports than those of today', written: true }];
}

/** As a shell splits a line: blanks within double quotes are of their word. */
function wordsIn(line) {
  return line.match(/(?:"[^"]*"|\S)+/g).map((word) => word.replaceAll('"', ''));
}

/** Examples and topics in doc comments, and the examples that `--help` prints. */
async function checkSources() {
  const examples = commands.flatMap(({ examples: own }) => own.map(([line]) => line));
  const refusals = await Promise.all(examples.map((line) => refusal(wordsIn(line.replace(/ > .*$/, '')))));
  const refused = examples.flatMap((line, k) => (refusals[k] === undefined ? [] : [`${line}: ${refusals[k]}`]));
  return [
    ...refused.map((sentence) => ({ place: '--help', sentence })),
    ...docComments(tree).flatMap(({ file, line, text }) =>
      runDocument(text).problems.map(({ sentence }) => ({ place: `${file}:${line}`, sentence })),
    ),
    ...staleTopics(tree, read('paper-notes.md')),
  ];
}
