import { describe, expect, test } from '@jest/globals';
import { crossBlock } from '../../../simulations/blocks/index.js';
import type { DrawSettings, LossGradientRequest, Parameters, SampleSet } from '../../../simulations/contracts.js';
import { activationNamed, drawReplicate, modelOf, type Draw } from '../../../simulations/models/index.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { activationNames, losses, paperModels } from '../../../theory/names.js';
import { lossByHyperDuals } from '../../helpers/lossByDefinition.js';
import { backendsHere } from './linalgBackends.js';

const backends = await backendsHere();
/** Beside sums of some hundred terms of order 1. */
const ROUNDING = 1e-13;

// No two sizes agree; none is a multiple of four.
const small = { initialisation: 'lecun', dimension: 5, samples: 9, classes: 7, width: 3 } as const;

function drawOf(settings: DrawSettings): Draw {
  const workspace = referenceBackend().createWorkspace(settings.dimension, settings.samples);
  return drawReplicate(settings, workspace, 'loss gradient', 0);
}

function requestOf({ settings, workspace, labels, activation }: Draw): LossGradientRequest {
  const { loss, dimension, samples, classes } = settings;
  const units = modelOf(settings).units(settings);
  return { loss, dimension, samples, classes, units, activation, labels, inputs: workspace.inputs };
}

const parametersOf = ({ hiddenLayer, readout }: Draw): Parameters => ({ hiddenLayer, readout: readout.matrix! });
const all = ({ samples }: LossGradientRequest): SampleSet => ({ start: 0, count: samples });
const flat = ({ hiddenLayer, readout }: Parameters): number[] => [...hiddenLayer, ...readout];

function gap(actual: readonly number[], expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...actual.map((value, k) => Math.abs(value - expected[k]!)));
}

describe.each(backends)('the loss and its gradient in the %s backend', (_name, backend) => {
  const cases = paperModels.flatMap((model) =>
    losses.flatMap((loss) =>
      (model === 'hidden' ? activationNames : ['relu' as const]).map((activation): [string, DrawSettings] => [
        `${model} ${loss} ${activation}`,
        { model, loss, activation, ...small },
      ]),
    ),
  );

  // First derivatives of the loss as the paper defines it, by hyper-dual numbers; and its central differences.
  test.each(cases)('are those of the definition: %s', (_title, settings) => {
    const draw = drawOf(settings);
    const request = requestOf(draw);
    const pass = backend.lossGradient(request);
    const parameters = flat(parametersOf(draw));
    const { loss, gradient } = lossByHyperDuals({
      ...settings,
      ...{ inputs: request.inputs, labels: request.labels, parameters },
    });
    expect(Math.abs(pass.evaluate(parametersOf(draw), all(request)).loss - loss)).toBeLessThan(ROUNDING);
    const found = flat(pass.gradient);
    expect(gap(found, gradient)).toBeLessThan(ROUNDING);
    expect(gap(found.with(4, found[4]! * 1.001), gradient)).toBeGreaterThan(1e3 * ROUNDING);

    const step = 1e-5;
    const lossAt = (k: number, value: number): number => {
      const moved = Float64Array.from(parameters).fill(value, k, k + 1);
      const split = draw.hiddenLayer.length;
      const at = { hiddenLayer: moved.subarray(0, split), readout: moved.subarray(split) };
      return pass.evaluate(at, all(request)).loss;
    };
    // Truncation step²·f‴/6 and rounding 1e-16/step: some 1e-10 and 1e-11.
    const differences = parameters.map((p, k) => (lossAt(k, p + step) - lossAt(k, p - step)) / (2 * step));
    expect(gap(found, differences)).toBeLessThan(1e-9);
  });

  // With S_i = (1/N) Xᵀ D_i r, whose column j is the residual part of block (w_i, v_j): S_i v_i = ∂w_i, S_iᵀ w_i = ∂v_i.
  test.each(losses)('are contractions of the residual parts of the cross-layer blocks: %s', (loss) => {
    const draw = drawOf({ model: 'hidden', loss, activation: 'relu', ...small });
    const { dimension, width, classes } = small;
    const pass = backend.lossGradient(requestOf(draw));
    pass.evaluate(parametersOf(draw), all(requestOf(draw)));
    const { hiddenLayer, readout } = pass.gradient;
    for (let i = 0; i < width; i++) {
      const rows = new Float64Array(dimension);
      for (let j = 0; j < classes; j++) {
        const { residual } = crossBlock(draw, i, j);
        let column = 0;
        for (let a = 0; a < dimension; a++) {
          rows[a]! += residual[a * width + i]! * draw.readout.matrix![j * width + i]!;
          column += residual[a * width + i]! * draw.hiddenLayer[i * dimension + a]!;
        }
        expect(Math.abs(column - readout[j * width + i]!)).toBeLessThan(ROUNDING);
      }
      expect(gap([...rows], hiddenLayer.subarray(i * dimension, (i + 1) * dimension))).toBeLessThan(ROUNDING);
    }
  });
});

