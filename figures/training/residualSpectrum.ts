import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis, exactLine, panelNote } from '../parts.js';
import { formatNumber } from '../text.js';
import type { TrainResult } from '../trainResult.js';
import { marksOn, markName, provenanceOf } from './trainingParts.js';

/** Of √N R of all units and replicates at one step: eigenvalues above 0, and how many there are in all. */
interface Spectrum {
  readonly positive: readonly number[];
  readonly count: number;
}

const bins = 44;

function spectrumAt(run: TrainResult, step: number): Spectrum {
  const { dimension, classes, samples } = run.settings;
  const units = marksOn(run, 'train')
    .filter((mark: MarkObservation) => mark.step === step)
    .flatMap((mark) => mark.units);
  const values = units.flatMap(({ singularValues }) => singularValues.map((value) => Math.sqrt(samples) * value));
  // Singular values come from a Gram: those below 1e-7 of the largest are zeros.
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  return { positive: values.filter((value) => value > 1e-7 * largest), count: units.length * (dimension + classes) };
}

/** Density of all eigenvalues but zeros, mirrored: they come in pairs. */
function histogramOf({ positive, count }: Spectrum, reach: number) {
  const half = bins / 2;
  const counts = new Array<number>(half).fill(0);
  for (const value of positive) if (value < reach) counts[Math.floor((half * value) / reach)]! += 1;
  const width = reach / half;
  const heights = [...[...counts].reverse(), ...counts].map((n) => n / (count * width));
  return { width, heights, centres: heights.map((_, k) => (k - half + 0.5) * width) };
}

/** The outline of a histogram. */
function outline({ width, heights, centres }: ReturnType<typeof histogramOf>) {
  return {
    x: centres.flatMap((centre) => [centre - width / 2, centre + width / 2]),
    y: heights.flatMap((height) => [height, height]),
  };
}

function tracesOf(run: TrainResult, start: Spectrum, reach: number): PlotlyObject[] {
  const { residualPart } = run.curves;
  const bars = histogramOf(start, reach);
  const last = marksOn(run, 'train').at(-1)!.step;
  const line = { type: 'scatter', mode: 'lines', showlegend: true };
  const hovertemplate = '%{x:.3g}: %{y:.4g}<extra>%{fullData.name}</extra>';
  return [
    {
      type: 'bar',
      name: 'drawn, step 0',
      showlegend: true,
      ...{ x: bars.centres, y: bars.heights, width: bars.width },
      marker: { color: '@bar', line: { width: 0 } },
      hovertemplate,
    },
    ...(last === 0
      ? []
      : [
          {
            ...line,
            name: `drawn, ${markName(run, last)} of training`,
            ...outline(histogramOf(spectrumAt(run, last), reach)),
            line: { color: '@muted', width: 0.9 },
            hovertemplate,
          },
        ]),
    exactLine({
      ...line,
      name: 'many samples a class (semicircle if d = C)',
      ...{ x: residualPart!.x, y: residualPart!.limitDensity },
      line: { color: '@vermillion', width: 1.3, dash: '5px,2px' },
      hovertemplate,
    }),
    exactLine({
      ...line,
      name: 'law with Poisson weights',
      ...{ x: residualPart!.x, y: residualPart!.density },
      line: { color: '@blue', width: 1.6 },
      hovertemplate,
    }),
  ];
}

export const residualSpectrum = figureDefinition<readonly TrainResult[]>({
  id: 'residual-spectrum',
  title: 'Spectrum of the residual part at initialisation',
  needs: 'a training with random labels of a model with hidden units, with a mark at step 0',
  plan: ([run]) => {
    const curves = run?.curves.residualPart ?? null;
    if (run === undefined || curves === null) return undefined;
    const start = spectrumAt(run, 0);
    if (start.count === 0) return undefined;
    const reach = curves.x.at(-1)!;
    const { samples, classes } = run.settings;
    const traces = tracesOf(run, start, reach);
    const beyond = 2 * start.positive.filter((value) => value >= reach).length;
    const top =
      1.12 *
      Math.max(
        ...[curves.density, curves.limitDensity].map((all) => [...all].sort((a, b) => a - b)[all.length - 3] ?? 0),
      );
    const drawnTop = 1.05 * Math.max(...(traces[0]!['y'] as number[]));
    const panel: Panel = {
      name: 'residual part',
      title: '',
      data: traces,
      notes: curves.atom === 0 ? [] : [panelNote(`mass of the law<br>at 0: ${formatNumber(curves.atom)}`, 'top-right')],
      x: axis({ range: [-reach, reach], title: 'eigenvalue of √N R' }),
      // Room above for the note.
      y: axis({
        range: [0, (curves.atom === 0 ? 1 : 1.2) * Math.max(Math.min(top, 2 * drawnTop), drawnTop)],
        title: 'density',
      }),
      height: { inches: 1.9 },
    };
    return {
      id: 'residual-spectrum',
      title: 'Spectrum of the residual part at initialisation',
      column: 'single',
      groups: [[panel]],
      most: { single: 1, double: 1 },
      caption: `Eigenvalues of $\\sqrt{N} R$ of all units at initialisation, that is $\\pm\\sqrt{N}$ times the singular values of $S_i$ (outline: at the last mark, on the training data), beside the law in which a class has a Poisson number of samples (here $N/C = ${formatNumber(samples / classes)}$), and the law for many samples a class. Classes without an open sample make an atom at 0, whose eigenvalues $p$ moves by $O(1/C)$ under cross-entropy${beyond === 0 ? '' : `; ${beyond} of ${start.count} eigenvalues lie beyond the frame`}.`,
      source: provenanceOf([run]),
    };
  },
});
