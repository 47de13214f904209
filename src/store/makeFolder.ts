import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it; nothing happens when it is there. One level at a time: the recursive mode of
 * Node's mkdir does not return where a file system answers every new folder with "no such file", as /proc does.
 */
export function makeFolder(path: string): void {
  const full = resolve(path);
  if (existsSync(full) && statSync(full).isDirectory()) return;
  const parent = dirname(full);
  if (parent !== full) makeFolder(parent);
  try {
    mkdirSync(full);
  } catch (error) {
    // Another process may have made it in between.
    if (!(existsSync(full) && statSync(full).isDirectory())) throw error;
  }
}
