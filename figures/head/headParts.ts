/** What the figures of heads share: their order, names, axes of steps and of ranks, and words. */
import { axis } from '../parts.js';
import type { PlotlyObject } from '../figure.js';
import type { HeadResult } from '../headResult.js';
import { literal, plotlyText } from '../text.js';

/** Those of one model in the order of their steps; others as they are given. */
export const inOrder = <Result extends HeadResult>(results: readonly Result[]): readonly Result[] =>
  results.every(({ step }) => step !== null) ? [...results].sort((a, b) => a.step! - b.step!) : results;

/** What tells several apart: "step 300", "Moby Dick", or the files. */
export function headName({ label, step, files }: HeadResult, among: readonly HeadResult[]): string {
  const differs = (of: (each: HeadResult) => unknown): boolean => new Set(among.map(of)).size > 1;
  const words = [
    ...(label !== null && differs((each) => each.label) ? [label] : []),
    ...(step !== null && differs((each) => each.step) ? [`step ${step}`] : []),
  ];
  return plotlyText(words.length > 0 ? words.join(', ') : (label ?? fileOf(files)));
}

const fileOf = (files: HeadResult['files']): string => files['features'] ?? 'head';

/** Room on a logarithmic axis of steps for step 0, in decades. */
const startRoom = 0.5;

/** Where a step stands on an axis of its logarithm: 0 stands to the left of all others. */
export function stepPlace(steps: readonly number[]): (step: number) => number {
  const positive = steps.filter((step) => step > 0);
  const least = positive.length === 0 ? 1 : Math.min(...positive);
  return (step) => (step > 0 ? Math.log10(step) : Math.log10(least) - startRoom);
}

/** An axis of steps as `stepPlace` puts them, with the steps that are there as its numbers. */
export function logStepAxis(steps: readonly number[], options: PlotlyObject = {}): PlotlyObject {
  const place = stepPlace(steps);
  const places = steps.map(place);
  return axis({
    range: [Math.min(...places) - 0.12, Math.max(...places) + 0.12],
    tickvals: places,
    ticktext: steps.map(String),
    nticks: undefined,
    ...options,
  });
}

/** "Moby Dick: C = 512, D = 32, N = 256 in 64 sequences". */
export function headSetUp({ label, files, classes, dimension, samples, groups }: HeadResult): string {
  const sequences = groups === samples ? '' : ` in ${groups} sequences`;
  return `${label ?? fileOf(files)}: C = ${classes}, D = ${dimension}, N = ${samples}${sequences}`;
}

/** For what goes with a caption: each set-up once, and what computed it. */
export function headSource(results: readonly HeadResult[]): string {
  const { version, backend } = results[0]!;
  const setUps = [...new Set(results.map(headSetUp))];
  return literal(`Heads: ${setUps.join('; ')}. Computed by limitlaw ${version} (${backend} backend).`);
}
