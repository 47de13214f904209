import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { openNpz, readBytes, type NpzArchive } from '../../store/formats/index.js';
import { readAbout } from './aboutProbes.js';
import type { ProbedNorms, ProbedTensor, ProbeFile, TensorFacts } from './probeFile.js';

/**
 * An archive that `export_blocks` wrote.
 * @throws UsageError naming the file, the member and the rule, for one that is broken, of another kind or version, lacks an array, or holds
 * what probes cannot give: norms that are negative or not finite, blocks that the tensor has not, or has twice
 */
export function readProbeFile(path: string): ProbeFile {
  const source = basename(path);
  if (!/\.npz$/i.test(path))
    throw new UsageError(
      `${source}: probes must be an .npz file, as export_blocks of limitlaw_export.py writes it: name one, or export again`,
    );
  const archive = openNpz(readBytes(path), source);
  const member = membersOf(archive, source);
  const facts = readAbout(textOf(member('about')), source);
  return { ...facts, source, tensors: facts.tensors.map((tensor) => readTensor(tensor, member, archive, source)) };
}

interface Member {
  /** For sentences: file, and member of it. */
  readonly place: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const again = 'export again, by export_blocks of limitlaw_export.py';

function membersOf(archive: NpzArchive, source: string): (name: string) => Member {
  const twice = archive.names.find((name, k) => archive.names.indexOf(name) !== k);
  if (twice !== undefined)
    throw new UsageError(`${source}: member '${twice}' must be there once, the archive has it twice: ${again}`);
  return (name) => {
    if (!archive.names.includes(name))
      throw new UsageError(`${source}: member '${name}' must be there, and the archive has none: ${again}`);
    return { place: `${source}:${name}`, ...archive.read(name) };
  };
}

function textOf({ place, shape, data }: Member): string {
  if (shape.length !== 1 || data.some((byte) => !(Number.isInteger(byte) && byte >= 0 && byte < 256)))
    throw new UsageError(`${place}: bytes of text are needed, an array of uint8 with one axis: ${again}`);
  return new TextDecoder('utf-8').decode(Uint8Array.from(data));
}

function readTensor(
  tensor: TensorFacts,
  member: (name: string) => Member,
  { names }: NpzArchive,
  source: string,
): ProbedTensor {
  const of = (what: string): Member => member(`${tensor.name}/${what}`);
  const has = (what: string): boolean => names.includes(`${tensor.name}/${what}`);
  const probed = blockNumbers(of('blocks'), tensor);
  const first = of('gauss_newton/diagonal');
  const probes = first.shape.length === 2 ? first.shape[1]! : 0;
  if (probes < 1)
    throw new UsageError(
      `${first.place}: an array of probed blocks × probes is needed, ${probed.length}×K, got shape ${shapeText(first.shape)}: ${again}`,
    );
  const norms = (hessian: string): ProbedNorms => {
    const [diagonal, offDiagonal] = (['diagonal', 'off'] as const).map((what) =>
      squares(of(`${hessian}/${what}`), [probed.length, probes], 'probed blocks × probes'),
    ) as [Float64Array, Float64Array];
    if (tensor.blocks === 1 && offDiagonal.some((value) => value !== 0))
      throw new UsageError(
        `${source}:${tensor.name}/${hessian}/off: a tensor of one block has no others, so that all must be 0: ${again}`,
      );
    if (has(`${hessian}/row`)) squares(of(`${hessian}/row`), [probed.length, tensor.blocks], 'probed blocks × blocks');
    return { diagonal, offDiagonal };
  };
  if (tensor.partition === 'custom') requirePartition(of('partition'), tensor);
  return {
    ...tensor,
    probed,
    probes,
    gaussNewton: norms('gauss_newton'),
    hessian: has('hessian/diagonal') || has('hessian/off') ? norms('hessian') : null,
  };
}

function blockNumbers({ place, shape, data }: Member, { blocks, live }: TensorFacts): number[] {
  if (shape.length !== 1 || data.length === 0)
    throw new UsageError(
      `${place}: a list of at least one probed block is needed, got shape ${shapeText(shape)}: ${again}`,
    );
  const bad = data.findIndex((block) => !(Number.isInteger(block) && block >= 0 && block < blocks));
  if (bad >= 0)
    throw new UsageError(
      `${place}: blocks must be whole numbers from 0 to ${blocks - 1}, got ${data[bad]} at ${bad} (counted from 0): ${again}`,
    );
  const seen = new Set<number>();
  for (const block of data) {
    if (seen.has(block)) throw new UsageError(`${place}: each block must be there once, ${block} is twice: ${again}`);
    seen.add(block);
  }
  if (data.length > live)
    throw new UsageError(`${place}: ${data.length} blocks were probed, and the data reach ${live}: ${again}`);
  return [...data];
}

function squares({ place, shape, data }: Member, wanted: readonly number[], meaning: string): Float64Array {
  if (shape.length !== wanted.length || shape.some((length, axis) => length !== wanted[axis]))
    throw new UsageError(
      `${place}: shape ${shapeText(wanted)} is needed, ${meaning}, got ${shapeText(shape)}: ${again}`,
    );
  const bad = data.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad >= 0)
    throw new UsageError(
      `${place}: squared norms must be finite and at least 0, got ${data[bad]} at [${Math.floor(bad / wanted[1]!)}, ${bad % wanted[1]!}]: look at the network's loss, then ${again}`,
    );
  return data;
}

/** Every row has a block, and every block a row. */
function requirePartition({ place, shape, data }: Member, { blocks, shape: [rows] }: TensorFacts): void {
  if (shape.length !== 1 || shape[0] !== rows)
    throw new UsageError(
      `${place}: the block of each of the ${rows} rows is needed, got shape ${shapeText(shape)}: ${again}`,
    );
  const bad = data.findIndex((block) => !(Number.isInteger(block) && block >= 0 && block < blocks));
  if (bad >= 0)
    throw new UsageError(
      `${place}: blocks must be whole numbers from 0 to ${blocks - 1}, got ${data[bad]} for row ${bad}: ${again}`,
    );
  const used = new Set(data).size;
  if (used !== blocks)
    throw new UsageError(`${place}: each of the ${blocks} blocks must have a row, ${used} of them have: ${again}`);
}

const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')})`;
