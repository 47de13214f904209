import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/** The built command line. */
export const binary = fileURLToPath(new URL('../../../dist/src/cli/limitlaw.js', import.meta.url));

/** The command line as a user of this folder runs it. */
export function commandLineIn(folder: string) {
  const limitlaw = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const expectUsageError = (words: string[], message: RegExp) => requireUsageError(limitlaw(...words), message);
  return { limitlaw, expectUsageError };
}

/** The same in this process, for words whose refusal does not depend on a folder: a start less for each. */
export async function expectRefusal(words: string[], message: RegExp): Promise<void> {
  let [stdout, stderr] = ['', ''];
  const terminal = {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
    columns: 80,
    interactive: false,
  };
  const { run } = await import('../../../src/cli/program.js');
  const status = await run(words, terminal);
  requireUsageError({ status, stdout, stderr }, message);
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A usage error: exit 2, one sentence of less than 300 characters on stderr, no stack, nothing on stdout. */
function requireUsageError({ status, stdout, stderr }: Outcome, message: RegExp): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr.length).toBeLessThanOrEqual(300);
  // Control characters of a user's text are shown, not sent.
  expect(stderr.slice(0, -1)).not.toMatch(/\p{Cc}/u);
}
