import { describe, expect, test } from '@jest/globals';
import {
  crossBlock,
  hiddenBlock,
  hiddenBlockWeights,
  linearBlock,
  linearBlockWeights,
  outputBlock,
} from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend, wasmBackend } from '../../../simulations/linalg/index.js';
import {
  activationFrom,
  createReadout,
  drawFromParts,
  drawReplicate,
  fillLayer,
  layerInitialisation,
  type Draw,
  type DrawOptions,
} from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';

const hidden: DrawSettings = {
  model: 'hidden',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'lecun',
  dimension: 9,
  samples: 14,
  classes: 6,
  width: 4,
};
const linear: DrawSettings = { ...hidden, model: 'linear' };

function draw(settings: DrawSettings, replicate = 0, options: DrawOptions = {}): Draw {
  return drawReplicate(
    settings,
    referenceBackend().createWorkspace(settings.dimension, settings.samples),
    'draws',
    replicate,
    options,
  );
}

describe('streams', () => {
  test('the same seed and replicate give the same draw, another replicate or seed another', () => {
    const [a, b, c] = [draw(hidden, 2), draw(hidden, 2), draw(hidden, 3)];
    expect([...a.workspace.inputs]).toEqual([...b.workspace.inputs]);
    expect([...hiddenBlockWeights(a, 0, 1)]).toEqual([...hiddenBlockWeights(b, 0, 1)]);
    expect(a.workspace.inputs[0]).not.toBe(c.workspace.inputs[0]);
    expect(a.hiddenLayer[0]).not.toBe(c.hiddenLayer[0]);
    expect(a.readout.matrix![0]).not.toBe(c.readout.matrix![0]);
  });

  test('changing the number of classes changes neither inputs nor the hidden layer; changing the width not the labels', () => {
    const [few, many] = [draw(hidden), draw({ ...hidden, classes: 40 })];
    expect([...many.workspace.inputs]).toEqual([...few.workspace.inputs]);
    expect([...many.hiddenLayer]).toEqual([...few.hiddenLayer]);
    expect([...many.readout.matrix!.subarray(0, 24)]).toEqual([...few.readout.matrix!]);
    const wide = draw({ ...hidden, width: 7 });
    expect([...wide.labels]).toEqual([...few.labels]);
    expect([...wide.workspace.inputs]).toEqual([...few.workspace.inputs]);
  });

  // Chi-squared with 9 degrees of freedom: 33.7 is passed with probability 1e-4.
  test('labels are uniform on the classes, seed "draws"', () => {
    const { labels } = draw({ ...linear, dimension: 1, samples: 5000, classes: 10 });
    const counts = new Float64Array(10);
    for (const label of labels) counts[label]! += 1;
    expect(counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)).toBeLessThan(33.7);
  });
});

describe('initialisations', () => {
  test('variance factors: 1, 2, 2 fanIn/(fanIn + fanOut), 1/3', () => {
    expect(layerInitialisation('lecun', 30, 7)).toEqual({ varianceFactor: 1, distribution: 'normal' });
    expect(layerInitialisation('he', 30, 7)).toEqual({ varianceFactor: 2, distribution: 'normal' });
    expect(layerInitialisation('xavier', 30, 10)).toEqual({ varianceFactor: 1.5, distribution: 'normal' });
    expect(layerInitialisation('pytorch', 30, 7)).toEqual({ varianceFactor: 1 / 3, distribution: 'uniform' });
  });

  // 20000 entries: the variance has a relative standard error of at most 1 % and the kurtosis one of at most 0.035; 5
  // of them: chance 3e-6 in all.
  test.each(['lecun', 'he', 'xavier', 'pytorch'] as const)(
    '%s layers have the variance and the shape they claim, seed "draws"',
    (name) => {
      const scheme = layerInitialisation(name, 50, 400);
      const entries = new Float64Array(20000);
      fillLayer(randomStream('draws', 'initialisation', 0), scheme, 50, entries);
      const moment = (k: number) => entries.reduce((sum, value) => sum + value ** k, 0) / entries.length;
      const variance = { lecun: 1 / 50, he: 2 / 50, xavier: 2 / 450, pytorch: 1 / 150 }[name];
      expect(Math.abs(moment(1)) / Math.sqrt(variance)).toBeLessThan(5 / Math.sqrt(20000));
      expect(Math.abs(moment(2) / variance - 1)).toBeLessThan(0.05);
      expect(Math.abs(moment(4) / moment(2) ** 2 - (name === 'pytorch' ? 1.8 : 3))).toBeLessThan(0.18);
      if (name === 'pytorch')
        expect(entries.reduce((max, value) => Math.max(max, Math.abs(value)), 0)).toBeLessThanOrEqual(
          1 / Math.sqrt(50),
        );
    },
  );

  test('both layers follow the settings, or the schemes given in their place', () => {
    const big = { ...hidden, dimension: 400, width: 20, classes: 300, samples: 2 };
    const meanSquare = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
    const drawn = draw({ ...big, initialisation: 'xavier' });
    expect(meanSquare(drawn.hiddenLayer) * 210).toBeCloseTo(1, 1);
    expect(meanSquare(drawn.readout.matrix!) * 160).toBeCloseTo(1, 1);
    const given = draw(big, 0, { layers: { output: { varianceFactor: 4, distribution: 'normal' } } });
    expect(meanSquare(given.hiddenLayer) * 400).toBeCloseTo(1, 1);
    expect((meanSquare(given.readout.matrix!) * 20) / 4).toBeCloseTo(1, 1);
  });
});

