import { beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { oneStepGram, oneStepWeights } from '../../../theory/dynamics/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { softmaxWeightMoment } from '../../../theory/weights/index.js';
import { meanTest } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const classes = 4;
const learningRate = 4;
const aspectRatio = 0.2;

describe('oneStepWeights', () => {
  test('before anything is learnt the weights are those of a softmax, in closed form', () => {
    const setting = { classes, learningRate: 1e-9, aspectRatio };
    const gram = oneStepGram({ ...setting, logitVariance: 1 });
    for (const [j, block] of [
      [0, 'diagonal'],
      [1, 'off-diagonal'],
    ] as const) {
      const { training, fresh } = oneStepWeights({ ...setting, gram, i: 0, j, points: 4096 });
      for (const order of [1, 2]) {
        const expected = softmaxWeightMoment({ classes, logitVariance: 1, block, order });
        // Relative: the cubature states about 2e-3 for E a²; four times that.
        for (const { weights } of [training, fresh])
          expect(Math.abs(measureMoment(weights.measure, order) / expected - 1)).toBeLessThan(8e-3);
      }
      expect(Math.abs(training.loss - fresh.loss)).toBeLessThan(1e-8);
    }
  });

  test('two classes: against a sum over the differences of logits', () => {
    // f_0 − f_1 before and after is a pair of normals; p_0 = s(difference), pulled by ηγ(1 − 2…): direct double sum.
    const setting = { classes: 2, learningRate: 3, aspectRatio: 0.4 };
    const gram = oneStepGram({ ...setting, logitVariance: 1.5 });
    const variances = [0, 1, 2].map((k) => {
      const [row, column] = [k > 1 ? 2 : 0, k > 0 ? 2 : 0];
      return 2 * (gram[row * 4 + column]! - gram[row * 4 + column + 1]!);
    }) as [number, number, number];
    const logistic = (x: number) => 1 / (1 + Math.exp(-x));
    const rest = Math.sqrt(variances[2] - variances[1] ** 2 / variances[0]);
    let [weight, loss, mass] = [0, 0, 0];
    for (let a = -8; a <= 8; a += 0.1)
      for (let b = -8; b <= 8; b += 0.1) {
        const before = Math.sqrt(variances[0]) * a;
        const after = (variances[1] / Math.sqrt(variances[0])) * a + rest * b;
        const density = Math.exp(-(a * a + b * b) / 2);
        // Label 0: r = (p − 1, 1 − p), so the difference of logits moves by 2ηγ(1 − p). By symmetry that is enough.
        const p = logistic(after + 2 * 1.2 * (1 - logistic(before)));
        weight += density * p * (1 - p);
        loss -= density * Math.log(p);
        mass += density;
      }
    const { training } = oneStepWeights({ ...setting, gram, i: 0, j: 0, points: 2 ** 15 });
    // Five of the errors that the cubature states.
    const scale = Math.sqrt(measureMoment(training.weights.measure, 2));
    expect(Math.abs(training.loss - loss / mass)).toBeLessThan(5 * training.lossError);
    expect(Math.abs(measureMoment(training.weights.measure, 1) - weight / mass)).toBeLessThan(
      5 * training.weights.momentErrors[0] * scale,
    );
    expect(training.lossError).toBeLessThan(3e-4);
  });

  test('refuses what is no covariance, class, or pull', () => {
    const setting = { classes: 2, i: 0, j: 0, learningRate: 1, aspectRatio: 1 };
    const gram = oneStepGram({ ...setting, logitVariance: 1 });
    expect(() => oneStepWeights({ ...setting, gram: gram.slice(1) })).toThrow('4×4 = 16 entries');
    expect(() => oneStepWeights({ ...setting, gram, i: 2 })).toThrow(UsageError);
    expect(() => oneStepWeights({ ...setting, gram, learningRate: 1000 })).toThrow('learningRate · aspectRatio');
    expect(() => oneStepGram({ ...setting, classes: 65, logitVariance: 1 })).toThrow('from 2 to 64');
    expect(() => oneStepGram({ ...setting, logitVariance: 5 })).toThrow('logitVariance');
  });
});

/** What one gradient step makes of a drawn network, by definition: Grams, E a of block (0, 0), loss on its own data. */
function drawnStep(dimension: number, samples: number, replicate: number) {
  const stream = randomStream('one step', 'draw', replicate);
  const inputs = new Float64Array(samples * dimension);
  stream.fillNormals(inputs);
  const readout = new Float64Array(classes * dimension);
  stream.fillNormals(readout);
  const before = readout.map((value) => value / Math.sqrt(dimension));
  const after = before.slice();
  const labels = Array.from({ length: samples }, () => stream.integer(classes));
  const probabilities = (v: Float64Array, n: number): Float64Array => {
    const terms = new Float64Array(classes);
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < dimension; k++) terms[c]! += v[c * dimension + k]! * inputs[n * dimension + k]!;
    const exponentials = terms.map(Math.exp);
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    return exponentials.map((value) => value / total);
  };
  for (let n = 0; n < samples; n++) {
    const p = probabilities(before, n);
    p[labels[n]!]! -= 1;
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < dimension; k++)
        after[c * dimension + k]! -= (learningRate / samples) * p[c]! * inputs[n * dimension + k]!;
  }
  let [weight, loss] = [0, 0];
  for (let n = 0; n < samples; n++) {
    const p = probabilities(after, n);
    weight += (p[0]! * (1 - p[0]!)) / samples;
    loss -= Math.log(p[labels[n]!]!) / samples;
  }
  const both = Float64Array.of(...before, ...after);
  const gram = Float64Array.from({ length: 4 * classes ** 2 }, (_, entry) => {
    const [row, column] = [Math.floor(entry / (2 * classes)), entry % (2 * classes)];
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += both[row * dimension + k]! * both[column * dimension + k]!;
    return sum;
  });
  return { gram, weight, loss };
}

