import { beforeAll, describe, expect, test } from '@jest/globals';
import { ratioEvidence, type NormDraw } from '../../../src/claims/evidence/ratioEvidence.js';
import { ratioErrorOfSingle, singleClasses, withLogitPrecision } from '../../../src/claims/logitPrecision.js';
import { performNormTask, type NormTask } from '../../../src/draws/check/normTask.js';
import { createEnvironment } from '../../../src/draws/environment.js';
import { parsePerturbation } from '../../../src/draws/perturbation.js';
import { checkJob } from '../../../src/pipeline/check/checkJob.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { ratioOfMeans } from '../../../simulations/comparisons/index.js';

const settings: DrawSettings = {
  ...{ model: 'linear', loss: 'ce', activation: 'relu', initialisation: 'lecun' },
  ...{ dimension: 64, samples: 128, classes: 400, width: 8 },
};
const check = (preset: 'quick' | 'paper' | 'full') =>
  checkJob({ preset, seed: '1', level: '0.01', pictures: false, claims: 'linear-mse,linear-ce,hidden-ce,output-ce' });

describe('where a check draws logits in single precision', () => {
  test('at no size of quick and paper, and in full for linear norms of C = 4096 and 10000 alone, where it says so', () => {
    expect(singleClasses(check('quick').tasks)).toEqual([]);
    expect(singleClasses(check('paper').tasks)).toEqual([]);
    const full = check('full');
    const single = full.tasks.filter((task) => 'settings' in task && 'logitPrecision' in task.settings);
    expect(single.every(({ experiment }) => experiment.startsWith('linear-ce/'))).toBe(true);
    // Two numbers of classes, two schemes, 60 draws of each.
    expect(single).toHaveLength(240);
    expect(singleClasses(single)).toEqual([4096, 10000]);
    expect(full.settings).toMatchObject({ singleClasses: [4096, 10000] });
    expect(full.plan(1)).toContain('logits in single precision for norms at C = 4096, 10000');
  });

  test.each<[string, Partial<DrawSettings>, number]>([
    ['fewer classes than 4 d', { classes: 255 }, 40],
    ['draws so many that chance does less than a thousandfold', {}, 1e8],
    ['squared error', { loss: 'mse' }, 40],
    ['features between', { model: 'hidden' }, 40],
  ])('not with %s', (_name, other, draws) => {
    expect(withLogitPrecision(settings, 40)).toEqual({ ...settings, logitPrecision: 'single' });
    expect(withLogitPrecision({ ...settings, ...other }, draws)).toEqual({ ...settings, ...other });
  });
});

describe('what it changes in a ratio of norms', () => {
  const draws = 40;
  const drawn = { single: [] as NormDraw[], double: [] as NormDraw[] };
  beforeAll(async () => {
    const environment = createEnvironment(await createBackend('wasm'));
    for (const logitPrecision of ['single', 'double'] as const)
      for (const classes of [256, 400])
        for (let replicate = 0; replicate < draws; replicate += 1) {
          const task: NormTask = {
            ...{ kind: 'norm', layer: 'output', seed: 'precision', perturbation: parsePerturbation(undefined) },
            ...{ experiment: `norms at C = ${classes}`, replicate, settings: { ...settings, classes, logitPrecision } },
          };
          drawn[logitPrecision].push({ task, result: await performNormTask(task, environment) });
        }
  });
  const at = (precision: 'single' | 'double', classes: number) => {
    const own = drawn[precision].filter(({ task }) => task.settings.classes === classes);
    return [own.map(({ result }) => result.offDiagonal), own.map(({ result }) => result.diagonal)] as const;
  };

  test.each([256, 400])('C = %i: each draw within what is stated, and chance a thousand times more', (classes) => {
    const stated = ratioErrorOfSingle({ classes, logitVariance: 1 });
    const [single, double] = (['single', 'double'] as const).map((precision) => at(precision, classes));
    const changes = single![0].map((norm, k) =>
      Math.abs(norm / single![1][k]! / (double![0][k]! / double![1][k]!) - 1),
    );
    expect(Math.max(...changes)).toBeLessThan(stated);
    // The bound is of the largest weight's error; errors of many samples average out.
    expect(Math.max(...changes)).toBeGreaterThan(stated / 1000);
    const { ratio, standardError } = ratioOfMeans(...single!);
    expect(standardError / ratio).toBeGreaterThan(1 / Math.sqrt(settings.samples * draws));
    expect(standardError / ratio).toBeGreaterThan(1000 * stated);
  });

  test('is said beside the ratios, and nothing where all is double', () => {
    const notes = (precision: 'single' | 'double') =>
      ratioEvidence(drawn[precision], 'output', 'LeCun')!.notes.filter((note) => note.includes('precision'));
    expect(notes('double')).toEqual([]);
    const [note] = notes('single');
    const [, margin] = /^LeCun: at C = 256, 400 logits .* is (\S+) times what that can change, or more\.$/.exec(note!)!;
    const margins = [256, 400].map((classes) => {
      const { ratio, standardError } = ratioOfMeans(...at('single', classes));
      return standardError / ratio / ratioErrorOfSingle({ classes, logitVariance: 1 });
    });
    expect(Number(margin) / Math.min(...margins)).toBeCloseTo(1, 1);
  });
});
