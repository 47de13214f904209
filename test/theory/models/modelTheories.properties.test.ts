// What every model in the list promises, asked of each in turn: a new model is tested here by standing in the list.
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { measureMoment } from '../../../theory/measures/index.js';
import {
  blockLaw,
  frobeniusRatio,
  initialisationScheme,
  modelTheories,
  outliersOfModel,
  wholeLaw,
} from '../../../theory/models/index.js';
import type { BlockLawSpec, LayersOfModel, ModelSetting, ModelTheory } from '../../../theory/models/index.js';
import {
  blockKinds,
  initialisations,
  layersOf,
  losses,
  models,
  modelTraits,
  paperModels,
  takesSetting,
  type Layer,
  type Model,
  type PaperModel,
} from '../../../theory/names.js';

const sizes = { classes: 6, width: 4, aspectRatio: 0.05 };
// Wide enough for what is of relative order 1/width to be a correction.
const widths = [40, 30];
const widthsOf = (model: Model) => (takesSetting(model, 'widths') ? { widths } : {});
const ownLayers = (model: Model): readonly Layer[] => layersOf(model, widths.length);
const allLayers = [...new Set(models.flatMap((model) => [...layersOf(model, widths.length + 1)]))];
const settingsOf = (model: Model): ModelSetting[] =>
  ownLayers(model).flatMap((layer) => losses.map((loss) => ({ model, layer, loss, ...sizes, ...widthsOf(model) })));
const lawSpecs = (model: Model): BlockLawSpec[] =>
  settingsOf(model).flatMap((setting) =>
    blockKinds.flatMap((block) => [6, Infinity].map((classes) => ({ ...setting, block, classes }))),
  );

/** V, C×m. */
const readout = Float64Array.from({ length: sizes.classes * sizes.width }, (_, k) => Math.cos(1 + 2.3 * k));

/** A diagonal and an off-diagonal block of each model given as little of the layers as it needs. */
const drawnLayersOf: { readonly [M in PaperModel]: (j: number, factor: number) => LayersOfModel[M] } = {
  linear: (j, factor) => ({ loss: 'ce', classes: sizes.classes, i: 0, j, logitVariance: factor }),
  hidden: (j, factor) => ({ loss: 'ce', activation: 'relu', ...sizes, i: 0, j, readout, varianceFactor: factor }),
};

