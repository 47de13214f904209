// Finished runs, one JSON object a line, so that a run that was ended goes on where it stopped.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `get(question)` and `add(question, result)`; a question is any JSON that holds all that its result depends on. */
export function openJournal(path) {
  const known = new Map(readRecords(path).map(({ key, result }) => [key, result]));
  mkdirSync(dirname(path), { recursive: true });
  const keyOf = (question) => createHash('sha256').update(JSON.stringify(question)).digest('hex');
  return {
    get: (question) => known.get(keyOf(question)),
    add(question, result) {
      const key = keyOf(question);
      known.set(key, result);
      appendFileSync(path, `${JSON.stringify({ key, id: question.id, half: question.half, result })}\n`);
    },
  };
}

/** The records of a file, one JSON object a line; none where there is no file. */
export function readRecords(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        // The last line of a run that was ended in the middle of writing it, or the empty one after the last.
        return [];
      }
    });
}
