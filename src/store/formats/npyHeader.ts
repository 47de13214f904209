/**
 * The header of an .npy file: magic, version, length, and a Python dictionary literal with the keys descr,
 * fortran_order and shape. Layout: NumPy's format description, numpy.lib.format (versions 1.0, 2.0, 3.0).
 */
import { excerpt, formatError } from './numericArray.js';

export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers start. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
// A real header is about 100 bytes and NumPy itself refuses more than 10 000 characters unless told otherwise.
const maximumHeaderLength = 65536;
// NumPy 2 allows 64 axes.
const maximumAxes = 64;
const saveAgain = 'Save it again with numpy.save(path, array).';

export function readNpyHeader(bytes: Uint8Array, source: string): NpyHeader {
  if (bytes.length < 10) {
    throw formatError(source, 'byte 0', `an .npy file has at least 10 bytes, this one has ${bytes.length}`, saveAgain);
  }
  for (let i = 0; i < magic.length; i++) {
    if (bytes[i] !== magic[i]) {
      throw formatError(source, `byte ${i}`, 'not an .npy file: it does not begin with \\x93NUMPY', saveAgain);
    }
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw formatError(source, 'byte 6', `.npy format version ${version} is unknown, 1 to 3 are read`, saveAgain);
  }
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw formatError(source, 'byte 8', 'the file ends inside its header length', saveAgain);
  const length =
    version === 1 ? bytes[8]! + 256 * bytes[9]! : bytes[8]! + 256 * (bytes[9]! + 256 * (bytes[10]! + 256 * bytes[11]!));
  if (length > maximumHeaderLength) {
    throw formatError(
      source,
      'byte 8',
      `a header of ${length} bytes is longer than the ${maximumHeaderLength} allowed`,
      saveAgain,
    );
  }
  const dataOffset = start + length;
  if (dataOffset > bytes.length) {
    throw formatError(
      source,
      'byte 8',
      `the header should reach byte ${dataOffset} but the file has ${bytes.length}`,
      saveAgain,
    );
  }
  const text = new TextDecoder('utf-8').decode(bytes.subarray(start, dataOffset));
  return { ...readDictionary(text, source, start), dataOffset };
}

/**
 * The dictionary literal, by one left-to-right pass without recursion. Long, because all its steps move the same
 * position.
 */
function readDictionary(text: string, source: string, base: number): Omit<NpyHeader, 'dataOffset'> {
  let position = 0;
  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;

  const fail = (problem: string) => formatError(source, `byte ${base + position}`, problem, saveAgain);
  const skipSpace = () => {
    while (position < text.length && ' \t\r\n'.includes(text[position]!)) position++;
  };
  const accept = (mark: string): boolean => {
    skipSpace();
    if (text[position] !== mark) return false;
    position++;
    return true;
  };
  const expect = (mark: string) => {
    if (!accept(mark)) throw fail(`the header needs "${mark}" here, found ${excerpt(text.slice(position), 12)}`);
  };
  const readString = (): string => {
    skipSpace();
    const quote = text[position];
    if (quote !== "'" && quote !== '"')
      throw fail(`the header needs a quoted string here, found ${excerpt(text.slice(position), 12)}`);
    const end = text.indexOf(quote, position + 1);
    if (end < 0) throw fail('a string in the header has no closing quote');
    const value = text.slice(position + 1, end);
    position = end + 1;
    return value;
  };
  const readInteger = (): number => {
    skipSpace();
    const digits = /^\d{1,16}/.exec(text.slice(position, position + 17))?.[0];
    if (digits === undefined || digits.length > 15)
      throw fail(`an axis length is a whole number below 10^15, found ${excerpt(text.slice(position), 18)}`);
    position += digits.length;
    // Files written by Python 2 carry a long suffix.
    if (text[position] === 'L') position++;
    return Number(digits);
  };

  expect('{');
  while (!accept('}')) {
    const key = readString();
    expect(':');
    if (key === 'descr') {
      skipSpace();
      if (text[position] === '[') throw fail('a record array has several fields; one number per entry is read');
      descr = readString();
    } else if (key === 'fortran_order') {
      skipSpace();
      const word = /^(True|False)/.exec(text.slice(position, position + 5))?.[0];
      if (word === undefined) throw fail(`fortran_order is True or False, found ${excerpt(text.slice(position), 12)}`);
      fortranOrder = word === 'True';
      position += word.length;
    } else if (key === 'shape') {
      shape = [];
      expect('(');
      while (!accept(')')) {
        if (shape.length === maximumAxes) throw fail(`more than ${maximumAxes} axes`);
        shape.push(readInteger());
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
    } else {
      throw fail(`the header knows descr, fortran_order and shape, found ${excerpt(key)}`);
    }
    if (!accept(',')) {
      expect('}');
      break;
    }
  }
  skipSpace();
  if (position < text.length)
    throw fail(`nothing may follow the header's dictionary, found ${excerpt(text.slice(position), 12)}`);
  for (const [name, value] of [
    ['descr', descr],
    ['fortran_order', fortranOrder],
    ['shape', shape],
  ] as const) {
    if (value === undefined) throw fail(`the header lacks ${name}`);
  }
  return { descr: descr!, fortranOrder: fortranOrder!, shape: shape! };
}
