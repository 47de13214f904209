import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './runCommand.mjs';

/** The package as its user sees it: types and modules from the exports of package.json, strictly checked. */
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};

/** A statement's value where `// → value` follows it: line from 0, offsets of the text shown, the expression. */
function statedValues(source) {
  const file = ts.createSourceFile('snippet.ts', source, ts.ScriptTarget.ES2022, true);
  return file.statements.flatMap((statement) => {
    const [comment] = ts.getTrailingCommentRanges(source, statement.end) ?? [];
    const arrow = comment === undefined ? -1 : source.slice(comment.pos, comment.end).indexOf('// → ');
    if (arrow !== 0) return [];
    const expression = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.at(-1).name.getText(file)
      : source.slice(statement.getStart(file), statement.end).replace(/;$/, '');
    const [start, end] = [comment.pos + '// → '.length, comment.end];
    return [{ start, end, after: statement.end, expression, shown: source.slice(start, end) }];
  });
}

/**
 * Type-checks and runs a program that imports this package. `values` are those that it states (offsets, `shown`) with
 * what they are today (`actual`), `failure` what the compiler or the program complains of.
 */
export function runSnippet(source) {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-snippet-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'limitlaw'), 'dir');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const path = join(folder, 'snippet.ts');
    writeFileSync(path, source);
    const complaints = ts.getPreEmitDiagnostics(ts.createProgram([path], options));
    if (complaints.length > 0)
      return {
        values: [],
        failure: complaints.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')).join('; '),
      };
    const stated = statedValues(source);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
      cwd: folder,
      input: watched(source, stated),
      encoding: 'utf8',
    });
    if (status !== 0) return { values: [], failure: stderr.trim() };
    const actual = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    return { values: stated.map((value, k) => ({ ...value, actual: actual[k] })), failure: undefined };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The program as JavaScript that writes the stated values as its last line. */
function watched(source, stated) {
  let text = source;
  for (const { after, expression } of [...stated].reverse())
    text = `${text.slice(0, after)};shown.push(showValue(${expression}));${text.slice(after)}`;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const show = new URL('./showValue.mjs', import.meta.url).href;
  return `import { showValue } from '${show}';\nconst shown = [];\n${outputText}\nconsole.log(JSON.stringify(shown));\n`;
}
