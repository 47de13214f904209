import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { Workspace } from '../../../simulations/contracts.js';
import { backendsHere } from './linalgBackends.js';

interface Size {
  readonly dimension: number;
  readonly samples: number;
  readonly classes: number;
  /** s², of a logit. */
  readonly logitVariance: number;
}

const rowsOf = ({ dimension, logitVariance }: Size): ((start: number, out: Float64Array) => void) => {
  const stream = randomStream('single logits', 'V', 0);
  return (_start, out) => {
    stream.fillNormals(out);
    for (let k = 0; k < out.length; k += 1) out[k]! *= Math.sqrt(logitVariance / dimension);
  };
};

const drawn = (workspace: Workspace): Workspace => {
  workspace.drawInputs(randomStream('single logits', 'inputs', 0));
  return workspace;
};

/** Σ_j v_j x_nj by a plain loop. */
const product = ({ inputs, dimension }: Workspace, row: Float64Array, n: number): number => {
  let sum = 0;
  for (let j = 0; j < dimension; j += 1) sum += row[j]! * inputs[n * dimension + j]!;
  return sum;
};

/** ε_c of `Workspace.softmaxOfClasses`, relative to the root of f_c² + Σ_j v_cj² x_nj². */
const statedError = 3e-7;

/** √(Σ_c p_c² ε_c²) of every sample, with logits by plain loops. */
const statedErrors = (workspace: Workspace, size: Size): Float64Array => {
  const { dimension, classes, logitVariance } = size;
  const row = new Float64Array(dimension);
  const rows = rowsOf(size);
  const sums = Array.from({ length: size.samples }, () => ({ total: 0, squares: 0 }));
  const spreads = sums.map((_, n) => {
    const input = workspace.inputs.subarray(n * dimension, (n + 1) * dimension);
    return (logitVariance / dimension) * product(workspace, input, n);
  });
  for (let c = 0; c < classes; c += 1) {
    rows(c, row);
    sums.forEach((own, n) => {
      const logit = product(workspace, row, n);
      own.total += Math.exp(logit);
      own.squares += Math.exp(2 * logit) * (logit * logit + spreads[n]!);
    });
  }
  return Float64Array.from(sums, ({ total, squares }) => (statedError * Math.sqrt(squares)) / total);
};

const relativeErrors = (actual: Float64Array, expected: Float64Array): Float64Array =>
  actual.map((value, k) => Math.abs(value / expected[k]! - 1));
const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

const wanted = [0, 41, 97];

/** The sizes are past every edge: samples no multiple of 4, classes none of the tiles, dimensions none of the blocks. */
const sizes: readonly (Size & { readonly name: string })[] = [
  { name: 'd below one block', dimension: 200, samples: 101, classes: 2001, logitVariance: 1 },
  { name: 'd of many blocks', dimension: 4099, samples: 19, classes: 515, logitVariance: 1 },
  { name: 'large logits', dimension: 301, samples: 98, classes: 1001, logitVariance: 9 },
];

const backends = (await backendsHere()).filter(([, { name }]) => name !== 'reference');

describe.each(backends)('logits in single precision, %s', (_name, backend) => {
  test.each(sizes)('$name: probabilities are off by what is stated', (size) => {
    const { dimension, samples, classes, logitVariance } = size;
    const workspace = drawn(backend.createWorkspace(dimension, samples));
    const double = workspace.softmaxOfClasses(rowsOf(size), classes, wanted);
    const single = workspace.softmaxOfClasses(rowsOf(size), classes, wanted, 'single');
    const errors = relativeErrors(single, double);
    const stated = rootMeanSquare(statedErrors(workspace, size));
    // Not far below either: then it would be double precision that was tested.
    expect(rootMeanSquare(errors) / stated).toBeGreaterThan(0.2);
    expect(rootMeanSquare(errors) / stated).toBeLessThan(1.2);
    if (logitVariance === 1) expect(Math.max(...errors)).toBeLessThan(1e-7);
  });

  test('a wanted class whose own logit were of single precision would be off by more than that', () => {
    const size = sizes[0]!;
    const { dimension, samples, classes } = size;
    const workspace = drawn(backend.createWorkspace(dimension, samples));
    const own = new Float64Array(dimension);
    rowsOf(size)(0, own);
    const double = workspace.softmaxOfClasses(rowsOf(size), classes, [0]);
    const wrong = double.map((p, n) => {
      let rounded = 0;
      for (let j = 0; j < dimension; j += 1)
        rounded = Math.fround(rounded + Math.fround(own[j]!) * Math.fround(workspace.inputs[n * dimension + j]!));
      return p * Math.exp(rounded - product(workspace, own, n));
    });
    expect(Math.max(...relativeErrors(wrong, double))).toBeGreaterThan(3e-7);
  });

  test('the same bytes each time, and double precision as if it had never been asked for', () => {
    const size: Size = { dimension: 33, samples: 13, classes: 130, logitVariance: 1 };
    const fresh = drawn(backend.createWorkspace(size.dimension, size.samples));
    const double = fresh.softmaxOfClasses(rowsOf(size), size.classes, wanted);
    const used = drawn(backend.createWorkspace(size.dimension, size.samples));
    const weights = Float64Array.from({ length: size.samples }, (_, n) => n - 5);
    const eigenvalues = fresh.eigenvalues(weights);
    const first = used.softmaxOfClasses(rowsOf(size), size.classes, wanted, 'single');
    expect(first).not.toEqual(double);
    expect(used.eigenvalues(weights)).toEqual(eigenvalues);
    expect(used.softmaxOfClasses(rowsOf(size), size.classes, wanted)).toEqual(double);
    expect(used.softmaxOfClasses(rowsOf(size), size.classes, wanted, 'single')).toEqual(first);
  });

  test('many wanted among the classes, and inputs that single precision has no numbers for, are multiplied in double', () => {
    const size: Size = { dimension: 12, samples: 9, classes: 100, logitVariance: 1 };
    const workspace = drawn(backend.createWorkspace(size.dimension, size.samples));
    const many = Array.from({ length: 10 }, (_, c) => c);
    expect(workspace.softmaxOfClasses(rowsOf(size), size.classes, many, 'single')).toEqual(
      workspace.softmaxOfClasses(rowsOf(size), size.classes, many),
    );
    for (const power of [130, -130]) {
      drawn(workspace);
      for (let k = 0; k < workspace.inputs.length; k += 1) workspace.inputs[k]! *= 2 ** power;
      const scaled = (): ((start: number, out: Float64Array) => void) => {
        const rows = rowsOf(size);
        return (start, out) => {
          rows(start, out);
          for (let k = 0; k < out.length; k += 1) out[k]! *= 2 ** -power;
        };
      };
      const [single, double] = (['single', 'double'] as const).map((precision) =>
        workspace.softmaxOfClasses(scaled(), size.classes, wanted, precision),
      );
      expect(single).toEqual(double);
      expect(single!.every((p) => p > 0 && p < 1)).toBe(true);
    }
  });
});

test('the plain backend multiplies in double whatever it is asked for', async () => {
  const size: Size = { dimension: 12, samples: 9, classes: 100, logitVariance: 1 };
  const workspace = drawn((await createBackend('reference')).createWorkspace(size.dimension, size.samples));
  expect(workspace.softmaxOfClasses(rowsOf(size), size.classes, wanted, 'single')).toEqual(
    workspace.softmaxOfClasses(rowsOf(size), size.classes, wanted),
  );
});
