/** Figures of trainings: what they show is what the results say, and what they cannot show they leave out. */
import { describe, expect, test } from '@jest/globals';
import { figuresOf, resolveColours, trainingFigures } from '../../figures/index.js';
import type { PaperFigure, TrainResult } from '../../figures/index.js';
import { captionTex } from '../../figures/render/caption.js';
import { trainedRuns } from '../helpers/trainedRuns.js';

const { hidden, wider, linear } = trainedRuns();

function figureOf(id: string, ...runs: TrainResult[]): PaperFigure {
  const figure = trainingFigures.find((definition) => definition.id === id)?.build(runs);
  if (figure === undefined) throw new Error(`no figure ${id}`);
  return figure;
}

interface Trace {
  readonly name?: string;
  readonly type: string;
  readonly stackgroup?: string;
  readonly xaxis: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly (readonly (number | null)[])[];
  readonly width: number;
}
const tracesOf = (figure: PaperFigure): readonly Trace[] => figure.data as unknown as readonly Trace[];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('which figures a training has', () => {
  test('a hidden model under cross-entropy all but that of least squares, a linear one that and its scores', () => {
    const drawn = (run: TrainResult) =>
      figuresOf([run])
        .filter(({ build }) => build() !== undefined)
        .map(({ id }) => id);
    expect(drawn(hidden)).toEqual(trainingFigures.map(({ id }) => id).filter((id) => id !== 'least-squares-descent'));
    expect(drawn(linear)).toEqual(['memorisation-scores', 'least-squares-descent']);
  });

  test('without heat maps, distances, curves or scores the figures of those are left out', () => {
    const bare: TrainResult = {
      ...hidden,
      heatMaps: [],
      curves: { residualPart: null, leastSquares: null },
      summary: hidden.summary.map((row) => ({ ...row, columns: {} })),
      runs: hidden.runs.map((run) => ({
        ...run,
        marks: run.marks.map((mark) => ({
          ...mark,
          spectrum: null,
          blocks: mark.blocks.map((block) => ({ ...block, distances: null })),
        })),
      })),
    };
    const drawn = trainingFigures.filter(({ build }) => build([bare]) !== undefined).map(({ id }) => id);
    expect(drawn).toEqual(['residual-bounds', 'hessian-shares', 'ratios-along-training']);
    expect(trainingFigures.filter(({ build }) => build([{ ...bare, runs: [] }]) !== undefined)).toEqual([]);
  });
});