describe.each(backends.filter(([, { name }]) => name !== 'reference'))(
  'the kernels of the %s backend',
  (_name, backend) => {
    // Tiles hold 64 samples, 16 of long inputs, and vectors 4 numbers: sizes on both sides of all.
    const sizes = [
      { dimension: 8, samples: 64, classes: 4, width: 4 },
      { dimension: 1, samples: 130, classes: 2, width: 1 },
      { dimension: 37, samples: 65, classes: 11, width: 6 },
      { dimension: 4100, samples: 37, classes: 6, width: 3 },
    ];
    test.each(
      sizes.flatMap((size) => paperModels.flatMap((model) => losses.map((loss) => ({ ...size, model, loss })))),
    )('agree with plain loops on all samples, some, and repeated ones: %j', (size) => {
      const draw = drawOf({ activation: 'softplus', initialisation: 'he', ...size });
      const request = requestOf(draw);
      const [plain, compiled] = [referenceBackend().lossGradient(request), backend.lossGradient(request)];
      const stream = randomStream('batches', 'repeated', 0);
      const batches: SampleSet[] = [
        ...(size.dimension > 1000 ? [] : [all(request), { start: 3, count: size.samples - 3 }]),
        Int32Array.from({ length: 70 }, () => stream.integer(size.samples)),
        { start: size.samples - 1, count: 1 },
      ];
      for (const batch of batches) {
        const expected = plain.evaluate(parametersOf(draw), batch);
        const found = compiled.evaluate(parametersOf(draw), batch);
        expect(found.accuracy).toBe(expected.accuracy);
        expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(ROUNDING);
        const largest = Math.max(...flat(plain.gradient).map(Math.abs));
        expect(gap(flat(compiled.gradient), flat(plain.gradient))).toBeLessThan(ROUNDING * Math.max(1, largest));
      }
    });
  },
);

describe.each(backends)('in the %s backend', (_name, backend) => {
  /** Two classes, one input x = 1, f = (s, 0): p_0 = 1/(1 + e^−s). */
  const logistic = (s: number, label: number) => {
    const pass = backend.lossGradient({
      ...{ loss: 'ce', dimension: 1, samples: 1, classes: 2, units: 0, activation: activationNamed('relu') },
      ...{ inputs: Float64Array.of(1), labels: Int32Array.of(label) },
    });
    const seen = pass.evaluate({ hiddenLayer: new Float64Array(0), readout: Float64Array.of(s, 0) }, Int32Array.of(0));
    return { ...seen, gradient: [...pass.gradient.readout] };
  };

  test('a fitted sample keeps the digits of its small loss and residual: log(1 + e^−s) and ∓1/(1 + e^s)', () => {
    for (const s of [0.5, 40, 500]) {
      const { loss, accuracy, gradient } = logistic(s, 0);
      expect(loss / Math.log1p(Math.exp(-s))).toBeCloseTo(1, 13);
      expect(gradient[0]! * -(1 + Math.exp(s))).toBeCloseTo(1, 13);
      expect(gradient[1]! * (1 + Math.exp(s))).toBeCloseTo(1, 13);
      expect(accuracy).toBe(1);
    }
  });

  test('a sample far from its label has the loss and residual of the limit, with no overflow', () => {
    const { loss, accuracy, gradient } = logistic(1e5, 1);
    expect([loss, accuracy, ...gradient]).toEqual([1e5, 0, 1, -1]);
  });

  test('of equal outputs the first counts', () => {
    expect([logistic(0, 0).accuracy, logistic(0, 1).accuracy]).toEqual([1, 0]);
  });

  test('parts of other sizes and samples that are not there are refused', () => {
    const request = requestOf(drawOf({ model: 'linear', loss: 'ce', activation: 'relu', ...small }));
    const lossGradient = (changes: Partial<LossGradientRequest>) => () =>
      backend.lossGradient({ ...request, ...changes });
    expect(lossGradient({ labels: new Int32Array(8) })).toThrow('labels must hold one class a sample, 9, got 8');
    expect(lossGradient({ labels: new Int32Array(9).fill(7) })).toThrow('labels[0] must be a class from 0 to 6, got 7');
    expect(lossGradient({ inputs: new Float64Array(44) })).toThrow('inputs must hold 45 numbers (9 rows of 5), got 44');
    const pass = backend.lossGradient(request);
    const parameters = { hiddenLayer: new Float64Array(0), readout: new Float64Array(35) };
    const evaluate = (batch: SampleSet) => () => pass.evaluate(parameters, batch);
    expect(evaluate(Int32Array.of(0, 9))).toThrow('a batch must hold samples from 0 to 8, got 9');
    expect(evaluate({ start: 5, count: 5 })).toThrow('a batch must hold samples from 0 to 8, got 9');
    expect(evaluate(new Int32Array(0))).toThrow('a batch must hold at least one sample, got 0');
    expect(() => pass.evaluate({ ...parameters, readout: new Float64Array(34) }, Int32Array.of(0))).toThrow(
      'readout must hold 35 numbers (7 rows of 5), got 34',
    );
  });
});
