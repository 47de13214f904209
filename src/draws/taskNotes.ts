/** What a task that takes long says before it is finished. */
export interface TaskNotes {
  /** Where it stands, for the terminal: the share of it that is done, and in words. Now and then is enough. */
  progress(share: number, text: () => string): void;
  /** Keeps what it needs to go on after a stop: at most every ten seconds, unless it is `due` now. */
  keep(state: () => unknown, due?: boolean): void;
}

export type TaskNote = { readonly share: number; readonly text: string } | { readonly state: unknown };

/** Milliseconds between two notes of a kind. */
const progressInterval = 200;
const keepInterval = 10_000;

/**
 * Notes that go through `send`.
 * @param clock in milliseconds; without one, what is due is kept and no more
 */
export function taskNotes(send: (note: TaskNote) => void, clock: () => number = () => 0): TaskNotes {
  let told = -Infinity;
  let kept = clock();
  return {
    progress(share, text) {
      if (clock() - told < progressInterval) return;
      told = clock();
      send({ share, text: text() });
    },
    keep(state, due = false) {
      if (!due && clock() - kept < keepInterval) return;
      kept = clock();
      send({ state: state() });
    },
  };
}
