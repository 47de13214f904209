/** Files of probes: what is read from one, and what is said of one that is wrong. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../../theory/errors.js';
import { readProbeFile } from '../../../../src/pipeline/blocks/readProbeFile.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { probeBytes, tensorWithRatio, type GivenTensor } from '../../../helpers/probeFiles.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { folder, file } = temporaryFiles('read-probes');
const saved = (bytes: Uint8Array, name = 'probes.npz'): string => file(name, bytes);

const tensor: GivenTensor = {
  name: '1.down',
  blocks: 5,
  floor: 'last-down',
  probed: [4, 0],
  diagonal: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  off: [
    [7, 8, 9],
    [10, 11, 12],
  ],
};
const whole: GivenTensor = { name: 'ln_f', shape: [32], partition: 'whole', blocks: 1, diagonal: [[2]], off: [[0]] };

test('everything that an exporter says, and the norms in their rows', () => {
  const found = readProbeFile(saved(probeBytes([tensor, whole], { label: 'tiny', cosineSquare: 1 + 1e-9 })));
  expect(found).toMatchObject({
    ...{ source: 'probes.npz', classes: 64, samples: 128, dimension: 32, loss: 'ce', initialisation: 0, step: 0 },
    ...{ label: 'tiny', finalNorm: 'layer', cosineSquare: 1, sequence: 16 },
  });
  expect(found.tensors.map(({ name }) => name)).toEqual(['1.down', 'ln_f']);
  const [down, norm] = found.tensors;
  expect(down).toMatchObject({ blocks: 5, probed: [4, 0], probes: 3, floor: 'last-down', hessian: null });
  expect([...down!.gaussNewton.diagonal]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...down!.gaussNewton.offDiagonal]).toEqual([7, 8, 9, 10, 11, 12]);
  expect(norm).toMatchObject({ blocks: 1, probes: 1, shape: [32] });
  const full = readProbeFile(saved(probeBytes([tensorWithRatio('a.b', 0.1)]))).tensors[0]!;
  expect([...full.hessian!.diagonal]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test('what may be left out', () => {
  const nothing = { initialisation: null, step: null, finalNorm: null, cosineSquare: null, sequence: null };
  expect(readProbeFile(saved(probeBytes([tensor], { ...nothing, dimension: null })))).toMatchObject(nothing);
});

describe('what is wrong is told in a sentence', () => {
  const one = (changed: Partial<GivenTensor>, more = {}): Uint8Array =>
    probeBytes([{ ...tensor, ...changed }], {}, more);
  const aboutOf = (changed: object): Uint8Array => probeBytes([tensor], changed as Record<string, unknown>);
  test.each<[string, Uint8Array, RegExp]>([
    ['another archive', Uint8Array.of(80, 75, 5, 6, 1), /probes\.npz, archive: not a readable zip archive/],
    [
      'another kind',
      aboutOf({ kind: 'limitlaw-head' }),
      /"kind" in about must be "limitlaw-blocks", got "limitlaw-head"/,
    ],
    ['another version', aboutOf({ version: 2 }), /"version" in about must be 1, got 2/],
    ['C', aboutOf({ classes: 1 }), /"classes" in about must be a whole number from 2 on, got 1: export again/],
    ['no N', aboutOf({ samples: undefined }), /"samples" in about must be a whole number from 1 on, got nothing/],
    ['D', aboutOf({ dimension: 'wide' }), /"dimension" in about must be .* or null, got "wide"/],
    ['loss', aboutOf({ loss: 'l1' }), /"loss" in about must be "ce" or "mse", got "l1"/],
    ['norm', aboutOf({ finalNorm: 'batch' }), /"finalNorm" in about must be "layer" or "rms" or "none", or null/],
    ['cosine', aboutOf({ cosineSquare: 1.5 }), /"cosineSquare" in about must be .* from 0 to 1, or null, got 1\.5/],
    ['no tensors', aboutOf({ tensors: [] }), /"tensors" in about must be a list of at least one tensor, got \[\]/],
    ['a word for a tensor', aboutOf({ tensors: ['x'] }), /tensors\[0\] in about must be an object, got "x"/],
    ['tensor twice', probeBytes([tensor, tensor]), /tensor '1\.down' must be listed once/],
    ['partition', one({ partition: 'columns' }), /"partition" in tensors\[0\] must be "rows" or "heads"/],
    ['floor', one({ floor: 'up' }), /"floor" in tensors\[0\] must be "value" or "last-down", or null, got "up"/],
    ['whole of two', one({ partition: 'whole' }), /'1\.down' of partition "whole" must be 1 block, it has 5/],
    ['more blocks than entries', one({ shape: [2, 2] }), /of 4 entries must have at most as many blocks, it has 5/],
    ['block out of range', one({ probed: [5, 0] }), /1\.down\/blocks: .* from 0 to 4, got 5 at 0/],
    ['half a block', one({ probed: [0.5, 0] }), /from 0 to 4, got 0\.5/],
    ['block twice', one({ probed: [3, 3] }), /each block must be there once, 3 is twice/],
    ['no block', one({ probed: [] }), /at least one probed block is needed, got shape \(0\)/],
    ['more than the data reach', one({ live: 1 }), /1\.down\/blocks: 2 blocks were probed, and the data reach 1/],
    ['one block more', one({ probed: [4, 0, 1] }), /shape \(3, 3\) is needed, probed blocks × probes, got \(2, 3\)/],
    [
      'negative',
      one({
        off: [
          [7, 8, -9],
          [10, 11, 12],
        ],
      }),
      /gauss_newton\/off: squared norms must be finite and at least 0, got -9 at \[0, 2\]/,
    ],
    [
      'not finite',
      one({
        diagonal: [
          [1, 2, 3],
          [4, NaN, 6],
        ],
      }),
      /gauss_newton\/diagonal: .* got NaN at \[1, 1\]/,
    ],
    ['off of one block', probeBytes([{ ...whole, off: [[1]] }]), /a tensor of one block has no others/],
    ['half a Hessian', one({}, { '1.down/hessian/off': writeNpy([1]) }), /'1\.down\/hessian\/diagonal' must be there/],
    ['a row', one({}, { '1.down/gauss_newton/row': writeNpy([1], [1, 1]) }), /row: shape \(2, 5\) is needed/],
    ['no partition', one({ partition: 'custom' }), /member '1\.down\/partition' must be there/],
    [
      'an empty block',
      one({ partition: 'custom' }, { '1.down/partition': writeNpy([0, 1, 2, 3, 3]) }),
      /each of the 5 blocks must have a row, 4 of them have/,
    ],
    ['text', probeBytes([tensor], {}, { about: writeNpy([123, 300]) }), /about: bytes of text are needed/],
    ['no JSON', probeBytes([tensor], {}, { about: writeNpy([123, 33]) }), /about must be the bytes of one JSON object/],
  ])('%s', (_, bytes, message) => {
    expect(() => readProbeFile(saved(bytes))).toThrow(UsageError);
    expect(() => readProbeFile(saved(bytes))).toThrow(message);
  });

  test('files that are none', () => {
    expect(() => readProbeFile(join(folder, 'none.npz'))).toThrow(/none\.npz: there is no such file/);
    expect(() => readProbeFile(saved(writeNpy([1]), 'h.npy'))).toThrow(/h\.npy: probes must be an \.npz file/);
  });
});
