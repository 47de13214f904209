import { exitCodes } from './exitCodes.js';

/**
 * Keeps a failure to write to the terminal or a pipe from ending the program with a stack. A reader that has gone away
 * (`| head -1`, a terminal that was closed) is no failure: the rest of the output is dropped, the work goes on, and its
 * exit code stands. Anything else, a full disk say, is a failure.
 */
export function watchOutput(): { readonly failed: boolean } {
  const state = { failed: false };
  let terminalHasGone = false;
  const watch = (stream: NodeJS.WriteStream, name: string) =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (stream.isTTY === true && error.code === 'EIO') {
        if (!terminalHasGone) process.once('exit', endByHangup);
        terminalHasGone = true;
        return;
      }
      if (error.code === 'EPIPE' || state.failed) return;
      state.failed = true;
      // The last words may fail after the exit code is set.
      process.exitCode = exitCodes.failure;
      if (stream !== process.stderr) process.stderr.write(`limitlaw: ${name} cannot be written: ${error.message}\n`);
    });
  watch(process.stdout, 'the output');
  watch(process.stderr, 'the log');
  return state;
}

/**
 * Node aborts, with a core file, when it cannot give a terminal that has gone its settings back. All else is done by
 * then; so the process ends as one that a closed terminal ends.
 */
function endByHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
