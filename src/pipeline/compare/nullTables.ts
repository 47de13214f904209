/**
 * Null draws kept from one comparison to the next: a file of tables, each with the settings that made it. A comparison
 * that needs a table with equal settings takes it from the file; others are added, and none is ever replaced.
 */
import { accessSync, constants, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import {
  nullTable,
  nullTableKey,
  type NullTable,
  type NullTableSettings,
} from '../../../simulations/comparisons/index.js';

const kind = 'limitlaw null tables';

/** By `nullTableKey`; empty when there is no such file. Throws UsageError for a file that is not one of null tables. */
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
  const { kind: found, tables } = (content ?? {}) as { kind?: unknown; tables?: unknown };
  if (found !== kind || !Array.isArray(tables)) {
    throw new UsageError(
      `--null-table ${path}: it must be a file that an earlier comparison wrote, but it holds something else, and nothing is overwritten. Name another file.`,
    );
  }
  return new Map(
    tables.map((entry: unknown, number) => {
      const table = checkedTable(entry);
      if (table === undefined)
        throw new UsageError(
          `--null-table ${path}: table ${number} is damaged (its values must be finite numbers, as many as its replicates). Name another file.`,
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
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, `${JSON.stringify({ kind, tables: [...tables.values()] })}\n`);
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

function checkedTable(entry: unknown): NullTable | undefined {
  const { settings, values } = (entry ?? {}) as { settings?: Partial<NullTableSettings> | null; values?: unknown };
  if (settings === undefined || settings === null || !Array.isArray(values)) return undefined;
  const sound =
    textFields.every((field) => typeof settings[field] === 'string') &&
    countFields.every((field) => Number.isSafeInteger(settings[field])) &&
    values.length === settings.replicates &&
    values.every((value) => typeof value === 'number' && Number.isFinite(value));
  return sound ? nullTable(settings as NullTableSettings, values as number[]) : undefined;
}
