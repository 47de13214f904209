// Runs what a document shows, and says where the document differs from what is so today.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchTable } from '../benchTable.mjs';
import { compareText } from './compareText.mjs';
import { commandsOf, parseDocument, unknownBlock } from './parseDocument.mjs';
import { root, runAlone, shellIn } from './runCommand.mjs';
import { runSnippet } from './runSnippet.mjs';

/** Differing lines of one output that are told. */
const LINES_TOLD = 4;

/** Parts that are generated from a file, between `<!-- name -->` and `<!-- /name -->`. */
const generated = {
  speed: () => `\n${benchTable(JSON.parse(readFileSync(join(root, 'bench', 'results.json'), 'utf8')))}\n`,
};

/**
 * `problems` (each with its `line`, and `written` where the text mends it) and `text`, the document with every output, stated value and generated part as they
 * are today. A command that fails keeps what the document shows for it.
 */
export function runDocument(original) {
  const problems = [];
  const { text, blocks } = parseDocument(regenerate(original, problems));
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-document-'));
  const edits = [];
  try {
    for (const block of blocks) {
      const unknown = unknownBlock(block);
      const outcome = unknown === undefined ? runBlock(block, folder) : { problems: [unmended(unknown)] };
      problems.push(...outcome.problems.map((problem) => ({ line: block.line, ...problem })));
      if (outcome.text !== undefined) edits.push({ ...block, text: outcome.text });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const edited = edits.reduceRight(
    (whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end),
    text,
  );
  return { problems, text: edited };
}

function regenerate(text, problems) {
  return text.replace(/(<!-- (\w+) -->\n)([\s\S]*?)(<!-- \/\2 -->)/g, (whole, head, name, body, tail, offset) => {
    const line = text.slice(0, offset).split('\n').length;
    if (generated[name] === undefined) {
      problems.push({ line, ...unmended(`no part '${name}' is generated`) });
      return whole;
    }
    const today = generated[name]();
    problems.push(...drifted(`part '${name}'`, body, today).map((problem) => ({ line, ...problem })));
    return `${head}${today}${tail}`;
  });
}

/** `problems`, and the `text` of the block as it should be where it shows outputs. */
function runBlock(block, folder) {
  const parseOnly = block.comments.some((comment) => comment.startsWith('not run:'));
  for (const comment of block.comments)
    if (comment.startsWith('files of '))
      cpSync(join(root, comment.slice('files of '.length)), folder, { recursive: true });
  const alone = block.comments.find((comment) => comment.startsWith('$ '));
  if (alone !== undefined) return outputBlock(alone.slice(2), block.text);
  if (block.language === 'console') return consoleBlock(block, shellIn(folder, parseOnly));
  if (block.language === 'sh') return { problems: shellBlock(block, shellIn(folder, parseOnly)) };
  if (block.language === 'ts') return snippetBlock(block.text);
  if (block.language === 'python')
    return { problems: pythonBlock(parseOnly ? parsing(block.text) : block.text, folder) };
  if (block.language === 'pycon' && !parseOnly) return { problems: pythonBlock(DOCTEST, folder, block.text) };
  if (block.file !== undefined) writeFileSync(join(folder, block.file), `${block.text}\n`);
  return { problems: [] };
}

function outputBlock(command, shown) {
  const { status, stdout, stderr } = runAlone(command);
  if (status !== 0) return { problems: [failed(command, 0, status, stderr)] };
  return { problems: drifted(`$ ${command}`, shown, stdout), text: stdout.trimEnd() };
}

function consoleBlock(block, shell) {
  const problems = [];
  const parts = commandsOf(block).map(({ source, command, exitCode, shown }) => {
    const { status, stdout, stderr } = shell.run(command);
    if (status !== exitCode) {
      problems.push(failed(command, exitCode, status, stderr));
      return [source, shown];
    }
    problems.push(...drifted(`$ ${command}`, shown, stdout));
    return [source, stdout.trimEnd()];
  });
  shell.close();
  return { problems, text: parts.map((part) => part.filter((text) => text !== '').join('\n')).join('\n\n') };
}

function shellBlock(block, shell) {
  const problems = commandsOf(block).flatMap(({ command, exitCode }) => {
    const { status, stderr } = shell.run(command);
    return status === exitCode ? [] : [failed(command, exitCode, status, stderr)];
  });
  shell.close();
  return problems;
}

function snippetBlock(source) {
  const { values, failure } = runSnippet(source);
  if (failure !== undefined) return { problems: [unmended(failure)] };
  return {
    problems: values.flatMap(({ expression, shown, actual }) => drifted(expression, shown, actual)),
    text: values.reduceRight(
      (whole, { start, end, actual }) => whole.slice(0, start) + actual + whole.slice(end),
      source,
    ),
  };
}

/** Where NumPy is missing, what the program writes must be among the files that the document starts from. */
function pythonBlock(program, folder, input = '') {
  const env = { ...process.env, PYTHONPATH: join(root, 'python'), PYTHONDONTWRITEBYTECODE: '1' };
  const python = (code) => spawnSync('python3', ['-c', code], { cwd: folder, encoding: 'utf8', env, input });
  if (python('import numpy').status !== 0) return [];
  const { status, stderr } = python(program);
  return status === 0 ? [] : [unmended(`python3: ${stderr.trim()}`)];
}

/** Runs the session that it reads, and fails with what is otherwise. */
const DOCTEST = `
import doctest, sys
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "session", None, 0)
flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
if doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=sys.stderr.write).failed:
    sys.exit(1)
`;

/** A program that only parses another. JSON's texts are Python's. */
const parsing = (program) => `compile(${JSON.stringify(program)}, 'block', 'exec')`;

/** One problem where an output has drifted, with its first differing lines. */
function drifted(what, shown, actual) {
  const differences = compareText(shown, actual);
  const more = differences.length > LINES_TOLD ? [`and ${differences.length - LINES_TOLD} more`] : [];
  if (differences.length === 0) return [];
  return [{ sentence: [what, ...differences.slice(0, LINES_TOLD), ...more].join('\n    '), written: true }];
}

function failed(command, expected, status, stderr) {
  const complaint = stderr.trim().split('\n').slice(-3).join(' / ');
  return unmended(`$ ${command}: exit code ${status}, expected ${expected}${complaint === '' ? '' : `: ${complaint}`}`);
}

const unmended = (sentence) => ({ sentence, written: false });
