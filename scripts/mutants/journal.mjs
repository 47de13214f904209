// Finished runs, one JSON object a line, so that a run that was ended goes on where it stopped.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `get(question)` and `add(question, result)`; a question is any JSON that holds all that its result depends on. */
export function openJournal(path) {
  const known = new Map();
  if (existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      try {
        const { key, result } = JSON.parse(line);
        known.set(key, result);
      } catch {
        // The last line of a run that was ended in the middle of writing it, or the empty one after the last.
      }
    }
  }
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
