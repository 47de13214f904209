/** `limitlaw blocks`: squared norms of blocks of a network's Hessian, as probes found them, over one or several exports. */
import { UsageError } from '../../../theory/errors.js';
import type { BlocksResult } from '../../../figures/blocksResult.js';
import { version } from '../../version.js';
import { positiveNumber } from '../options/textOptions.js';
import { blocksNotes } from './blocksNotes.js';
import { requireOneNetwork } from './oneNetwork.js';
import type { ProbeFile } from './probeFile.js';
import { readProbeFile } from './readProbeFile.js';
import { tensorResult, type DrawsOfNetwork } from './tensorResult.js';

export interface BlocksOptions {
  readonly files: readonly string[];
  /** Chance that an interval misses, as text. */
  readonly level?: string | undefined;
}

/** @throws UsageError for files that are none of an export, or of several networks */
export function runBlocks({ files: paths, level: given = '0.05' }: BlocksOptions): BlocksResult {
  const level = positiveNumber('--level', given);
  if (level >= 1)
    throw new UsageError(`--level must be below 1, got '${given}': it is the chance that an interval misses`);
  if (paths.length === 0)
    throw new UsageError(
      'blocks: a file of probes must be named: probes.npz, as export_blocks of limitlaw_export.py writes it',
    );
  const files = paths.map(readProbeFile);
  requireOneNetwork(files);
  const networks = networksOf(files);
  const { loss, dimension, finalNorm, tensors } = files[0]!;
  const result: BlocksResult = {
    kind: 'blocks',
    version,
    level,
    loss,
    dimension,
    finalNorm,
    files: files.map(({ source, classes, samples, initialisation, step, label, cosineSquare, sequence }) => ({
      ...{ name: source, classes, samples, initialisation, step, label, cosineSquare, sequence },
    })),
    tensors: tensors.map(({ name }) => tensorResult(name, networks, level)),
    notes: [],
  };
  return { ...result, notes: blocksNotes(result) };
}

/** Draws of one network together: by step, then N, then C. */
function networksOf(files: readonly ProbeFile[]): DrawsOfNetwork[] {
  const groups = new Map<string, DrawsOfNetwork & { numbers: number[]; files: ProbeFile[] }>();
  files.forEach((file, number) => {
    const { classes, samples, step } = file;
    const key = [classes, samples, step].join();
    const group = groups.get(key) ?? { classes, samples, step, numbers: [], files: [] };
    group.numbers.push(number);
    group.files.push(file);
    groups.set(key, group);
  });
  return [...groups.values()].sort(
    (a, b) => (a.step ?? -1) - (b.step ?? -1) || a.samples - b.samples || a.classes - b.classes,
  );
}
