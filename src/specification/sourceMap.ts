/** A YAML or JSON text as plain data, with the line of every value. */
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { UsageError } from '../../theory/errors.js';

/** Characters. A specification is a page; this bounds the time and memory any text can cost. */
const maximumLength = 100_000;
const maximumNesting = 30;

export interface SourceMap {
  readonly value: unknown;
  /** Line, from 1, of the value at a path; of the nearest enclosing value when there is none. */
  lineOf(path: readonly (string | number)[]): number;
}

/**
 * Parses a text as YAML, of which JSON is a part.
 * @throws UsageError with the line of the first syntax error; also for texts too long, nested too deeply, or with
 * aliases.
 */
export function parseWithLines(text: string, source: string): SourceMap {
  if (text.length > maximumLength)
    throw new UsageError(
      `${source}: ${text.length} characters is too long, at most ${maximumLength} are read. Put data in files of its own.`,
    );
  refuseDeepNesting(text, source);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      // A second document is an error only when errors are logged, which parseDocument leaves to its caller.
      logLevel: 'error',
      prettyErrors: false,
      // The parser compares every key with every other.
      uniqueKeys: false,
    });
    const problem = document.errors[0] ?? repeatedKey(document);
    if (problem !== undefined)
      throw new UsageError(
        `${source}, line ${lines.linePos(problem.pos[0]).line}: ${complaint(problem)}. Mend the YAML (or JSON) there.`,
      );
    keepLargeIntegers(document);
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Aliases (which can grow without bound, or contain themselves), tags that cannot be resolved, or recursion beyond
    // the stack.
    throw new UsageError(
      `${source}: it cannot be read (${firstLine(error instanceof Error ? error.message : String(error))}). Write plain YAML or JSON without anchors and tags.`,
    );
  }
}

interface Problem {
  readonly message: string;
  readonly pos: readonly [number, number];
  readonly code?: string;
}

/** The first key that stands twice in one mapping. */
function repeatedKey(document: Document): Problem | undefined {
  let problem: Problem | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          problem = {
            message: `the key ${JSON.stringify(String(key.value).slice(0, 40))} stands twice`,
            pos: [key.range![0], key.range![1]],
          };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return problem;
}

/** Whole numbers that a double would round become their text: a seed keeps every digit. */
function keepLargeIntegers(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (
        Number.isInteger(node.value) &&
        !Number.isSafeInteger(node.value) &&
        /^[-+]?(\d+|0[xo][\da-f]+)$/i.test(node.source ?? '')
      )
        node.value = node.source;
    },
  });
}

const complaint = ({ code, message }: Problem): string =>
  code === 'MULTIPLE_DOCS' ? 'a second document begins here, and one file holds one specification' : firstLine(message);

/** Brackets on one line of flow, or steps of indentation, beyond any real specification. */
function refuseDeepNesting(text: string, source: string): void {
  let brackets = 0;
  let line = 1;
  for (const character of text) {
    if (character === '\n') line++;
    else if (character === '[' || character === '{') brackets++;
    else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
    if (brackets > maximumNesting)
      throw new UsageError(
        `${source}, line ${line}: more than ${maximumNesting} brackets are open. A specification is at most three levels deep.`,
      );
  }
  const lines = text.split('\n');
  for (let k = 0; k < lines.length; k++) {
    // "- - - -" and "? ? ?" nest on one line too.
    if ((lines[k]!.match(/(?:^|\s)[-?:](?=\s)/g)?.length ?? 0) > maximumNesting || /^\s{400}\s*\S/.test(lines[k]!)) {
      throw new UsageError(
        `${source}, line ${k + 1}: the nesting is too deep. A specification is at most three levels deep.`,
      );
    }
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (pair === undefined) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isNode(node) && 'items' in node && typeof step === 'number') {
      node = (node.items as unknown[])[step];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
    } else {
      break;
    }
  }
  return lines.linePos(offset).line;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/[.:]$/, '').slice(0, 200);
}
