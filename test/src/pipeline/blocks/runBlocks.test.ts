/** Block norms over files: what is put together, what is refused, and what is said of it. */
import { describe, expect, test } from '@jest/globals';
import { runBlocks } from '../../../../src/pipeline/blocks/runBlocks.js';
import { probeBytes, tensorWithRatio, type GivenTensor } from '../../../helpers/probeFiles.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { file } = temporaryFiles('run-blocks');
let count = 0;
function saved(tensors: readonly GivenTensor[], about: Readonly<Record<string, unknown>> = {}): string {
  return file(`probes-${count++}.npz`, probeBytes(tensors, about));
}

/** Draws at each C of a tensor whose ratio is 1/C but for a factor of the draw, and of one that has come to its floor. */
const factors = [0.98, 1, 1.02];
const series = (all: readonly number[], about = {}): string[] =>
  all.flatMap((classes) =>
    factors.map((factor, initialisation) =>
      saved([tensorWithRatio('head', factor / classes), tensorWithRatio('1.v', 0.03 * factor, { floor: 'value' })], {
        ...{ classes, initialisation },
        ...about,
      }),
    ),
  );

describe('one file', () => {
  test('r from blocks and probes by hand, its errors apart, full beside Gauss–Newton', () => {
    // Off 7·r·(1 ± 0.02) over B − 1 = 7, diagonal 1: r, and a variance of the two probes of (0.02 r)²·2/1, over 2 probes and 2 blocks.
    const found = runBlocks({ files: [saved([tensorWithRatio('1.up', 0.04)])] });
    const [point] = found.tensors[0]!.points;
    const { gaussNewton, hessian, fullOverGaussNewton } = point!;
    expect(point).toMatchObject({ classes: 64, samples: 128, step: 0, files: [0], blocks: 8, probed: 2, probes: 2 });
    expect(gaussNewton.ratio!.value).toBeCloseTo(0.04, 14);
    expect(gaussNewton.ratio!.errors.probes).toBeCloseTo((0.04 * 0.02 * Math.SQRT2) / 2, 14);
    // Both blocks are alike: the jackknife finds no more than the probes.
    expect(gaussNewton.ratio!.errors).toMatchObject({ blocks: 0, initialisations: null });
    expect(hessian!.ratio!.value).toBeCloseTo(0.08, 14);
    expect(fullOverGaussNewton).toMatchObject({ value: 0.5, error: 0 });
    expect(found.tensors[0]!.trends.map(({ hessian: of, verdict }) => [of, verdict])).toEqual([
      ['gauss-newton', 'not enough'],
      ['full', 'not enough'],
    ]);
  });

  test('a tensor of one block has norms and no ratio; one that is never used has neither', () => {
    const whole = { name: 'ln', shape: [32], partition: 'whole', blocks: 1, diagonal: [[2, 4]], off: [[0, 0]] };
    const unused = { ...tensorWithRatio('unused', 0), diagonal: [[0], [0]], off: [[0], [0]] };
    const { full: _, ...bare } = unused;
    const [ln, never] = runBlocks({ files: [saved([whole, bare])] }).tensors;
    expect(ln!.points[0]!.gaussNewton).toEqual({ diagonal: 3, offDiagonal: null, ratio: null });
    expect(ln!.trends).toEqual([]);
    expect(never!.points[0]!.gaussNewton).toEqual({ diagonal: 0, offDiagonal: 0, ratio: null });
  });
});

test('blocks that the data do not reach are 0: means are over all, and those that are reached stand for each other', () => {
  const reached = {
    ...tensorWithRatio('wte', 0.04, { blocks: 8 }),
    live: 2,
    diagonal: [[1], [3]],
    off: [[0.28], [0.56]],
  };
  const { full: _, ...tensor } = reached;
  const { tensors, notes } = runBlocks({ files: [saved([tensor])] });
  const [point] = tensors[0]!.points;
  const { diagonal, offDiagonal, ratio } = point!.gaussNewton;
  // Means 2 and 0.06 of two of eight; both that are reached were probed.
  expect(diagonal).toBeCloseTo(0.5, 14);
  expect(offDiagonal).toBeCloseTo(0.015, 14);
  expect(ratio!.value).toBeCloseTo(0.03, 14);
  expect(ratio!.errors.blocks).toBe(0);
  expect(notes.join(' ')).toContain('2 of 8 of wte at C = 64');
});

