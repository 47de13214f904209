import { expect, test } from '@jest/globals';
import { taskNotes, type TaskNote } from '../../../src/draws/taskNotes.js';

test('progress is told at most five times a second, states are kept every ten seconds and whenever they are due', () => {
  let now = 0;
  const sent: TaskNote[] = [];
  const notes = taskNotes(
    (note) => void sent.push(note),
    () => now,
  );
  for (now = 0; now < 25_000; now += 100) {
    notes.progress(now / 25_000, () => 'on');
    notes.keep(() => now);
  }
  notes.keep(() => 'due', true);
  const states = sent.flatMap((note) => ('state' in note ? [note.state] : []));
  expect(states).toEqual([10_000, 20_000, 'due']);
  expect(sent.length - states.length).toBe(125);
});

test('without a clock, what is due is kept and nothing else', () => {
  const sent: TaskNote[] = [];
  const notes = taskNotes((note) => void sent.push(note));
  for (let k = 0; k < 10; k++) notes.keep(() => k, k === 4);
  expect(sent).toEqual([{ state: 4 }]);
});
