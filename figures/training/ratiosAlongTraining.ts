import { seriesColours, seriesSymbols } from '../palette.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis, logAxis, logExtent, panelNote } from '../parts.js';
import { formatFixed, plainText, plotlyText } from '../text.js';
import type { TrainResult } from '../trainResult.js';
import { courseOf, courseTrace, hasCourse, markName, provenanceOf, stepAxis } from './trainingParts.js';
import type { Course } from './trainingParts.js';

/** A layer whose off-diagonal blocks fall like C^−rate of the diagonal ones at initialisation. */
interface Ratio {
  readonly layer: string;
  readonly rate: number;
  readonly name: string;
}

/** Of the layers of a network with hidden units, and of the readout alone. */
const ratios: readonly Ratio[] = [
  { layer: 'hidden', rate: 1, name: '<i>r</i><sub>ww</sub>' },
  { layer: 'output', rate: 2, name: '<i>r</i><sub>vv</sub>' },
];

const scaledName = ({ rate, name }: Ratio): string => `<i>C</i>${rate === 1 ? '' : `<sup>${rate}</sup>`} ${name}`;

/** Ratio of the mean squared norms; none where the off-diagonal blocks vanish. */
function courseOfRatio(run: TrainResult, { layer }: Ratio): Course {
  return courseOf(run, 'train', ({ layers }) => {
    const found = layers.find((each) => each.layer === layer && each.count > 1);
    if (found === undefined || found.diagonal === 0 || found.offDiagonal === 0) return null;
    return found.offDiagonal / found.diagonal;
  });
}

/** What tells runs apart, where they differ. */
function runNames(runs: readonly TrainResult[]): readonly string[] {
  const facts = runs.map(({ settings, labels, title }) => [
    `C = ${settings.classes}`,
    `d = ${settings.dimension}`,
    settings.loss === 'ce' ? 'CE' : 'MSE',
    `${labels} labels`,
    title,
  ]);
  const differing = facts[0]!.map((_, k) => new Set(facts.map((each) => each[k])).size > 1);
  return facts.map((each) => {
    const own = each.filter((_, k) => differing[k]);
    return plotlyText(own.length === 0 ? each[0]! : own.join(', '));
  });
}

function alongSteps(runs: readonly TrainResult[], names: readonly string[], ratio: Ratio): Panel {
  const traces = runs.flatMap((run, k) => {
    const { steps, values } = courseOfRatio(run, ratio);
    if (steps.length === 0) return [];
    const scaled = { steps, values: values.map((value) => value * run.settings.classes ** ratio.rate) };
    return [
      courseTrace(scaled, names[k]!, seriesColours[k % seriesColours.length]!, {
        showlegend: runs.length > 1,
        marker: { symbol: seriesSymbols[k % seriesSymbols.length] },
      }),
    ];
  });
  const longest = runs.reduce((a, b) => ((b.plan?.steps ?? 0) > (a.plan?.steps ?? 0) ? b : a));
  return {
    name: plainText(scaledName(ratio)),
    title: '',
    data: traces,
    x: stepAxis(longest, { title: 'step' }),
    y: axis({ rangemode: 'tozero', title: scaledName(ratio) }),
    height: { inches: 1.4 },
  };
}

/** Least squares of log r on log C. */
function slopeOf(classes: readonly number[], values: readonly number[]): number {
  const [x, y] = [classes.map(Math.log), values.map(Math.log)];
  const [meanX, meanY] = [x, y].map((all) => all.reduce((sum, value) => sum + value, 0) / all.length) as [
    number,
    number,
  ];
  const products = x.reduce((sum, value, k) => sum + (value - meanX) * (y[k]! - meanY), 0);
  return products / x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}

/** r against C at the first and the last mark. */
function againstClasses(runs: readonly TrainResult[], ratio: Ratio): Panel {
  const courses = runs
    .map((run) => ({ run, course: courseOfRatio(run, ratio) }))
    .filter(({ course }) => course.steps.length > 0)
    .sort((a, b) => a.run.settings.classes - b.run.settings.classes);
  const classes = courses.map(({ run }) => run.settings.classes);
  const ends = ([0, -1] as const).map((end) => ({
    end,
    values: courses.map(({ course }) => course.values.at(end)!),
    name: markName(courses[0]!.run, courses[0]!.course.steps.at(end)!),
  }));
  const colours = ['@blue', '@vermillion'];
  const traces = ends.map(({ values, name }, k): PlotlyObject => ({
    type: 'scatter',
    mode: 'lines+markers',
    ...{ name: `at ${name}`, showlegend: false, x: classes, y: values },
    line: { color: colours[k], width: 1.2 },
    marker: { color: colours[k], size: 4.5, symbol: seriesSymbols[k] },
    hovertemplate: 'C = %{x}: %{y:.4g}<extra>%{fullData.name}</extra>',
  }));
  const note = ends
    .map(
      ({ name, values }, k) =>
        `<span style="color:${colours[k]}">●</span> ${name}: slope ${formatFixed(slopeOf(classes, values), 2)}`,
    )
    .join('<br>');
  const [low, high] = logExtent(
    ends.flatMap(({ values }) => values),
    0,
  );
  return {
    name: `${plainText(ratio.name)} against C`,
    title: '',
    data: traces,
    notes: [panelNote(note, 'bottom-left')],
    x: axis({
      type: 'log',
      tickvals: classes,
      ticktext: classes.map(String),
      nticks: undefined,
      title: '<i>C</i>',
    }),
    // Room below for the slopes.
    y: logAxis([low - 0.3 - 0.35 * (high - low), high + 0.15], { title: ratio.name }),
    height: { inches: 1.4 },
  };
}

export const ratiosAlongTraining = figureDefinition<readonly TrainResult[]>({
  id: 'ratios-along-training',
  title: 'Ratios of off-diagonal to diagonal blocks along training',
  needs: 'two marks or more of a model with several units or classes',
  plan: (given) => {
    const runs = given.filter(hasCourse);
    const shown = ratios.filter((ratio) => runs.some((run) => courseOfRatio(run, ratio).steps.length > 0));
    if (shown.length === 0) return undefined;
    const drawnIn = (ratio: Ratio) => runs.filter((run) => courseOfRatio(run, ratio).steps.length > 0);
    const hasRates = shown.some((ratio) => new Set(drawnIn(ratio).map((run) => run.settings.classes)).size > 1);
    const names = runNames(runs);
    const along = shown.map((ratio) => alongSteps(runs, names, ratio));
    const rates = hasRates ? shown.map((ratio) => againstClasses(drawnIn(ratio), ratio)) : [];
    return {
      id: 'ratios-along-training',
      title: 'Ratios of off-diagonal to diagonal blocks along training',
      column: shown.length === 1 ? 'single' : 'double',
      groups: hasRates ? [along, rates] : [along],
      most: { single: 2, double: 2 },
      caption: `Ratio of the mean squared norms of off-diagonal and diagonal blocks within a layer, on the training data, times its rate at initialisation ($C r_{ww}$ of the hidden layer, $C^2 r_{vv}$ of the readout)${hasRates ? ', and against $C$ at the first and the last mark, with least-squares slopes in logarithms' : ''}. What grows becomes less block-diagonal.`,
      source: provenanceOf(runs),
    };
  },
});
