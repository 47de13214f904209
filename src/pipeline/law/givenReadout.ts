import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { blockKinds, models, takesLogitVariance, takesSetting } from '../../../theory/names.js';
import { modelChoice, modelOptionNames, type ModelChoice, type ModelOptions } from '../options/modelOptions.js';
import { choice, listOf } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';

export interface GivenReadout {
  /** Sizes that V has, as options. */
  readonly sizes: Pick<ModelOptions, 'classes' | 'width'>;
  readonly readout: { readonly readout: Float64Array; readonly i?: number; readonly j?: number };
}

/**
 * V of --readout, C×m (C×d for a linear model), with the block's rows of --pair.
 * @throws UsageError for a file that is no such matrix, sizes that contradict it, and options that would be ignored
 */
export async function givenReadout(text: ModelOptions): Promise<GivenReadout | undefined> {
  const { readout: path, pair } = text;
  if (path === undefined) {
    if (pair !== undefined)
      throw new UsageError(
        '--pair names two rows of a layer as drawn, and the limit law is the same for all: give V with --readout, or leave --pair out',
      );
    return undefined;
  }
  const source = `--readout ${basename(path)}`;
  const { readArrayFile } = await import('../../store/formats/index.js');
  const { shape, data } = readArrayFile(path);
  const [classes, columns] = shape as [number, number];
  if (shape.length !== 2 || classes < 2 || columns < 1 || !data.every(Number.isFinite))
    throw new UsageError(
      `${source}: V must be a matrix of finite numbers, a row for each of at least two classes, the file holds an array of shape (${shape.join(', ')}). Give V as f = V σ(Wx), or f = Vx, has it.`,
    );
  const model = choice('--model', text.model, models);
  const own = takesSetting(model, 'width') ? { classes, width: columns } : { classes };
  for (const [name, size] of Object.entries(own)) {
    const stated = text[name as keyof typeof own];
    if (stated !== undefined && Number(stated) !== size)
      throw new UsageError(`--${name} ${stated} contradicts ${source}, whose V has ${size}: leave --${name} out`);
  }
  const sizes = Object.fromEntries(Object.entries(own).map(([name, size]) => [name, String(size)]));
  const chosen = modelChoice({ ...text, ...sizes });
  refuseIdle(text, chosen);
  const count = chosen.layer === 'output' ? classes : columns;
  return { sizes, readout: { readout: data, ...(pair === undefined ? {} : pairOf(pair, text.block, count)) } };
}

/** The rows of --pair, of a layer of `count` rows. */
function pairOf(pair: string, block: string | undefined, count: number): { readonly i: number; readonly j: number } {
  const rows = listOf('--pair', pair, (name, entry) => wholeNumber(name, entry, 0, count - 1));
  const [i, j] = rows as [number, number];
  if (rows.length !== 2 || (i === j) !== (choice('--block', block, blockKinds) === 'diagonal'))
    throw new UsageError(
      `--pair must be two rows of the layer, counting from 0, equal for a diagonal block alone, e.g. --pair ${block === 'diagonal' ? '0,0' : '0,1'}, got '${pair}'`,
    );
  return { i, j };
}

function refuseIdle(text: ModelOptions, { model, loss, layer }: ModelChoice): void {
  if (takesSetting(model, 'widths'))
    throw new UsageError('--readout says nothing of --model deep, of which no law given V is known: leave it out');
  if (loss === 'mse' && layer === 'output')
    throw new UsageError(
      `--readout says nothing of the ${layer} layer under --loss ${loss}, whose blocks do not depend on V: leave it out`,
    );
  const stray = (['logitVariance', 'scaling', 'initialisation'] as const).find(
    // The layer below V is still of its scheme.
    (name) => text[name] !== undefined && (name !== 'initialisation' || takesLogitVariance(model)),
  );
  if (stray !== undefined)
    throw new UsageError(`--${modelOptionNames[stray]} says nothing once V is given with --readout: leave it out`);
}
