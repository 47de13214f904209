/** Long work that a signal stops cleanly: what is finished is kept, and the progress display is gone before the results. */
import { progressDisplay, type ProgressDisplay } from './progress.js';
import type { Terminal } from './terminal.js';

/** From the keyboard, from a scheduler, and from a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a signal that the first SIGINT, SIGTERM or SIGHUP aborts, and a progress display that is stopped
 * whatever happens. None of them ends the process while `work` is at it: whoever sends another reads that `saved` is
 * being saved.
 */
export async function interruptible<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal, progress: ProgressDisplay) => Promise<Result>,
  saved = 'what is finished',
): Promise<Result> {
  const interruption = new AbortController();
  const progress = progressDisplay(terminal);
  if (terminal.caller !== undefined) return await work(terminal.caller.signal, progress);
  const interrupt = (): void => {
    if (!interruption.signal.aborted) return interruption.abort();
    progress.stop();
    terminal.err(`limitlaw: saving ${saved}, please wait\n`);
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(interruption.signal, progress);
  } finally {
    progress.stop();
    for (const signal of signals) process.off(signal, interrupt);
  }
}
