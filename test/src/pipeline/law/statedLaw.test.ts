import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lawCommand, type LawCommandOptions } from '../../../../src/pipeline/law/lawCommand.js';
import { readNpy, writeNpy } from '../../../../src/store/formats/index.js';
import { UsageError } from '../../../../theory/errors.js';
import { hiddenWeightsGivenReadout } from '../../../../theory/weights/index.js';
import { measureMoment } from '../../../../theory/measures/index.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { folder, file: saved } = temporaryFiles('law');
const file = (name: string, data: ArrayLike<number>, shape?: number[]) => saved(name, writeNpy(data, shape));
const valuesAt = async (options: LawCommandOptions) => (await lawCommand(options)).points;

describe('Marčenko–Pastur', () => {
  test('at d/N = 1 the density is infinite at 0 and √((4 − x)/x)/2π beside it: 318309.886 at 1e-12', async () => {
    const [at, beside] = await valuesAt({ weights: '1:1', aspectRatio: '1', at: '0,1e-12' });
    expect(at!.density).toBe(Infinity);
    expect(beside!.density).toBeCloseTo(Math.sqrt((4 - 1e-12) / 1e-12) / (2 * Math.PI), 6);
    expect(beside!.density.toFixed(3)).toBe('318309.886');
  });
  test('at d/N = ¼ the distribution function by quadrature of the density in mpmath, to all its digits', async () => {
    const points = await valuesAt({ weights: '1:1', aspectRatio: '0.25', at: '0.5,1,2' });
    const mpmath = [0.186378408242, 0.553390081275, 0.965630022];
    points.forEach(({ cdf }, k) => expect(Math.abs(cdf - mpmath[k]!)).toBeLessThan(k === 2 ? 5e-10 : 5e-13));
  });
});

describe('--semicircle', () => {
  test('of variance 1 when none is given, of radius 2√variance; it has no aspect ratio', async () => {
    const unit = await lawCommand({ semicircle: '', at: '0', moments: '4' });
    expect(unit).toMatchObject({ support: [[-2, 2]], moments: [0, 1, 0, 2] });
    expect(unit.points[0]!.density).toBeCloseTo(1 / Math.PI, 15);
    expect(unit).not.toHaveProperty('aspectRatio');
    expect((await lawCommand({ semicircle: '2.25' })).support).toEqual([[-3, 3]]);
    await expect(lawCommand({ semicircle: '', aspectRatio: '1' })).rejects.toThrow(/--aspect-ratio says nothing of/);
    await expect(lawCommand({ semicircle: '-1' })).rejects.toThrow(/--semicircle must be a finite number above 0/);
  });
});

describe('--dynamics deep-linear', () => {
  const two = { dynamics: 'deep-linear', widths: '10,8,6', singularValues: '2,1' };
  // L = 2: s_k + s_j for pairs, s_k d_in + d_out − 2r = 12 times for each; 80 + 48 parameters.
  test('all eigenvalues with how often each is one, and the law of them; no aspect ratio', async () => {
    const report = await lawCommand({ ...two, moments: '1' });
    const spectrum = report.spectrum!.map(({ at, multiplicity }) => [at, multiplicity]);
    expect(spectrum).toEqual([
      [4, 1],
      [3, 2],
      [2, 13],
      [1, 12],
      [0, 100],
    ]);
    expect(report.moments[0]).toBeCloseTo((4 + 6 + 26 + 12) / 128, 14);
    expect(report).not.toHaveProperty('aspectRatio');
  });
  test.each([
    [{ aspectRatio: '1' }, /--aspect-ratio says nothing to --dynamics deep-linear/],
    [{ widths: '10,6' }, /--widths must name inputs, hidden layers and outputs/],
    [{ widths: '10,1,6' }, /--singular-values: a map through a layer of 1 has at most 1 of them, got 2/],
    [{ singularValues: '2,0' }, /--singular-values, entry 2 must be a finite number above 0/],
    [{ singularValues: undefined }, /--singular-values must be given, e.g. --singular-values 2,1/],
    [{ steps: '10' }, /--steps says nothing to --dynamics deep-linear, which takes --widths, --singular-values/],
  ])('refuses %j', async (wrong, message) => {
    await expect(lawCommand({ ...two, ...wrong })).rejects.toThrow(message);
  });
});

