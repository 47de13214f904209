import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runHead } from '../../../../src/pipeline/head/runHead.js';
import { batchesOf } from '../../../../src/pipeline/head/batches.js';
import { tokensAcrossRanks } from '../../../../src/pipeline/head/whitened.js';
import type { HeadOptions } from '../../../../src/pipeline/head/headOptions.js';
import type { HeadResult } from '../../../../src/pipeline/head/headResult.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { UsageError } from '../../../../theory/errors.js';
import { blocksOf, softmaxOf, sumsOf, type SmallHead } from '../../../helpers/headByDefinition.js';
import { writeSafetensors } from '../../../helpers/writeFormats.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-head-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const written = (bytes: Uint8Array, ending = '.npy'): string => {
  const path = join(folder, `${files++}${ending}`);
  writeFileSync(path, bytes);
  return path;
};
const vector = (values: ArrayLike<number>): string => written(writeNpy(values));

const normals = (label: string, length: number, size = 1): Float64Array => {
  const out = new Float64Array(length);
  randomStream('head files', label, 0).fillNormals(out);
  return out.map((z) => Math.fround(size * z));
};

const head: SmallHead = {
  ...{ samples: 24, dimension: 4, classes: 15 },
  features: normals('h', 24 * 4),
  readout: normals('V', 15 * 4, 0.6),
  bias: normals('b', 15),
};
const [h, v, b] = [
  written(writeNpy(head.features, [24, 4])),
  written(writeNpy(head.readout, [15, 4])),
  vector(head.bias!),
];
const plain = { features: h, output: v, bias: b, backend: 'wasm' } as const;
const run = async (options: HeadOptions): Promise<HeadResult> => (await runHead(options)).result;
const expected = sumsOf(blocksOf(head, [...Array(24).keys()]), 15);

