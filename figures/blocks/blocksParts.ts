/** What the figures of blocks share: points of one kind, bars, names, words. */
import type { BlocksPoint, BlocksResult, BlocksTensor, Probed } from '../blocksResult.js';
import type { PlotlyObject } from '../figure.js';
import { literal, plotlyText } from '../text.js';

/** Names of tensors are long, and differ at their end. */
export const shortName = (name: string, most = 22): string =>
  plotlyText(name.length <= most ? name : `…${name.slice(1 - most)}`);

export const ofHessian = {
  gaussNewton: { name: 'Gauss–Newton', colour: '@vermillion', symbol: 'circle' },
  hessian: { name: 'full Hessian', colour: '@blue', symbol: 'square-open' },
} as const;
export type HessianName = keyof typeof ofHessian;
export const bothHessians = Object.keys(ofHessian) as HessianName[];

export const ratioOf = (point: BlocksPoint, hessian: HessianName): Probed | null => point[hessian]?.ratio ?? null;

/** Twice the standard error, where there is one, along an axis. */
export function errorBars(along: 'x' | 'y', all: readonly Probed[], colour: string): PlotlyObject {
  if (all.every(({ error }) => error === null)) return {};
  return {
    [`error_${along}`]: {
      ...{ type: 'data', thickness: 0.9, width: 2, color: colour },
      array: all.map(({ error }) => 2 * (error ?? 0)),
    },
  };
}

/** Numbers and the ends of their bars, for an axis that shows them; of a bar that reaches below 0 the half. */
export const barEnds = (all: readonly Probed[]): readonly number[] =>
  all.flatMap(({ value, error }) => [value, value + 2 * (error ?? 0), Math.max(value / 2, value - 2 * (error ?? 0))]);

/** Those points that have the same N and step as the most others with another C; the last where several have. */
export function alike({ points }: BlocksTensor, hasNumber: (point: BlocksPoint) => boolean): readonly BlocksPoint[] {
  const settings = [...new Set(points.map(({ samples, step }) => `${samples} ${step}`))];
  const groups = settings.map((setting) =>
    points.filter((point) => `${point.samples} ${point.step}` === setting && hasNumber(point)),
  );
  return groups.reduce((a, b) => (b.length >= a.length ? b : a), []);
}

const ascending = (values: readonly number[]): string => [...new Set(values)].sort((a, b) => a - b).join(', ');

/** For what goes with a caption. */
export function blocksSource({ files, dimension, version }: BlocksResult): string {
  const names = [...new Set(files.flatMap(({ label }) => (label === null ? [] : [label])))];
  const steps = files.flatMap(({ step }) => (step === null ? [] : [step]));
  const facts = [
    `C = ${ascending(files.map(({ classes }) => classes))}`,
    `N = ${ascending(files.map(({ samples }) => samples))}`,
    ...(dimension === null ? [] : [`D = ${dimension}`]),
    ...(steps.length === 0 ? [] : [`step ${ascending(steps)}`]),
  ];
  return literal(
    `${names.length === 1 ? names[0] : 'Network'}: ${facts.join(', ')}, ${files.length} exports. Computed by limitlaw ${version}.`,
  );
}

/** What a caption says of bars. */
export function barsSay({ files }: BlocksResult): string {
  const networks = files.map(({ classes, samples, step }) => `${classes} ${samples} ${step}`);
  const isDrawnAgain = networks.map((network) => networks.filter((each) => each === network).length > 1);
  if (!isDrawnAgain.includes(true)) return 'twice the standard error of probes and blocks';
  const ofOthers = isDrawnAgain.includes(false) ? ', of probes and blocks where there is one' : '';
  return `twice the standard error over initialisations${ofOthers}`;
}