describe('--curvature empirical-fisher', () => {
  const fisher = { model: 'linear', loss: 'mse', curvature: 'empirical-fisher', aspectRatio: '0.5' };
  // E a = s² + 1/C, E a² = 3s⁴ + (6s² + 1)/C, m_2 = (E a)² + γ E a².
  test('squared error, C = 4, s² = 1: moments by those of a normal variable; a law of one block alone', async () => {
    const { moments } = await lawCommand({ ...fisher, block: 'diagonal', classes: '4', moments: '2' });
    expect(moments[0]).toBeCloseTo(1.25, 10);
    expect(moments[1]).toBeCloseTo(1.25 ** 2 + 0.5 * 4.75, 9);
  });
  test('cross-entropy at C = ∞ has no one law, and says why', async () => {
    const report = await lawCommand({ ...fisher, loss: 'ce', block: 'diagonal', classes: 'inf' });
    expect(report.support).toEqual([]);
    expect(report.note).toMatch(/a scale of its own: no one limit law/);
  });
  test.each([
    [{ block: 'whole', classes: '4' }, /--curvature says nothing of --block whole/],
    [{ block: 'diagonal', model: 'hidden', width: '4' }, /empirical Fisher matrix are those of the model linear/],
    [{ block: 'diagonal', scaling: 'rate' }, /--scaling rate: the empirical Fisher matrix has no rate in C/],
    [{ block: 'diagonal', readout: file('V.npy', [1, 2, 3, 4], [2, 2]) }, /--readout: the empirical Fisher matrix has/],
    [{ block: 'diagonal', curvature: 'fisher' }, /--curvature must be one of hessian, empirical-fisher/],
  ])('refuses %j', async (wrong, message) => {
    await expect(lawCommand({ ...fisher, ...wrong })).rejects.toThrow(message);
  });
});

describe('--population', () => {
  // (1/N) Σ x xᵀ with x ~ N(0, Σ): m_1 = E t, m_2 = E t² + γ (E t)², m_3 = E t³ + 3γ E t E t² + γ² (E t)³.
  const moments = ([t1, t2, t3]: [number, number, number], ratio: number) => [
    t1,
    t2 + ratio * t1 * t1,
    t3 + 3 * ratio * t1 * t2 + ratio * ratio * t1 ** 3,
  ];
  test('a matrix and its eigenvalues, in any order, name one law, with the moments of free probability', async () => {
    // [[2, 1], [1, 2]] has eigenvalues 1 and 3.
    const matrix = await lawCommand({
      population: file('s.npy', [2, 1, 1, 2], [2, 2]),
      aspectRatio: '0.5',
      moments: '3',
    });
    const list = await lawCommand({ population: file('t.npy', [3, 1]), aspectRatio: '0.5', moments: '3' });
    moments([2, 5, 14], 0.5).forEach((moment, k) => {
      expect(matrix.moments[k]! / moment).toBeCloseTo(1, 10);
      expect(list.moments[k]! / moment).toBeCloseTo(1, 10);
    });
    expect(matrix.support).toHaveLength(1);
  });
  test('with weights of a law and as drawn: m_2 = (E a)² E t² + γ E a² (E t)²; of the identity it is the law of the weights', async () => {
    const population = file('t.npy', [3, 1]);
    const square = 1.5 ** 2 * 5 + 0.5 * 2.5 * 4;
    const drawn = { weightsFile: file('a.npy', [1, 2, 2, 1]) };
    for (const weights of [{ weights: '1:0.5,2:0.5' }, drawn])
      expect(
        (await lawCommand({ ...weights, population, aspectRatio: '0.5', moments: '2' })).moments[1]! / square,
      ).toBeCloseTo(1, 10);
    const white = await lawCommand({ ...drawn, population: file('i.npy', [1, 1]), aspectRatio: '0.5' });
    const { support } = await lawCommand({ ...drawn, aspectRatio: '0.5' });
    expect(white.support[0]![0]).toBeCloseTo(support[0]![0], 10);
    expect(white.support[0]![1]).toBeCloseTo(support[0]![1], 10);
  });
  test.each([
    ['three.npy', [1, 2, 3, 4, 5, 6], [2, 3], /a square matrix Σ or a list/],
    ['uneven.npy', [2, 1, 0, 2], [2, 2], /must be symmetric, but entries \(1, 0\) and \(0, 1\) are 0 and 1/],
    ['signed.npy', [1, 2, 2, 1], [2, 2], /no negative eigenvalue, the smallest is -1/],
    ['nan.npy', [1, NaN], [2], /number 1 \(from 0\) is NaN/],
    ['zero.npy', [0, 0], [2], /it is zero/],
  ])('refuses %s', async (name, data, shape, message) => {
    const run = lawCommand({ population: file(name, data, shape), aspectRatio: '1' });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });
});

