/** NumPy's .npz: a zip archive of .npy members, stored or deflated. */
import { unzipSync } from 'fflate';
import { UsageError } from '../../../theory/errors.js';
import { readNpy } from './npy.js';
import { excerpt, formatError, type NumericArray } from './numericArray.js';

// One deflated bit stands for at most 258 bytes of a 2-bit match: the format cannot expand further (zlib's technical
// notes).
const maximumExpansion = 1032;
const smallestEntry = 46;
const saveAgain = 'Write it again with numpy.savez(path, name=array).';

/** An archive whose members are read one by one. */
export interface NpzArchive {
  /** Without their .npy endings. */
  readonly names: readonly string[];
  /** @throws UsageError for an unknown member, or one that readNpy refuses */
  read(name: string): NumericArray;
}

/**
 * Memory is bounded by what the compressed bytes can hold, whatever sizes the archive claims.
 * @throws UsageError for a broken archive
 */
export function openNpz(bytes: Uint8Array, source = 'the .npz archive'): NpzArchive {
  const names: string[] = [];
  unzip(bytes, source, (name) => {
    if (name.endsWith('.npy')) names.push(name.slice(0, -4));
    return false;
  });
  const read = (wanted: string): NumericArray => {
    if (!names.includes(wanted))
      throw formatError(
        source,
        `member ${excerpt(wanted)}`,
        'there is no such array',
        names.length > 0 ? `The archive holds ${listed(names)}.` : saveAgain,
      );
    const content = unzip(bytes, source, (name) => name === `${wanted}.npy`)[`${wanted}.npy`];
    if (content === undefined)
      throw formatError(source, `member ${excerpt(wanted)}`, 'it could not be unpacked', saveAgain);
    return readNpy(content, `${source}:${wanted}`);
  };
  return { names, read };
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 8)
    .map((name) => excerpt(name))
    .join(', ') + (names.length > 8 ? ', …' : '');

/**
 * One array of an archive. `member` may be left out when there is only one.
 * @throws UsageError as `openNpz` and its `read`
 */
export function readNpz(bytes: Uint8Array, member?: string, source = 'the .npz archive'): NumericArray {
  const { names, read } = openNpz(bytes, source);
  if (member === undefined && names.length !== 1)
    throw formatError(
      source,
      'archive',
      `it holds ${names.length} arrays${names.length > 0 ? ` (${listed(names)})` : ''}`,
      'Name one with file.npz:member.',
    );
  return read(member ?? names[0]!);
}

function unzip(bytes: Uint8Array, source: string, wanted: (name: string) => boolean): Record<string, Uint8Array> {
  let entries = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        // A directory that claims more entries than fit in the file would be walked for hours.
        if (++entries * smallestEntry > bytes.length)
          throw formatError(
            source,
            `entry ${entries}`,
            'the archive claims more entries than its bytes can hold',
            saveAgain,
          );
        if (!wanted(name)) return false;
        const possible = compression === 0 ? size : size * maximumExpansion;
        if (size > bytes.length || originalSize > possible) {
          throw formatError(
            source,
            `member ${excerpt(name)}`,
            `it claims ${originalSize} bytes from ${size} packed ones, more than is possible`,
            saveAgain,
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw formatError(
      source,
      'archive',
      `not a readable zip archive (${error instanceof Error ? error.message : String(error)})`,
      saveAgain,
    );
  }
}
