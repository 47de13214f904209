/** What holds of every figure in one column and in two: nothing outside, no holes, every name once. */
import { describe, expect, test } from '@jest/globals';
import { figuresOf, type FigureStyle, type PaperFigure } from '../../../figures/index.js';
import { axis, logAxis, panelNote } from '../../../figures/parts.js';
import { layOut } from '../../../figures/layout/layOut.js';
import { textWidth, wrapped } from '../../../figures/layout/textWidth.js';
import type { FigurePlan, Panel } from '../../../figures/figure.js';
import { syntheticRun } from '../../helpers/syntheticRun.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

const { hidden, wider, linear } = trainedRuns();
const definitions = [...figuresOf(syntheticRun()), ...figuresOf([hidden, wider]), ...figuresOf([linear])];
const builtIn = (style: FigureStyle): PaperFigure[] =>
  definitions.map(({ build }) => build(style)).filter((figure) => figure !== undefined);

interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Of each pair of axes, in shares of the figure. */
const boxesOf = ({ layout, panels }: PaperFigure): Box[] =>
  panels.map((_, i) => {
    const suffix = i === 0 ? '' : String(i + 1);
    const domain = (name: string) => (layout[`${name}${suffix}`] as { domain: [number, number] }).domain;
    return { x: domain('xaxis'), y: domain('yaxis') };
  });

const panel = (name: string, more: Partial<Panel> = {}): Panel => ({
  name,
  title: name,
  data: [{ type: 'scatter', name: 'series', showlegend: true, x: [0, 1], y: [0, 1] }],
  x: axis({ title: 'x' }),
  y: axis({ title: 'y' }),
  height: { inches: 1 },
  ...more,
});

const planOf = (panels: readonly Panel[], most = { single: 1, double: 3 }): FigurePlan => ({
  id: 'plan',
  title: 'Plan',
  column: 'double',
  groups: panels.map((each) => [each]),
  most,
  caption: 'A plan.',
  source: '',
});

describe.each(['single', 'double'] as const)('every figure in a %s column', (column) => {
  const figures = builtIn({ column });

  test('has the width of the column, the height of a page at most, and every panel inside and apart from the others', () => {
    for (const figure of figures) {
      expect(figure.layout.width).toBe(column === 'single' ? 336 : 688);
      expect([figure.id, figure.layout.height <= 9 * 96]).toEqual([figure.id, true]);
      const boxes = boxesOf(figure);
      boxes.forEach(({ x, y }, i) => {
        expect([figure.id, x[0] > 0 && x[1] < 1 && y[0] > 0 && y[1] < 1]).toEqual([figure.id, true]);
        const meets = boxes.some((b, j) => j > i && x[0] < b.x[1] && b.x[0] < x[1] && y[0] < b.y[1] && b.y[0] < y[1]);
        expect([figure.id, i, meets]).toEqual([figure.id, i, false]);
      });
    }
  });

  test('has no holes: each row of panels begins at the left and ends at the right', () => {
    for (const figure of figures) {
      const rows = new Map<number, Box[]>();
      for (const box of boxesOf(figure)) rows.set(box.y[1], [...(rows.get(box.y[1]) ?? []), box]);
      for (const boxes of rows.values()) {
        const [first, last] = [Math.min(...boxes.map(({ x }) => x[0])), Math.max(...boxes.map(({ x }) => x[1]))];
        // Room at the left for names of rows in a table, at the right for a colour bar.
        expect([figure.id, first < 0.55, last > 0.72]).toEqual([figure.id, true, true]);
      }
    }
  });

  test('names every series once, and draws something in every panel', () => {
    for (const figure of figures) {
      const names = figure.data.filter(({ showlegend }) => showlegend === true).map(({ name }) => name);
      expect([figure.id, new Set(names).size]).toEqual([figure.id, names.length]);
      figure.panels.forEach((each, i) => {
        const drawn = each.data.some(({ x, z }) => [x, z].some((values) => Array.isArray(values) && values.length > 0));
        expect([figure.id, i, drawn]).toEqual([figure.id, i, true]);
      });
    }
  });

  test('has no type below 7 points', () => {
    const sizes = (value: unknown): number[] =>
      value === null || typeof value !== 'object'
        ? []
        : Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
            /font$/i.test(key) && typeof (entry as { size?: unknown }).size === 'number'
              ? [(entry as { size: number }).size]
              : sizes(entry),
          );
    // Powers of ten are drawn a quarter larger than their font says.
    const least = Math.min(...figures.flatMap(({ data, layout }) => sizes([data, layout])));
    expect(1.25 * least).toBeGreaterThanOrEqual((7 * 96) / 72 - 1e-9);
  });
});