describe('--block whole', () => {
  const whole = { model: 'linear', block: 'whole', aspectRatio: '0.5' };
  test('cross-entropy with two classes: eigenvalues of weights 2p(1 − p), and as many zeros', async () => {
    const report = await lawCommand({ ...whole, loss: 'ce', classes: '2', moments: '1' });
    // E tr A / C = E 2p(1 − p) / 2, the first moment of a diagonal block.
    const diagonal = await lawCommand({ ...whole, block: 'diagonal', loss: 'ce', classes: '2', moments: '1' });
    expect(report.atoms).toEqual([{ at: 0, mass: 0.5 }]);
    expect(report.moments[0]! / diagonal.moments[0]!).toBeCloseTo(1, 9);
  });
  test('squared error: Marčenko–Pastur; models and numbers of classes without a law say so', async () => {
    const report = await lawCommand({ ...whole, loss: 'mse', classes: '7' });
    expect(report.support[0]![1]).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 12);
    expect((await lawCommand({ ...whole, loss: 'ce', classes: '33' })).note).toMatch(/2 to 32 classes/);
    expect((await lawCommand({ ...whole, model: 'hidden', width: '4', loss: 'ce', classes: '3' })).note).toMatch(
      /No limit law of the whole Hessian/,
    );
  });
  test.each([
    [{ classes: undefined }, /--classes must be given with --block whole/],
    [{ layer: 'output' }, /--layer says nothing of --block whole/],
    [{ scaling: 'rate' }, /--scaling says nothing/],
    [{ classes: 'inf' }, /--classes must be a whole number/],
  ])('refuses %j', async (change, message) => {
    await expect(lawCommand({ ...whole, loss: 'ce', classes: '3', ...change })).rejects.toThrow(message);
  });
});

describe('--readout', () => {
  const [classes, width] = [5, 3];
  const readout = Float64Array.from({ length: classes * width }, (_, k) => Math.cos(1 + 2.3 * k));
  const path = () => file('V.npy', readout, [classes, width]);
  const hidden = { model: 'hidden', loss: 'ce', block: 'off-diagonal', aspectRatio: '0.5', moments: '1' };

  test('gives the law where the message without it asks for V: mean weight by the cubature of the library', async () => {
    const without = await lawCommand({ ...hidden, classes: '5', width: '3' });
    expect(without).toMatchObject({ support: [], note: expect.stringMatching(/give V for it/) });
    for (const [pair, i, j] of [
      [undefined, 0, 1],
      ['2,1', 2, 1],
    ] as const) {
      const report = await lawCommand({ ...hidden, readout: path(), pair });
      const { measure } = hiddenWeightsGivenReadout({ loss: 'ce', activation: 'relu', readout, classes, width, i, j });
      expect(report.support).toHaveLength(1);
      expect(report.moments[0]! / measureMoment(measure, 1)).toBeCloseTo(1, 9);
    }
  });
  test('of the linear model it is C×d; the mean weight falls as its logits grow', async () => {
    const mean = async (scale: number) =>
      (
        await lawCommand({
          ...{ model: 'linear', loss: 'ce', block: 'diagonal', aspectRatio: '0.5', moments: '1' },
          readout: file(
            `V${scale}.npy`,
            readout.map((value) => scale * value),
            [classes, width],
          ),
        })
      ).moments[0]!;
    // With V = 0 every probability is 1/C, and the weight (1/C)(1 − 1/C).
    expect(await mean(1e-9)).toBeCloseTo(0.16, 12);
    expect(await mean(2)).toBeLessThan(0.12);
  });
  test('output blocks have the eigenvalues of their limit matrix, positive on the diagonal', async () => {
    const output = { model: 'hidden', layer: 'output', loss: 'ce', block: 'diagonal', aspectRatio: '0.5' };
    expect((await lawCommand({ ...output, classes: '5', width: '3' })).note).toMatch(/give V for its eigenvalues/);
    const { eigenvalues } = await lawCommand({ ...output, readout: path(), pair: '4,4' });
    expect(eigenvalues).toHaveLength(width);
    expect(Math.min(...eigenvalues!)).toBeGreaterThan(0);
  });
  test.each([
    [{ classes: '6' }, /--classes 6 contradicts --readout V\.npy, whose V has 5/],
    [{ width: '4' }, /--width 4 contradicts/],
    [{ logitVariance: '1' }, /--logit-variance says nothing once V is given/],
    [{ pair: '0,0' }, /--pair must be two rows.*e\.g\. --pair 0,1, got '0,0'/],
    [{ pair: '0,3' }, /--pair, entry 2 must be a whole number from 0 to 2/],
    [{ readout: undefined, classes: '5', width: '3', pair: '0,1' }, /give V with --readout/],
    [{ layer: 'output', loss: 'mse' }, /--readout says nothing of the output layer/],
  ])('refuses %j', async (change, message) => {
    await expect(lawCommand({ ...hidden, readout: path(), ...change })).rejects.toThrow(message);
  });
});

