/** One tensor over all files: its norms at each C, N and step, and how their ratio depends on C. */
import { trendInClasses } from '../../../simulations/comparisons/index.js';
import type { BlocksPoint, BlocksTensor, BlocksTrend } from '../../../figures/blocksResult.js';
import { blockNorms, fullOverGaussNewton } from './blockNorms.js';
import { floorOf } from './floors.js';
import type { ProbedTensor, ProbeFile } from './probeFile.js';

/** Files of one C, N and step: draws of one network. */
export interface DrawsOfNetwork {
  readonly classes: number;
  readonly samples: number;
  readonly step: number | null;
  /** Numbers in the list of all files. */
  readonly numbers: readonly number[];
  readonly files: readonly ProbeFile[];
}

export function tensorResult(name: string, networks: readonly DrawsOfNetwork[], level: number): BlocksTensor {
  const { shape, partition, floor } = tensorIn(networks[0]!.files[0]!, name);
  const points = networks.map((network) => pointOf(name, network));
  return { name, shape, partition, floor, points, trends: trendsOf(points, level) };
}

const tensorIn = ({ tensors }: ProbeFile, name: string): ProbedTensor => tensors.find((each) => each.name === name)!;

function pointOf(name: string, { classes, samples, step, numbers, files }: DrawsOfNetwork): BlocksPoint {
  const draws = files.map((file) => tensorIn(file, name));
  const { blocks, live, probed, probes } = draws[0]!;
  return {
    classes,
    samples,
    step,
    files: numbers,
    blocks,
    live,
    probed: probed.length,
    probes,
    gaussNewton: blockNorms(draws, 'gaussNewton')!,
    hessian: blockNorms(draws, 'hessian'),
    fullOverGaussNewton: fullOverGaussNewton(draws),
    floor: floorOf(draws[0]!, files),
  };
}

/** Of tensors of several blocks: one trend for each Hessian at each N and step. */
function trendsOf(points: readonly BlocksPoint[], level: number): BlocksTrend[] {
  const settings = [...new Set(points.map(({ samples, step }) => `${samples} ${step}`))];
  return settings.flatMap((setting) => {
    const alike = points.filter(({ samples, step }) => `${samples} ${step}` === setting);
    return (['gauss-newton', 'full'] as const).flatMap((hessian) => trendOf(alike, hessian, level));
  });
}

function trendOf(points: readonly BlocksPoint[], hessian: BlocksTrend['hessian'], level: number): BlocksTrend[] {
  const ratios = points.flatMap(({ classes, gaussNewton, hessian: full, floor }) => {
    const ratio = (hessian === 'full' ? full : gaussNewton)?.ratio;
    if (ratio === null || ratio === undefined) return [];
    const { value, error, errors, degrees } = ratio;
    return [
      { classes, ratio: value, error, degrees: degrees ?? Infinity, floor, drawn: errors.initialisations !== null },
    ];
  });
  if (ratios.length === 0) return [];
  const { samples, step } = points[0]!;
  // A floor is known of Gauss–Newton alone.
  const floor = hessian === 'full' ? undefined : ratios.at(-1)!.floor?.[0];
  return [
    {
      hessian,
      samples,
      step,
      errorsOf: ratios.every(({ drawn }) => drawn) ? 'initialisations' : 'probes',
      ...trendInClasses(ratios, 1 - level, floor),
    },
  ];
}