describe('a last layer that is not kept', () => {
  const scheme = layerInitialisation('pytorch', 3, 5000);
  const openStream = () => randomStream('draws', 'V', 0);
  const kept = createReadout(5000, 3, scheme, openStream);
  const streamed = createReadout(5000, 3, scheme, openStream, 100);

  test('has the same bits as the kept one', () => {
    expect(streamed.matrix).toBeUndefined();
    const collected = new Float64Array(15000);
    streamed.visitTiles((rows, start, count) => collected.set(rows.subarray(0, count * 3), start * 3));
    expect([...collected]).toEqual([...kept.matrix!]);
    const byReader = new Float64Array(15000);
    const read = streamed.reader();
    for (let start = 0; start < 5000; start += 7)
      read(start, byReader.subarray(start * 3, Math.min(start + 7, 5000) * 3));
    expect([...byReader]).toEqual([...kept.matrix!]);
    expect([...streamed.rows([4999, 0, 2500])]).toEqual([...kept.rows([4999, 0, 2500])]);
  });

  test.each(['ce', 'mse'] as const)('gives the same blocks of the hidden model, %s', (loss) => {
    const settings: DrawSettings = {
      ...hidden,
      loss,
      activation: 'tanh',
      width: 3,
      classes: 5000,
      initialisation: 'pytorch',
    };
    const usual = draw(settings);
    const other: Draw = (() => {
      const workspace = referenceBackend().createWorkspace(settings.dimension, settings.samples);
      return drawReplicate(settings, workspace, 'draws', 0, { readoutEntriesKept: 100 });
    })();
    expect(other.readout.matrix).toBeUndefined();
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [2, 2],
    ] as const) {
      expect([...hiddenBlockWeights(other, i, j)]).toEqual([...hiddenBlockWeights(usual, i, j)]);
    }
    expect([...outputBlock(other, 4321, 7)]).toEqual([...outputBlock(usual, 4321, 7)]);
    expect([...crossBlock(other, 1, 3333).total]).toEqual([...crossBlock(usual, 1, 3333).total]);
  });

  test('gives the same weights of the linear model', () => {
    const settings = { ...linear, classes: 3000 };
    const usual = draw(settings);
    const other = draw(settings, 0, { readoutEntriesKept: 100 });
    expect(other.readout.matrix).toBeUndefined();
    expect([...linearBlockWeights(other, 0, 2999)]).toEqual([...linearBlockWeights(usual, 0, 2999)]);
  });
});

