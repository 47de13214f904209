/**
 * Null draws of white noise, kept from one run to the next without being asked for: they depend on sizes and seed alone, and
 * are made by the same arithmetic everywhere. One file for each set of draws, under a name of everything that fixes its
 * numbers, so that what is found is what would be drawn. A file that cannot be read or written is as good as none.
 */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import type { NullTable } from '../../../simulations/comparisons/index.js';
import { makeFolder } from '../../store/makeFolder.js';
import { version } from '../../version.js';
import { readNullTables, writeNullTables } from './nullTables.js';

/** To be raised with every change of the draws or of what is computed from them: a test holds their digest against it. */
export const drawsVersion = 1;

/** Some 0.1 MB each; the oldest go first. */
const mostFiles = 64;

/** Tables by `nullTableKey`, read when asked for. */
export class TableCache extends Map<string, NullTable> {
  private readonly seen = new Set<string>();
  private readonly added = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly runtime: string,
  ) {
    super();
  }

  override get(key: string): NullTable | undefined {
    const group = groupOf(key);
    if (!this.seen.has(group)) {
      this.seen.add(group);
      for (const [name, table] of readable(this.pathOf(group))) if (groupOf(name) === group) super.set(name, table);
    }
    return super.get(key);
  }

  override set(key: string, table: NullTable): this {
    this.added.add(groupOf(key));
    return super.set(key, table);
  }

  /** Writes what was added. */
  keep(): void {
    if (this.added.size === 0) return;
    try {
      makeFolder(this.folder);
      for (const group of this.added)
        writeNullTables(this.pathOf(group), new Map([...this].filter(([key]) => groupOf(key) === group)));
      removeOldest(this.folder);
    } catch {
      // No room, no rights: the draws are made again.
    }
    this.added.clear();
  }

  private pathOf(group: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify([version, drawsVersion, this.runtime, group]))
      .digest('hex');
    return join(this.folder, `${name.slice(0, 40)}.json`);
  }
}

/** Statistics of the same draws: a key without the first of its parts, the name of the statistic. */
function groupOf(key: string): string {
  return JSON.stringify((JSON.parse(key) as unknown[]).slice(1));
}

function readable(path: string): ReadonlyMap<string, NullTable> {
  try {
    return readNullTables(path);
  } catch (error) {
    if (error instanceof UsageError) return new Map();
    throw error;
  }
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { path, at: statSync(path).mtimeMs };
  });
  files.sort((a, b) => b.at - a.at);
  for (const { path } of files.slice(mostFiles)) rmSync(path, { force: true });
}
