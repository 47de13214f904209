/** Norms of blocks for a reader: r of each tensor with its errors apart, how it depends on C, and what to know of it. */
import type { BlocksPoint, BlocksResult, BlocksTensor, BlocksTrend, Probed } from '../../figures/blocksResult.js';
import type { Exponent } from '../../simulations/comparisons/index.js';
import { counted } from '../pipeline/counted.js';
import { digits } from './measuredText.js';
import { ruledTable } from './ruledTable.js';
import { wrapped } from './wrapped.js';

/** Names of tensors are long, and differ at their end. */
const cut = (name: string, most: number): string => (name.length <= most ? name : `…${name.slice(1 - most)}`);
const [longestBesideNumbers, longestBesideExponents] = [26, 20];

export function blocksTable(result: BlocksResult, columns: number): string {
  const isOne = result.tensors.every(({ points }) => points.length === 1);
  return [
    `${wrapped(heading(result), columns)}\n`,
    ...(isOne ? [tableOfTensors(result, columns)] : result.tensors.map((tensor) => tableOfPoints(tensor, columns))),
    `${wrapped(legend(result), columns, 0)}\n`,
    ...(result.tensors.some(({ trends }) => trends.some(({ pairs }) => pairs.length > 0))
      ? [tableOfTrends(result, columns)]
      : []),
    result.notes.map((note) => `${wrapped(note, columns)}\n`).join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const normNames = { layer: 'LayerNorm', rms: 'RMSNorm' } as const;
const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
const ascending = (values: readonly number[]): string =>
  distinct(values)
    .sort((a, b) => a - b)
    .join(', ');

function heading({ tensors, files, loss, dimension, finalNorm }: BlocksResult): string {
  const steps = files.flatMap(({ step }) => (step === null ? [] : [step]));
  const names = distinct(files.flatMap(({ label }) => (label === null ? [] : [label])));
  return [
    `blocks${names.length === 1 ? ` of ${names[0]}` : ''}: ${counted(tensors.length, 'tensor')} in ${counted(files.length, 'file')}`,
    `C = ${ascending(files.map(({ classes }) => classes))}`,
    `N = ${ascending(files.map(({ samples }) => samples))}`,
    ...(dimension === null ? [] : [`D = ${dimension}`]),
    ...(steps.length === 0 ? [] : [`step ${ascending(steps)}`]),
    loss === 'ce' ? 'cross-entropy' : 'squared error',
    ...(finalNorm === null || finalNorm === 'none' ? [] : [`final ${normNames[finalNorm]}`]),
  ].join('; ');
}

/** Of errors in per cent of the number. */
function share(error: number | null, value: number): string {
  if (error === null) return '?';
  return error === 0 ? '0' : `${Number(((100 * error) / value).toPrecision(2))} %`;
}

const ratioCells = (ratio: Probed | null): string[] =>
  ratio === null
    ? ['', '', '']
    : [digits(ratio.value, 3), share(ratio.errors.probes, ratio.value), share(ratio.errors.blocks, ratio.value)];

const numberOf = (probed: Probed | null | undefined): string =>
  probed === null || probed === undefined ? '' : digits(probed.value, 3);

const hasFull = (points: readonly BlocksPoint[]): boolean => points.some(({ hessian }) => hessian !== null);

/** A row a tensor: of files that are one network, or draws of one. */
function tableOfTensors({ tensors }: BlocksResult, columns: number): string {
  const points = tensors.map((tensor) => tensor.points[0]!);
  const isDrawn = points.some(({ files }) => files.length > 1);
  const isFull = hasFull(points);
  return ruledTable(
    [
      'tensor',
      'B',
      'r',
      '± probes',
      '± blocks',
      ...(isDrawn ? ['± networks'] : []),
      ...(isFull ? ['r, full', 'full/GN'] : []),
    ],
    tensors.map(({ name, points: [point] }) => {
      const { gaussNewton, hessian, fullOverGaussNewton, blocks } = point!;
      return {
        cells: [
          cut(name, longestBesideNumbers),
          String(blocks),
          ...ratioCells(gaussNewton.ratio),
          ...(isDrawn ? [networksCell(gaussNewton.ratio)] : []),
          ...(isFull ? [numberOf(hessian?.ratio), numberOf(fullOverGaussNewton)] : []),
        ],
        below: floorText(point!),
      };
    }),
    columns,
  );
}

const networksCell = (ratio: Probed | null): string =>
  ratio === null ? '' : share(ratio.errors.initialisations, ratio.value);

function floorText({ floor }: BlocksPoint): string {
  if (floor === null) return '';
  const [lower, upper] = floor;
  return `floor as C grows ${digits(lower, 3)}${upper === lower ? '' : ` … ${digits(upper, 3)}`}`;
}

/** A row for each C, N and step of a tensor. */
function tableOfPoints({ name, partition, points }: BlocksTensor, columns: number): string {
  const several = (of: (point: BlocksPoint) => number | null): boolean => distinct(points.map(of)).length > 1;
  const [hasSteps, hasSamples] = [several(({ step }) => step), several(({ samples }) => samples)];
  const isFull = hasFull(points);
  const isRatio = points.some(({ gaussNewton }) => gaussNewton.ratio !== null);
  const [last] = points.slice(-1);
  const about = [`${name}: ${partition}`, ...(points.some(({ floor }) => floor !== null) ? [floorText(last!)] : [])];
  const table = ruledTable(
    [
      ...(hasSteps ? ['step'] : []),
      ...(hasSamples ? ['N'] : []),
      'C',
      ...(isRatio ? ['r', '± probes', '± blocks', '± networks'] : []),
      ...(isFull ? [...(isRatio ? ['r, full'] : []), 'full/GN'] : []),
    ],
    points.map((point) => ({
      cells: [
        ...(hasSteps ? [String(point.step ?? '')] : []),
        ...(hasSamples ? [String(point.samples)] : []),
        String(point.classes),
        ...(isRatio ? [...ratioCells(point.gaussNewton.ratio), networksCell(point.gaussNewton.ratio)] : []),
        ...(isFull ? [...(isRatio ? [numberOf(point.hessian?.ratio)] : []), numberOf(point.fullOverGaussNewton)] : []),
      ],
      below: '',
    })),
    columns,
  );
  return `${wrapped(about.join('; '), columns)}\n${table}`;
}

function legend({ tensors }: BlocksResult): string {
  const isFull = tensors.some(({ points }) => hasFull(points));
  return [
    'r: mean ‖H_ab‖² over blocks a ≠ b, by the mean ‖H_bb‖², of Gauss–Newton.',
    'Its standard errors: of the probes; of which of the B blocks were probed; over networks drawn again, with both others in it. ? where one cannot be told.',
    ...(isFull ? ['full/GN: mean ‖H_bb‖² of the full Hessian, by that of Gauss–Newton.'] : []),
  ].join(' ');
}

const fixed = (value: number): string => value.toFixed(2).replace('-', '−');

function exponentText(exponent: Exponent | null): string {
  if (exponent === null) return '';
  const { exponent: value, interval } = exponent;
  return interval === null ? fixed(value) : `${fixed(value)} [${fixed(interval[0])}, ${fixed(interval[1])}]`;
}

/** Whether the interval says by itself why the verdict is as it is. */
const isSeen = ({ large, isContradicted }: BlocksTrend): boolean =>
  !isContradicted && large !== null && large.interval !== null;

function tableOfTrends({ tensors, level }: BlocksResult, columns: number): string {
  const all = tensors.flatMap(({ name, trends }) =>
    trends.filter(({ pairs }) => pairs.length > 0).map((trend) => ({ name, trend })),
  );
  const isMixed = distinct(all.map(({ trend }) => `${trend.samples} ${trend.step}`)).length > 1;
  const nameOf = (name: string, { hessian, samples, step }: BlocksTrend): string =>
    hessian === 'full'
      ? '  full'
      : [
          cut(name, longestBesideExponents),
          ...(isMixed ? [`N = ${samples}`, ...(step === null ? [] : [`step ${step}`])] : []),
        ].join(', ');
  const table = ruledTable(
    ['exponent of C in r', 'smaller C', 'larger C', ''],
    all.map(({ name, trend }) => ({
      cells: [nameOf(name, trend), exponentText(trend.small), exponentText(trend.large), trend.verdict],
      below: isSeen(trend) ? '' : trend.reason,
    })),
    columns,
  );
  const said = `Smaller and larger half of all C, with ${Number((100 * (1 - level)).toPrecision(6))} % intervals. Where the whole interval over the larger C lies below −0.5 r falls; within −0.25 … 0.25 it is saturated.`;
  return `${table}${wrapped(said, columns, 0)}\n`;
}
