/** Training data remember: which laws they leave, and which they keep. */
import type { DistanceSeries, Measurement } from '../../figures/results.js';
import { exponentTest, fitExponent, meanTest, powerOfMeanTest } from '../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import { defineClaim } from './claim.js';
import type { ClaimDraft, JudgeContext, TestDraft } from './claim.js';
import { statedPower } from './evidence/lawEvidence.js';
import { memoryCourse } from './memoryCourse.js';
import { claimedFactor, residualScore } from './evidence/scoreStatements.js';
import {
  brokenStatements,
  confidence,
  drawsOfCourse,
  endsOf,
  meanStatementTest,
  meanWithInterval,
  powerAgainst,
  shownRow,
} from './evidence/trainingEvidence.js';
import type { Data, TrainingDraw } from './evidence/trainingEvidence.js';
import type { SeenBlock } from '../draws/check/index.js';
import type { Preset } from './presets.js';
import { trainingTasks } from './trainingTasks.js';

export const dynamicTrain = defineClaim({
  id: 'dynamic-train',
  title: 'Training data along training',
  statement: String.raw`At step 0 the laws hold on training data too. A network that has learned its labels by heart has taken from the residual what the inputs explain: the score $z_R$ of $\|S_i\|^2$ moves by $-O(\sqrt d)$. The weights of its blocks are no longer those of the law given $W_t$, $V_t$ (level 2), but given the weights as they are (level 3) the spectra keep the generalised Marčenko–Pastur law to leading order.`,
  formula: String.raw`z_R \;<\; -0.3\,\sqrt d,\qquad \sup|F_n - F_{\text{drawn weights}}| = O(\log d/d),\qquad \sup|F_n - F_{\text{given layers}}| = O(1)`,
  plan: (context) =>
    coursesOf(context.preset).flatMap(({ course, draws }) =>
      trainingTasks(context, course, draws, {
        train: true,
        fresh: 'at the end',
        wanted: { laws: true },
      }),
    ),
  judge,
});

const coursesOf = (preset: Preset) =>
  preset.dynamics.memory.dimensions.map((dimension, k) => ({
    course: memoryCourse(preset, dimension, [0, 1]),
    draws: preset.dynamics.memory.draws[k]!,
  }));

/** A network that remembers has a score below this times √d. */
const remembered = -0.3;

interface AtDimension {
  readonly dimension: number;
  readonly draws: readonly TrainingDraw[];
}

function judge(context: JudgeContext): ClaimDraft {
  const groups = coursesOf(context.preset)
    .map(({ course }): AtDimension => ({
      dimension: course.dimension,
      draws: drawsOfCourse(context.finished, course),
    }))
    .filter(({ draws }) => draws.length > 1);
  const factor = claimedFactor(context.perturbation);
  const largest = groups[groups.length - 1];
  const headline = largest && meanWithInterval(endScores(largest, 'train', factor));
  return {
    quantity: `mean score z_R of the residual part on training data at the end${largest === undefined ? '' : `, d = ${largest.dimension}`}`,
    predicted: largest === undefined ? null : `below ${(remembered * Math.sqrt(largest.dimension)).toPrecision(3)}`,
    measured: headline?.measured ?? null,
    interval: headline?.interval ?? null,
    measurements: groups.flatMap((group) => rowsOf(group, factor)),
    sentences: [],
    spectra: [],
    distances: blockNumbers.flatMap((b) => seriesOf(groups, b)),
    ratioCurves: [],
    tests: [
      ...meanStatementTest({
        regime: 'training data at step 0',
        what: 'score of the residual part',
        predicted: 0,
        lists: [groups.flatMap(({ draws }) => draws.map((draw) => residualScore(endsOf(draw, 'train').first, factor)))],
        null: 'mean exactly 0 given the residuals: nothing is learned yet',
      }),
      ...memoryTests(groups, factor),
      ...blockNumbers.flatMap((b) => exponentTests(groups, b)),
    ],
    exactFailures: brokenStatements(groups.flatMap(({ draws }) => draws)),
    powers: (testLevel) => [
      ...powerAgainst(
        {
          alternative: 'training data taken for fresh',
          wrong: groups.flatMap((group) => endScores(group, 'train', factor)),
          predicted: 0,
        },
        testLevel,
      ),
      ...levelTwoPowers(groups, testLevel),
    ],
    notes: [
      'The paper states its laws at initialisation only: no sentence of its own stands beside this claim. How far $z_R$ moves, and the law given the drawn weights on training data, are measured and argued, not proved (paper-notes.md).',
    ],
    arrays: new Map(),
  };
}

const blockNumbers = [0, 1] as const;
const kindOf = (b: number) => (b === 0 ? 'diagonal' : 'off-diagonal');

const endScore = (draw: TrainingDraw, data: Data, factor: number): number =>
  residualScore(endsOf(draw, data).last, factor);
const endScores = ({ draws }: AtDimension, data: Data, factor: number): number[] =>
  draws.map((draw) => endScore(draw, data, factor));

