import { UsageError } from '../../../theory/errors.js';

/** Everything that fixes the null values: two tables with equal settings hold equal numbers. */
export interface NullTableSettings {
  readonly statistic: string;
  readonly dimension: number;
  readonly samples: number;
  /** What the weights are: a digest of the N drawn weights, or a name such as "ones" for the white matrix. */
  readonly weights: string;
  readonly seed: string;
  readonly stream: string;
  readonly replicates: number;
}

/** Null values as plain data, fit for JSON; reading and writing is the caller's. */
export interface NullTable {
  readonly kind: 'null-table';
  readonly settings: NullTableSettings;
  /** In the order of the replicates: tables of several statistics of the same draws belong together row by row. */
  readonly values: readonly number[];
}

export function nullTable(settings: NullTableSettings, values: ArrayLike<number>): NullTable {
  if (values.length !== settings.replicates) {
    throw new UsageError(
      `nullTable: values must be as many as settings.replicates (${settings.replicates}), got ${values.length}`,
    );
  }
  return { kind: 'null-table', settings, values: Array.from(values) };
}

/** The name under which a table is cached: its settings in a fixed order. */
export function nullTableKey({
  statistic,
  dimension,
  samples,
  weights,
  seed,
  stream,
  replicates,
}: NullTableSettings): string {
  return JSON.stringify([statistic, dimension, samples, weights, seed, stream, replicates]);
}

/** 64-bit FNV-1a over the bytes of the weights, in hexadecimal: which weights a table belongs to. */
export function weightsDigest(weights: Float64Array): string {
  const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** The table found in a cache under its key, if it is what it says; else undefined. */
export function findNullTable(
  tables: ReadonlyMap<string, NullTable>,
  settings: NullTableSettings,
): NullTable | undefined {
  const table = tables.get(nullTableKey(settings));
  return table && nullTableKey(table.settings) === nullTableKey(settings) && table.values.length === settings.replicates
    ? table
    : undefined;
}

/**
 * Values of statistics of the same draws, a list for each of the settings: from tables made before where all are there, else
 * of `draw`, and added to the tables.
 * @param tables by `nullTableKey`
 */
export function tabulated(
  settings: readonly NullTableSettings[],
  tables: Map<string, NullTable> | undefined,
  draw: () => readonly (readonly number[])[],
): { readonly values: readonly (readonly number[])[]; readonly fromTable: boolean } {
  const known = settings.map((own) => tables && findNullTable(tables, own)?.values);
  if (known.every((values) => values !== undefined)) return { values: known, fromTable: true };
  const values = draw();
  settings.forEach((own, k) => tables?.set(nullTableKey(own), nullTable(own, values[k]!)));
  return { values, fromTable: false };
}
