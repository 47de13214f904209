/** The files of a head, opened and checked against each other. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { openMatrix, readArrayFile, type FlippableMatrix, type MatrixFile } from '../../store/formats/index.js';
import { exportFacts } from './exportFacts.js';
import type { HeadOptions } from './headOptions.js';

export interface HeadFiles {
  /** h, N×D, and V, C×D, whichever way they lie in their files. */
  readonly features: MatrixFile;
  readonly output: MatrixFile;
  readonly bias?: Float64Array;
  readonly targets?: Int32Array;
  readonly groups?: Float64Array;
  readonly logNormaliser?: Float64Array;
  /** Relative precision of the normaliser's numbers as stored. */
  readonly normaliserPrecision: number;
  readonly tied?: Int32Array;
  /** How often each class occurs: of a longer text, else among the targets. */
  readonly counts?: Float64Array;
  readonly names: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  close(): void;
}

/** Under these names an exporter writes. */
const usualNames = {
  features: 'h.npy',
  output: 'V.npy',
  bias: 'bias.npy',
  targets: 'y.npy',
  groups: 'groups.npy',
  logNormaliser: 'lse.npy',
} as const;

type FileOption = keyof typeof usualNames | 'tied' | 'counts';

const optionNames: Readonly<Record<FileOption, string>> = {
  features: '--features',
  output: '--output',
  bias: '--bias',
  targets: '--targets',
  groups: '--groups',
  logNormaliser: '--log-normaliser',
  tied: '--tied',
  counts: '--counts',
};

/** @throws UsageError for files that are missing, of another shape, or hold what they cannot. */
export function openHead(options: HeadOptions): HeadFiles {
  const paths = pathsOf(options);
  const opened: FlippableMatrix[] = [];
  try {
    for (const name of ['features', 'output'] as const) opened.push(openMatrix(paths[name]!));
    const { features, output, notes } = oriented(opened[0]!, opened[1]!);
    const [samples, classes] = [features.rows, output.rows];
    if (classes < 2)
      throw new UsageError(`--output ${output.source}: a head needs at least 2 classes, it has ${classes}`);
    if (samples < 2)
      throw new UsageError(`--features ${features.source}: at least 2 positions are needed, it has ${samples}`);
    const perClass = `one a class, as --output ${output.source} has rows`;
    const perSample = `one a position, as --features ${features.source} has rows`;
    const vector = (name: FileOption, length: number, meaning: string): Vector | undefined =>
      paths[name] === undefined ? undefined : readVector(optionNames[name], paths[name], length, meaning);
    const numbersOf = (name: FileOption): Int32Array | undefined => {
      const found = vector(name, samples, perSample);
      return found === undefined ? undefined : classNumbers(optionNames[name], found, classes);
    };
    const [bias, groups, normaliser] = [
      vector('bias', classes, perClass),
      vector('groups', samples, perSample),
      vector('logNormaliser', samples, perSample),
    ];
    const [targets, tied] = [numbersOf('targets'), numbersOf('tied')];
    const given = vector('counts', classes, perClass);
    const counts = given === undefined ? countsOf(targets, classes) : checkedCounts(given);
    return {
      features,
      output,
      ...(bias === undefined ? {} : { bias: bias.data }),
      ...(groups === undefined ? {} : { groups: groups.data }),
      ...(normaliser === undefined ? {} : { logNormaliser: normaliser.data }),
      ...(targets === undefined ? {} : { targets }),
      ...(tied === undefined ? {} : { tied }),
      ...(counts === undefined ? {} : { counts }),
      normaliserPrecision: normaliser === undefined || normaliser.dtype.endsWith('f8') ? 2 ** -53 : 2 ** -24,
      names: Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, basename(path)])),
      notes,
      close: () => opened.forEach((file) => file.close()),
    };
  } catch (error) {
    opened.forEach((file) => file.close());
    throw error;
  }
}

