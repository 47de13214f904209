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

/** Names of the arrays in an archive, without their .npy endings. */
function membersOf(bytes: Uint8Array, source: string): string[] {
  const names: string[] = [];
  unzip(bytes, source, (name) => {
    if (name.endsWith('.npy')) names.push(name.slice(0, -4));
    return false;
  });
  return names;
}

/**
 * One array of an archive. `member` may be left out when there is only one.
 * Memory is bounded by what the compressed bytes can hold, whatever sizes the archive claims.
 * @throws UsageError for a broken archive, an unknown member, or a member that readNpy refuses.
 */
export function readNpz(bytes: Uint8Array, member?: string, source = 'the .npz archive'): NumericArray {
  const names = membersOf(bytes, source);
  const listed =
    names
      .slice(0, 8)
      .map((name) => excerpt(name))
      .join(', ') + (names.length > 8 ? ', …' : '');
  if (member === undefined && names.length !== 1) {
    throw formatError(
      source,
      'archive',
      `it holds ${names.length} arrays${names.length > 0 ? ` (${listed})` : ''}`,
      'Name one with file.npz:member.',
    );
  }
  const wanted = member ?? names[0]!;
  if (!names.includes(wanted)) {
    throw formatError(
      source,
      `member ${excerpt(wanted)}`,
      'there is no such array',
      names.length > 0 ? `The archive holds ${listed}.` : saveAgain,
    );
  }
  const files = unzip(bytes, source, (name) => name === `${wanted}.npy`);
  const content = files[`${wanted}.npy`];
  if (content === undefined)
    throw formatError(source, `member ${excerpt(wanted)}`, 'it could not be unpacked', saveAgain);
  return readNpy(content, `${source}:${wanted}`);
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
