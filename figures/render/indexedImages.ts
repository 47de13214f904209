/**
 * A PDF whose images of few colours are written with a palette. Browsers write three bytes for each pixel of a heat map,
 * which has at most 256 colours; with one, as a difference from its neighbour, a figure of heat maps takes half. Pixels
 * stay what they are.
 *
 * Format: ISO 32000-1, 7.5.4 (cross-reference table), 8.6.6.3 (indexed colours), 7.4.4.4 (predictors).
 */
import { deflateSync, inflateSync } from 'node:zlib';

interface PdfObject {
  readonly number: number;
  readonly bytes: Buffer;
}

const imagePattern =
  /^(\d+ 0 obj\n<<\/Type \/XObject\n\/Subtype \/Image\n\/Width (\d+)\n\/Height (\d+)\n\/ColorSpace )(\[\/ICCBased \d+ 0 R\]|\/DeviceRGB)(\n(?:\/SMask \d+ 0 R\n)?\/BitsPerComponent 8\n\/Filter \/FlateDecode\n)\/Length (\d+)>> stream\n/;

/** As it was where it is not written as expected. */
export function withIndexedImages(file: Uint8Array): Uint8Array {
  const pdf = Buffer.from(file);
  const found = objectsOf(pdf);
  return found === undefined ? file : joined(found.head, found.objects.map(indexed), found.trailer);
}

/** Objects in the order of the file, from the cross-reference table at its end. */
function objectsOf(pdf: Buffer): { head: Buffer; objects: readonly PdfObject[]; trailer: string } | undefined {
  const start = Number(/startxref\n(\d+)\n%%EOF\s*$/.exec(pdf.subarray(-64).toString('latin1'))?.[1]);
  const table = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] ?\r?\n)+)trailer\n(<<[^]*?>>)\nstartxref/.exec(
    pdf.subarray(Number.isNaN(start) ? pdf.length : start).toString('latin1'),
  );
  if (table === null) return undefined;
  const places = table[2]!
    .split('\n')
    .flatMap((line, number) => (line[17] === 'n' ? [{ number, offset: Number(line.slice(0, 10)) }] : []))
    .sort((a, b) => a.offset - b.offset);
  const objects = places.map(({ number, offset }, i) => ({
    number,
    bytes: pdf.subarray(offset, places[i + 1]?.offset ?? start),
  }));
  if (objects.some(({ number, bytes }) => !bytes.toString('latin1', 0, 24).startsWith(`${number} 0 obj`)))
    return undefined;
  return { head: pdf.subarray(0, places[0]?.offset ?? start), objects, trailer: table[3]! };
}

function indexed(object: PdfObject): PdfObject {
  const { bytes } = object;
  const match = imagePattern.exec(bytes.toString('latin1', 0, 400));
  if (match === null) return object;
  const [head, begin, width, height, space, middle, length] = match as unknown as [string, string, ...string[]];
  const [w, h] = [Number(width), Number(height)];
  const pixels = inflateSync(bytes.subarray(head.length, head.length + Number(length)));
  const palette = pixels.length === 3 * w * h ? paletteOf(pixels) : undefined;
  if (palette === undefined) return object;
  const stream = deflateSync(filteredRows(palette.indices, w, h), { level: 9 });
  const colours = `[/Indexed ${space!} ${palette.colours.length / 3 - 1} <${palette.colours.toString('hex')}>]`;
  const predictor = `/DecodeParms <</Predictor 15 /Colors 1 /BitsPerComponent 8 /Columns ${w}>>\n`;
  const text = `${begin}${colours}${middle!}${predictor}/Length ${stream.length}>> stream\n`;
  const written = Buffer.concat([Buffer.from(text, 'latin1'), stream, bytes.subarray(head.length + Number(length))]);
  return written.length < bytes.length ? { ...object, bytes: written } : object;
}

function paletteOf(pixels: Buffer): { readonly colours: Buffer; readonly indices: Buffer } | undefined {
  const count = pixels.length / 3;
  const known = new Set<number>();
  for (let i = 0; i < count && known.size <= 256; i++) known.add(pixels.readUIntBE(3 * i, 3));
  if (known.size > 256) return undefined;
  // By lightness, in which the colours of a scale have their order: neighbours differ little.
  const lightness = (colour: number): number => 2 * (colour >> 16) + 5 * ((colour >> 8) & 255) + (colour & 255);
  const sorted = [...known].sort((a, b) => lightness(a) - lightness(b) || a - b);
  const indexOf = new Map(sorted.map((colour, index) => [colour, index]));
  const colours = Buffer.alloc(3 * sorted.length);
  sorted.forEach((colour, index) => colours.writeUIntBE(colour, 3 * index, 3));
  const indices = Buffer.alloc(count);
  for (let i = 0; i < count; i++) indices[i] = indexOf.get(pixels.readUIntBE(3 * i, 3))!;
  return { colours, indices };
}

/** Each row with its filter: 2, differences from the row above, where that is the same row; else 1, from the left. */
function filteredRows(indices: Buffer, width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++) {
    const own = indices.subarray(row * width, (row + 1) * width);
    const isRepeated = row > 0 && own.equals(indices.subarray((row - 1) * width, row * width));
    const at = row * (width + 1);
    rows[at] = isRepeated ? 2 : 1;
    if (!isRepeated) own.forEach((index, k) => (rows[at + 1 + k] = (index - (own[k - 1] ?? 0)) & 255));
  }
  return rows;
}

function joined(head: Buffer, objects: readonly PdfObject[], trailer: string): Uint8Array {
  const offsets = new Map<number, number>();
  let offset = head.length;
  for (const { number, bytes } of objects) {
    offsets.set(number, offset);
    offset += bytes.length;
  }
  const size = Math.max(0, ...offsets.keys()) + 1;
  const lines = Array.from({ length: size }, (_, number) => {
    const place = offsets.get(number);
    return place === undefined ? '0000000000 65535 f \n' : `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const end = `xref\n0 ${size}\n${lines.join('')}trailer\n${trailer}\nstartxref\n${offset}\n%%EOF\n`;
  return Buffer.concat([head, ...objects.map(({ bytes }) => bytes), Buffer.from(end, 'latin1')]);
}
