/** Progress on stderr: a live bar in a terminal, a plain line now and then elsewhere. */
import { SingleBar } from 'cli-progress';
import { visible, type Progress, type Terminal } from './terminal.js';

export interface ProgressDisplay {
  update(progress: Progress): void;
  stop(): void;
}

/** Share of the work between two plain lines. */
const plainStep = 0.1;

export function progressDisplay(terminal: Terminal): ProgressDisplay {
  if (terminal.caller !== undefined) {
    const { caller } = terminal;
    return { update: (progress) => caller.onProgress(progress), stop() {} };
  }
  return terminal.interactive ? liveBar() : plainLines(terminal);
}

function liveBar(): ProgressDisplay {
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {finished}/{total} {unit}  {eta_formatted} left  {label}',
    stream: process.stderr,
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
  });
  let running = false;
  return {
    update({ done, total, begun = 0, label, unit = 'draws' }) {
      const shown = { finished: done, label: visible(label), unit };
      if (running) bar.update(done + begun, shown);
      else bar.start(total, done + begun, shown);
      running = true;
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}

function plainLines(terminal: Terminal): ProgressDisplay {
  let next = plainStep;
  return {
    update({ done, total, begun = 0, label, unit = 'draws' }) {
      const share = (done + begun) / total;
      if (share < next && done < total) return;
      terminal.err(`${Math.round(100 * share)} %  ${done}/${total} ${unit}  ${label}\n`);
      next = Math.floor(share / plainStep + 1) * plainStep;
    },
    stop() {},
  };
}
