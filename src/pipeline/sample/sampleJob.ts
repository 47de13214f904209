/** Draws of a model as .npy files that NumPy reads: spectra, and on request weights and blocks. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import type { LayerInitialisation } from '../../../theory/contracts.js';
import {
  blockKinds,
  layerOfBlock,
  modelsThat,
  takesLogitVariance,
  type BlockName,
  type Layer,
} from '../../../theory/names.js';
import { observeBlock } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import {
  drawReplicate,
  layerOf,
  modelOf,
  weightDirections,
  type DrawOptions,
} from '../../../simulations/models/index.js';
import type { TaskEnvironment } from '../../draws/environment.js';
import { writeNpy } from '../../store/formats/index.js';
import { digestOfFile } from '../../store/journalHeader.js';
import type { RunFolder } from '../../store/runFolder.js';
import { version } from '../../version.js';
import type { Drawn, Job, JobOutcome } from '../run/job.js';
import { counted } from '../counted.js';

/** What is drawn, as plain data. */
export interface SampleRequest {
  readonly settings: DrawSettings;
  readonly replicates: number;
  /** Variance of a logit at initialisation in place of the scheme, for models whose logits are linear in x. */
  readonly logitVariance?: number | undefined;
  /** All blocks of the model when absent. */
  readonly blocks?: readonly BlockName[] | undefined;
  readonly saveWeights: boolean;
  readonly saveBlocks: boolean;
  readonly seed: string;
}

/** A file of one replicate's own. */
interface SampledFile {
  readonly name: string;
  readonly shape: readonly number[];
  readonly content: string;
}

/** One replicate. */
interface Sampled {
  readonly blocks: readonly { readonly eigenvalues: Float64Array; readonly weights: Float64Array | undefined }[];
  readonly files: readonly (SampledFile & {
    /** Until it is written; then there is its digest. */
    readonly data?: Float64Array;
    readonly digest?: string;
  })[];
}

export interface SampleResult {
  readonly kind: 'sample';
  readonly version: string;
  readonly seed: string;
  readonly backend: string;
  readonly settings: DrawSettings;
  readonly logitVariance?: number;
  readonly replicates: number;
  readonly interrupted: boolean;
  readonly files: readonly SampledFile[];
}

export interface SampleOutcome extends JobOutcome {
  readonly results: SampleResult;
  /** Contents of the files that hold all replicates. */
  readonly stacks: ReadonlyMap<string, Uint8Array>;
}

/** Doubles held at once beyond the draw itself; more goes to the user's patience, not to memory. */
const maximumStack = 2 ** 27;

/**
 * Writes `<block>_eigenvalues.npy` (replicates × order, ascending), with `saveWeights` `<block>_weights.npy`
 * (replicates × N), with `saveBlocks` `<block>_<replicate>.npy` (order × order) and, where they leave a space
 * orthogonal to them, `directions_<replicate>.npy`, the directions of x that the weights depend on (rows: V of the
 * linear model, W of the hidden one, W_1 of a deep one), and manifest.json. Of each layer the blocks are (0, 0) and (0, 1). An interruption writes what is
 * finished.
 * @throws UsageError for impossible settings.
 */
export function sampleJob(request: SampleRequest): Job<number, Sampled, SampleOutcome> {
  const { settings, replicates, seed } = request;
  const blocks = request.blocks ?? blocksOf(settings);
  requireDrawable(request, blocks);
  return {
    kind: 'sample',
    request,
    seed,
    settings: [settings, replicates, request.logitVariance ?? null, blocks, request.saveWeights, request.saveBlocks],
    inputs: [],
    tasks: Array.from({ length: replicates }, (_, replicate) => replicate),
    label: () => '',
    sizeOf: () => settings,
    plan: () => `limitlaw ${version}: ${counted(replicates, 'draw')}, seed ${seed}`,
    perform: (replicate, environment) => Promise.resolve(sampled(request, blocks, replicate, environment)),
    retain: (result, folder) => ({ ...result, files: result.files.map((file) => written(file, folder)) }),
    isWhole: ({ files }, folder) =>
      files.every(({ name, digest }) => existsSync(join(folder, name)) && digestOfFile(join(folder, name)) === digest),
    judge: (drawn) => collected(request, blocks, drawn),
    save(folder, { results, stacks }, { tasks, drawn, caveats }) {
      for (const [name, content] of stacks) folder.write(name, content);
      folder.write('manifest.json', `${JSON.stringify({ ...results, tasks, drawn, caveats }, undefined, 2)}\n`);
      return Promise.resolve([...results.files.map(({ name }) => name), 'manifest.json']);
    },
  };
}

