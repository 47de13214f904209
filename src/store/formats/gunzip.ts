import { gunzipSync } from 'node:zlib';
import { formatError } from './numericArray.js';

// Deflate cannot expand further than this (zlib's technical notes); zlib itself stops at the bound.
const maximumExpansion = 1032;

/**
 * The bytes themselves, or what they unpack to when they are a gzip file.
 * @throws UsageError when they cannot be unpacked, or not into `maximumBytes`.
 */
export function gunzipIfNeeded(bytes: Uint8Array, source: string, maximumBytes = 2 ** 32): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.min(bytes.length * maximumExpansion + 64, maximumBytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw formatError(
        source,
        'gzip stream',
        `it unpacks to more than the ${maximumBytes} bytes allowed`,
        'Save the array as .npy, or give the eigenvalues of the matrix.',
      );
    throw formatError(
      source,
      'gzip stream',
      `it cannot be unpacked (${error instanceof Error ? error.message : String(error)})`,
      'Download or compress the file again.',
    );
  }
}