describe('several files', () => {
  const result = runBlocks({ files: series([64, 1024, 256]) });
  const [head, value] = result.tensors;

  test('draws of one C are one point, in the order of C, with the error of their mean', () => {
    expect(head!.points.map(({ classes, files }) => [classes, files])).toEqual([
      [64, [0, 1, 2]],
      [256, [6, 7, 8]],
      [1024, [3, 4, 5]],
    ]);
    const { ratio } = head!.points[0]!.gaussNewton;
    expect(ratio!.value).toBeCloseTo(1 / 64, 14);
    // Standard deviation 0.02 of three.
    expect(ratio!.errors.initialisations).toBeCloseTo(0.02 / Math.sqrt(3) / 64, 14);
    expect(ratio!.error).toBe(ratio!.errors.initialisations);
    expect(ratio!.degrees).toBe(2);
    // Of probes: as one file's, each with a third of the weight.
    const each = factors.map((factor) => (factor * 0.02 * Math.SQRT2) / 2 / 3 / 64);
    expect(ratio!.errors.probes).toBeCloseTo(Math.hypot(...each), 14);
  });

  test('exponents and verdicts: one falls, the other stays', () => {
    const [trend] = head!.trends;
    expect(trend).toMatchObject({ hessian: 'gauss-newton', errorsOf: 'initialisations', verdict: 'falls' });
    expect(trend!.large!.exponent).toBeCloseTo(-1, 12);
    expect(value!.trends[0]).toMatchObject({ verdict: 'saturated' });
    expect(value!.points[0]!.floor).toEqual([1 / 34, 1 / 34]);
    expect(result.notes.join(' ')).toContain('leading order in 1/D');
  });

  test('steps and N are kept apart: no exponent goes across', () => {
    const mixed = runBlocks({ files: [...series([64], { step: 0 }), ...series([256], { step: 10 })] });
    expect(mixed.tensors[0]!.trends.map(({ step, pairs }) => [step, pairs.length])).toEqual([
      [0, 0],
      [0, 0],
      [10, 0],
      [10, 0],
    ]);
    expect(mixed.notes.join(' ')).toContain('Exponents are of files with one N and one step');
  });

  test('with one draw at a C the error is of probes, and that is said', () => {
    const single = runBlocks({
      files: [64, 256, 1024].map((classes) => saved([tensorWithRatio('head', 1 / classes)], { classes })),
    });
    expect(single.tensors[0]!.trends[0]).toMatchObject({ errorsOf: 'probes', verdict: 'falls' });
    expect(single.notes.join(' ')).toContain('networks drawn again differ by more');
  });
});

describe('floors', () => {
  const floorAt = (about: Readonly<Record<string, unknown>>) =>
    runBlocks({ files: [saved([tensorWithRatio('1.down', 0.001, { floor: 'last-down' })], about)] });

  test('of the last down projection: from pairs of inputs to an input with itself', () => {
    // Mean cos² 0.1 of which 1/31 is chance: ρ² = (0.1 − 1/31)/(1 − 1/31) = 0.07.
    const [lower, upper] = floorAt({}).tensors[0]!.points[0]!.floor!;
    expect(lower).toBeCloseTo(1.07 / (32 * 30), 14);
    expect(upper).toBe(2 / (32 * 30));
    expect(floorAt({ finalNorm: 'rms', cosineSquare: null }).tensors[0]!.points[0]!.floor).toEqual([0, 1 / 32 ** 2]);
  });

  test('none without a norm or a width, and that is said', () => {
    for (const about of [{ finalNorm: 'none' }, { finalNorm: null }, { dimension: null }]) {
      const { tensors, notes } = floorAt(about);
      expect(tensors[0]!.points[0]!.floor).toBeNull();
      expect(notes.join(' ')).toContain('No floor is stated for 1.down');
    }
  });
});