function memoryTests(groups: readonly AtDimension[], factor: number): TestDraft[] {
  return groups.map((group): TestDraft => {
    const values = endScores(group, 'train', factor);
    const { z, degrees, pValue } = meanTest(values, remembered * Math.sqrt(group.dimension));
    return {
      name: `training data at the end, d = ${group.dimension}: score of the residual part below ${remembered}√d`,
      label: `score of the residual part below ${remembered}√d at d = ${group.dimension}`,
      statistic: `Student's t of ${values.length} trainings, ${degrees} degrees of freedom, one-sided`,
      observed: z,
      null: 'a network that remembers less: its mean score lies above',
      pValue: z > 0 ? pValue / 2 : 1 - pValue / 2,
      replicates: 0,
    };
  });
}

const lastBlock = (draw: TrainingDraw, data: Data, b: number): SeenBlock | undefined =>
  endsOf(draw, data).last.blocks[b];

/** Distances of the trained network's spectra on one kind of data, a list for each dimension. */
function distancesAt(
  groups: readonly AtDimension[],
  data: Data,
  b: number,
  law: 'drawnWeights' | 'givenLayers',
): number[][] {
  return groups.map(({ draws }) => draws.flatMap((draw) => lastBlock(draw, data, b)?.laws?.[law] ?? []));
}

const areFit = (values: readonly number[][]): boolean =>
  values.length >= 2 && values.every((list) => list.length >= 2 && list.every((value) => value > 0));

function exponentTests(groups: readonly AtDimension[], b: number): TestDraft[] {
  const values = distancesAt(groups, 'train', b, 'drawnWeights');
  if (!areFit(values)) return [];
  const sizes = groups.map(({ dimension }) => dimension);
  const fit = fitExponent({ sizes, values, logCorrection: true });
  return [
    {
      name: `training data at the end, ${kindOf(b)} block: exponent of the distance to the law given the drawn weights`,
      label: `${kindOf(b)} block: exponent of the distance to the law given the drawn weights`,
      statistic: `exponent of d in D/log d over d = ${sizes.join(', ')}; interval ${fit.interval.map((end) => end.toFixed(3)).join(' … ')}`,
      observed: fit.exponent,
      null: '−1 or less: a law that fails on training data keeps the distance from falling; one-sided',
      pValue: exponentTest(fit, -1, 'upper').pValue,
      replicates: 0,
    },
  ];
}

/** The law given the layers in the place of the law given the drawn weights: its distance does not fall. */
function levelTwoPowers(groups: readonly AtDimension[], testLevel: number): PowerAgainst[] {
  const candidates = blockNumbers.flatMap((b) => {
    const values = distancesAt(groups, 'train', b, 'givenLayers');
    if (!areFit(values)) return [];
    const fit = fitExponent({ sizes: groups.map(({ dimension }) => dimension), values, logCorrection: true });
    const replicates = values.flat().length;
    const effect = (fit.exponent + 1) / (fit.standardError * Math.sqrt(replicates));
    return [{ replicates, power: (count: number) => powerOfMeanTest({ effect, replicates: count, level: testLevel }) }];
  });
  if (candidates.length === 0) return [];
  return [statedPower('law given the layers (level 2) on training data', candidates)];
}

function seriesOf(groups: readonly AtDimension[], b: number): DistanceSeries[] {
  const laws = [
    { level: 2, law: 'givenLayers', expected: 0 },
    { level: 3, law: 'drawnWeights', expected: -1 },
  ] as const;
  return (['train', 'fresh'] as const).flatMap((data) =>
    laws.flatMap(({ level, law, expected }) => {
      const replicates = distancesAt(groups, data, b, law);
      if (!areFit(replicates)) return [];
      const dimensions = groups.map(({ dimension }) => dimension);
      const logCorrection = level === 3;
      const fit = fitExponent({ sizes: dimensions, values: replicates, logCorrection, confidence });
      return [
        {
          label: `${data} data, trained`,
          ...({ model: 'hidden', loss: 'ce', layer: 'hidden', block: kindOf(b), level } as const),
          ...{ distance: 'Kolmogorov', dimensions, replicates, logCorrection },
          medians: replicates.map((list) => [...list].sort((x, y) => x - y)[Math.floor(list.length / 2)]!),
          exponent: fit.exponent,
          interval: { lower: fit.interval[0], upper: fit.interval[1], level: confidence },
          expected: data === 'fresh' && level === 2 ? -0.5 : expected,
          judged: data === 'train' && level === 3,
        },
      ];
    }),
  );
}

function rowsOf(group: AtDimension, factor: number): Measurement[] {
  const { dimension, draws } = group;
  const excess = (data: Data): number[] =>
    draws.flatMap((draw) => {
      const block = lastBlock(draw, data, 0);
      const given = block?.laws?.meanGivenLayers;
      return block === undefined || given === undefined || given === null ? [] : [block.mean / given];
    });
  return [
    {
      quantity: `mean score z_R on training data at the end, d = ${dimension}`,
      predicted: `below ${(remembered * Math.sqrt(dimension)).toPrecision(3)}`,
      ...meanWithInterval(endScores(group, 'train', factor)),
    },
    {
      quantity: `the same on fresh data`,
      predicted: 0,
      ...meanWithInterval(endScores(group, 'fresh', factor)),
      judged: false,
    },
    shownRow(
      `E a of the diagonal block over that of the law given the layers, training data, d = ${dimension}`,
      excess('train'),
    ),
    shownRow(`the same on fresh data`, excess('fresh')),
  ];
}
