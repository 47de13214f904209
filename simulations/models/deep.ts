import { UsageError } from '../../theory/errors.js';
import { numberedLayer, type Layer } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';
import { deepBlock, deepBlockWeights, deepCrossBlock } from '../blocks/deepBlock.js';
import { visitDeepCrossTiles, visitDeepTiles } from '../blocks/deepTiles.js';
import { outputBlock } from '../blocks/outputBlock.js';
import { visitOutputTiles } from '../blocks/outputTiles.js';
import { timesField } from '../network/fieldProducts.js';
import type { CrossBlocks, Draw, LayerBlocks, LayerFields, ModelSampler } from '../network/model.js';
import { wholeReadout } from '../network/readout.js';

/**
 * f = V h_L, h_k = σ(W_k h_{k−1}), h_0 = x, of the widths n_1 … n_L that the settings name.
 * @throws UsageError when they name none
 */
export function deep({ widths = [] }: Pick<DrawSettings, 'widths'>): ModelSampler {
  if (widths.length === 0)
    throw new UsageError('widths must name at least one hidden layer of a deep model, got none; give a list');
  const depth = widths.length;
  const hiddenLayers = widths.map((_, index) => hiddenLayer(widths, index + 1));
  return {
    name: 'deep',
    layers: [
      ...(hiddenLayers as [LayerBlocks, ...LayerBlocks[]]),
      {
        layer: 'output',
        symbol: 'V',
        count: ({ classes }) => classes,
        order: () => widths[depth - 1]!,
        rows: ({ readout }) => wholeReadout(readout),
        matrix: outputBlock,
        visitTiles: visitOutputTiles,
      },
    ],
    crossings: crossingsOf(depth),
    units: () => widths[depth - 1]!,
    fields(parts) {
      const fields: LayerFields[] = [];
      widths.forEach((_, index) => fields.push(fieldsOf(parts, widths, index + 1, fields.at(-1))));
      return { ...fields.at(-1)!, lower: fields.slice(0, -1) };
    },
  };
}

function hiddenLayer(widths: readonly number[], k: number): LayerBlocks {
  const layer = numberedLayer(k);
  return {
    layer,
    symbol: `W${k}`,
    count: () => widths[k - 1]!,
    order: ({ dimension }) => (k === 1 ? dimension : widths[k - 2]!),
    rows: (draw) => matrixOf(draw, widths, k),
    ...(k === 1 ? { weights: (draw: Draw, i: number, j: number) => deepBlockWeights(draw, k, i, j) } : {}),
    matrix: (draw, i, j) => deepBlock(draw, k, i, j),
    visitTiles: visitDeepTiles(k, layer),
  };
}

/** W_k. */
function matrixOf(
  { settings: { dimension }, hiddenLayer }: Pick<Draw, 'settings' | 'hiddenLayer'>,
  widths: readonly number[],
  k: number,
): Float64Array {
  const sizes = widths.map((width, index) => width * (index === 0 ? dimension : widths[index - 1]!));
  const start = sizes.slice(0, k - 1).reduce((sum, size) => sum + size, 0);
  return hiddenLayer.subarray(start, start + sizes[k - 1]!);
}

/** Between all pairs of layers, the readout among them. */
function crossingsOf(depth: number): CrossBlocks[] {
  const nameOf = (k: number): Layer => (k > depth ? 'output' : numberedLayer(k));
  const pairs = Array.from({ length: depth }, (_, k) =>
    Array.from({ length: depth - k }, (__, above) => ({ lower: k + 1, upper: k + 2 + above })),
  ).flat();
  return pairs.map((crossing): CrossBlocks => {
    const [rows, columns] = [nameOf(crossing.lower), nameOf(crossing.upper)];
    const region = `${rows} × ${columns}` as const;
    return {
      ...{ rows, columns, region },
      matrix: (draw, i, j) => deepCrossBlock(draw, crossing, i, j),
      visitTiles: visitDeepCrossTiles(crossing, region),
    };
  });
}

/** Of layer k, on the features of the one below or on the inputs. */
function fieldsOf(
  parts: Parameters<ModelSampler['fields']>[0],
  widths: readonly number[],
  k: number,
  below: LayerFields | undefined,
): LayerFields {
  const { samples } = parts.settings;
  const { workspace, activation } = parts;
  const width = widths[k - 1]!;
  const matrix = matrixOf(parts, widths, k);
  let preactivations: Float64Array = new Float64Array(width * samples);
  if (below === undefined) workspace.project(matrix, width, preactivations);
  else preactivations = timesField(matrix, width, below.features, samples);
  const features = new Float64Array(width * samples);
  const slopes = new Float64Array(width * samples);
  activation.value(preactivations, features);
  activation.derivative(preactivations, slopes);
  return { preactivations, features, slopes };
}
