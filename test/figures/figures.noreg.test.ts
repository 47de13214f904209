/**
 * No regression: each figure of the synthetic run as rounded JSON, in a file of its own in test/snapshots/figures. A
 * changed picture is looked at, then its file is made anew with LIMITLAW_UPDATE=1 in the environment.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { figuresOf, paperFigures, type PaperFigure } from '../../figures/index.js';
import { blocksAt } from '../helpers/blocksResults.js';
import { headAt } from '../helpers/headResults.js';
import { syntheticRun } from '../helpers/syntheticRun.js';
import { trainedRuns } from '../helpers/trainedRuns.js';

/** Five digits; a long list of numbers as its length, ends and sums. */
function digest(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(5));
  if (Array.isArray(value)) {
    const numbers = value.filter((item): item is number => typeof item === 'number');
    if (value.length > 12 && numbers.length > value.length / 2) {
      const round = (x: number): number => Number(x.toPrecision(5));
      return `${value.length} numbers from ${round(numbers[0] as number)} to ${round(numbers.at(-1) as number)}, sum ${round(numbers.reduce((sum, x) => sum + x, 0))}`;
    }
    if (value.length > 12 && Array.isArray(value[0]))
      return { rows: value.length, first: digest(value[0]), last: digest(value.at(-1)) };
    return value.map(digest);
  }
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, digest(entry)]));
  return value;
}

const results = syntheticRun();

function expectAsBefore(id: string, figure: PaperFigure | undefined): void {
  // What the panels hold stands in data and layout.
  const { panels: _, ...drawn } = figure ?? { panels: [] };
  const text = `${JSON.stringify(figure === undefined ? 'nothing to draw' : digest(drawn), null, 1)}\n`;
  const file = new URL(`../snapshots/figures/${id}.json`, import.meta.url);
  if (process.env['LIMITLAW_UPDATE'] === '1') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no file yet: make it with LIMITLAW_UPDATE=1').toBe(text);
}

describe('figures of the synthetic run', () => {
  test.each(paperFigures.map((definition) => [definition.id, definition] as const))('%s', (_, definition) =>
    expectAsBefore(definition.id, definition.build(results)),
  );
});

describe('figures of trainings', () => {
  const { hidden, wider, linear } = trainedRuns();
  const ofLinear = ['least-squares-descent'];
  const all = figuresOf([hidden, wider]).filter(({ id }) => !ofLinear.includes(id));
  const others = figuresOf([linear]).filter(({ id }) => ofLinear.includes(id));
  test.each([...all, ...others].map(({ id, build }) => [id, build] as const))('%s', (id, build) =>
    expectAsBefore(id, build()),
  );
});

describe('figures of heads', () => {
  const heads = [0, 30, 300].map((step) => headAt(step));
  test.each(figuresOf(heads).map(({ id, build }) => [id, build] as const))('%s', (id, build) =>
    expectAsBefore(id, build()),
  );
});

describe('figures of blocks', () => {
  const result = blocksAt([64, 256, 1024, 4096]);
  test.each(figuresOf(result).map(({ id, build }) => [id, build] as const))('%s', (id, build) =>
    expectAsBefore(id, build()),
  );
});
