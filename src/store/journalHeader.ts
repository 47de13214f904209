import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../../theory/errors.js';
import { encodeResult } from './encodedResult.js';
import type { Shard } from './runFiles.js';

/** What the results in a journal depend on. Two journals may be joined, or one gone on with, when theirs are the same. */
export interface JournalHeader {
  /** `check`, `sweep`, … */
  readonly kind: string;
  /** Of this program. */
  readonly version: string;
  readonly seed: string;
  /** Digest of the settings: see `digestOf`. */
  readonly settings: string;
  /** What was asked for, as plain data, so that the run can be gone on with and judged from its folder alone. */
  readonly request: object;
  readonly backend: string;
  /** Digest of the compiled kernels, or what stands for them where the backend is a library of the system. */
  readonly kernels: string;
  /** Of Node, in full; the first number is compared. */
  readonly node: string;
  /** SHA-256 of each input file, by the name that the user gave. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of the whole run, all shards together; an index is below it. */
  readonly tasks: number;
  /** Which part this is; null for a whole run. */
  readonly shard: Shard | null;
}

/** What the last digits of numbers may depend on: journals that differ in nothing else can be joined on request. */
const machineFields = ['backend', 'kernels', 'node'] as const;

/** Fields whose values tell a person nothing. */
const digests = ['settings', 'inputs', 'kernels'];

const compared: {
  readonly [Field in keyof Omit<JournalHeader, 'shard' | 'request'>]: (header: JournalHeader) => unknown;
} = {
  kind: ({ kind }) => kind,
  version: ({ version }) => version,
  seed: ({ seed }) => seed,
  settings: ({ settings }) => settings,
  backend: ({ backend }) => backend,
  kernels: ({ kernels }) => kernels,
  node: ({ node }) => Number.parseInt(node, 10),
  // Contents, not names: a file may have been moved.
  inputs: ({ inputs }) => Object.values(inputs).sort().join(' '),
  tasks: ({ tasks }) => tasks,
};

/** Fields in which two headers differ; with `mixed` those aside that change no more than the last digits. */
export function differingFields(one: JournalHeader, other: JournalHeader, { mixed = false } = {}): string[] {
  return Object.entries(compared)
    .filter(([field]) => !(mixed && (machineFields as readonly string[]).includes(field)))
    .filter(([, valueOf]) => valueOf(one) !== valueOf(other))
    .map(([field]) => field);
}

/** Throws UsageError, naming each difference, when a journal is of another run than this one. */
export function requireSameRun(path: string, stored: JournalHeader, own: JournalHeader): void {
  const fields = differingFields(stored, own);
  if (fields.length === 0) return;
  const differences = fields.map((field) =>
    digests.includes(field)
      ? `other ${field}`
      : `${field} ${String(stored[field as keyof JournalHeader])} instead of ${String(own[field as keyof JournalHeader])}`,
  );
  throw new UsageError(
    `'${path}' must be of the same run to go on with it, but it has ${differences.join(', ')}: give the same command, or another folder`,
  );
}

const digestLength = 32;

/** Digest of plain data: settings that differ in one bit have another. */
export function digestOf(value: unknown): string {
  const { text, bytes } = encodeResult(value);
  return createHash('sha256').update(text).update(bytes).digest('hex').slice(0, digestLength);
}

/** Bytes of a file that are in memory at a time. */
const chunkBytes = 2 ** 20;

/** SHA-256 of a file's content, whatever its size. */
export function digestOfFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(chunkBytes);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(file, chunk);
      if (count === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}