describe('a law as a curve', () => {
  test('points of a file keep their order; with --npy they are an array of x, density, cdf, survival', async () => {
    const npy = join(folder, 'out.npy');
    const written: string[] = [];
    const x = [2, 0.5, 1];
    const options = { weights: '1', aspectRatio: '0.25', atFile: file('x.npy', x) };
    const report = await lawCommand({ ...options, npy, onFile: (path) => written.push(path) });
    expect(report.points.map((point) => point.x)).toEqual(x);
    expect(report.points).toEqual(await valuesAt({ ...options, atFile: undefined, at: '2,0.5,1' }));
    for (const { x: at, ...values } of report.points) {
      const [alone] = await valuesAt({ ...options, atFile: undefined, at: String(at) });
      expect(alone!.density).toBeCloseTo(values.density, 12);
      expect(alone!.cdf).toBeCloseTo(values.cdf, 12);
      expect(alone!.survival).toBeCloseTo(values.survival, 12);
    }
    const { shape, data } = readNpy(readFileSync(npy));
    expect(shape).toEqual([3, 4]);
    expect([...data.subarray(4, 8)]).toEqual(Object.values(report.points[1]!));
    expect(written).toEqual([npy]);
    await expect(lawCommand({ ...options, npy })).rejects.toThrow(/--npy must name a new file/);
  });
  test('--figure draws it into a new file, its caption and its numbers beside it', async () => {
    const figure = join(folder, 'law.html');
    await lawCommand({ weights: '-1:0.3,1:0.7', aspectRatio: '2', figure });
    expect(readFileSync(figure, 'utf8').includes('<title>Limit law</title>')).toBe(true);
    expect(readFileSync(join(folder, 'law.tex'), 'utf8')).toMatch(
      /^% Law: weights = -1:0\.3,1:0\.7, aspect-ratio = 2\. Drawn by limitlaw/,
    );
    expect(readFileSync(join(folder, 'law.csv'), 'utf8')).toMatch(/^panel,series,x,y,.*\ndensity,density,-/);
    await expect(lawCommand({ weights: '1', aspectRatio: '1', figure })).rejects.toThrow(
      /--figure must name a new file/,
    );
    rmSync(figure);
    await expect(lawCommand({ weights: '1', aspectRatio: '1', figure })).rejects.toThrow(/law\.tex' exists/);
  });
  test.each([
    [{ at: '1', grid: '10' }, /give one of them/],
    [{ grid: '1' }, /--grid must be a whole number from 2/],
    [{ npy: 'x.npy' }, /say which with --grid/],
    [{ figure: 'x.jpg' }, /--figure must name a file that ends in \.html, \.svg, \.png, \.pdf/],
    [{ column: 'single' }, /--column is of a figure, and none is asked for/],
    [{ figure: 'x.html', column: 'wide' }, /--column must be one of single, double, got 'wide'/],
    [{ figure: 'x.html', font: '"; x' }, /--font must be the name of one family/],
  ])('refuses %j', async (change, message) => {
    await expect(lawCommand({ weights: '1', aspectRatio: '1', ...change })).rejects.toThrow(message);
  });
});

test.each([
  [{ model: 'linear', loss: 'ce', block: 'diagonal', classes: '3' }, /with --model it says nothing/],
  [{ semicircle: '' }, /with --semicircle it says nothing/],
  [{ dynamics: 'residual' }, /--population says nothing to --dynamics residual/],
])('--population beside %j is refused', async (law, message) => {
  await expect(lawCommand({ population: 'none.npy', aspectRatio: '1', ...law })).rejects.toThrow(message);
});
