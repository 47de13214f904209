/** Figures of blocks: what they show is what the results say, and what they cannot show they leave out. */
import { describe, expect, test } from '@jest/globals';
import { figuresOf, resolveColours } from '../../figures/index.js';
import type { BlocksResult, PaperFigure } from '../../figures/index.js';
import { captionTex } from '../../figures/render/caption.js';
import { figureCsv } from '../../figures/render/figureCsv.js';
import { blocksAt } from '../helpers/blocksResults.js';

const several = blocksAt([64, 256, 1024, 4096]);
const one = blocksAt([64], {}, [1]);

function drawn(result: BlocksResult): Readonly<Record<string, PaperFigure>> {
  return Object.fromEntries(
    figuresOf(result).flatMap(({ id, build }) => {
      const figure = build();
      return figure === undefined ? [] : [[id, figure]];
    }),
  );
}

interface Trace {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error_x?: { readonly array: readonly number[] };
  readonly error_y?: { readonly array: readonly number[] };
}
const named = (figure: PaperFigure | undefined, name: string, panel = 0): Trace =>
  (figure!.panels[panel]!.data as unknown as readonly Trace[]).find((trace) => trace.name === name)!;

test('several C have a panel for each tensor, one C has r by tensor; without a full Hessian it is compared with nothing', () => {
  expect(Object.keys(drawn(several))).toEqual([
    'blocks-against-classes',
    'blocks-by-tensor',
    'blocks-full-against-gauss-newton',
  ]);
  expect(Object.keys(drawn(one))).toEqual(['blocks-by-tensor', 'blocks-full-against-gauss-newton']);
  const half = {
    ...one,
    tensors: one.tensors.map((tensor) => ({
      ...tensor,
      points: tensor.points.map((point) => ({ ...point, hessian: null, fullOverGaussNewton: null })),
    })),
  };
  expect(Object.keys(drawn(half))).toEqual(['blocks-by-tensor']);
  expect(drawn({ ...one, tensors: [] })).toEqual({});
});

describe('r against C', () => {
  const figure = drawn(several)['blocks-against-classes'];

  test('of each tensor with two standard errors, lines through its first point, its floors and its exponent', () => {
    expect(figure!.panels.map(({ name }) => name)).toEqual(several.tensors.map(({ name }) => name));
    const [point] = several.tensors[1]!.points;
    const { x, y, error_y } = named(figure, 'Gauss–Newton', 1);
    expect(x).toEqual([64, 256, 1024, 4096]);
    expect(y[0]).toBe(point!.gaussNewton.ratio!.value);
    expect(error_y!.array[0]).toBe(2 * point!.gaussNewton.ratio!.error!);
    expect(named(figure, '∝ 1/<i>C</i>', 1).y).toEqual([y[0], y[0]! / 64]);
    expect(named(figure, '∝ 1/<i>C</i><sup>2</sup>', 1).y).toEqual([y[0], y[0]! / 4096]);
    expect(named(figure, 'floor', 2).y).toEqual([1 / 34, 1 / 34]);
    const [low, high] = (figure!.panels[1]!.data as unknown as Trace[]).filter(({ name }) => name === 'floor');
    expect([low!.y[0], high!.y[0]]).toEqual(point!.floor);
    expect(JSON.stringify(figure!.panels[0]!.notes)).toContain('falls');
    expect(JSON.stringify(figure!.panels[2]!.notes)).toContain('saturated');
  });

  test('of many tensors shows twelve, and says of how many', () => {
    const [tensor] = several.tensors;
    const many = Array.from({ length: 20 }, (_, k) => ({ ...tensor!, name: `t${k}` }));
    const { panels, caption } = drawn({ ...several, tensors: many })['blocks-against-classes']!;
    expect(panels).toHaveLength(12);
    expect(panels.map(({ name }) => name)).toEqual(expect.arrayContaining(['t0', 't19']));
    expect(caption).toContain('12 of 20 tensors');
  });
});

describe('r by tensor', () => {
  test('is that of the largest C, in the order of the network from above, floors beside it', () => {
    const figure = drawn(several)['blocks-by-tensor'];
    const { x, y } = named(figure, 'Gauss–Newton');
    expect(y).toEqual([2, 1, 0]);
    expect(x).toEqual(several.tensors.map(({ points }) => points.at(-1)!.gaussNewton.ratio!.value));
    expect(named(figure, 'floor').y).toEqual([1, 1, 0]);
    expect(figureCsv(figure!)).toMatch(/r by tensor,Gauss–Newton,0\.029\d*,layers\.1\.v\.weight/);
  });
});

describe('full over Gauss–Newton', () => {
  test('by tensor with one N, against N with several', () => {
    const figure = drawn(one)['blocks-full-against-gauss-newton'];
    const { x } = named(figure, 'full/Gauss–Newton');
    [1, 0.06, 0.7].forEach((value, k) => expect(x[k]).toBeCloseTo(value, 12));
    const samples = [64, 256].map((count) => blocksAt([2048], { samples: count }));
    const both: BlocksResult = {
      ...samples[0]!,
      tensors: samples[0]!.tensors.map((tensor, k) => ({
        ...tensor,
        points: samples.map(({ tensors }) => tensors[k]!.points[0]!),
      })),
    };
    const against = drawn(both)['blocks-full-against-gauss-newton'];
    expect(against!.panels[0]!.name).toBe('full over Gauss–Newton against N');
    expect(named(against, 'layers.1.down.weight').x).toEqual([64, 256]);
    expect(against!.caption).toContain('against $N$ at $C = 2048$');
  });
});

test('captions are two sentences of TeX; every colour is one of the palette; names of users cannot become markup', () => {
  const hostile = {
    ...several,
    files: several.files.map((file) => ({ ...file, label: '<b>$x$</b>' })),
    tensors: several.tensors.map((tensor) => ({ ...tensor, name: `<b>$x$</b>${tensor.name}` })),
  };
  for (const figure of [...Object.values(drawn(several)), ...Object.values(drawn(hostile))]) {
    expect(figure.caption.match(/\.( |$)/g)!.length).toBeLessThanOrEqual(2);
    expect(() => captionTex(figure)).not.toThrow();
    expect(JSON.stringify(resolveColours(figure, 'light').data)).not.toMatch(/"@/);
    // What `meta` has goes into the table of the figure alone.
    const shownData = figure.data.map(({ meta: _, ...trace }) => trace);
    expect(JSON.stringify([shownData, figure.layout])).not.toContain('<b>');
  }
});