test('a tenfold difference of both Hessians is said with C and N, a smaller one is not', () => {
  const noteAt = (full: number): string =>
    runBlocks({ files: [saved([tensorWithRatio('1.up', 0.1, { full })])] }).notes.join(' ');
  expect(noteAt(0.5)).not.toContain('two matters');
  expect(noteAt(0.05)).toContain('less than a tenth in 1.up (0.05 in 1.up at C = 64, N = 128)');
  expect(noteAt(30)).toContain('more than tenfold in 1.up (30 in 1.up at C = 64');
});

describe('what does not belong together is named', () => {
  const base = [tensorWithRatio('a', 0.1), tensorWithRatio('b', 0.1)];
  const refusal = (tensors: readonly GivenTensor[], about: Readonly<Record<string, unknown>>) => {
    const [first, second] = [saved(base), saved(tensors, { initialisation: 1, ...about })];
    return () => runBlocks({ files: [first, second] });
  };
  test.each<[string, readonly GivenTensor[], Readonly<Record<string, unknown>>, RegExp]>([
    ['loss', base, { loss: 'mse' }, /must be of the network of probes-\d+\.npz, but the loss is mse, and ce/],
    ['D', base, { dimension: 64 }, /but the width D of the hidden state is 64, and 32: give files of one network/],
    ['norm', base, { finalNorm: 'rms' }, /but the final norm is rms, and layer/],
    ['a tensor less', base.slice(1), {}, /but there is no tensor 'a'/],
    ['a tensor more', [...base, tensorWithRatio('c', 0.1)], {}, /but there is a tensor 'c' more/],
    ['partition', [base[0]!, { ...base[1]!, partition: 'heads' }], {}, /the partition of 'b' is heads, and rows/],
    ['floor', [base[0]!, { ...base[1]!, floor: 'value' }], {}, /the floor of 'b' is value, and none/],
    ['shape', [base[0]!, { ...base[1]!, shape: [8, 16] }], {}, /shape of 'b' is 8×16 at C = 64, and 8×32 at C = 64/],
    [
      'the same draw',
      base,
      { initialisation: 0 },
      /must be different networks, but both are initialisation 0 at C = 64/,
    ],
  ])('%s', (_, tensors, about, message) => {
    expect(refusal(tensors, about)).toThrow(message);
  });

  test('without numbers of initialisations files of one C cannot be told apart', () => {
    const files = [saved(base, { initialisation: null }), saved(base, { initialisation: null })];
    expect(() => runBlocks({ files })).toThrow(/neither the number of its initialisation: export each with/);
  });

  test('tokens are as many as classes: their number may differ with C, no other', () => {
    const at = (classes: number, rows: number, initialisation: number) =>
      saved(
        [tensorWithRatio('wte', 0.1, { blocks: 8 }), { ...tensorWithRatio('up', 0.1), shape: [64, 32] }].map(
          (tensor) => (tensor.name === 'wte' ? { ...tensor, shape: [rows, 32] } : tensor),
        ),
        { classes, initialisation },
      );
    expect(runBlocks({ files: [at(64, 64, 0), at(256, 256, 0)] }).tensors).toHaveLength(2);
    expect(() => runBlocks({ files: [at(64, 64, 0), at(256, 128, 0)] })).toThrow(/shape of 'wte' is 128×32 at C = 256/);
  });
});

test('what is asked must make sense', () => {
  expect(() => runBlocks({ files: [] })).toThrow(/a file of probes must be named/);
  expect(() => runBlocks({ files: ['x.npz'], level: '1.5' })).toThrow(/--level must be below 1, got '1\.5'/);
});
