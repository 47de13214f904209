/** Draws of a model as .npy files that NumPy reads: spectra, and on request weights and blocks. */
import { totalmem } from 'node:os';
import { UsageError } from '../../../theory/errors.js';
import type { LayerInitialisation } from '../../../theory/contracts.js';
import { blockKinds, layerOfBlock, modelTraits, type BlockName, type Layer } from '../../../theory/names.js';
import { observeBlock } from '../../../simulations/blocks/index.js';
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import {
  drawReplicate,
  layerOf,
  modelNamed,
  predictMemory,
  weightDirections,
  type DrawOptions,
} from '../../../simulations/models/index.js';
import { writeNpy } from '../../store/formats/index.js';
import { createRunFolder } from '../../store/runFolder.js';
import { version } from '../../version.js';

export interface SampleOptions {
  readonly settings: DrawSettings;
  readonly replicates: number;
  /** Variance of a logit at initialisation in place of the scheme (linear model only). */
  readonly logitVariance?: number | undefined;
  /** All blocks of the model when absent. */
  readonly blocks?: readonly BlockName[] | undefined;
  readonly saveWeights: boolean;
  readonly saveBlocks: boolean;
  readonly seed: string;
  readonly backend: BackendName | 'auto';
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface SampleResult {
  readonly kind: 'sample';
  readonly version: string;
  readonly folder: string;
  readonly seed: string;
  readonly backend: string;
  readonly settings: DrawSettings;
  readonly replicates: number;
  readonly interrupted: boolean;
  readonly files: readonly { readonly name: string; readonly shape: readonly number[]; readonly content: string }[];
}

/** Doubles held at once beyond the draw itself; more goes to the user's patience, not to memory. */
const maximumStack = 2 ** 27;

/**
 * Writes `<block>_eigenvalues.npy` (replicates × order, ascending), with `saveWeights` `<block>_weights.npy`
 * (replicates × N), with `saveBlocks` `<block>_<replicate>.npy` (order × order) and, where they leave a space
 * orthogonal to them, `directions_<replicate>.npy`, the directions of x that the weights depend on (rows: V of the
 * linear model, W of the hidden one), and manifest.json, into a new or empty folder: nothing is overwritten. The blocks
 * are (0, 0) and (0, 1). An interruption writes what is finished.
 * @throws UsageError for impossible settings or a folder that is in use.
 */
export async function runSample(options: SampleOptions): Promise<SampleResult> {
  const { settings, replicates } = options;
  const blocks = options.blocks ?? blocksOf(settings);
  requireDrawable(options, blocks);
  const folder = createRunFolder(options.out);
  const backend = await createBackend(options.backend);
  const workspace = backend.createWorkspace(settings.dimension, settings.samples);
  const layer: LayerInitialisation | undefined =
    options.logitVariance === undefined ? undefined : { varianceFactor: options.logitVariance, distribution: 'normal' };
  const drawOptions: DrawOptions = {
    wanted: {
      hidden: blocks.flatMap((block) => pairOf(block, 'hidden')),
      output: blocks.flatMap((block) => pairOf(block, 'output')),
    },
    ...(layer === undefined ? {} : { layers: { output: layer } }),
  };

  const spectra = new Map(blocks.map((block) => [block, [] as Float64Array[]]));
  const weights = new Map(blocks.map((block) => [block, [] as Float64Array[]]));
  const files: { name: string; shape: readonly number[]; content: string }[] = [];
  const write = (name: string, data: Float64Array, shape: readonly number[], content: string) => {
    folder.write(name, writeNpy(data, shape));
    files.push({ name, shape, content });
  };
  let done = 0;
  while (done < replicates && options.signal?.aborted !== true) {
    const draw = drawReplicate(settings, workspace, options.seed, done, drawOptions);
    for (const block of blocks) {
      const { layer, j } = layerOfBlock(block);
      const sampled = observeBlock(draw, layer, 0, j, backend);
      spectra.get(block)!.push(sampled.eigenvalues);
      if (options.saveWeights && sampled.weights !== undefined) weights.get(block)!.push(sampled.weights);
      if (options.saveBlocks) {
        const order = sampled.eigenvalues.length;
        const matrix = layerOf(draw.model, layer).matrix(draw, 0, j);
        write(`${block}_${numbered(done)}.npy`, matrix, [order, order], `block of replicate ${done}`);
      }
    }
    const count = weightDirections(settings);
    if (options.saveBlocks && count < settings.dimension) {
      write(
        `directions_${numbered(done)}.npy`,
        draw.model.layers[0].rows(draw),
        [count, settings.dimension],
        `directions that the weights of replicate ${done} depend on`,
      );
    }
    done++;
    options.onProgress?.(done, replicates);
    // Lets an interruption in between two draws.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const writeStack = (name: string, rows: readonly Float64Array[], content: string) => {
    if (rows.length > 0) write(name, stacked(rows), [rows.length, rows[0]!.length], `${content}, one replicate a row`);
  };
  for (const block of blocks) {
    writeStack(`${block}_eigenvalues.npy`, spectra.get(block)!, 'ascending eigenvalues');
    writeStack(`${block}_weights.npy`, weights.get(block)!, 'weights a_n');
  }
  const result: SampleResult = {
    kind: 'sample',
    version,
    folder: options.out,
    seed: options.seed,
    backend: backend.name,
    settings,
    replicates: done,
    interrupted: done < replicates,
    files,
  };
  folder.write(
    'manifest.json',
    `${JSON.stringify({ ...result, ...(options.logitVariance === undefined ? {} : { logitVariance: options.logitVariance }) }, undefined, 2)}\n`,
  );
  return result;
}

/** Refuses settings that cannot be drawn, and more than this machine holds. */
function requireDrawable(options: SampleOptions, blocks: readonly BlockName[]): void {
  const { settings, replicates } = options;
  if (!Number.isSafeInteger(replicates) || replicates < 1)
    throw new UsageError(`--replicates must be a whole number of at least 1, got ${replicates}. Try 10.`);
  if (
    options.logitVariance !== undefined &&
    !(options.logitVariance > 0 && modelTraits[settings.model].weightedLayer === 'output')
  ) {
    throw new UsageError(
      '--logit-variance must be positive, and goes with --model linear. For a hidden layer choose --initialisation.',
    );
  }
  for (const block of blocks) {
    if (!blocksOf(settings).includes(block))
      throw new UsageError(
        `--blocks: a ${settings.model} model has no block ${block}. Its blocks are ${blocksOf(settings).join(', ')}.`,
      );
  }
  const { total } = predictMemory(settings);
  if (total > totalmem())
    throw new UsageError(
      `sample: one draw needs ${(total / 2 ** 30).toFixed(1)} GiB and the machine has ${(totalmem() / 2 ** 30).toFixed(1)} GiB. Lower --dimension or --samples.`,
    );
  const stack = blocks.length * replicates * (settings.dimension + (options.saveWeights ? settings.samples : 0));
  if (stack > maximumStack)
    throw new UsageError(
      `sample: ${replicates} replicates make ${stack} numbers to hold at once, at most ${maximumStack}. Use fewer replicates, or several runs with different seeds.`,
    );
}

function numbered(replicate: number): string {
  return String(replicate).padStart(4, '0');
}

/** Of one hidden unit there is no off-diagonal block. */
function blocksOf(settings: DrawSettings): readonly BlockName[] {
  return modelNamed(settings.model).layers.flatMap(({ layer, count }) =>
    blockKinds.slice(0, count(settings) > 1 ? 2 : 1).map((kind): BlockName => `${layer}-${kind}`),
  );
}
function pairOf(block: BlockName, of: Layer): [number, number][] {
  const { layer, j } = layerOfBlock(block);
  return layer === of ? [[0, j]] : [];
}

function stacked(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]!.length;
  const out = new Float64Array(rows.length * width);
  rows.forEach((row, k) => out.set(row, k * width));
  return out;
}
