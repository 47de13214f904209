/** A matrix of a .npy file or of a checkpoint in the safetensors format, to be read by rows. */
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { nearestFew } from '../nearest.js';
import { npyType, tensorTypes } from './entries.js';
import { openBytes, type FileBytes } from './fileBytes.js';
import { matrixFile, type FlippableMatrix } from './matrixFile.js';
import { readNpyHeader } from './npyHeader.js';
import { entryCount, excerpt, formatError } from './numericArray.js';
import { readBytes } from './readArrayFile.js';
import { readTensorEntries, type TensorEntry } from './safetensors.js';

/** As many bytes as the longest header of a .npy file may have. */
const headBytes = 65536 + 12;
const indexEnding = '.safetensors.index.json';

/**
 * `V.npy`, `model.safetensors#lm_head.weight`, or `model.safetensors.index.json#lm_head.weight`, whose file is in the same folder.
 * @throws UsageError for a file that is not there, of another format or damaged, a tensor that is not in it (near names are told),
 *   what is no matrix of real numbers; and for a pickle, which could run code.
 */
export function openMatrix(path: string): FlippableMatrix {
  const [, name = path, tensor] = /^(.*?)(?:#(.*))?$/s.exec(path)!;
  if (name.endsWith(indexEnding)) return openShard(name, tensor);
  const file = openBytes(name);
  try {
    if (!name.endsWith('.npz')) refusePickle(file);
    if (name.endsWith('.safetensors')) return tensorMatrix(file, tensor);
    if (name.endsWith('.npy') && tensor === undefined) return npyMatrix(file);
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  throw new UsageError(
    `${basename(path)}: a matrix that is read by rows must be a .npy file, or a tensor of a checkpoint: model.safetensors#lm_head.weight, or model${indexEnding}#lm_head.weight. Convert it: numpy.save("V.npy", array).`,
  );
}

function npyMatrix(file: FileBytes): FlippableMatrix {
  const head = new Uint8Array(Math.min(headBytes, file.size));
  file.read(0, head);
  const { source } = file;
  const { shape, descr, fortranOrder, dataOffset } = readNpyHeader(head, source);
  const type = npyType(descr, source);
  const present = file.size - dataOffset;
  if (entryCount(shape) * type.size !== present)
    throw formatError(
      source,
      `byte ${dataOffset}`,
      `shape (${shape.join(', ')}) of ${excerpt(descr)} does not fit into the ${present} bytes of numbers`,
      'The file is cut short; write it again with numpy.save(path, array).',
    );
  const [rows, columns] = matrixShape(shape, source);
  return matrixFile({ file, source, rows, columns, dtype: descr, type, offset: dataOffset, rowMajor: !fortranOrder });
}

function tensorMatrix(file: FileBytes, wanted: string | undefined): FlippableMatrix {
  const entries = readTensorEntries(file);
  const entry = tensorNamed(wanted, entries, file.source);
  const source = `${file.source}#${entry.name}`;
  const type = Object.hasOwn(tensorTypes, entry.dtype) ? tensorTypes[entry.dtype] : undefined;
  if (type === undefined)
    throw new UsageError(
      `${source}: entries of type ${excerpt(entry.dtype)} cannot be read; F64, F32, F16 and BF16 can. Export the matrix that the model multiplies with as float32.`,
    );
  const [rows, columns] = matrixShape(entry.shape, source);
  return matrixFile({ file, source, rows, columns, dtype: entry.dtype, type, offset: entry.start, rowMajor: true });
}

function tensorNamed(wanted: string | undefined, entries: readonly TensorEntry[], source: string): TensorEntry {
  const found = entries.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = entries.filter(({ shape }) => shape.length === 2).map(({ name }) => name);
  throw new UsageError(missing(wanted, names, source));
}

function missing(wanted: string | undefined, names: readonly string[], source: string): string {
  const near = nearestFew(wanted ?? 'lm_head.weight', names, 4);
  const told =
    near.length === 0 ? 'it has no matrix at all' : `near to it: ${near.map((name) => excerpt(name)).join(', ')}`;
  return wanted === undefined
    ? `${source}: name the tensor: ${source}#${near[0] ?? 'lm_head.weight'}. Of its ${names.length} matrices ${told}`
    : `${source}: there is no tensor ${excerpt(wanted)}; ${told}. A tied head has the name of the token embedding`;
}

/** The file of an index that has the tensor; an index names files of its own folder only. */
function openShard(path: string, wanted: string | undefined): FlippableMatrix {
  const source = basename(path);
  const map = weightMap(readBytes(path), source);
  const shard = wanted === undefined || !Object.hasOwn(map, wanted) ? undefined : map[wanted];
  if (shard === undefined) throw new UsageError(missing(wanted, Object.keys(map), source));
  if (shard !== basename(shard) || shard.includes('\\') || !shard.endsWith('.safetensors'))
    throw formatError(
      source,
      `tensor ${excerpt(wanted!)}`,
      `its file must be a .safetensors file of the same folder, got ${excerpt(shard)}`,
      'Download the checkpoint again.',
    );
  return openMatrix(`${join(dirname(path), shard)}#${wanted}`);
}

function weightMap(bytes: Uint8Array, source: string): Readonly<Record<string, string>> {
  try {
    const { weight_map: map } = JSON.parse(new TextDecoder().decode(bytes)) as { weight_map?: unknown };
    if (typeof map === 'object' && map !== null && Object.values(map).every((file) => typeof file === 'string'))
      return map as Record<string, string>;
  } catch {
    // Told below.
  }
  throw formatError(
    source,
    'weight_map',
    'an index must be a JSON object whose weight_map names a file for each tensor',
    'Download it again.',
  );
}

/** Pickles begin with 0x80 and a protocol, or stand in a zip archive, as torch.save writes them. */
function refusePickle(file: FileBytes): void {
  const head = new Uint8Array(Math.min(4, file.size));
  file.read(0, head);
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  const isPickle = head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5 && !file.source.endsWith('.safetensors');
  if (!isZip && !isPickle) return;
  throw new UsageError(
    `${file.source}: a ${isZip ? 'zip archive, as torch.save writes,' : 'Python pickle'} is refused: reading one can run code that is hidden in it. In Python: numpy.save("V.npy", head.weight.detach().float().numpy()), or save_file of safetensors.`,
  );
}

function matrixShape(shape: readonly number[], source: string): [rows: number, columns: number] {
  if (shape.length === 2 && shape.every((length) => length > 0)) return [shape[0]!, shape[1]!];
  throw new UsageError(
    `${source}: a matrix is needed, rows by columns, the file holds an array of shape (${shape.join(', ')}). Reshape it: array.reshape(-1, array.shape[-1]).`,
  );
}
