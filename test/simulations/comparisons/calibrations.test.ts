/** Figures of a calibration of two claims. */
import { describe, expect, test } from '@jest/globals';
import { paperFigures } from '../../../figures/index.js';
import type { Calibration, FalseAlarm, PaperFigure, RunResults } from '../../../figures/index.js';
import { nameTest } from '../../../src/claims/evidence/nameTest.js';

const together = 'all tests of the claim together (Holm)';
const interval = { lower: 0.02, upper: 0.09, level: 0.99 };

/** Named as the claims name their tests. */
function called(...parts: Parameters<typeof nameTest>): Pick<FalseAlarm, 'test' | 'label'> {
  const { name: test, label } = nameTest(...parts);
  return { test, label: label! };
}

function calibrationRun(claim: string, calibration: Partial<Calibration> = {}): RunResults {
  return {
    kind: 'check',
    version: '1',
    seed: '1',
    preset: 'calibration',
    settings: { 'runs of true laws': 400 },
    backend: 'wasm',
    claims: [],
    calibration: {
      level: 0.05,
      falseAlarms: [
        {
          ...called(`${claim}/lecun/C=10`, 'tr H given the drawn weights', 'diagonal block'),
          claim,
          runs: 400,
          rejections: 20,
          interval,
        },
        {
          ...called(`${claim} under lecun`, 'ratio of squared norms'),
          claim,
          runs: 400,
          rejections: 0,
          interval: { lower: 0, upper: 0.013, level: 0.99 },
        },
      ],
      power: [
        {
          test: together,
          claim,
          alternative: 'aspect ratio too large by',
          sizes: [0.02, 0.05],
          unit: 'relative',
          power: [0.6, 1],
          runs: 40,
          smallestDetected: 0.05,
        },
        {
          test: together,
          claim,
          alternative: 'semicircle with the same two moments',
          sizes: [1],
          unit: 'shape',
          power: [1],
          runs: 40,
          smallestDetected: 1,
        },
        {
          test: together,
          claim,
          alternative: 'classes too many by',
          sizes: [1],
          unit: 'classes',
          power: [0.4],
          runs: 40,
          smallestDetected: null,
        },
      ],
      ...calibration,
    },
  };
}
const [mse, ce] = [calibrationRun('linear-mse'), calibrationRun('linear-ce')];
const merged = {
  ...mse,
  calibration: {
    level: mse.calibration!.level,
    falseAlarms: [mse, ce].flatMap(({ calibration }) => calibration!.falseAlarms),
    power: [mse, ce].flatMap(({ calibration }) => calibration!.power),
  },
};
const figure = (id: string): PaperFigure => paperFigures.find((definition) => definition.id === id)!.build(merged)!;
const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(strings)
      : value !== null && typeof value === 'object'
        ? Object.values(value).flatMap(strings)
        : [];

describe('figures of a calibration', () => {
  test('false alarms: tests stand under their claim, without its name; intervals that miss the level are set apart', () => {
    const { layout, data } = figure('calibration');
    expect(strings(layout).filter((text) => text.includes('lecun'))).toEqual([]);
    expect((layout['yaxis'] as { ticktext: string[] }).ticktext).toEqual([
      '<b>linear-mse</b>',
      'diagonal block: tr H given the drawn weights',
      'ratio of squared norms',
      '<b>linear-ce</b>',
      'diagonal block: tr H given the drawn weights',
      'ratio of squared norms',
    ]);
    expect(data.map(({ x }) => x)).toEqual([
      [0.05, 0.05],
      [0, 0],
    ]);
  });

  test('power: a curve for each claim where sizes were varied, in per cent; errors of one size in a table', () => {
    const { data, layout, caption } = figure('power');
    const curves = data.filter(({ type }) => type === 'scatter');
    expect(curves.map(({ name, x }) => [name, x])).toEqual([
      ['linear-mse', [2, 5]],
      ['linear-ce', [2, 5]],
    ]);
    // A row for each claim, a column for each error: the semicircle, one class too many.
    const table = data.find(({ type }) => type === 'heatmap')!;
    expect(table).toMatchObject({
      z: [
        [1, 0.4],
        [1, 0.4],
      ],
      text: [
        ['1', '0.4'],
        ['1', '0.4'],
      ],
    });
    const axisOf = (name: unknown): unknown => layout[String(name).replace(/^[xy]/, '$&axis')];
    expect(strings(axisOf(table['xaxis'])).join(' ').replace(/<br>/g, ' ')).toMatch(/semicircle.*classes/);
    expect(strings(axisOf(table['yaxis']))).toEqual(expect.arrayContaining(['linear-mse', 'linear-ce']));
    expect(caption).toContain('is rejected by all tests of the claim together (Holm), against the size');
  });
});
