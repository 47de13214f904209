/** The rule from numbers to marks, on numbers made for it. */
import { describe, expect, test } from '@jest/globals';
import { markSentence } from '../../../src/claims/evidence/markSentence.js';
import type { Assertion } from '../../../src/claims/evidence/markSentence.js';
import { limitSentence, rateSentences, zeroSentence } from '../../../src/claims/evidence/staticSentences.js';
import { paperSentences } from '../../../src/claims/paperSentences.js';
import type { DistanceSeries, Measurement } from '../../../figures/results.js';

const between = (lower: number, upper: number) => ({ lower, upper, level: 0.95 });
const markOf = (...assertions: Omit<Assertion, 'quantity' | 'measured'>[]) =>
  markSentence(
    paperSentences.circulant,
    'made up',
    assertions.map((each) => ({ quantity: 'q', measured: 0, ...each })),
  ).mark;

describe('a mark', () => {
  test('is supported when the whole interval lies in the range, ends included', () => {
    expect(markOf({ interval: between(0.9, 0.95), lower: 0.9 })).toBe('supported');
    expect(markOf({ interval: between(0, 0), upper: 0 })).toBe('supported');
    expect(markOf({ interval: between(-1.4, -0.6), lower: -1.5, upper: -0.5 })).toBe('supported');
  });
  test('is refuted when none of it does, on either side', () => {
    expect(markOf({ interval: between(0.69, 0.7), lower: 0.9 })).toBe('refuted');
    expect(markOf({ interval: between(0.1, 0.2), upper: 0 })).toBe('refuted');
    expect(markOf({ interval: between(-2.1, -1.9), lower: -1.5, upper: -0.5 })).toBe('refuted');
    expect(markOf({ interval: between(-0.3, -0.2), lower: -1.5, upper: -0.5 })).toBe('refuted');
  });
  test('is undecided across an end, without an interval, and without anything drawn', () => {
    expect(markOf({ interval: between(0.89, 0.91), lower: 0.9 })).toBe('undecided');
    expect(markOf({ interval: between(-0.6, -0.4), lower: -1.5, upper: -0.5 })).toBe('undecided');
    expect(markOf({ interval: null, lower: 0.9 })).toBe('undecided');
    expect(markOf()).toBe('undecided');
  });
  test('needs every ground, and falls with one', () => {
    const [good, bad, open] = [between(-2, -1), between(1, 2), between(-1, 1)].map((interval) => ({
      interval,
      upper: 0,
    }));
    expect(markOf(good!, good!)).toBe('supported');
    expect(markOf(good!, open!)).toBe('undecided');
    expect(markOf(open!, good!, bad!)).toBe('refuted');
  });
  test('says its grounds in plain JSON: an open end is null', () => {
    const assertion = { quantity: 'q', measured: 0.95, interval: between(0.9, 1), lower: 0.9 };
    const marked = markSentence(paperSentences.circulant, 'made up', [assertion]);
    expect(JSON.parse(JSON.stringify(marked))).toEqual(marked);
    expect(marked.grounds[0]!.range).toEqual({ lower: 0.9, upper: null });
  });
});

describe('sentences about blocks at initialisation', () => {
  const slopeOf = (measured: number, half: number, rate: number) =>
    rateSentences(
      {
        slope: { measured, interval: between(measured - half, measured + half) } as Measurement,
        curve: { rate, classes: [4, 256] },
      } as unknown as Parameters<typeof rateSentences>[0],
      'made up',
    ).map(({ mark }) => mark);
  // Slopes like those of hidden cross-entropy (−0.80 over C = 4 … 256) and linear cross-entropy (−1.98): paper-notes.md.
  test('a rate is that of the nearest whole number', () => {
    expect(slopeOf(-0.8, 0.05, 1)).toEqual(['supported', 'supported']);
    expect(slopeOf(-1.98, 0.05, 2)).toEqual(['supported', 'supported']);
    expect(slopeOf(-1.98, 0.05, 1)).toEqual(['supported', 'refuted']);
    expect(slopeOf(-0.5, 0.2, 1)).toEqual(['supported', 'undecided']);
    expect(slopeOf(0.3, 0.1, 1)).toEqual(['refuted', 'refuted']);
  });
  test('one block that is not zero refutes that blocks are zero', () => {
    expect([0, 1].map((wrong) => zeroSentence(20, wrong, 'made up').mark)).toEqual(['supported', 'refuted']);
    expect(zeroSentence(0, 0, 'made up').mark).toBe('undecided');
  });
  test('a distance to the limit law that does not fall refutes the limit; other levels do not count', () => {
    const series = (level: 1 | 2 | 3, lower: number, upper: number) =>
      ({
        level,
        block: 'diagonal',
        dimensions: [64, 128],
        exponent: 0,
        interval: between(lower, upper),
      }) as unknown as DistanceSeries;
    expect(limitSentence([series(1, -0.6, -0.4), series(3, 0.1, 0.2)], 'made up').mark).toBe('supported');
    expect(limitSentence([series(1, 0.1, 0.2)], 'made up').mark).toBe('refuted');
    expect(limitSentence([series(1, -0.1, 0.2)], 'made up').mark).toBe('undecided');
    expect(limitSentence([series(3, -1, -0.9)], 'made up').mark).toBe('undecided');
  });
});
