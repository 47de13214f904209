/** Figures and numbers of a matrix that somebody gives. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { matrixFigures } from '../../../figures/matrix/index.js';
import type { MatrixResult, PaperFigure } from '../../../figures/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { fullHessian } from '../../../simulations/blocks/index.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { blockGroups } from '../../../src/pipeline/figures/blockGroups.js';
import { drawMatrixFigures, type MatrixFiguresRequest } from '../../../src/pipeline/figures/matrixFigures.js';
import { writeNpy } from '../../../src/store/formats/index.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, rows: readonly (readonly number[])[]): string {
  const path = join(folder, name);
  writeFileSync(path, writeNpy(rows.flat(), [rows.length, rows[0]!.length]));
  return path;
}

let outputs = 0;
const draw = (request: Partial<MatrixFiguresRequest> & { readonly matrix: string }) =>
  drawMatrixFigures({
    ...{ blocks: undefined, names: undefined, colours: undefined, clip: undefined, blockValues: undefined },
    ...{ ids: undefined, formats: ['html'], out: join(folder, `out${outputs++}`), browser: {} },
    ...{ width: undefined, scale: undefined, overwrite: false, onFile: () => undefined },
    ...request,
  });

/** Two blocks of two rows and one of one: norms and means are read off. */
const small = file('small.npy', [
  [3, 4, 1, -1, 2],
  [4, 0, 1, -1, 2],
  [1, 1, 6, 0, -2],
  [-1, -1, 0, 8, -2],
  [2, 2, -2, -2, -10],
]);

