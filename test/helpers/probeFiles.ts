/** Files of probes as an exporter writes them, from a few words. */
import { zipSync } from 'fflate';
import { writeNpy } from '../../src/store/formats/index.js';

export interface GivenTensor {
  readonly name: string;
  readonly shape?: readonly number[];
  readonly partition?: string;
  readonly blocks?: number;
  readonly live?: number;
  readonly floor?: string | null;
  /** Probed blocks, and rows of norms, a block a row and a probe a column. */
  readonly probed?: readonly number[];
  readonly diagonal: readonly (readonly number[])[];
  readonly off: readonly (readonly number[])[];
  readonly full?: { readonly diagonal: readonly (readonly number[])[]; readonly off: readonly (readonly number[])[] };
}

/** What is left out of `about`, its tensors above all, is that of a GPT of D = 32 with C = 64. */
export function probeBytes(
  tensors: readonly GivenTensor[],
  about: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const facts = {
    ...{ kind: 'limitlaw-blocks', version: 1, classes: 64, samples: 128, dimension: 32, loss: 'ce' },
    ...{ initialisation: 0, step: 0, label: null, finalNorm: 'layer', cosineSquare: 0.1, sequence: 16 },
    tensors: tensors.map(({ name, shape, partition = 'rows', blocks, live, floor = null, diagonal }) => {
      const rows = blocks ?? diagonal.length;
      return { name, shape: shape ?? [rows, 32], partition, blocks: rows, live, floor };
    }),
    ...about,
  };
  const table = (rows: readonly (readonly number[])[]): Uint8Array =>
    writeNpy(rows.flat(), [rows.length, rows[0]?.length ?? 0]);
  const members = tensors.flatMap(({ name, probed, diagonal, off, full }): [string, Uint8Array][] => [
    [`${name}/blocks`, writeNpy(probed ?? diagonal.map((_, b) => b))],
    [`${name}/gauss_newton/diagonal`, table(diagonal)],
    [`${name}/gauss_newton/off`, table(off)],
    ...(full === undefined
      ? []
      : ([
          [`${name}/hessian/diagonal`, table(full.diagonal)],
          [`${name}/hessian/off`, table(full.off)],
        ] as [string, Uint8Array][])),
  ]);
  const all = {
    about: writeNpy([...new TextEncoder().encode(JSON.stringify(facts))]),
    ...Object.fromEntries(members),
    ...more,
  };
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, bytes]) => [`${name}.npy`, bytes])), {
    mtime: '1980-01-01T00:00:00',
  });
}

/** A tensor of B blocks, two of them probed twice, whose ratio is r: noise of ±spread of the probes, of the blocks none. */
export function tensorWithRatio(
  name: string,
  ratio: number,
  { blocks = 8, spread = 0.02, full = 0.5, floor = null as string | null } = {},
): GivenTensor {
  const off = (scale: number) => [1 + spread, 1 - spread].map((noise) => scale * ratio * (blocks - 1) * noise);
  return {
    name,
    blocks,
    floor,
    probed: [0, 3],
    diagonal: [
      [1, 1],
      [1, 1],
    ],
    off: [off(1), off(1)],
    full: {
      diagonal: [
        [full, full],
        [full, full],
      ],
      off: [off(2 * full), off(2 * full)],
    },
  };
}