describe('logits of size 10⁴', () => {
  const layers = { output: { varianceFactor: 1e8, distribution: 'normal' } } as const;

  test('leave the weights finite and the probabilities of a sample summing to 1', () => {
    for (const settings of [hidden, linear]) {
      const drawn = draw(settings, 0, { layers });
      expect(drawn.statistics.logit(0).some((f) => Math.abs(f) > 5e3)).toBe(true);
      for (const [i, j] of [
        [0, 0],
        [0, 1],
      ] as const) {
        const weights = settings.model === 'hidden' ? hiddenBlockWeights(drawn, i, j) : linearBlockWeights(drawn, i, j);
        expect(weights.every(Number.isFinite)).toBe(true);
      }
      const total = [...Array(settings.classes).keys()].reduce(
        (sum, c) => sum + drawn.statistics.probability(c)[0]!,
        0,
      );
      expect(total).toBeCloseTo(1, 12);
    }
  });

  test('keep the digits of a covariance that is tiny beside the squares it is made of', () => {
    // Two classes whose logits differ by 50: Cov = p(1 − p)(v_0 − v_1)², p = e^{−50}, where squares are of order 1e4.
    const settings: DrawSettings = { ...hidden, width: 1, classes: 2, dimension: 1, samples: 1 };
    const workspace = referenceBackend().createWorkspace(1, 1);
    workspace.inputs[0] = 1;
    const readout = Float64Array.of(150, 100);
    const drawn = drawFromParts({
      settings,
      workspace,
      labels: Int32Array.of(0),
      hiddenLayer: Float64Array.of(1),
      readout,
    });
    const p = Math.exp(-50) / (1 + Math.exp(-50));
    expect(drawn.statistics.covariance(0, 0)[0]! / (p * 2500)).toBeCloseTo(1, 12);
  });
});

describe('backends', () => {
  test.each([
    ['hidden', 'ce', 'gelu'],
    ['hidden', 'mse', 'relu'],
    ['linear', 'ce', 'relu'],
  ] as const)('the embedded kernels draw what the reference draws: %s, %s, %s', (model, loss, activation) => {
    const settings: DrawSettings = { ...hidden, model, loss, activation, dimension: 37, samples: 101, classes: 150 };
    const plain = draw(settings);
    const fast = drawReplicate(settings, wasmBackend().createWorkspace(37, 101), 'draws', 0);
    expect([...fast.workspace.inputs]).toEqual([...plain.workspace.inputs]);
    expect([...fast.labels]).toEqual([...plain.labels]);
    for (const [i, j] of [
      [0, 0],
      [0, 1],
    ] as const) {
      const weights = model === 'hidden' ? hiddenBlockWeights : linearBlockWeights;
      expect(largestDiscrepancy(weights(fast, i, j), weights(plain, i, j), 1e-3)).toBeLessThan(1e-11);
    }
  });
});

describe('options', () => {
  test('an activation and an input sampler of one’s own', () => {
    const square = activationFrom(
      'square',
      (u) => u * u,
      (u) => 2 * u,
      () => 2,
    );
    const drawn = draw(hidden, 0, { activation: square, inputs: (workspace) => workspace.inputs.fill(1) });
    expect(drawn.hasStandardNormalInputs).toBe(false);
    const u = drawn.hiddenLayer.subarray(0, 9).reduce((sum, w) => sum + w, 0);
    expect(drawn.preactivations[0]).toBeCloseTo(u, 14);
    expect(drawn.features[0]).toBeCloseTo(u * u, 14);
    expect(drawn.slopes[0]).toBeCloseTo(2 * u, 14);
  });

  test('blocks named in advance have the same bits as blocks asked for later', () => {
    const pairs = [
      [0, 0],
      [1, 3],
      [2, 2],
    ] as const;
    const early = draw(hidden, 0, { wanted: { hidden: pairs, output: [[5, 4]], cross: [[3, 2]] } });
    const late = draw(hidden);
    for (const [i, j] of pairs)
      expect([...hiddenBlockWeights(early, i, j)]).toEqual([...hiddenBlockWeights(late, i, j)]);
    expect(largestDiscrepancy(crossBlock(early, 3, 2).total, crossBlock(late, 3, 2).total)).toBe(0);
  });
});

