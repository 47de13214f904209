/** The tables of the report of blocks. */
import type { BlocksPoint, BlocksResult, BlocksTensor, BlocksTrend, Probed } from '../../figures/blocksResult.js';
import { escapeHtml } from '../../figures/render/markup.js';
import { formatFixed, formatNumber } from '../../figures/text.js';
import type { Exponent } from '../../simulations/comparisons/index.js';
import { table, type Row, type RowGroup } from './table.js';

const hessianName = { 'gauss-newton': 'Gauss–Newton', full: 'full' } as const;

const number = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined ? '—' : escapeHtml(formatNumber(value, digits));

function share(error: number | null | undefined, value: number): string {
  if (error === null || error === undefined) return '—';
  return error === 0 ? '0' : escapeHtml(`${formatNumber((100 * error) / value, 2)} %`);
}

/** r and what its errors are of, in per cent of it. */
const ratioCells = (ratio: Probed | null | undefined): string[] =>
  ratio === null || ratio === undefined
    ? ['—', '—', '—', '—']
    : [
        number(ratio.value),
        share(ratio.errors.probes, ratio.value),
        share(ratio.errors.blocks, ratio.value),
        share(ratio.errors.initialisations, ratio.value),
      ];

function floorText({ floor }: BlocksPoint): string {
  if (floor === null) return '—';
  const [lower, upper] = floor;
  return lower === upper ? number(lower) : `${number(lower)} … ${number(upper)}`;
}

/** A group of rows for each tensor, a row for each step, N and C. */
export function ratioTable({ tensors }: BlocksResult): string {
  const all = tensors.flatMap(({ points }) => points);
  const hasSteps = new Set(all.map(({ step }) => step)).size > 1;
  const isFull = all.some(({ hessian }) => hessian !== null);
  const groups = tensors.map(({ name, partition, points }): RowGroup => ({
    heading: escapeHtml(`${name}, ${partition}: ${blocksText(points.at(-1)!)}`),
    rows: points.map((point) => ({
      cells: [
        `${hasSteps ? `step ${number(point.step)}, ` : ''}C = ${point.classes}, N = ${point.samples}`,
        ...ratioCells(point.gaussNewton.ratio),
        floorText(point),
        ...(isFull ? [number(point.hessian?.ratio?.value), number(point.fullOverGaussNewton?.value)] : []),
      ],
    })),
  }));
  return `${table({
    label: 'Ratios of norms of blocks',
    columns: [
      { head: '', kind: 'name' },
      ...['r', 'probes', 'blocks', 'networks', 'floor', ...(isFull ? ['r, full', 'full/GN'] : [])].map(
        (head) => ({ head, kind: 'number' }) as const,
      ),
    ],
    groups,
  })}<p class="remark">r of Gauss–Newton. Standard errors in per cent of it: of the probes; of which blocks were probed; over networks drawn again, with both others in it. — where one cannot be told. full/GN: mean squared norm of the diagonal blocks of the full Hessian, by that of Gauss–Newton.</p>`;
}

const blocksText = ({ blocks, probed, probes }: BlocksPoint): string =>
  blocks === 1 ? 'one block' : `${blocks} blocks, ${probed} of them probed ${probes} times`;

const fitted = ({ trends }: BlocksTensor): readonly BlocksTrend[] => trends.filter(({ pairs }) => pairs.length > 0);

function exponentText(exponent: Exponent | null): string {
  if (exponent === null) return '—';
  const { interval, exponent: value } = exponent;
  const range = interval === null ? '' : ` [${formatFixed(interval[0], 2)}, ${formatFixed(interval[1], 2)}]`;
  return escapeHtml(`${formatFixed(value, 2)}${range}`);
}

const trendName = ({ hessian, samples, step }: BlocksTrend): string =>
  escapeHtml([hessianName[hessian], `N = ${samples}`, ...(step === null ? [] : [`step ${step}`])].join(', '));

/** Whether the interval says by itself why the verdict is as it is. */
const isSeen = ({ large, isContradicted }: BlocksTrend): boolean =>
  !isContradicted && large !== null && large.interval !== null;

/** Exponents of r over the smaller and the larger half of all C, and verdicts. Empty with one C. */
export function exponentTable({ tensors, level }: BlocksResult): string {
  const isTold = tensors.some((tensor) => fitted(tensor).some((trend) => !isSeen(trend)));
  const groups = tensors.map((tensor): RowGroup => ({
    heading: escapeHtml(tensor.name),
    rows: fitted(tensor).map((trend) => ({
      cells: [
        trendName(trend),
        exponentText(trend.small),
        exponentText(trend.large),
        trend.verdict,
        ...(isTold ? [isSeen(trend) ? '' : escapeHtml(trend.reason)] : []),
      ],
    })),
  }));
  const shown = groups.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return '';
  return `${table({
    label: 'Exponents of C in the ratio, and verdicts',
    columns: [
      { head: '', kind: 'name' },
      { head: 'smaller C', kind: 'number' },
      { head: 'larger C', kind: 'number' },
      { head: 'verdict', kind: 'word' },
      ...(isTold ? [{ head: 'why' }] : []),
    ],
    groups: shown,
  })}<p class="remark">Slopes of log r against log C over the smaller and the larger half of all C, with ${escapeHtml(formatNumber(100 * (1 - level), 4))} % intervals over initialisations; of probes and blocks where a C has one network. Where the whole interval over the larger C lies below −0.5 r falls; within −0.25 … 0.25 it is saturated.</p>`;
}

/** Exponents from each C to the next; of two numbers of classes that is the table above. */
export function pairTable({ tensors }: BlocksResult): string {
  const rows = tensors.flatMap((tensor) =>
    fitted(tensor)
      .filter(({ pairs }) => pairs.length > 1)
      .flatMap((trend): Row[] =>
        trend.pairs.map((pair) => ({
          cells: [escapeHtml(tensor.name), trendName(trend), `${pair.from} to ${pair.to}`, exponentText(pair)],
        })),
      ),
  );
  if (rows.length === 0) return '';
  return table({
    label: 'Exponents between neighbouring numbers of classes',
    columns: [
      { head: 'tensor', kind: 'name' },
      { head: 'Hessian', kind: 'word' },
      { head: 'C', kind: 'number' },
      { head: 'exponent', kind: 'number' },
    ],
    rows,
  });
}