function refusal(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe.each(models)('the %s model', (model) => {
  test('has for every block a law, a matrix, or a sentence why there is neither', () => {
    for (const spec of lawSpecs(model)) {
      const { law, eigenvalues, note, outline, weights, outliers } = blockLaw(spec);
      if (law === undefined) {
        expect(note).toMatch(/^[A-Z].*\.$/);
        expect(eigenvalues?.every((value) => value > 0) ?? true).toBe(true);
        expect(outliers).toBeUndefined();
        continue;
      }
      expect(law.aspectRatio === spec.aspectRatio || law.support.length === 0).toBe(true);
      // The first moment of (1/N) Σ a x xᵀ is E a, whatever the aspect ratio.
      if (weights !== undefined && 'nodes' in weights)
        expect(Math.abs(law.moment(1) - measureMoment(weights, 1))).toBeLessThan(1e-9);
      const bulk = outline?.();
      for (const { at } of outliers?.({ points: 512, shifts: 4 }) ?? [])
        expect(bulk!.support.some(([lower, upper]) => at >= lower && at <= upper)).toBe(false);
    }
  });

  test('has a law of the whole Hessian whose moments are those of its blocks, or a sentence why there is none', () => {
    for (const setting of settingsOf(model)) {
      const { law, note } = wholeLaw(setting);
      expect(note).toMatch(/^[A-Z].*\.$/);
      if (law === undefined) continue;
      // Its trace is that of the blocks on the diagonal; its squared norm that of all blocks.
      const [diagonal, off] = blockKinds.map((block) => blockLaw({ ...setting, block }).law!);
      expect(Math.abs(law.moment(1) / diagonal!.moment(1) - 1)).toBeLessThan(2e-3);
      const square = diagonal!.moment(2) + (sizes.classes - 1) * off!.moment(2);
      expect(Math.abs(law.moment(2) / square - 1)).toBeLessThan(4e-3);
    }
  });

  test('has for every layer a ratio with its rate, and a limit or the reason why it is infinite', () => {
    for (const setting of settingsOf(model)) {
      if (takesSetting(model, 'widths') && setting.layer === 'output' && setting.loss === 'ce') {
        expect(refusal(() => frobeniusRatio(setting))).toMatch(/no ratio of the output layer .* is known under ce/);
        continue;
      }
      const found = frobeniusRatio({ ...setting, effort: 1e5 });
      expect(found.ratio).toBeGreaterThanOrEqual(0);
      expect(found.scaled).toBeCloseTo(sizes.classes ** found.exponent * found.ratio, 12);
      const atInfinity = frobeniusRatio({ ...setting, classes: Infinity });
      expect(atInfinity.scaled).toBe(found.limit);
      // Widths above a layer leave something of its ratio, and then C·r has no limit.
      if (!takesSetting(model, 'widths') || Number.isFinite(found.limit)) expect(atInfinity.ratio).toBe(0);
      else expect(atInfinity.ratio / found.ratio).toBeGreaterThan(0.2);
      expect(Number.isFinite(found.limit) || (found.reason?.length ?? 0) > 40).toBe(true);
    }
  });

  test('initialises its layers and no others', () => {
    for (const name of initialisations) {
      const scheme = initialisationScheme(name, { model, dimension: 40, width: 5, widths, classes: 8 });
      expect(Object.keys(scheme)).toEqual(ownLayers(model));
      for (const { varianceFactor } of Object.values(scheme)) expect(varianceFactor).toBeGreaterThan(0);
    }
  });

  test('refuses a layer that it does not have and a setting that lacks what it needs', () => {
    const [setting] = settingsOf(model);
    const asked: readonly [string, (given: ModelSetting) => unknown][] = [
      ['blockLaw', (given) => blockLaw({ ...given, block: 'diagonal' })],
      ['frobeniusRatio', (given) => frobeniusRatio({ ...given, effort: 1e5 })],
    ];
    for (const [caller, ask] of asked) {
      for (const layer of allLayers.filter((name) => !ownLayers(model).includes(name)))
        expect(refusal(() => ask({ ...setting!, layer }))).toMatch(
          new RegExp(`^${caller}: the ${model} model has .* only, got layer '${layer}'$`),
        );
      for (const width of [undefined, 0, 2.5]) {
        const found = refusal(() => ask({ ...setting!, loss: 'mse', width: width as number }));
        expect(found).toBe(
          takesSetting(model, 'width')
            ? `${caller}: the ${model} model needs width, a whole number of at least 1, got ${width}`
            : 'not refused',
        );
      }
      for (const wrong of [undefined, [], [4, 0], [2.5]]) {
        const found = refusal(() => ask({ ...setting!, loss: 'mse', widths: wrong as number[] }));
        expect(found).toBe(
          takesSetting(model, 'widths')
            ? `${caller}: the ${model} model needs widths, a whole number of at least 1 for each hidden layer, got ${wrong?.join(', ')}`
            : 'not refused',
        );
      }
      expect(refusal(() => ask({ ...setting!, classes: 1 }))).toMatch(/^\w+: classes must be .* got 1$/);
      expect(refusal(() => ask({ ...setting!, aspectRatio: -1 }))).toMatch(/^\w+: aspectRatio must be .* got -1$/);
      expect(refusal(() => ask({ ...setting!, initialisation: 'he', logitVariance: 1 }))).toMatch(/not both/);
      expect(refusal(() => ask({ ...setting!, model: 'none' as Model }))).toContain(
        `model must be one of ${models.join(', ')}, got 'none'`,
      );
    }
  });
});

describe.each(paperModels)('the %s model', (model) => {
  // Two integrations of one law: lattices whose stated errors are up to 4e-3, against a quadrature or fewer points.
  test.each([
    [0, 'diagonal'],
    [1, 'off-diagonal'],
  ] as const)('its weights given its layers, block (0, %i), have the mean that its law has', (j, block) => {
    const { weightsGivenLayers } = modelTheories[model] as ModelTheory<unknown>;
    const meanAt = (factor: number): number =>
      measureMoment(weightsGivenLayers(drawnLayersOf[model](j, factor)).measure, 1);
    const { weightedLayer: layer } = modelTraits[model];
    const given = takesSetting(model, 'width') ? { readout, points: 2048 } : { logitVariance: 1 };
    const { law } = blockLaw({ model, layer, loss: 'ce', block, ...sizes, ...given });
    expect(Math.abs(meanAt(1) / law!.moment(1) - 1)).toBeLessThan(5e-3);
    // A variance that is half as large again is another law.
    expect(Math.abs(meanAt(1.5) / law!.moment(1) - 1)).toBeGreaterThan(4e-2);
  });
});

test('a model that is not in the list is refused by every door, with the list', () => {
  const model = 'none' as 'linear';
  const setting = { model, loss: 'mse', layer: 'output', ...sizes } as const;
  const { law } = blockLaw({ ...setting, model: 'linear', block: 'diagonal' });
  const doors: readonly (() => unknown)[] = [
    () => blockLaw({ ...setting, block: 'diagonal' }),
    () => frobeniusRatio(setting),
    () => initialisationScheme('he', { model, dimension: 4, width: 2, classes: 3 }),
    () => outliersOfModel({ model, loss: 'mse', i: 0, j: 0, classes: 3, law: law as never }),
  ];
  const sentence = new RegExp(`^\\w+: model must be one of ${models.join(', ')}, got 'none'$`);
  for (const ask of doors) expect(refusal(ask)).toMatch(sentence);
});