describe('bad input', () => {
  const sizes = ['dimension', 'samples', 'classes', 'width'] as const;
  test.each(sizes.flatMap((key) => [0, -3, 2.5, Number.NaN, Infinity].map((value) => [key, value] as const)))(
    '%s = %d is refused by name',
    (key, value) => {
      const workspace = referenceBackend().createWorkspace(9, 14);
      const attempt = () => drawReplicate({ ...hidden, [key]: value }, workspace, 'draws', 0);
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(new RegExp(`^${key}, .* got ${value};`));
    },
  );

  test.each([
    ['model', 'wide'],
    ['loss', 'hinge'],
    ['activation', 'swish'],
    ['initialisation', 'zero'],
  ])('an unknown %s is refused with the known ones', (key, value) => {
    expect(() => draw({ ...hidden, [key]: value })).toThrow(new RegExp(`^${key} must be one of .*, got ${value}`));
  });

  test('the linear model reads neither width nor activation', () => {
    expect(() => draw({ ...linear, width: Number.NaN, activation: 'none' as never })).not.toThrow();
  });

  test('a workspace of another size, a negative replicate', () => {
    expect(() => drawReplicate(hidden, referenceBackend().createWorkspace(9, 13), 'draws', 0)).toThrow(
      /^workspace must be .* 9×14, got 9×13/,
    );
    expect(() => draw(hidden, -1)).toThrow(/^replicate must/);
  });

  test('indices out of range, and blocks of the other model', () => {
    const drawn = draw(hidden);
    for (const bad of [-1, 4, 0.5, Number.NaN]) {
      expect(() => hiddenBlockWeights(drawn, bad, 0)).toThrow(/^i must be a whole number from 0 to 3/);
      expect(() => hiddenBlockWeights(drawn, 0, bad)).toThrow(/^j must be a whole number from 0 to 3/);
    }
    expect(() => outputBlock(drawn, 0, 6)).toThrow(/^j must be a whole number from 0 to 5/);
    expect(() => crossBlock(drawn, 4, 0)).toThrow(/^i must be/);
    expect(() => linearBlockWeights(draw(linear), 6, 0)).toThrow(/^i must be/);
    expect(() => linearBlockWeights(drawn, 0, 0)).toThrow(
      /^linear blocks belong to a model whose readout multiplies inputs, got a draw of the hidden model/,
    );
    expect(() => hiddenBlockWeights(draw(linear), 0, 0)).toThrow(
      /^hidden blocks belong to a model whose readout multiplies features, got a draw of the linear model/,
    );
    expect(() => draw(linear, 0, { wanted: { hidden: [[0, 0]] } })).toThrow(UsageError);
    expect(() => draw(hidden, 0, { wanted: { output: [[0, 6]] } })).toThrow(/^j must be/);
  });

  test('parts that disagree', () => {
    const workspace = referenceBackend().createWorkspace(9, 14);
    const parts = {
      settings: hidden,
      workspace,
      labels: new Int32Array(14),
      hiddenLayer: new Float64Array(36),
      readout: new Float64Array(24),
    };
    expect(() => drawFromParts(parts)).not.toThrow();
    expect(() => drawFromParts({ ...parts, labels: new Int32Array(13) })).toThrow(/^labels must have 14 entries/);
    expect(() => drawFromParts({ ...parts, labels: new Int32Array(14).fill(6) })).toThrow(
      /^labels\[0\] must be .* 0 to 5, got 6/,
    );
    expect(() => drawFromParts({ ...parts, hiddenLayer: new Float64Array(35) })).toThrow(/^hiddenLayer must have 36/);
    expect(() => drawFromParts({ ...parts, readout: new Float64Array(25) })).toThrow(/^readout must have 24/);
  });

  test('inputs that another draw has replaced are noticed; what needs none of them still answers', () => {
    const workspace = referenceBackend().createWorkspace(9, 14);
    const first = drawReplicate(hidden, workspace, 'draws', 0);
    const before = hiddenBlockWeights(first, 1, 2);
    const second = drawReplicate(linear, workspace, 'draws', 1);
    expect(() => hiddenBlock(first, 0, 0)).toThrow(/^draw must still have its inputs/);
    expect(() => crossBlock(first, 0, 0)).toThrow(UsageError);
    expect([...hiddenBlockWeights(first, 1, 2)]).toEqual([...before]);
    expect(() => linearBlock(second, 0, 1)).not.toThrow();
    drawReplicate(hidden, workspace, 'draws', 2);
    expect(() => linearBlockWeights(second, 0, 1)).not.toThrow();
    expect(() => linearBlockWeights(second, 3, 4)).toThrow(/^draw must still have its inputs/);
  });
});
