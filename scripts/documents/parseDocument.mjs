// A Markdown document as the parts that can be checked. The grammar is marked's.
//
// Fenced blocks, by their language:
//   console  commands after `$ `, each followed by the output (stdout) that it must have
//   sh       commands that must succeed, whatever they write
//   ts       a program that uses the package; `// → value` behind a statement is its value
//   python   a program, run where python3 has NumPy
//   pycon    a session of Python, statements after `>>> ` with what they print (`...` stands for anything), run there too
//   NAME FILE (a second word)  a file of that name, for the commands that follow
//   bibtex, text, math (a formula in LaTeX), or none: nothing to run
// `# exit code 1` behind a command is the exit code that it must have, otherwise 0. All commands of a document run one
// after the other in one folder, empty at first. Before a block may stand, as a comment:
//   <!-- $ command -->      the block is the output of the command, which runs by itself in an empty folder
//   <!-- files of FOLDER -->  copies of the files of that folder are there from here on
//   <!-- not run: why -->   the block's commands, or its program, are only parsed
import { lexer, walkTokens } from 'marked';

/** Languages of blocks in which nothing is run. */
const SILENT = new Set(['', 'text', 'math', 'bibtex', 'yaml', 'json']);
const RUNNABLE = new Set(['console', 'sh', 'ts', 'python', 'pycon']);

/**
 * `tokens`, as marked's lexer gives them, with the `line` at which each begins, and `blocks`: the fenced blocks in order, each with its `line`, offsets
 * `start` and `end` of its text in the document, and the comments before it.
 */
export function parseDocument(text) {
  const tokens = lexer(text);
  if (tokens.map(({ raw }) => raw).join('') !== text)
    throw new Error('a document must have Unix line ends and no tabs: its parts do not add up to it');
  const blocks = [];
  let comments = [];
  let offset = 0;
  for (const token of tokens) {
    token.line = lineAt(text, offset);
    if (token.type === 'html')
      comments.push(...[...token.raw.matchAll(/<!--\s*([\s\S]*?)\s*-->/g)].map((match) => match[1]));
    else if (token.type === 'code') {
      blocks.push({ ...blockOf(token, offset), comments });
      comments = [];
    } else if (token.type !== 'space') comments = [];
    offset += token.raw.length;
  }
  return { text, tokens, blocks };
}

function blockOf(token, offset) {
  const [language = '', file] = (token.lang ?? '').split(/\s+/);
  const start = offset + token.raw.indexOf('\n') + 1;
  return { line: token.line, language, file, text: token.text, start, end: start + token.text.length };
}

/** All tokens below a token, itself first. */
export function tokensBelow(token) {
  const found = [];
  walkTokens([token], (below) => void found.push(below));
  return found;
}

/** A sentence where a block is of no kind that is checked, so that nothing is left out unseen. */
export function unknownBlock({ language, file, text }) {
  if (file === undefined && !SILENT.has(language) && !RUNNABLE.has(language))
    return `a block of language '${language}' is not checked: use one of ${[...RUNNABLE, ...SILENT].filter(Boolean).join(', ')}`;
  if (SILENT.has(language) && file === undefined && /^(\$ |limitlaw |npm |node )/m.test(text))
    return 'a block with commands must be of language console or sh';
  return undefined;
}

/**
 * Commands of a block with what is shown below each: in a console block they follow `$ `, elsewhere each line is one; a
 * backslash at the end of a line goes on in the next.
 */
export function commandsOf({ language, text }) {
  const commands = [];
  let open = false;
  for (const line of text.split('\n')) {
    const isCommand = language !== 'console' || line.startsWith('$ ');
    if (open) commands.at(-1).source += `\n${line}`;
    else if (isCommand && line.trim() !== '') commands.push({ source: line, shown: [] });
    else commands.at(-1)?.shown.push(line);
    open = (open || isCommand) && line.endsWith('\\');
  }
  return commands.map(({ source, shown }) => ({
    source,
    command: language === 'console' ? source.slice(2) : source,
    exitCode: Number(/# exit code (\d+)\s*$/.exec(source)?.[1] ?? 0),
    shown: shown.join('\n').trimEnd(),
  }));
}

function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}
