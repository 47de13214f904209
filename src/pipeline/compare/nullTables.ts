/**
 * Null draws kept from one comparison to the next: a file of tables, each with the settings that made it and a checksum,
 * all by one version of the program. A comparison that needs a table with equal settings takes it from the file; others
 * are added, and none is ever replaced.
 */
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import {
  nullTable,
  nullTableKey,
  type NullTable,
  type NullTableSettings,
} from '../../../simulations/comparisons/index.js';
import { version } from '../../version.js';

const kind = 'limitlaw null tables';

/**
 * By `nullTableKey`; empty when there is no such file. Throws UsageError for a file that is not one of null tables, is of
 * another version (whose draws may differ), or was changed.
 */
export function readNullTables(path: string): Map<string, NullTable> {
  if (!existsSync(path)) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(
      `--null-table ${path}: it must be a file that an earlier comparison wrote, but it cannot be read as JSON (${(error as Error).message}). Name another file.`,
    );
  }
  const {
    kind: found,
    version: maker,
    tables,
  } = (content ?? {}) as { kind?: unknown; version?: unknown; tables?: unknown };
  if (found !== kind || !Array.isArray(tables)) {
    throw new UsageError(
      `--null-table ${path}: it must be a file that an earlier comparison wrote, but it holds something else, and nothing is overwritten. Name another file.`,
    );
  }
  if (maker !== version) {
    throw new UsageError(
      `--null-table ${path}: its draws are of ${typeof maker === 'string' ? `version ${maker}` : 'a version that is not named'}, and another version may draw differently from ${version}. Name another file.`,
    );
  }
  return new Map(
    tables.map((entry: unknown, number) => {
      const table = checkedTable(entry);
      if (table === undefined)
        throw new UsageError(
          `--null-table ${path}: table ${number} is damaged or was changed (its numbers and settings must be those that were written). Name another file.`,
        );
      return [nullTableKey(table.settings), table];
    }),
  );
}

/** Found out before the draws are made, which take long. Throws UsageError when the place cannot be written. */
export function requireWritableTable(path: string): void {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Writes all tables; a reader never sees half a file. Throws UsageError when the place cannot be written. */
export function writeNullTables(path: string, tables: ReadonlyMap<string, NullTable>): void {
  // Of its own: another process may write the same tables now.
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    const sealed = [...tables.values()].map((table) => ({ ...table, checksum: checksumOf(table) }));
    writeFileSync(partial, `${JSON.stringify({ kind, version, tables: sealed })}\n`);
    renameSync(partial, path);
  } catch (error) {
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): UsageError {
  return new UsageError(
    `--null-table must name a file that can be written, but '${path}' cannot (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name another place.`,
  );
}

const textFields = ['statistic', 'weights', 'seed', 'stream'] as const;
const countFields = ['dimension', 'samples', 'replicates'] as const;

/** Of the settings and every digit of the values. */
function checksumOf({ settings, values }: { readonly settings: object; readonly values: ArrayLike<number> }): string {
  const fields = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([fields, Array.from(values)]))
    .digest('hex')
    .slice(0, 32);
}

function checkedTable(entry: unknown): NullTable | undefined {
  const { settings, values, checksum } = (entry ?? {}) as {
    settings?: Partial<NullTableSettings> | null;
    values?: unknown;
    checksum?: unknown;
  };
  if (settings === undefined || settings === null || !Array.isArray(values)) return undefined;
  const sound =
    textFields.every((field) => typeof settings[field] === 'string') &&
    countFields.every((field) => Number.isSafeInteger(settings[field])) &&
    values.length === settings.replicates &&
    values.every((value) => typeof value === 'number' && Number.isFinite(value)) &&
    checksum === checksumOf({ settings, values: values as number[] });
  return sound ? nullTable(settings as NullTableSettings, values as number[]) : undefined;
}