describe('what figures of a training show', () => {
  test('shares of ‖H‖² sum to 1 at every mark, and would not without what R and K share', () => {
    const stacked = tracesOf(figureOf('hessian-shares', hidden)).filter(
      ({ stackgroup, xaxis }) => stackgroup === 'shares' && xaxis === 'x',
    );
    expect(stacked).toHaveLength(4);
    for (const [k] of stacked[0]!.x.entries()) expect(sum(stacked.map(({ y }) => y[k]!))).toBeCloseTo(1, 5);
    const broken: TrainResult = {
      ...hidden,
      runs: hidden.runs.map((run) => ({
        ...run,
        marks: run.marks.map((mark) => ({ ...mark, cross: { ...mark.cross!, inner: 0 } })),
      })),
    };
    const wrong = tracesOf(figureOf('hessian-shares', broken)).filter(
      ({ stackgroup, xaxis }) => stackgroup === 'shares' && xaxis === 'x',
    );
    expect(wrong[0]!.x.some((_, k) => Math.abs(sum(wrong.map(({ y }) => y[k]!)) - 1) > 0.005)).toBe(true);
  });

  test('own colours end at a hundredth of the largest entry; common ones are logarithms of the same means', () => {
    const traces = tracesOf(figureOf('training-heat-maps', hidden));
    const [own, common] = [traces[0]!, traces[3]!];
    const map = hidden.heatMaps.find(({ readoutOrder }) => readoutOrder === 'class')!;
    own.z.flat().forEach((colour, k) => {
      const expected = Math.min(1, (100 * map.values[k]!) / map.largest);
      expect(Math.abs(colour! - expected)).toBeLessThan(1e-3);
    });
    common.z.flat().forEach((colour, k) => {
      if (colour !== null) expect(Math.abs(colour - Math.log10(map.values[k]!))).toBeLessThan(0.006);
    });
    expect(own.z.flat().filter((colour) => colour === 1).length).toBeGreaterThan(10);
  });

  test('bars of the residual spectrum hold every eigenvalue within the frame but zeros, in pairs', () => {
    const [bars] = tracesOf(figureOf('residual-spectrum', hidden));
    const { samples, dimension, classes } = hidden.settings;
    const reach = hidden.curves.residualPart!.x.at(-1)!;
    const units = hidden.runs.flatMap(({ marks }) =>
      marks.filter(({ step, data }) => step === 0 && data === 'train').flatMap((mark) => mark.units),
    );
    const inside = units
      .flatMap(({ singularValues }) => singularValues)
      .filter((value) => value > 1e-6 && Math.sqrt(samples) * value < reach);
    expect(sum(bars!.y) * bars!.width).toBeCloseTo((2 * inside.length) / (units.length * (dimension + classes)), 6);
    expect([...bars!.y].reverse()).toEqual(bars!.y);
  });

  test('slopes in C are those of a power that was put in', () => {
    const power = (run: TrainResult): TrainResult => ({
      ...run,
      runs: run.runs.map(({ marks, ...rest }) => ({
        ...rest,
        marks: marks.map((mark) => ({
          ...mark,
          layers: mark.layers.map((layer) => ({
            ...layer,
            diagonal: 1,
            offDiagonal: run.settings.classes ** (layer.layer === 'hidden' ? -0.7 : -1.9),
          })),
        })),
      })),
    });
    const figure = figureOf('ratios-along-training', power(hidden), power(wider));
    const notes = JSON.stringify(figure.layout['annotations']);
    expect(notes.match(/slope −0\.70/g)).toHaveLength(2);
    expect(notes.match(/slope −1\.90/g)).toHaveLength(2);
  });

  test('the law of least squares passes by the drawn losses', () => {
    // Ten standard errors of a mean of 3 outputs over 40 samples are 40 %; a wrong law at step 0 is off by a factor of 3.
    const [law, drawn] = tracesOf(figureOf('least-squares-descent', linear));
    for (const [k, step] of drawn!.x.entries()) {
      const near = law!.y[law!.x.findIndex((each) => each >= step)]!;
      expect(Math.abs(drawn!.y[k]! / near - 1)).toBeLessThan(0.4);
    }
  });

  test('distances of several runs stand against d, of one against its steps', () => {
    const along = tracesOf(figureOf('law-distances-along-training', hidden))[0]!;
    expect(along.x).toEqual([0, 10, 20]);
    const against = tracesOf(figureOf('law-distances-along-training', hidden, wider))[0]!;
    expect(against.x).toEqual([8, 12]);
  });
});

describe('words of a training’s figures', () => {
  const built = [...figuresOf([hidden, wider]), ...figuresOf([linear])]
    .map(({ build }) => build())
    .filter((figure) => figure !== undefined);

  test('set-up and seed stand beside captions; sizes are columns of a paper; every colour is one of the palette', () => {
    for (const figure of built) {
      expect(figure.source).toContain('seed fixture');
      expect(figure.source).toContain('C = ');
      expect([336, 688]).toContain(figure.layout.width);
      expect(figure.layout.height).toBeLessThan(9.5 * 96);
      expect(JSON.stringify(resolveColours({ data: figure.data, layout: figure.layout }, 'dark'))).not.toMatch(
        /"@[a-z]|color:@/,
      );
    }
  });

  test('captions are LaTeX that needs no package of characters', () => {
    for (const figure of built)
      expect([figure.id, /[^ -~\n]/.exec(captionTex(figure).replace(/^%.*$/gm, ''))?.[0]]).toEqual([
        figure.id,
        undefined,
      ]);
  });

  test('a title that is markup or half a formula stays text', () => {
    const hostile = { ...wider, title: '<img src=x>$\\input{secret}' };
    const figure = figureOf('ratios-along-training', hidden, { ...hostile, settings: hidden.settings }, hidden);
    expect(JSON.stringify(figure.data)).not.toContain('<img');
    expect(captionTex(figure).replace(/^%.*$/gm, '')).not.toContain('\\input{secret}');
  });
});
