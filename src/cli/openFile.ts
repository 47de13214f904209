/** Shows a file in the program that the desktop has for it. */
import { spawn } from 'node:child_process';

interface Opener {
  readonly command: string;
  readonly words: readonly string[];
}

/**
 * The program that opens a file. Undefined on a machine without a display, where `xdg-open` would take over the
 * terminal with a browser of text.
 */
export function openerOf(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): Opener | undefined {
  if (platform === 'darwin') return { command: 'open', words: [] };
  // The first word after start in quotes is the title of a window.
  if (platform === 'win32') return { command: 'cmd', words: ['/c', 'start', ''] };
  const display = environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '';
  return display === '' ? undefined : { command: 'xdg-open', words: [] };
}

/** Whether the file was handed to a program. Does not wait for that program to end. */
export async function openFile(path: string, opener: Opener | undefined): Promise<boolean> {
  if (opener === undefined) return false;
  const program = spawn(opener.command, [...opener.words, path], { detached: true, stdio: 'ignore' });
  return await new Promise((resolve) => {
    program.once('error', () => resolve(false));
    program.once('spawn', () => {
      program.unref();
      resolve(true);
    });
  });
}