describe('layOut', () => {
  test('neighbours do not repeat the titles of their axes, and one panel alone has both', () => {
    const plan = planOf([panel('a'), panel('b'), panel('c'), panel('d', { y: axis({ title: 'other' }) })], {
      single: 1,
      double: 2,
    });
    const titles = (figure: PaperFigure, name: string) =>
      figure.panels.map(
        (_, i) => (figure.layout[`${name}${i === 0 ? '' : i + 1}`] as { title?: object }).title !== undefined,
      );
    expect(titles(layOut(plan), 'xaxis')).toEqual([false, false, true, true]);
    expect(titles(layOut(plan), 'yaxis')).toEqual([true, false, true, true]);
    const alone = layOut(plan, { panel: '2' });
    expect([titles(alone, 'xaxis'), titles(alone, 'yaxis'), alone.column]).toEqual([[true], [true], 'single']);
    expect(alone.panels.map(({ name }) => name)).toEqual(['b']);
  });

  test('a panel is asked for by number, name, or the beginning of one name; others are refused with what there is', () => {
    const plan = planOf([panel('spectrum'), panel('spectrum of V'), panel('quantiles')]);
    const nameOf = (word: string) => layOut(plan, { panel: word }).panels[0]!.name;
    expect(['3', 'Spectrum', 'quant', 'spectrum of'].map(nameOf)).toEqual([
      'quantiles',
      'spectrum',
      'quantiles',
      'spectrum of V',
    ]);
    for (const word of ['0', '4', 's', 'x', ''])
      expect(() => layOut(plan, { panel: word })).toThrow(
        /--panel must be the number or name of one panel of plan, got '.*'\. Panels: 1 spectrum; 2 spectrum of V; 3 quantiles/,
      );
  });

  test('a font comes before those that take its place; what is no name of one is refused', () => {
    const family = (font: string) =>
      (layOut(planOf([panel('a')]), { font }).layout['font'] as { family: string }).family;
    expect(family('Times New Roman')).toMatch(/^"Times New Roman", Arial/);
    expect(family('serif')).toBe('serif');
    for (const font of ['', 'a"; fill:red', '<b>', 'x'.repeat(80)])
      expect(() => family(font)).toThrow(/--font must be/);
  });

  test('a note that does not fit a narrow panel is said in fewer words', () => {
    const note = panelNote('a sentence of some forty letters, as notes are', 'top-left', 'short');
    const textIn = (column: 'single' | 'double') =>
      (
        layOut(planOf([panel('a', { notes: [note] }), panel('b')], { single: 2, double: 2 }), { column }).layout[
          'annotations'
        ] as { text: string }[]
      ).map(({ text }) => text);
    expect(textIn('double')).toContain('a sentence of some forty letters, as notes are');
    expect(textIn('single')).toContain('short');
  });

  test('names of ticks that would run into each other are left out', () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    const x = axis({ range: [-0.5, 11.5], tickvals: values, ticktext: values.map((i) => `block ${i}`) });
    const { layout } = layOut(planOf([panel('a', { x })]), { column: 'single' });
    const { ticktext } = layout['xaxis'] as { ticktext: string[] };
    const shown = ticktext.filter((text) => text !== '');
    expect(shown[0]).toBe('block 0');
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.length * textWidth('block 10', 9.3)).toBeLessThan(336);
  });
});

describe('text', () => {
  test('lines are broken at blanks, never inside a tag', () => {
    const text = '<span style="color: red">one two</span> three four';
    const lines = wrapped(text, 10, 60).split('<br>');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe(text);
    expect(lines[0]).toContain('<span style="color: red">');
    for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(60);
  });

  test('widths: a digit of Arial is 0.556 of its size (its font metrics), here with room for wider type', () => {
    expect(textWidth('0000', 10)).toBeGreaterThanOrEqual(4 * 5.56);
    expect(textWidth('0000', 10)).toBeLessThan(1.2 * 4 * 5.56);
    expect(textWidth('ab<br>abcd', 10)).toBe(textWidth('abcd', 10));
  });
});

describe('logarithmic axes', () => {
  const ticks = (range: [number, number]) => (logAxis(range) as { tickvals?: number[] }).tickvals;
  test('an axis of less than two decades has numbers inside its decades, at least two', () => {
    expect(ticks([0, 1])).toEqual([1, 3, 10]);
    expect(ticks([-1.5, 0.1])).toEqual([0.1, 0.3, 1]);
    expect(ticks([0.1, 0.35])).toEqual([1.4, 1.6, 1.8, 2, 2.2]);
    expect(ticks([0.1, 0.7])).toEqual([2, 3, 4, 5]);
    for (let low = -3; low < 3; low += 0.07)
      for (let span = 0.15; span < 2.1; span += 0.15)
        expect([low, span, (ticks([low, low + span]) ?? []).length >= 2]).toEqual([low, span, true]);
  });
  test('a long one has whole decades alone, every second or third of very many', () => {
    expect([ticks([-3, 0]), logAxis([-3, 0])['dtick'], logAxis([-9, 3])['dtick']]).toEqual([undefined, 1, 2]);
  });
});