describe('blocks in words', () => {
  const groups = (text: string, names?: string, order = 10) => blockGroups(text, names, order, 'H.npy');

  test('counts x sizes, or sizes: neighbours of one size belong together', () => {
    expect(groups('2x3,4').map(({ count, size, start }) => [count, size, start])).toEqual([
      [2, 3, 0],
      [1, 4, 6],
    ]);
    expect(groups('3,3,2,2').map(({ count, size, start }) => [count, size, start])).toEqual([
      [2, 3, 0],
      [2, 2, 6],
    ]);
    expect(groups('1x3, 1x3, 4').map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  test('are named by letters and numbers, by group, or each', () => {
    expect(groups('2x3,4').map(({ labels }) => labels)).toEqual([['a_1', 'a_2'], ['b']]);
    expect(groups('5x2').map(({ labels }) => labels)).toEqual([['1', '2', '3', '4', '5']]);
    expect(groups('2x3,4', 'w,V').map(({ labels }) => labels)).toEqual([['w_1', 'w_2'], ['V']]);
    expect(groups('2x3,4', 'first,second,V').map(({ name }) => name)).toEqual(['first…second', 'V']);
    const many = groups(Array.from({ length: 28 }, () => '1x1').join(','), undefined, 28);
    expect(many.slice(25).map(({ name }) => name)).toEqual(['z', 'aa', 'ab']);
  });

  test.each([
    ['2x3,5', undefined, /--blocks 2x3,5 take up 11 rows, and H.npy has 10: /],
    ['2x', undefined, /counts x sizes .* got '2x': write 8x500,500x8/],
    ['0x3,10', undefined, /counts x sizes .* got '0x3,10'/],
    ['2x3,4', 'a,b,c,d', /for each of the 2 groups of --blocks, or one for each of its 3 blocks, got 4/],
  ])('refused: %s named %s', (text, names, message) => {
    expect(() => groups(text, names)).toThrow(message);
  });

  test('more than 1024 are refused', () =>
    expect(() => groups('1025x1', undefined, 1025)).toThrow(/at most 1024 blocks, got 1025/));
});

describe('numbers of blocks', () => {
  test('by groups: norms, shares, means and r as they are defined', async () => {
    const { summary, order, largest } = await draw({ matrix: small, blocks: '2x2,1' });
    expect([order, largest]).toEqual([5, 10]);
    // On the diagonal 9 + 16 + 16 and 36 + 64, off it twice four ones, beside them twice 16, last 100.
    expect(summary!.norm).toBeCloseTo(Math.sqrt(141 + 8 + 32 + 100), 13);
    const [on, off, between, last] = summary!.pairs;
    expect(on).toMatchObject({ rows: 'a', columns: 'a', kind: 'diagonal', blocks: 2 });
    expect(on!.norm).toBeCloseTo(Math.sqrt(141 / 2), 13);
    expect(on!.signedMean).toBeCloseTo(25 / 8, 13);
    expect(off!.share).toBeCloseTo(8 / 281, 13);
    expect([off!.signedMean, off!.meanAbsolute, off!.rootMeanSquare]).toEqual([0, 1, 1]);
    // H_13 and H_23 are counted once, and share in ‖H‖² with their mirror images.
    expect(between).toMatchObject({ rows: 'a', columns: 'b', kind: 'between', blocks: 2, signedMean: 0 });
    expect(between!.share).toBeCloseTo(32 / 281, 13);
    expect(last).toMatchObject({ kind: 'diagonal', blocks: 1, norm: 10, signedMean: -10 });
    expect(summary!.ratios).toEqual([{ group: 'a', blocks: 2, ratio: 4 / (141 / 2) }]);
  });

  test('one by one, as a table beside the figures: the upper half', async () => {
    const { files } = await draw({ matrix: small, blocks: '2x2,1', names: 'w,"b' });
    const csv = readFileSync(
      files.find((path) => path.endsWith('block-table.csv'))!,
      'utf8',
    ).split('\n');
    expect(csv).toHaveLength(8);
    expect(csv[0]).toBe(
      'row_block,column_block,rows,columns,frobenius_norm,root_mean_square,mean_absolute,signed_mean',
    );
    expect(csv[2]).toBe('w_1,w_2,2,2,2,1,1,0');
    expect(csv[6]).toBe('"""b","""b",1,1,10,10,10,-10');
  });

  test('no ratio where the diagonal is zero', async () => {
    const { summary } = await draw({
      matrix: file('off.npy', [
        [0, 1],
        [1, 0],
      ]),
      blocks: '2x1',
    });
    expect(summary!.ratios[0]!.ratio).toBeNull();
  });
});

test('the published averages over cells of d rows: signed means of entries, cell by cell', async () => {
  // d = C = 6, m = 4: 48 rows, which their code divides into 8×8 cells whatever layer they are of.
  const settings: DrawSettings = {
    ...{ model: 'hidden', loss: 'ce', activation: 'relu', initialisation: 'pytorch' },
    ...{ dimension: 6, samples: 60, classes: 6, width: 4 },
  };
  const workspace = referenceBackend().createWorkspace(6, 60);
  const hessian = fullHessian(drawReplicate(settings, workspace, 'cells', 0));
  const path = join(folder, 'whole.npy');
  writeFileSync(path, writeNpy(hessian, [48, 48]));
  const { files } = await draw({ matrix: path, blocks: '8x6', blockValues: 'signed-mean', colours: 'linear' });
  const csv = readFileSync(
    files.find((name) => name.endsWith('block-table.csv'))!,
    'utf8',
  )
    .trim()
    .split('\n')
    .slice(1);
  expect(csv).toHaveLength(36);
  for (const line of csv) {
    const [row, column, , , , , , mean] = line.split(',').map(Number) as number[];
    let sum = 0;
    for (let a = 6 * (row! - 1); a < 6 * row!; a++)
      for (let b = 6 * (column! - 1); b < 6 * column!; b++) sum += hessian[48 * a + b]!;
    expect(mean).toBeCloseTo(sum / 36, 15);
  }
});

describe('a file that is no symmetric matrix of finite numbers, or words that say nothing', () => {
  const cases: [string, Partial<MatrixFiguresRequest> & { readonly matrix: string }, RegExp][] = [
    [
      'asymmetric',
      {
        matrix: file('a.npy', [
          [1, 2],
          [3, 4],
        ]),
      },
      /entries \(1, 0\) and \(0, 1\) are 3 and 2: they differ/,
    ],
    [
      'rectangular',
      {
        matrix: file('r.npy', [
          [1, 2, 3],
          [3, 4, 5],
        ]),
      },
      /a square matrix is needed.* shape \(2, 3\)/,
    ],
    [
      'NaN',
      {
        matrix: file('n.npy', [
          [1, 2],
          [2, NaN],
        ]),
      },
      /entry \(1, 1\) is NaN/,
    ],
    ['order', { matrix: small, blocks: '2x2' }, /take up 4 rows, and small.npy has 5/],
    ['names', { matrix: small, names: 'w' }, /--names are those of --blocks, and none are given/],
    ['values', { matrix: small, blockValues: 'signed-mean' }, /--block-values are of --blocks/],
    ['clip', { matrix: small, clip: 100 }, /--clip is where linear colours end/],
    ['small clip', { matrix: small, colours: 'linear', clip: 0.1 }, /--clip must be at least 1/],
    [
      'nothing',
      { matrix: small, ids: ['block-values'] },
      /'block-values': there is nothing to draw; it needs two blocks/,
    ],
  ];
  test.each(cases)('is refused: %s', (_, request, message) => expect(draw(request)).rejects.toThrow(message));

  test('more than the memory that a job is given is not read', async () => {
    const large = file('large.npy', new Array(210).fill(new Array(210).fill(1)));
    process.env['SLURM_MEM_PER_NODE'] = '1';
    try {
      await expect(draw({ matrix: large })).rejects.toThrow(/reading large.npy needs .* SLURM_MEM_PER_NODE allows/);
    } finally {
      delete process.env['SLURM_MEM_PER_NODE'];
    }
  });

  test('nothing is written over: not the table either', async () => {
    const out = join(folder, 'taken');
    const { files } = await draw({ matrix: small, blocks: '2x2,1', out });
    for (const path of files.filter((name) => !name.endsWith('block-table.csv'))) rmSync(path);
    await expect(draw({ matrix: small, blocks: '2x2,1', out })).rejects.toThrow(/block-table.csv' exists: nothing was/);
    expect(existsSync(join(out, 'matrix-heat-map.html'))).toBe(false);
    await draw({ matrix: small, blocks: '2x2,1', out, overwrite: true });
  });
});

describe('pictures', () => {
  const given: MatrixResult = {
    ...{ kind: 'matrix', version: '0', source: 'H.npy', colours: 'linear', clip: 100 },
    picture: {
      ...{ label: 'H.npy', rows: 2, columns: 2, order: 4, largest: 50 },
      values: [1, 0.1, 0.1, 0.25],
      blocks: [
        { start: 0, label: 'w' },
        { start: 2, label: 'V_1' },
      ],
    },
    blocks: {
      list: [
        { start: 0, size: 2, label: 'w' },
        { start: 2, size: 2, label: 'V_1' },
      ],
      shown: 'signed-mean',
      values: [0.8, -0.1, -0.1, 0.3],
    },
  };
  const build = (id: string, change: Partial<MatrixResult> = {}): PaperFigure =>
    matrixFigures.find((definition) => definition.id === id)!.build({ ...given, ...change })!;
  const trace = (figure: PaperFigure) =>
    figure.data[0] as {
      readonly z: unknown;
      readonly zmin: number;
      readonly zmax: number;
      readonly x: unknown;
      readonly text: unknown;
      readonly colorbar: { readonly ticktext: readonly string[]; readonly title: { readonly text: string } };
    };

  test('linear colours end at the largest entry over the clip, and say where', () => {
    const { z, zmin, zmax, colorbar } = trace(build('matrix-heat-map'));
    // 100 · 1/50 is beyond the end.
    expect(z).toEqual([
      [1, 0.2],
      [0.2, 0.5],
    ]);
    expect([zmin, zmax]).toEqual([0, 1]);
    expect(colorbar.ticktext).toEqual(['0', '0.25', '≥ 0.5']);
    expect(trace(build('matrix-heat-map', { clip: 1 })).colorbar.ticktext).toEqual(['0', '25', '50']);
    expect(build('matrix-heat-map').caption).toContain('linear colours from 0 to 1/100 of the largest');
  });

  test('logarithmic colours are those of every heat map here', () => {
    expect(trace(build('matrix-heat-map', { colours: 'logarithmic' })).z).toEqual([
      [0, -1],
      [-1, -0.6],
    ]);
  });

  test('blocks lie where they lie in the matrix, each with its number; signed means have two colours, half clipped', () => {
    const { x, z, text, zmin, zmax, colorbar } = trace(build('block-values'));
    expect(x).toEqual([0, 2, 4]);
    expect(z).toEqual([
      [0.8, -0.1],
      [-0.1, 0.3],
    ]);
    expect([zmin, zmax]).toEqual([-0.4, 0.4]);
    expect(text).toEqual([
      ['80', '−10'],
      ['−10', '30'],
    ]);
    expect(colorbar.ticktext).toEqual(['≤ −0.4', '−0.2', '0', '0.2', '≥ 0.4']);
    expect(colorbar.title.text).toContain('10⁻²');
    const axis = build('block-values').layout['xaxis'] as { tickvals: number[]; ticktext: string[] };
    expect([axis.tickvals, axis.ticktext]).toEqual([
      [1, 3],
      ['<i>w</i>', '<i>V</i><sub>1</sub>'],
    ]);
  });

  test('numbers in blocks have two digits, in units of one power of ten, and at most two decimals', () => {
    const blocks = { ...given.blocks!, values: [0.0123, -0.00996, 0.000456, 0] };
    const { text, colorbar } = trace(build('block-values', { blocks }));
    expect(text).toEqual([
      ['12', '−10'],
      ['0.46', '0'],
    ]);
    expect(colorbar.title.text).toBe('mean of H; numbers in units of 10⁻³');
  });

  test('a matrix of one block has no picture of blocks', () => {
    const { blocks: _, ...bare } = given;
    expect(matrixFigures.map(({ build: of }) => of(bare) === undefined)).toEqual([false, true]);
  });
});