function sampled(
  { settings, logitVariance, saveWeights, saveBlocks, seed }: SampleRequest,
  blocks: readonly BlockName[],
  replicate: number,
  { backend, workspace }: TaskEnvironment,
): Sampled {
  const layer: LayerInitialisation | undefined =
    logitVariance === undefined ? undefined : { varianceFactor: logitVariance, distribution: 'normal' };
  const drawOptions: DrawOptions = {
    wanted: Object.fromEntries(
      modelOf(settings).layers.map(({ layer: own }) => [own, blocks.flatMap((block) => pairOf(block, own))]),
    ),
    ...(layer === undefined ? {} : { layers: { output: layer } }),
  };
  const draw = drawReplicate(settings, workspace(settings.dimension, settings.samples), seed, replicate, drawOptions);
  const files: Sampled['files'][number][] = [];
  const spectra = blocks.map((block) => {
    const { layer: own, j } = layerOfBlock(block);
    const { eigenvalues, weights } = observeBlock(draw, own, 0, j, backend);
    if (saveBlocks) {
      const order = eigenvalues.length;
      const data = layerOf(draw.model, own).matrix(draw, 0, j);
      const content = `block of replicate ${replicate}`;
      files.push({ name: `${block}_${numbered(replicate)}.npy`, shape: [order, order], content, data });
    }
    return { eigenvalues, weights: saveWeights ? weights : undefined };
  });
  const count = weightDirections(settings);
  if (saveBlocks && count < settings.dimension) {
    files.push({
      name: `directions_${numbered(replicate)}.npy`,
      shape: [count, settings.dimension],
      content: `directions that the weights of replicate ${replicate} depend on`,
      data: draw.model.layers[0].rows(draw),
    });
  }
  return { blocks: spectra, files };
}

function written({ data, ...file }: Sampled['files'][number], folder: RunFolder | undefined): Sampled['files'][number] {
  if (data === undefined || folder === undefined) return file;
  folder.write(file.name, writeNpy(data, file.shape));
  return { ...file, digest: digestOfFile(join(folder.path, file.name)) };
}

function collected(
  { settings, logitVariance, replicates, seed }: SampleRequest,
  blocks: readonly BlockName[],
  { results, backend, failed }: Drawn<Sampled>,
): SampleOutcome {
  if (failed.length > 0) throw failed[0]!.error;
  const drawn = results.filter((result) => result !== undefined);
  const files: SampledFile[] = drawn.flatMap((result) =>
    result.files.map(({ name, shape, content }) => ({ name, shape, content })),
  );
  const stacks = new Map<string, Uint8Array>();
  blocks.forEach((block, k) => {
    const stack = (part: string, rows: readonly (Float64Array | undefined)[], content: string) => {
      const present = rows.filter((row) => row !== undefined);
      if (present.length === 0) return;
      const name = `${block}_${part}.npy`;
      const shape = [present.length, present[0]!.length];
      stacks.set(name, writeNpy(stacked(present), shape));
      files.push({ name, shape, content: `${content}, one replicate a row` });
    };
    stack(
      'eigenvalues',
      drawn.map((result) => result.blocks[k]!.eigenvalues),
      'ascending eigenvalues',
    );
    stack(
      'weights',
      drawn.map((result) => result.blocks[k]!.weights),
      'weights a_n',
    );
  });
  const interrupted = drawn.length < replicates;
  return {
    results: {
      kind: 'sample',
      version,
      seed,
      backend,
      settings,
      ...(logitVariance === undefined ? {} : { logitVariance }),
      replicates: drawn.length,
      interrupted,
      files,
    },
    interrupted,
    failed,
    stacks,
  };
}

/** Refuses settings that cannot be drawn. */
function requireDrawable(options: SampleRequest, blocks: readonly BlockName[]): void {
  const { settings, replicates } = options;
  if (!Number.isSafeInteger(replicates) || replicates < 1)
    throw new UsageError(`--replicates must be a whole number of at least 1, got ${replicates}. Try 10.`);
  if (options.logitVariance !== undefined && !(options.logitVariance > 0 && takesLogitVariance(settings.model))) {
    throw new UsageError(
      `--logit-variance must be positive, and goes with --model ${modelsThat(takesLogitVariance)}. For a hidden layer choose --initialisation.`,
    );
  }
  if (settings.logitPrecision === 'single' && (options.saveWeights || options.saveBlocks))
    throw new UsageError(
      'sample: --save-weights and --save-blocks write numbers that others take for exact, and --logit-precision single gives them to some 1e-7 only. Leave one of them out.',
    );
  for (const block of blocks) {
    if (!blocksOf(settings).includes(block))
      throw new UsageError(
        `sample: this ${settings.model} model has no block ${block}. Its blocks are ${blocksOf(settings).join(', ')}.`,
      );
  }
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
  return modelOf(settings).layers.flatMap(({ layer, count }) =>
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