const refusal = async (options: HeadOptions): Promise<string> => {
  const error = await runHead({ ...plain, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as Error;
  expect(`limitlaw: ${message}`.length).toBeLessThan(300);
  return message;
};

test('sums, ratios and effective classes are those of the blocks written out', async () => {
  const { result, rows } = await runHead(plain);
  const { sample, population } = result;
  expect(sample.diagonal.value * 24 ** 2).toBeCloseTo(expected.diagonal, 10);
  expect(sample.t.value).toBeCloseTo(expected.offDiagonal / expected.diagonal, 12);
  expect(sample.ratio.value).toBeCloseTo(expected.offDiagonal / expected.diagonal / 14, 12);
  expect(sample.scaled.value).toBeCloseTo((expected.offDiagonal / expected.diagonal / 14) * 225, 10);
  // Σ K / Σ K p·p over n ≠ m, from the predictions themselves.
  let [kernels, collisions] = [0, 0];
  for (let n = 0; n < 24; n++)
    for (let m = 0; m < 24; m++) {
      if (n === m) continue;
      const [p, q] = [softmaxOf(head, n).p, softmaxOf(head, m).p];
      let inner = 0;
      for (let k = 0; k < 4; k++) inner += head.features[n * 4 + k]! * head.features[m * 4 + k]!;
      kernels += inner ** 2;
      collisions += inner ** 2 * p.reduce((sum, value, c) => sum + value * q[c]!, 0);
    }
  expect(population!.effectiveClasses.value).toBeCloseTo(kernels / collisions, 9);
  expect(population!.t.error).toBeGreaterThan(0);
  // Every row, ranked by the mean prediction.
  expect(rows).toHaveLength(15);
  for (const { token, diagonal, offDiagonal } of rows) {
    expect(diagonal * 576).toBeCloseTo(expected.diagonalOfRow[token]!, 10);
    expect(offDiagonal * 576).toBeCloseTo(expected.offDiagonalOfRow[token]!, 10);
  }
  expect(rows.map(({ prediction }) => prediction)).toEqual(
    rows.map(({ prediction }) => prediction).sort((x, y) => y - x),
  );
  expect(result.statements.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['row-sums', 'agree'],
    ['bounds', 'agree'],
  ]);
});

describe('the same head from other files', () => {
  test('a tensor of a checkpoint, matrices that lie transposed, a folder of an exporter', async () => {
    const { sample } = await run(plain);
    const single = new Uint8Array(new Float32Array(head.readout).buffer);
    const checkpoint = written(
      writeSafetensors({ 'lm_head.weight': { dtype: 'F32', shape: [15, 4], data_offsets: [0, 240] } }, single),
      '.safetensors',
    );
    expect((await run({ ...plain, output: `${checkpoint}#lm_head.weight` })).sample).toEqual(sample);
    const transposed = (matrix: Float64Array, rows: number) =>
      written(
        writeNpy(
          matrix.map((_, k) => matrix[(k % rows) * 4 + Math.floor(k / rows)]!),
          [4, rows],
        ),
      );
    const [turnedH, turnedV] = [transposed(head.features, 24), transposed(head.readout, 15)];
    const turned = await run({ ...plain, output: turnedV });
    expect(turned.sample).toEqual(sample);
    expect(turned.notes[0]).toMatch(/is 4×15: it is read transposed, as C×D/);
    expect((await run({ ...plain, features: turnedH })).sample).toEqual(sample);
    expect((await run({ ...plain, features: turnedH, output: turnedV })).sample).toEqual(sample);
    const exported = mkdtempSync(join(folder, 'exported-'));
    writeFileSync(join(exported, 'h.npy'), writeNpy(head.features, [24, 4]));
    writeFileSync(join(exported, 'V.npy'), writeNpy(head.readout, [15, 4]));
    writeFileSync(join(exported, 'bias.npy'), writeNpy(head.bias!));
    writeFileSync(join(exported, 'y.npy'), writeNpy(new Float64Array(24).map((_, n) => n % 15)));
    const found = await run({ folder: exported, backend: 'wasm' });
    expect(found.sample).toEqual(sample);
    const losses = [...Array(24).keys()].map((n) => -Math.log(softmaxOf(head, n).p[n % 15]!));
    expect(found.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 24, 12);
  });

  test('a normaliser that is given, and one of another model', async () => {
    const logNormaliser = [...Array(24).keys()].map((n) => {
      let logit = head.bias![0]!;
      for (let k = 0; k < 4; k++) logit += head.readout[k]! * head.features[n * 4 + k]!;
      return logit - Math.log(softmaxOf(head, n).p[0]!);
    });
    const { sample, statements } = await run({ ...plain, logNormaliser: vector(logNormaliser) });
    expect(sample.t.value).toBeCloseTo(expected.offDiagonal / expected.diagonal, 11);
    expect(statements[0]!.verdict).toBe('agree');
    const near = await run({ ...plain, logNormaliser: vector(logNormaliser.map((value) => value + 1e-6)) });
    expect(near.statements[0]).toMatchObject({ id: 'row-sums', verdict: 'disagree' });
    expect(await refusal({ logNormaliser: vector(logNormaliser.map((value) => value + 0.1)) })).toMatch(
      /--log-normaliser .*add up to 1 ± 0\.095; it is of other weights.*Leave it out/,
    );
  });
});

describe('what is refused', () => {
  test('shapes that do not fit: which is N×D, which C×D', async () => {
    expect(await refusal({ output: written(writeNpy(new Float64Array(30), [6, 5])) })).toMatch(
      /--features \d+\.npy is 24×4 and --output \d+\.npy is 6×5: N×D and C×D are needed, with one D/,
    );
    expect(await refusal({ features: vector([1, 2]) })).toMatch(/a matrix is needed, .* shape \(2\)/);
    expect(await refusal({ bias: vector([1, 2]) })).toMatch(
      /--bias .*15 numbers are needed, one a class.* shape \(2\)/,
    );
    expect(await refusal({ groups: vector([1, 2]) })).toMatch(/--groups .*24 numbers are needed, one a position/);
    expect(await refusal({ features: undefined })).toMatch(/^--features must be given/);
    expect(await refusal({ folder: join(folder, 'none') })).toMatch(/there is no folder/);
    expect(await refusal({ folder, features: undefined })).toMatch(/has no h\.npy/);
  });

  test('rows that are not finite, by their number', async () => {
    const bad = (matrix: Float64Array, at: number, shape: number[]) =>
      written(
        writeNpy(
          matrix.map((value, k) => (k === at ? NaN : value)),
          shape,
        ),
      );
    expect(await refusal({ features: bad(head.features, 30, [24, 4]) })).toMatch(
      /--features .*row 7 has NaN in column 2/,
    );
    expect(await refusal({ output: bad(head.readout, 41, [15, 4]) })).toMatch(/--output .*row 10 has NaN in column 1/);
    expect(await refusal({ bias: vector(head.bias!.map((value, c) => (c === 3 ? Infinity : value))) })).toMatch(
      /--bias .*entry 3 is Infinity/,
    );
  });

  test('targets out of range, counts below 0, features that are all 0', async () => {
    const targets = (wrong: number) => vector([...Array(24).keys()].map((n) => (n === 5 ? wrong : 1)));
    for (const wrong of [15, -100, 0.5])
      expect(await refusal({ targets: targets(wrong) })).toContain(
        `tokens must be whole numbers from 0 to 14, got ${wrong} at position 5`,
      );
    expect(await refusal({ counts: vector(head.bias!.map((_, c) => (c === 4 ? -1 : 1))) })).toMatch(
      /got -1 for token 4/,
    );
    expect(await refusal({ features: written(writeNpy(new Float64Array(96), [24, 4])) })).toMatch(/are 0/);
  });

  test('more than memory allows, and options that are none', async () => {
    expect(await refusal({ memory: '1M' })).toMatch(/--memory allows 0\.0: give --batch/);
    expect(await refusal({ batch: '1' })).toMatch(/--batch must be a whole number/);
    expect(await refusal({ batch: '5000' })).toMatch(/--batch must be at most 4096/);
    expect(await refusal({ tokens: '99' })).toMatch(/--tokens must be a whole number from 0 to 15/);
    expect(await refusal({ level: 'often' })).toMatch(/--level/);
    expect(await refusal({ step: '-1' })).toMatch(/--step/);
  });

  test('logits that overflow name position and class', async () => {
    const features = written(
      writeNpy(
        head.features.map((value) => value * 1e200),
        [24, 4],
      ),
    );
    const output = written(
      writeNpy(
        head.readout.map((value) => value * 1e200),
        [15, 4],
      ),
    );
    await expect(runHead({ ...plain, features, output })).rejects.toThrow(
      /the logit of class 0 at position 0 is -?Infinity, beyond doubles/,
    );
  });
});

describe('groups and batches', () => {
  test('one sequence only: nothing is said of the population; without groups dependence is named', async () => {
    const one = await run({ ...plain, groups: vector(new Float64Array(24).fill(3)) });
    expect(one.population).toBeNull();
    expect(one.notes.join(' ')).toMatch(/All positions are of one group/);
    expect((await run(plain)).notes.join(' ')).toMatch(/Positions are taken as independent/);
  });

  test('groups are never divided, and small last batches join their neighbour', () => {
    const groups = Float64Array.from({ length: 30 }, (_, n) => n % 10);
    const batches = batchesOf(30, groups, 12);
    expect(batches.flatMap((batch) => [...batch]).sort((x, y) => x - y)).toEqual([...Array(30).keys()]);
    expect(batches.map(({ length }) => length)).toEqual([12, 18]);
    for (const batch of batches)
      for (let g = 0; g < 10; g++) expect([0, 3]).toContain(batch.filter((n) => groups[n] === g).length);
    expect(batchesOf(4096, undefined)).toHaveLength(1);
    expect(batchesOf(5000, undefined).map(({ length }) => length)).toEqual([1024, 1024, 1024, 1024, 904]);
    expect(() => batchesOf(30, new Float64Array(30), 12)).toThrow(/group 0 has 30 positions, more than the 12/);
  });

  test('batches average their sums; the error is between them', async () => {
    const batches = await run({ ...plain, batch: '8' });
    expect(batches.batches).toEqual([8, 8, 8]);
    const parts = await Promise.all(
      [0, 8, 16].map((start) =>
        run({ ...plain, features: written(writeNpy(head.features.subarray(start * 4, (start + 8) * 4), [8, 4])) }),
      ),
    );
    const mean = (of: (part: HeadResult) => number) => parts.reduce((sum, part) => sum + of(part) / 3, 0);
    const off = mean(({ population }) => population!.offDiagonal.value);
    const on = mean(({ population }) => population!.diagonal.value);
    expect(batches.population!.t.value).toBeCloseTo(off / on, 12);
    expect(batches.population!.diagonal.value).toBeCloseTo(on, 12);
    // Delete-one jackknife of a mean of three: its standard error.
    const spread = parts.reduce((sum, { population }) => sum + (population!.diagonal.value - on) ** 2, 0);
    expect(batches.population!.diagonal.error).toBeCloseTo(Math.sqrt(spread / 6), 12);
  });

  test('the two halves: undecided unless rejected, since no law is known', async () => {
    const { halves, statements } = await run({ ...plain, halves: true, tokens: '0' });
    expect(halves!.pValue).toBeGreaterThan(0.01);
    expect(statements).toMatchObject([{ id: 'halves', verdict: 'undecided' }]);
    // Predictions are nearly even, and the second forty positions have features of twice the size.
    const features = written(
      writeNpy(
        normals('two kinds', 80 * 4).map((z, k) => (k < 160 ? z : 2 * z)),
        [80, 4],
      ),
    );
    const output = written(
      writeNpy(
        head.readout.map((value) => value / 20),
        [15, 4],
      ),
    );
    const other = await run({ features, output, halves: true, tokens: '0', backend: 'wasm' });
    expect(other.statements).toMatchObject([{ id: 'halves', verdict: 'disagree' }]);
    expect(await refusal({ halves: true, groups: vector([...Array(24).keys()].map((n) => n % 4)) })).toMatch(
      /--halves needs at least 8 groups to divide, got 4/,
    );
  });

  test('normal features agree with their equivalent, two clusters do not, and one position of each group counts', async () => {
    const [positions, dimension, classes] = [120, 4, 60];
    const output = written(writeNpy(normals('equivalent V', classes * dimension, 0.5), [classes, dimension]));
    const judged = (values: Float64Array, more: HeadOptions = {}) =>
      run({
        ...{ features: written(writeNpy(values, [positions, dimension])), output, equivalent: true, tokens: '0' },
        ...{ backend: 'wasm', level: '0.02', ...more },
      });
    const plain = normals('equivalent h', positions * dimension);
    const found = await judged(plain);
    expect(found.equivalent).toMatchObject({ positions, draws: 199, isNormalised: false });
    expect(found.equivalent!.blocks.map(({ rank }) => rank)).toEqual([1, 2, 3, 6, 10, 19, 33, 60]);
    expect(found.equivalent!.powers.map(({ against }) => against)).toEqual([
      'weights independent of the features',
      'the largest eigenvalue of each block 20 % larger',
      'every eigenvalue 20 % larger',
    ]);
    // p ≤ 0.02 once in fifty seeds.
    expect(found.statements).toMatchObject([
      { id: 'equivalent', verdict: expect.stringMatching(/^(agree|undecided)$/) },
    ]);
    const clusters = await judged(plain.map((z, k) => (Math.floor(k / dimension) % 2 === 0 ? 2 : -2) + 0.3 * z));
    expect(clusters.statements).toMatchObject([{ id: 'equivalent', verdict: 'disagree' }]);
    expect(clusters.equivalent!.powers).toEqual([]);
    const groups = vector([...Array(positions).keys()].map((n) => Math.floor(n / 2)));
    expect((await judged(plain, { groups })).equivalent!.positions).toBe(60);
    const few = vector([...Array(positions).keys()].map((n) => n % 5));
    await expect(judged(plain, { groups: few })).rejects.toThrow(
      '--equivalent takes one position of each group, and needs 6 for 4 features, got 5: take more sequences, with fewer positions each',
    );
  });

  test('tokens across ranks: first and last, evenly in the logarithm', () => {
    const byRank = [...Array(1000).keys()].map((rank) => 5000 + rank);
    expect(tokensAcrossRanks(byRank, 4)).toEqual([5000, 5009, 5099, 5999]);
    expect(tokensAcrossRanks(byRank, 1000)).toEqual(byRank);
    expect(new Set(tokensAcrossRanks(byRank, 300)).size).toBe(300);
  });
});

describe('the law at initialisation', () => {
  const [samples, dimension, classes] = [40, 16, 1000];
  const features = written(
    writeNpy(
      normals('start h', samples * dimension).map((z, k) => z * (1 + (k % dimension)) ** -0.5),
      [samples, dimension],
    ),
  );
  const drawn = normals('start V', classes * dimension, 0.25);
  const judged = async (readout: Float64Array, more: HeadOptions = {}) =>
    run({
      ...{ features, output: written(writeNpy(readout, [classes, dimension])), initialisation: true, backend: 'wasm' },
      ...more,
      tokens: '0',
    });

  test('agrees with V as drawn, and the formula is near', async () => {
    const { initialisation, statements, sample, population } = await judged(drawn);
    expect(statements).toMatchObject([{ id: 'initialisation', verdict: 'agree' }]);
    // Draws of V have a standard deviation of about 5 % in C²r: three of them.
    expect(Math.abs(sample.scaled.value / initialisation!.expected - 1)).toBeLessThan(0.15);
    expect(Math.abs(population!.scaled.value / initialisation!.expectedPopulation - 1)).toBeLessThan(0.15);
    // E V² = 1/16, from 16 000 entries: ± 0.005 is seven standard deviations.
    expect(initialisation!.variance).toBeCloseTo(0.0625, 2);
  });

  test('rejects rows of unequal size with the same mean square', async () => {
    const unequal = drawn.map((value, k) => value * (Math.floor(k / dimension) % 2 === 0 ? 1.35 : 0.42));
    const { statements, initialisation } = await judged(unequal);
    expect(statements).toMatchObject([{ verdict: 'disagree' }]);
    expect(initialisation!.placePValue).toBeLessThan(0.005);
  });

  test('a tied head whose features copy their token: the law is void, and not judged', async () => {
    const tokens = [...Array(samples).keys()];
    const copies = normals('noise', samples * dimension, 0.3).map((z, k) => z + 12 * drawn[k]!);
    const own = { features: written(writeNpy(copies, [samples, dimension])), tied: vector(tokens) };
    const { tied, statements, initialisation } = await judged(drawn, own);
    expect(tied!.isVoid).toBe(true);
    expect(tied!.cosine.mean).toBeGreaterThan(0.99);
    // ln C/(|h|√(τD)) at τ = 1/16, |h|² = 12²·τD + 0.3²·D on average.
    expect(tied!.threshold).toBeCloseTo(Math.log(1000) / Math.sqrt(144 + 1.44), 1);
    expect(statements).toMatchObject([{ verdict: 'undecided' }]);
    expect(initialisation).toBeNull();
  });
});
