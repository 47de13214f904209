/** From an exporter's folders to results, report and figures: a small language model at five steps (fixtures/languageModel). */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HeadResult } from '../../../../figures/headResult.js';
import { drawFigures } from '../../../../src/pipeline/figures/drawFigures.js';
import { runHead } from '../../../../src/pipeline/head/runHead.js';
import { requireNewHead, saveHead } from '../../../../src/pipeline/head/saveHead.js';
import { UsageError } from '../../../../theory/errors.js';

const fixture = fileURLToPath(new URL('../../../fixtures/languageModel', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-exported-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** By fixtures/languageModel/headNumbers.py: every one of the C² blocks, in NumPy. */
const byNumpy = JSON.parse(readFileSync(join(fixture, 'headNumbers.json'), 'utf8')) as Record<
  string,
  { readonly plain: { readonly t: number }; readonly population: { readonly t: number }; readonly loss: number }
>;
const steps = [0, 300];
const found: Record<number, HeadResult> = {};

beforeAll(async () => {
  for (const step of steps) {
    const outcome = await runHead({
      folder: join(fixture, `step-${step}`),
      counts: join(fixture, 'counts.npy'),
      initialisation: true,
      tokens: '64',
      backend: 'wasm',
    });
    found[step] = outcome.result;
    await saveHead(join(folder, `step-${step}`), outcome, { created: new Date(0), seconds: 1 });
  }
});

const relative = (a: number, b: number): number => Math.abs(a / b - 1);
const verdictOf = (step: number, id: string) => found[step]!.statements.find((each) => each.id === id)!.verdict;

describe('an exported folder', () => {
  test.each(steps)('at step %d has the loss and both t that NumPy finds block by block', (step) => {
    const { plain, population, loss } = byNumpy[`step-${step}`]!;
    expect(relative(found[step]!.loss!, loss)).toBeLessThan(1e-12);
    expect(relative(found[step]!.sample.t.value, plain.t)).toBeLessThan(1e-11);
    expect(relative(found[step]!.population!.t.value, population.t)).toBeLessThan(1e-11);
  });

  test('brings its label, its step and its sequences', () => {
    expect(steps.map((step) => [found[step]!.label, found[step]!.step, found[step]!.groups])).toEqual([
      ['Moby Dick', 0, 64],
      ['Moby Dick', 300, 64],
    ]);
  });

  test('agrees with the law at initialisation where V is as drawn, and is rejected after 300 steps', () => {
    // V of step 0 is one draw: a false alarm has probability 0.01, and with these files it is none for good.
    expect(verdictOf(0, 'initialisation')).toBe('agree');
    expect(verdictOf(300, 'initialisation')).toBe('disagree');
    for (const step of steps)
      expect([verdictOf(step, 'row-sums'), verdictOf(step, 'bounds')]).toEqual(['agree', 'agree']);
  });

  test('tends to the unigram formula, by the frequencies of the training text', () => {
    // 0.04291 from counts.npy by NumPy: ((Σq²)² − Σq⁴)/Σ(q(1 − q))².
    const { targets } = found[300]!.unigram;
    expect(relative(targets!.t, 0.04290940762978802)).toBeLessThan(1e-12);
    const { value, error } = found[300]!.population!.t;
    expect(Math.abs(value - targets!.t) / error!).toBeLessThan(3);
    expect(Math.abs(found[0]!.population!.t.value - targets!.t) / found[0]!.population!.t.error!).toBeGreaterThan(100);
  });

  test('of a tied head takes its tokens along; a head.json that is another file is refused', async () => {
    const own = join(folder, 'own');
    cpSync(join(fixture, 'step-30'), own, { recursive: true });
    const facts = JSON.parse(readFileSync(join(own, 'head.json'), 'utf8')) as object;
    const run = async (changed: object) => {
      writeFileSync(join(own, 'head.json'), JSON.stringify({ ...facts, ...changed }));
      return (await runHead({ folder: own, backend: 'wasm', tokens: '0' })).result;
    };
    expect((await run({})).tied).toBeNull();
    const { tied, files } = await run({ tied: true });
    expect(files['tied']).toBe('tokens.npy');
    expect(tied!.cosine.largest).toBeLessThanOrEqual(1);
    for (const changed of [{ step: -1 }, { step: '30' }, { label: 3 }, { kind: 'other' }]) {
      await expect(run(changed)).rejects.toThrow(UsageError);
      await expect(run(changed)).rejects.toThrow(/must be what limitlaw_export\.py writes/);
    }
  });
});

describe('what is kept of a head', () => {
  test('results, rows and a report, none of them ever overwritten', () => {
    const path = join(folder, 'step-0');
    for (const name of ['results.json', 'rows.csv', 'report.html']) {
      expect(existsSync(join(path, name))).toBe(true);
      const alone = mkdtempSync(join(folder, 'alone-'));
      writeFileSync(join(alone, name), '');
      expect(() => requireNewHead(alone)).toThrow(/nothing is overwritten: name another/);
    }
    expect(JSON.parse(readFileSync(join(path, 'results.json'), 'utf8'))).toEqual(found[0]);
  });

  test('draws the figures of several heads, and those of one alone', async () => {
    const draw = (run: string, out: string) =>
      drawFigures({
        ...{ run, out: join(folder, out), ids: undefined, formats: ['html'], browser: {} },
        ...{ width: undefined, scale: undefined, overwrite: false, onFile: () => undefined },
      });
    const both = await draw(steps.map((step) => join(folder, `step-${step}`)).join(','), 'both');
    expect(both.skipped).toEqual([]);
    expect(both.files.filter((file) => file.endsWith('.html'))).toHaveLength(3);
    const one = await draw(join(folder, 'step-0'), 'one');
    expect(one.skipped.map(({ id }) => id)).toEqual(['head-ratio-along-training']);
    writeFileSync(join(folder, 'own', 'results.json'), JSON.stringify({ kind: 'head', version: '1' }));
    await expect(draw(join(folder, 'own'), 'x')).rejects.toThrow(/damaged or of another version/);
  });
});
