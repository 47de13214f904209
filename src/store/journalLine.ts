/**
 * Lines of a journal. Each is a JSON object whose first key is a checksum of all that follows in the line and of the
 * record's bytes:
 *
 *     {"sum":"0123456789abcdef","index":3,"bytes":[0,1600],"result":{…}}
 *
 * The checksum is the first 16 hexadecimal digits of SHA-256 over three things one after the other: the checksum of the
 * header (nothing for the header itself, so that a record belongs to one journal only), the line after its 26th
 * character as UTF-8 without the line feed, and the record's bytes.
 */
import { createHash } from 'node:crypto';

/** `{"sum":"` and the digits and `",`. */
const prefix = '{"sum":"';
const sumLength = 16;
const bodyStart = prefix.length + sumLength + 2;

const checksum = (salt: string, body: Uint8Array, bytes: Uint8Array): string =>
  createHash('sha256').update(salt).update(body).update(bytes).digest('hex').slice(0, sumLength);

/** The line of a JSON object that is not empty, line feed included. */
export function sealLine(
  salt: string,
  json: string,
  bytes: Uint8Array,
): { readonly line: Uint8Array; readonly sum: string } {
  const body = Buffer.from(json.slice(1), 'utf8');
  const sum = checksum(salt, body, bytes);
  return { line: Buffer.concat([Buffer.from(`${prefix}${sum}",`), body, Buffer.from('\n')]), sum };
}

/**
 * What a line says, without its line feed; undefined where it does not have its checksum. `bytesOf` reads the bytes
 * that the line claims, and returns undefined when there are none such.
 */
export function openLine<Content extends object>(
  salt: string,
  line: Buffer,
  bytesOf: (content: Content) => Uint8Array | undefined,
): { readonly content: Content; readonly bytes: Uint8Array; readonly sum: string } | undefined {
  let content: Content & { readonly sum: string };
  try {
    content = JSON.parse(line.toString('utf8')) as typeof content;
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null) return undefined;
  const bytes = bytesOf(content);
  if (bytes === undefined) return undefined;
  const { sum } = content;
  const sound =
    sum === checksum(salt, line.subarray(bodyStart), bytes) &&
    line.toString('latin1', 0, bodyStart) === `${prefix}${sum}",`;
  return sound ? { content, bytes, sum } : undefined;
}
