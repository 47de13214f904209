/** Files beside a figure, and what is inside a PDF. */
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { figureCsv } from '../../figures/render/figureCsv.js';
import { withIndexedImages } from '../../figures/render/indexedImages.js';
import { sharpMaps } from '../../figures/render/sharpMaps.js';
import type { Panel, PaperFigure } from '../../figures/figure.js';

describe('the table of a figure', () => {
  const panel: Panel = {
    name: 'r, "scaled"',
    title: '',
    data: [
      {
        name: '<i>C</i><sup>2</sup> r',
        x: [1, 2, 3],
        y: [10, 20, 30],
        error_y: { array: [1, null, 3], arrayminus: [2, null, 0] },
      },
      { name: 'rates', x: [0.5], y: [1], error_x: { array: [0.25], arrayminus: [0.125] } },
      { name: 'law', x: [0, null, 1], y: [1, null, 2] },
      { x: [7], y: [7] },
    ],
    x: {},
    y: {},
    height: { inches: 1 },
  };

  test('a line for each mark, with its interval; gaps and what is drawn for the eye alone are left out', () => {
    expect(figureCsv({ panels: [panel] })).toBe(
      [
        'panel,series,x,y,low,high,value',
        '"r, ""scaled""",C^2 r,1,10,8,11,',
        '"r, ""scaled""",C^2 r,2,20,,,',
        '"r, ""scaled""",C^2 r,3,30,30,33,',
        '"r, ""scaled""",rates,0.5,1,0.375,0.75,',
        '"r, ""scaled""",law,0,1,,,',
        '"r, ""scaled""",law,1,2,,,',
        '',
      ].join('\n'),
    );
  });

  test('a map has its values, not its colours', () => {
    const map = {
      ...panel,
      data: [{ name: 'map', z: [[-3, null]] }],
      cells: () => [[0, 0, 0.001] as const, [1, 0, null] as const],
    };
    expect(
      figureCsv({ panels: [map] })
        .split('\n')
        .slice(1, 3),
    ).toEqual(['"r, ""scaled""",map,0,0,,,0.001', '"r, ""scaled""",map,1,0,,,']);
  });
});

/** A PDF of one image as a browser writes it, and its objects. */
function pdfOf(width: number, height: number, pixels: Uint8Array): Buffer {
  const stream = deflateSync(pixels);
  const objects = [
    Buffer.from('1 0 obj\n<</Type /Catalog>>\nendobj\n'),
    Buffer.concat([
      Buffer.from(
        `2 0 obj\n<</Type /XObject\n/Subtype /Image\n/Width ${width}\n/Height ${height}\n/ColorSpace /DeviceRGB\n/BitsPerComponent 8\n/Filter /FlateDecode\n/Length ${stream.length}>> stream\n`,
      ),
      stream,
      Buffer.from('\nendstream\nendobj\n'),
    ]),
    Buffer.from('3 0 obj\n<</Length 0>>\nendobj\n'),
  ];
  const head = Buffer.from('%PDF-1.4\n');
  const offsets = objects.map((_, i) => head.length + objects.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const start = head.length + objects.reduce((sum, { length }) => sum + length, 0);
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.concat([
    head,
    ...objects,
    Buffer.from(
      `xref\n0 4\n0000000000 65535 f \n${lines}trailer\n<</Size 4\n/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`,
    ),
  ]);
}

/** Pixels of its image with a palette, by ISO 32000-1, 7.4.4.4: filters 1 (left) and 2 (above). */
function pixelsOf(pdf: Buffer): number[] {
  const text = pdf.toString('latin1');
  const [, width, height, , palette, length] =
    /\/Width (\d+)\n\/Height (\d+)\n\/ColorSpace \[\/Indexed \/DeviceRGB (\d+) <([0-9a-f]+)>\][^]*?\/Length (\d+)>> stream\n/.exec(
      text,
    )!;
  const begin = text.indexOf('>> stream\n') + 10;
  const rows = inflateSync(pdf.subarray(begin, begin + Number(length)));
  const [w, h, colours] = [Number(width), Number(height), Buffer.from(palette!, 'hex')];
  const indices = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const before = rows[y * (w + 1)] === 1 ? (x > 0 ? indices[y * w + x - 1]! : 0) : indices[(y - 1) * w + x]!;
      indices[y * w + x] = (rows[y * (w + 1) + 1 + x]! + before) & 255;
    }
  return Array.from(indices).flatMap((index) => Array.from(colours.subarray(3 * index, 3 * index + 3)));
}

