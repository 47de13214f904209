import type { FigureStyle, PaperFigure, Panel, PlotlyObject } from './figure.js';
import { layOut } from './layout/layOut.js';
import { axis, exactLine, panelNote } from './parts.js';
import { formatNumber } from './text.js';

/** A law as a curve; arrays of one length, points ascending. */
export interface LawPicture {
  /** Which law it is, and what drew it. */
  readonly source?: string;
  /** What the eigenvalues are measured in, when not themselves. */
  readonly units?: string;
  readonly x: readonly number[];
  readonly density: readonly number[];
  readonly cdf: readonly number[];
  readonly support: readonly (readonly [number, number])[];
  readonly atoms: readonly { readonly at: number; readonly mass: number }[];
  /** Where outliers are predicted. */
  readonly outliers: readonly number[];
}

/** Density, with its atoms and outliers, beside the distribution function. */
export function lawFigure(picture: LawPicture, style?: FigureStyle): PaperFigure {
  const { atoms, outliers } = picture;
  const top = topOf(picture);
  const line = {
    type: 'scatter',
    mode: 'lines',
    line: exactLine({ color: '@blue', width: 1.4 }),
    hovertemplate: '%{x:.5g}: %{y:.5g}<extra></extra>',
  };
  const x = axis({ title: picture.units ?? 'eigenvalue', range: rangeOf(picture), nticks: 5 });
  const density: Panel = {
    name: 'density',
    title: '',
    data: [
      { ...line, name: 'density', x: picture.x, y: picture.density },
      ...outliers.map((at) => stroke(at, 0.34 * top, '@vermillion', `outlier at ${formatNumber(at)}`)),
      ...atoms.map(({ at, mass }) =>
        stroke(at, 0.6 * top, '@purple', `atom at ${formatNumber(at)}, mass ${formatNumber(mass)}`),
      ),
    ],
    x,
    y: axis({ title: 'density', range: [0, top] }),
    notes: notes(picture),
    height: { inches: 1.8 },
  };
  const distribution: Panel = {
    name: 'distribution function',
    title: '',
    data: [{ ...line, name: 'distribution function', ...steps(picture) }],
    x,
    y: axis({ title: 'distribution function', range: [-0.02, 1.02] }),
    height: { inches: 1.8 },
  };
  const marked = `${atoms.length > 0 ? ' with atoms (purple)' : ''}${outliers.length > 0 ? ' and predicted outliers (red)' : ''}`;
  return layOut(
    {
      id: 'law',
      title: 'Limit law',
      column: 'double',
      groups: [[density, distribution]],
      most: { single: 1, double: 2 },
      caption: `Limit law: density${marked}, and distribution function.`,
      source: picture.source ?? '',
    },
    style,
  );
}

/** Above the density off its infinite and very narrow peaks; of a law without density, 1. */
function topOf({ x, density, support }: LawPicture): number {
  const width = support.reduce((sum, [lower, upper]) => sum + upper - lower, 0);
  const off = density.filter((value, k) => {
    const near = support.some((edges) => edges.some((edge) => Math.abs(x[k]! - edge) < 0.01 * width));
    return Number.isFinite(value) && !near;
  });
  const finite = density.filter(Number.isFinite);
  return 1.12 * (Math.max(...(off.length > 0 ? off : finite), 0) || 1);
}

function rangeOf({ x, outliers }: LawPicture): readonly [number, number] {
  const [least, most] = [Math.min(x[0]!, ...outliers), Math.max(x.at(-1)!, ...outliers)];
  const room = outliers.length > 0 ? 0.04 * (most - least) : 0;
  return [least - room, most + room];
}

const stroke = (at: number, height: number, colour: string, words: string): PlotlyObject => ({
  type: 'scatter',
  mode: 'lines',
  x: [at, at],
  y: [0, height],
  line: { color: colour, width: 1.4 },
  hovertemplate: `${words}<extra></extra>`,
});

/** The distribution function, upright at an atom. */
function steps({ x, cdf, atoms }: LawPicture): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const points = x.flatMap((at, k) => {
    const mass = atoms.find((atom) => atom.at === at)?.mass;
    return mass === undefined
      ? [[at, cdf[k]!]]
      : [
          [at, cdf[k]! - mass],
          [at, cdf[k]!],
        ];
  });
  return { x: points.map(([at]) => at!), y: points.map(([, value]) => value!) };
}

function notes({ atoms, outliers }: LawPicture): PlotlyObject[] {
  const words = [
    ...atoms.slice(0, 3).map(({ at, mass }) => `atom at ${formatNumber(at)}: ${formatNumber(mass)}`),
    ...outliers.slice(0, 3).map((at) => `outlier at ${formatNumber(at)}`),
  ];
  return words.length === 0 ? [] : [panelNote(words.join('<br>'), 'top-right')];
}
