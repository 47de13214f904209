/** Any supported file by its name: .npy, .npz (optionally `file.npz:member`), .csv/.txt/.tsv, .mtx, IDX (also .gz). */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { cifarFormats, cifarOfSize } from './cifar.js';
import { readCsv } from './csv.js';
import { gunzipIfNeeded } from './gunzip.js';
import { readIdx } from './idx.js';
import { readMatrixMarket } from './matrixMarket.js';
import type { NumericArray } from './numericArray.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { maximumUnpackedText } from './textLines.js';

// readFileSync holds the file whole; Node cannot hold more than this in one buffer.
const maximumFileBytes = 2 ** 32 - 1;
const textEnding = /\.(csv|tsv|txt|dat|mtx|mm)$/;

/** The bytes of a file, or a UsageError that names it. */
export function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > maximumFileBytes)
      throw new UsageError(
        `${path}: a file must be smaller than 4 GiB, it has ${size} bytes. Give the eigenvalues instead of the matrix.`,
      );
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: ${reasonOf(error)}. Check the path.`);
  }
}

/** Why a file cannot be read, from what the system says. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT'
    ? 'there is no such file'
    : code === 'EISDIR'
      ? 'it is a directory, a file is needed'
      : code === 'EACCES'
        ? 'it may not be read'
        : String((error as Error).message);
}

/**
 * Reads an array. The format is chosen by the ending of the name (.gz is unpacked first).
 * @throws UsageError naming the file, the place and the rule.
 */
export function readArrayFile(path: string, options: { readonly maximumRows?: number } = {}): NumericArray {
  const { file, member } = splitMember(path);
  const source = basename(file);
  const plain = file.toLowerCase().replace(/\.gz$/, '');
  if (plain.endsWith('.npz')) return readNpz(readBytes(file), member, source);
  const isText = textEnding.test(plain);
  const bytes = gunzipIfNeeded(readBytes(file), source, isText ? maximumUnpackedText : undefined);
  if (plain.endsWith('.npy')) return readNpy(bytes, source);
  if (/\.(mtx|mm)$/.test(plain)) return readMatrixMarket(bytes, source);
  if (/[.-]idx\d-[a-z]+$/.test(plain) || plain.endsWith('.idx')) return readIdx(bytes, source, options);
  if (isText) return readCsv(bytes, source, options);
  throw unknownFormat(file, bytes.length);
}

/** A CIFAR file has no ending of its own, but a length that few others have. */
function unknownFormat(file: string, length: number): UsageError {
  const cifar = cifarOfSize(length);
  if (cifar !== undefined)
    return new UsageError(
      `${file}: it has the size of ${cifar.records} CIFAR-${cifarFormats[cifar.format]} images, and such a file is read where its format is named. Write in the specification: inputs: {distribution: data, file: ${basename(file)}, format: ${cifar.format}}.`,
    );
  return new UsageError(
    `${file}: the format is chosen by the ending of the name: .npy, .npz, .csv, .tsv, .txt, .mtx, or an IDX name such as t10k-images-idx3-ubyte, each also with .gz; CIFAR files (data_batch_1.bin, train.bin) are read as inputs of a specification with format: cifar10 or cifar100. Rename or convert the file.`,
  );
}

export function splitMember(path: string): { file: string; member: string | undefined } {
  const match = /^(.*\.npz):([^/\\]+)$/i.exec(path);
  return match === null ? { file: path, member: undefined } : { file: match[1]!, member: match[2]! };
}
