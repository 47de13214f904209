/** Figures of a whole Hessian that is drawn for them, and its blocks in numbers. */
import { hessianPicture } from '../../../simulations/blocks/index.js';
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate, modelOf, predictMemory } from '../../../simulations/models/index.js';
import { takesSetting } from '../../../theory/names.js';
import { memoryLimit, requireMemory } from '../../store/allocation.js';
import { drawSettings, type DrawWords } from '../options/drawSettings.js';
import type { BlockGroup } from './blockGroups.js';
import { blockCsv, blockSummary } from './blockSummary.js';
import { renderWanted, type FiguresWanted } from './drawFigures.js';
import { blocksOf, drawingOf, matrixResult, type DrawingWords, type MatrixFigures } from './matrixFigures.js';

/** Words as on the command line. */
export interface HessianFiguresRequest extends FiguresWanted, DrawingWords {
  readonly network: DrawWords;
  readonly seed: string;
  readonly backend: BackendName | 'auto';
  /** Called with what is about to be drawn. */
  readonly onPlan: (order: number) => void;
}

/** Side of the picture. */
const pixels = 400;

/** More blocks make no picture of their own, and no table of every pair. */
const mostPictured = 1024;
const mostTabled = 128;

/**
 * The Hessian of one network at initialisation, tile by tile: replicate 0 of this seed, as `limitlaw sample` draws it.
 * @throws UsageError for settings that cannot be drawn, words that are none of the choices, and as `renderFigures`
 */
export async function drawHessianFigures(request: HessianFiguresRequest): Promise<MatrixFigures> {
  const { network, seed, backend: wanted, onPlan } = request;
  const { settings } = drawSettings(network);
  const drawing = drawingOf(request, true);
  const groups = groupsOf(settings);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const order = groups.reduce((sum, group) => sum + group.count * group.size, 0);
  requireMemory(
    predictMemory(settings).total + 3 * 8 * count ** 2,
    memoryLimit(),
    `hessian: a draw of order ${order} with ${count} blocks`,
    'draw a smaller network',
  );
  onPlan(order);
  const backend = await createBackend(wanted);
  const draw = drawReplicate(settings, backend.createWorkspace(settings.dimension, settings.samples), seed, 0);
  const { sums, largest, values, pixels: side } = hessianPicture(draw, backend, pixels);
  const list = groups.flatMap(blocksOf);
  const source = `the Hessian of ${describe(settings)}, seed ${seed}`;
  const result = matrixResult(
    drawing,
    { source, label: 'Hessian' },
    { order, largest, side, values },
    { groups, sums: count > mostPictured ? undefined : sums },
  );
  const tables = count > mostTabled ? [] : [{ file: 'block-table.csv', text: blockCsv(list, sums) }];
  const rendered = await renderWanted(result, request, tables);
  return { ...rendered, source, order, largest, summary: blockSummary(groups, sums) };
}

/** The blocks of each layer, named w or w1, w2, … and v. */
function groupsOf(settings: DrawSettings): BlockGroup[] {
  let start = 0;
  return modelOf(settings).layers.map(({ symbol, count, order }): BlockGroup => {
    const [blocks, size] = [count(settings), order(settings)];
    const name = symbol.toLowerCase();
    const labels = Array.from({ length: blocks }, (_, i) => `${name}_${i + 1}`);
    const group = { name, count: blocks, size, start, labels };
    start += blocks * size;
    return group;
  });
}

function describe(settings: DrawSettings): string {
  const { model, loss, activation, initialisation, dimension, samples, classes, width, widths = [] } = settings;
  const isEven = widths.every((each) => each === widths[0]);
  return [
    `a ${model} network under ${loss}`,
    ...(takesSetting(model, 'activation') ? [activation] : []),
    `${initialisation} initialisation`,
    ...[`d = ${dimension}`, `N = ${samples}`, `C = ${classes}`],
    ...(takesSetting(model, 'width') ? [`m = ${width}`] : []),
    ...(widths.length === 0 ? [] : [isEven ? `L = ${widths.length}, n = ${widths[0]}` : `n = ${widths.join(', ')}`]),
  ].join(', ');
}
