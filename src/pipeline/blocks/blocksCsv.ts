import { csvText } from '../../../figures/csvText.js';
import type { BlocksResult } from '../../../figures/blocksResult.js';

const heads = [
  ...['tensor', 'partition', 'hessian', 'step', 'samples', 'classes', 'networks', 'blocks', 'probed', 'probes'],
  ...['diagonal', 'off_diagonal', 'ratio', 'error_of_probes', 'error_of_blocks', 'error_over_initialisations'],
  ...['full_over_gauss_newton', 'floor_lower', 'floor_upper'],
];

/** blocks.csv: a line for each tensor, Hessian, step, N and C; empty where there is no number. */
export function blocksCsv({ tensors }: BlocksResult): string {
  const lines = tensors.flatMap(({ name, partition, points }) =>
    points.flatMap((point) =>
      [['gauss-newton', point.gaussNewton] as const, ['full', point.hessian] as const].flatMap(([hessian, norms]) => {
        if (norms === null) return [];
        const { ratio, diagonal, offDiagonal } = norms;
        const { probes, blocks, initialisations } = ratio?.errors ?? {
          probes: null,
          blocks: null,
          initialisations: null,
        };
        const floor = hessian === 'full' ? null : point.floor;
        return [
          [
            ...[name, partition, hessian, point.step, point.samples, point.classes, point.files.length],
            ...[point.blocks, point.probed, point.probes, diagonal, offDiagonal, ratio?.value ?? null],
            ...[probes, blocks, initialisations, point.fullOverGaussNewton?.value ?? null],
            ...[floor?.[0] ?? null, floor?.[1] ?? null],
          ].map((value) => value ?? ''),
        ];
      }),
    ),
  );
  return csvText([heads, ...lines]);
}
