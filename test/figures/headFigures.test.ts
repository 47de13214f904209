/** Figures of heads: what they show is what the results say, and what they cannot show they leave out. */
import { describe, expect, test } from '@jest/globals';
import { figuresOf, resolveColours } from '../../figures/index.js';
import type { HeadResult, PaperFigure } from '../../figures/index.js';
import { figureCsv } from '../../figures/render/figureCsv.js';
import { captionTex } from '../../figures/render/caption.js';
import { headAt } from '../helpers/headResults.js';

const training = [300, 0, 30].map((step) => headAt(step));

function drawn(results: readonly HeadResult[]): Readonly<Record<string, PaperFigure>> {
  return Object.fromEntries(
    figuresOf(results).flatMap(({ id, build }) => {
      const figure = build();
      return figure === undefined ? [] : [[id, figure]];
    }),
  );
}

interface Trace {
  readonly name: string;
  readonly showlegend: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly customdata?: readonly number[];
  readonly error_y?: { readonly array: readonly number[] };
}
const tracesOf = (figure: PaperFigure | undefined): readonly Trace[] => figure!.data as unknown as readonly Trace[];
const named = (figure: PaperFigure | undefined, name: string): Trace =>
  tracesOf(figure).find((trace) => trace.name === name)!;

const rounded = (values: readonly number[]): readonly number[] => values.map((value) => Number(value.toPrecision(12)));

describe('which figures heads have', () => {
  test('several steps all of them, one step no course, without spectra and rows those are left out', () => {
    expect(Object.keys(drawn(training))).toEqual([
      'head-ratio-along-training',
      'head-row-ratios',
      'head-whitened-spectrum',
    ]);
    expect(Object.keys(drawn([headAt(30)]))).toEqual(['head-row-ratios', 'head-whitened-spectrum']);
    const bare = { spectrum: null, population: null, rows: [] };
    expect(drawn([headAt(0, bare), headAt(30, bare)])).toEqual({});
  });
});

describe('t along training', () => {
  const figure = drawn(training)['head-ratio-along-training'];

  test('has its steps in order, 0 left of the least one, and bars of two standard errors', () => {
    const { x, y, customdata, error_y } = named(figure, 'measured');
    expect(customdata).toEqual([0, 30, 300]);
    expect(y).toEqual([1 / 500, 0.05, 0.05]);
    expect(x[2]! - x[1]!).toBeCloseTo(1, 12);
    expect(x[0]!).toBeLessThan(x[1]! - 0.3);
    expect(rounded(error_y!.array)).toEqual([0.0004, 0.01, 0.01]);
  });

  test('has the formulas in units of t: C² r of the population by C²/(C − 1)', () => {
    const [start] = named(figure, 'formula at initialisation').y;
    expect(start).toBeCloseTo((1.1 * 499) / 500 ** 2, 12);
    expect(named(figure, 'unigram formula, frequencies').y).toEqual([0.045, 0.045]);
    expect(rounded(named(figure, 'unigram formula, mean predictions').y)).toEqual([0.0018, 0.045, 0.045]);
  });

  test('of two trainings stands in two panels, each with its own name', () => {
    const both = drawn([...training, headAt(0, { label: 'Ships' }), headAt(30, { label: 'Ships' })]);
    const { panels } = both['head-ratio-along-training']!;
    expect(panels.map(({ name }) => name)).toEqual(['Whales, C = 500, D = 32', 'Ships, C = 500, D = 32']);
    expect(tracesOf(both['head-ratio-along-training']).filter(({ name }) => name === 'measured')).toHaveLength(2);
  });
});

test('the table of the course has its steps, and its interval', () => {
  const lines = figureCsv(drawn(training)['head-ratio-along-training']!).split('\n');
  expect(lines).toContain('"Whales, C = 500, D = 32",measured,30,0.05,0.04,0.06,');
  expect(lines.filter((line) => line.includes(',0,'))).toHaveLength(4);
});

describe('rows against rank', () => {
  const figure = drawn(training)['head-row-ratios'];

  test('are single tokens, at most 20 a decade, each with its own ratio and none below 0', () => {
    const { x, y } = named(figure, 'step 30');
    x.forEach((rank, k) => expect(y[k]).toBe(0.05 * (1 + 0.01 * ((rank - 1) % 7))));
    expect(y.every((ratio) => ratio > 0)).toBe(true);
    expect(x.filter((rank) => rank >= 100 && rank < 1000).length).toBeLessThanOrEqual(20);
    expect(x.slice(0, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('stand beside 1/C, and 1/C_eff of each head', () => {
    expect(named(figure, '1/<i>C</i>').y).toEqual([1 / 500, 1 / 500]);
    const levels = tracesOf(figure).filter(({ name }) => name === '1/<i>C</i><sub>eff</sub>');
    expect(rounded(levels.map(({ y }) => y[0]!))).toEqual([0.0018, 0.045, 0.045]);
  });

  test('of many heads show five, the first and the last among them', () => {
    const many = Array.from({ length: 9 }, (_, k) => headAt(10 * k));
    const names = tracesOf(drawn(many)['head-row-ratios']).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('step'))).toEqual([
      ...['step 0', 'step 20', 'step 40', 'step 60', 'step 80'],
    ]);
  });
});

test('both tails of the whitened spectrum are shares of all eigenvalues, from 0 up to 1 and from the largest down to 1', () => {
  const { x, y } = named(drawn([headAt(30)])['head-whitened-spectrum'], 'Whales');
  const at = (place: number): number[] => y.filter((_, k) => x[k] === place && y[k]! > 1e-20);
  // Masses 1/64 at 0, 3/32 at 0.75, 7/8 at 1 on the left; 1/64 at 1.5 on the right.
  expect(at(0)).toEqual([1 / 64]);
  expect(at(0.75)).toEqual([1 / 64, 7 / 64]);
  expect(at(1)).toEqual([7 / 64, 63 / 64, 63 / 64, 1 / 64]);
  expect(at(1.5)).toEqual([1 / 64]);
  // In the table a curve ends at 0.
  expect(figureCsv(drawn([headAt(30)])['head-whitened-spectrum']!)).toContain('"spectrum in [0, 2]",Whales,1.5,0,,,');
});

test('captions are two sentences of TeX; every colour is one of the palette; names of users cannot become markup', () => {
  const hostile = drawn([headAt(0, { label: '<b>$x$</b>' }), headAt(30, { label: '<b>$x$</b>' })]);
  for (const figure of [...Object.values(drawn(training)), ...Object.values(hostile)]) {
    expect(figure.caption.match(/\.( |$)/g)!.length).toBeLessThanOrEqual(2);
    expect(() => captionTex(figure)).not.toThrow();
    expect(JSON.stringify(resolveColours(figure, 'light').data)).not.toMatch(/"@/);
    expect(JSON.stringify([figure.data, figure.layout])).not.toContain('<b>');
  }
});
