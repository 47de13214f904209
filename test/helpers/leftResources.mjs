// What keeps this process from ending: child processes, worker threads, servers, sockets, timers. Standard streams are
// left out, since a process opens its own when it first writes.
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';

const ownStreams = new Set(['PipeWrap', 'TTYWrap']);

// Node does not list worker threads among the active resources, but announces each.
const threads = new Set();
subscribe('worker_threads', ({ worker }) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

/** How many there are of each kind. */
export function activeResources() {
  const counts = new Map();
  const kinds = process.getActiveResourcesInfo().filter((kind) => !ownStreams.has(kind));
  for (const kind of [...kinds, ...Array.from(threads, () => 'Worker')]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Kinds of which there are still more than in `before`, as words, after up to `patience` milliseconds: a process that has
 * just been told to end is no leak.
 */
export async function leftSince(before, patience) {
  const end = performance.now() + patience;
  for (;;) {
    const left = [...activeResources()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    });
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(20);
  }
}