function pathsOf(options: HeadOptions): Partial<Record<FileOption, string>> {
  const paths: Partial<Record<FileOption, string>> = {};
  const { folder } = options;
  if (folder !== undefined) {
    if (!existsSync(folder))
      throw new UsageError(
        `there is no folder '${folder}': name one with h.npy and V.npy, or give --features and --output`,
      );
    for (const [name, file] of Object.entries(usualNames) as [FileOption, string][])
      if (existsSync(join(folder, file))) paths[name] = join(folder, file);
    // The tokens that are read are of use where V is their embedding.
    const tokens = join(folder, 'tokens.npy');
    if (exportFacts(folder).isTied && existsSync(tokens)) paths.tied = tokens;
  }
  for (const name of Object.keys(optionNames) as FileOption[])
    if (options[name] !== undefined) paths[name] = options[name];
  for (const name of ['features', 'output'] as const)
    if (paths[name] === undefined)
      throw new UsageError(
        folder === undefined
          ? `${optionNames[name]} must be given: ${name === 'features' ? 'inputs of the head, N×D, h.npy' : 'its weight, C×D, V.npy or model.safetensors#lm_head.weight'}`
          : `'${folder}' has no ${usualNames[name]}: write it there, or give ${optionNames[name]}`,
      );
  return paths;
}

/** N×D and C×D by the length they share. Of several ways the one in which the fewest are turned. */
function oriented(
  features: FlippableMatrix,
  output: FlippableMatrix,
): { readonly features: MatrixFile; readonly output: MatrixFile; readonly notes: readonly string[] } {
  const shape = ({ rows, columns }: MatrixFile) => `${rows}×${columns}`;
  const turned = (option: string, { source, rows, columns }: MatrixFile, meaning: string) =>
    `${option} ${source} is ${rows}×${columns}: it is read transposed, as ${meaning}, since only ${rows} is a length of both files.`;
  if (features.columns === output.columns) return { features, output, notes: [] };
  if (features.columns === output.rows)
    return { features, output: output.transposed(), notes: [turned('--output', output, 'C×D')] };
  if (features.rows === output.columns)
    return { features: features.transposed(), output, notes: [turned('--features', features, 'N×D')] };
  if (features.rows === output.rows)
    return {
      features: features.transposed(),
      output: output.transposed(),
      notes: [turned('--features', features, 'N×D'), turned('--output', output, 'C×D')],
    };
  throw new UsageError(
    `--features ${features.source} is ${shape(features)} and --output ${output.source} is ${shape(output)}: N×D and C×D are needed, with one D. Give the input of the head and the weight that multiplies it.`,
  );
}

interface Vector {
  readonly source: string;
  readonly data: Float64Array;
  readonly dtype: string;
}

function readVector(option: string, path: string, length: number, meaning: string): Vector {
  const { data, shape, dtype } = readArrayFile(path);
  const source = basename(path);
  if (data.length !== length || shape.filter((axis) => axis !== 1).length > 1)
    throw new UsageError(
      `${option} ${source}: ${length} numbers are needed, ${meaning}; the file holds an array of shape (${shape.join(', ')})`,
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(
      `${option} ${source}: every number must be finite, but entry ${bad} is ${data[bad]} (counting from 0)`,
    );
  return { source, data, dtype };
}

function classNumbers(option: string, { source, data }: Vector, classes: number): Int32Array {
  const bad = data.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes);
  if (bad >= 0)
    throw new UsageError(
      `${option} ${source}: tokens must be whole numbers from 0 to ${classes - 1}, got ${data[bad]} at position ${bad} (counting from 0). Leave out positions without a target (-100), with their features.`,
    );
  return Int32Array.from(data);
}

function countsOf(targets: Int32Array | undefined, classes: number): Float64Array | undefined {
  if (targets === undefined) return undefined;
  const counts = new Float64Array(classes);
  for (const target of targets) counts[target]! += 1;
  return counts;
}

function checkedCounts({ source, data }: Vector): Float64Array {
  const bad = data.findIndex((value) => value < 0);
  if (bad >= 0)
    throw new UsageError(`--counts ${source}: counts must be at least 0, got ${data[bad]} for token ${bad}`);
  if (data.every((value) => value === 0)) throw new UsageError(`--counts ${source}: all counts are 0. Count a text.`);
  return data;
}