describe('images of a PDF', () => {
  const colours = [
    [68, 1, 84],
    [253, 231, 37],
    [33, 145, 140],
    [255, 255, 255],
  ];
  const noise = (n: number): number => Math.floor(1e4 * Math.abs(Math.sin(n * n + 1)));
  // Pixels in pairs, as heat maps have them.
  const pixels = Uint8Array.from(
    Array.from({ length: 80 }, (_, y) =>
      Array.from({ length: 120 }, (_, x) => colours[noise(60 * (y >> 1) + (x >> 1)) % 4]!),
    ).flat(2),
  );

  test('have a palette, the same pixels, and offsets that lead to their objects', () => {
    const before = pdfOf(120, 80, pixels);
    const after = Buffer.from(withIndexedImages(before));
    expect(after.length).toBeLessThan(before.length);
    expect(pixelsOf(after)).toEqual(Array.from(pixels));
    const text = after.toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)![1]);
    expect(text.slice(start, start + 5)).toBe('xref\n');
    [...text.slice(start).matchAll(/(\d{10}) 00000 n/g)].forEach(([, offset], i) =>
      expect(text.slice(Number(offset), Number(offset) + 7)).toBe(`${i + 1} 0 obj`),
    );
  });

  test('of more colours, or a file that is none of a browser, stay as they are', () => {
    const many = Uint8Array.from({ length: 3 * 60 * 40 }, (_, i) => ((i * 7919) % 251) ^ (i >> 5));
    const image = pdfOf(60, 40, many);
    expect(Buffer.from(withIndexedImages(image)).equals(image)).toBe(true);
    for (const text of ['', 'no PDF', '%PDF-1.4\nstartxref\n7\n%%EOF\n'])
      expect(Buffer.from(withIndexedImages(Buffer.from(text))).toString()).toBe(text);
  });
});

describe('heat maps in a vector file', () => {
  const mapOf = (side: number) => ({
    type: 'heatmap',
    zmin: -3,
    zmax: 0,
    xaxis: 'x',
    z: Array.from({ length: side }, (_, i) =>
      Array.from({ length: side }, (_, j) => -3 + (3 * ((i * side + j) % 997)) / 996),
    ),
  });
  const draw = (...sides: number[]) =>
    sharpMaps({
      data: sides.map(mapOf),
      layout: { width: 688, height: 300, xaxis: { domain: [0, 0.25] } },
    } as unknown as PaperFigure) as unknown as { z: number[][]; dx: number; x0: number }[];
  const distinct = (z: number[][]) => new Set(z.flat().map((value) => value.toFixed(6))).size;

  test('few pixels are repeated to 300 an inch of paper, many twice; each keeps its place', () => {
    // A quarter of 7.16 in at 300 an inch is 537 pixels.
    expect(draw(20)[0]!.z.length).toBe(540);
    const [large] = draw(200);
    expect([large!.z.length, large!.dx, large!.x0]).toEqual([400, 0.5, -0.25]);
    expect(large!.z[1]!.slice(0, 4)).toEqual([large!.z[0]![0], large!.z[0]![0], large!.z[0]![2], large!.z[0]![2]]);
  });

  test('so many maps that the file would be large have fewer steps of colour, off by half a step at most', () => {
    expect(distinct(draw(20)[0]!.z)).toBe(400);
    const maps = draw(...new Array<number>(10).fill(144));
    const steps = distinct(maps[0]!.z);
    expect([steps >= 24, steps < 100]).toEqual([true, true]);
    const exact = mapOf(144).z;
    const largest = Math.max(...exact.flatMap((row, i) => row.map((z, j) => Math.abs(z - maps[0]!.z[2 * i]![2 * j]!))));
    expect(largest).toBeLessThanOrEqual(3 / (2 * (steps - 1)) + 1e-9);
  });
});