describe('one step of drawn networks, d = 400, N = 2000 (seed "one step", 14 draws)', () => {
  let draws: ReturnType<typeof drawnStep>[];
  beforeAll(() => {
    draws = Array.from({ length: 14 }, (_, replicate) => drawnStep(400, 2000, replicate));
  });

  test('training logits are fresh logits pulled by ηγ: accepted; unpulled logits are rejected', () => {
    const gaps = draws.map(({ gram, weight, loss }) => {
      const { training, fresh } = oneStepWeights({
        gram,
        classes,
        i: 0,
        j: 0,
        learningRate,
        aspectRatio,
        points: 4096,
      });
      const mean = (outcome: typeof training) => measureMoment(outcome.weights.measure, 1);
      return {
        pulled: [weight - mean(training), loss - training.loss],
        unpulled: [weight - mean(fresh), loss - fresh.loss],
      };
    });
    for (const k of [0, 1]) {
      // A t-test each, alarming by chance with probability 1e-4.
      expect(
        meanTest(
          gaps.map(({ pulled }) => pulled[k]!),
          0,
        ).pValue,
      ).toBeGreaterThan(1e-4);
      expect(
        meanTest(
          gaps.map(({ unpulled }) => unpulled[k]!),
          0,
        ).pValue,
      ).toBeLessThan(1e-4);
    }
  });

  test('the Gram matrix of readouts before and after; without the noise of the step it is rejected', () => {
    const limit = oneStepGram({ classes, logitVariance: 1, learningRate, aspectRatio });
    const trace = (gram: ArrayLike<number>, row: number, column: number) => {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += gram[(row * classes + c) * 2 * classes + column * classes + c]!;
      return sum;
    };
    // Differences from the Gram before the step, whose own fluctuation cancels.
    const change = (gram: ArrayLike<number>, row: number) => trace(gram, row, 1) - trace(gram, 0, 0);
    for (const row of [0, 1])
      expect(
        meanTest(
          draws.map(({ gram }) => change(gram, row)),
          change(limit, row),
        ).pValue,
      ).toBeGreaterThan(1e-4);
    // tr M² alone: V_1 V_1ᵀ without η²γ E rrᵀ.
    const without = limit.slice();
    const contracted = trace(limit, 0, 1) / trace(limit, 0, 0);
    for (let c = classes; c < 2 * classes; c++) without[c * 2 * classes + c] = contracted ** 2;
    expect(
      meanTest(
        draws.map(({ gram }) => change(gram, 1)),
        change(without, 1),
      ).pValue,
    ).toBeLessThan(1e-5);
  });
});
