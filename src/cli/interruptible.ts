/** Long work that a signal stops cleanly: what is finished is kept, and the progress display is gone before the results. */
import { progressDisplay, type ProgressDisplay } from './progress.js';
import type { Terminal } from './terminal.js';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Runs `work` with a signal that SIGINT and SIGTERM abort, and a progress display that is stopped whatever happens. */
export async function interruptible<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal, progress: ProgressDisplay) => Promise<Result>,
): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  const progress = progressDisplay(terminal);
  for (const signal of signals) process.once(signal, interrupt);
  try {
    return await work(interruption.signal, progress);
  } finally {
    progress.stop();
    for (const signal of signals) process.off(signal, interrupt);
  }
}
