/**
 * A claim about output blocks, which are m×m with m fixed: their law is a law of large numbers given V and W, checked
 * on eigenvalues and on two linear statistics, and the ratio of squared norms as C grows.
 */
import { median } from 'simple-statistics';
import type { Loss } from '../../../theory/contracts.js';
import type { DistanceSeries, SpectrumPanel } from '../../../figures/results.js';
import { counted, initialisationName } from '../../../figures/text.js';
import { fitExponent, meanTest, powerOfMeanTest } from '../../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import { heldOf, statedOf } from '../../draws/perturbation.js';
import type { OutputFinding } from '../../draws/check/index.js';
import { logitVarianceOff } from '../alternatives.js';
import type { Alternative } from '../alternatives.js';
import type { Preset } from '../presets.js';
import { defineClaim } from '../claim.js';
import type { Claim, ClaimDraft, JudgeContext, TestDraft } from '../claim.js';
import { finishedOf, isUnder, momentTasks, normTasks, outputTasks, regimeWords, sameRegime } from '../taskLists.js';
import type { Regime } from '../taskLists.js';
import { statedPower } from '../evidence/lawEvidence.js';
import { nameTest } from '../evidence/nameTest.js';
import { momentEvidence, ratiosAsked } from '../evidence/momentEvidence.js';
import { pooledTests } from '../evidence/pooledTests.js';
import { ratioEvidence } from '../evidence/ratioEvidence.js';
import { normsSetUp, rateSentences, spectraSetUp, zeroSentence } from '../evidence/staticSentences.js';

export interface OutputClaimOptions extends Pick<Claim, 'id' | 'title' | 'statement' | 'formula'> {
  readonly loss: Loss;
  readonly offDiagonalVanishes: boolean;
}

const confidence = 0.95;

/** Scales W Wᵀ in the prediction, hence features and logits. */
const varianceOff: Alternative = { ...logitVarianceOff, label: 'variance of the pre-activations 10 % too large' };

export function outputClaim(options: OutputClaimOptions): Claim {
  const { id, title, statement, formula, loss, offDiagonalVanishes } = options;
  const regimesOf = (preset: Preset): Regime[] =>
    preset.initialisations.map((initialisation) => ({
      model: 'hidden',
      loss,
      initialisation,
      classes: preset.hiddenClasses[0]!,
    }));
  return defineClaim({
    id,
    title,
    statement,
    formula,
    plan: (context) => [
      ...regimesOf(context.preset).flatMap((regime) => outputTasks(context, regime, [varianceOff])),
      ...(offDiagonalVanishes
        ? []
        : context.preset.initialisations.flatMap((initialisation) =>
            normTasks(context, { model: 'hidden', loss, initialisation }, 'output'),
          )),
      ...(offDiagonalVanishes
        ? []
        : context.preset.initialisations.flatMap((initialisation) =>
            momentTasks(context, 'output norms', {
              model: 'hidden',
              loss,
              initialisation,
              classes: context.preset.moments.classes,
            }),
          )),
    ],
    ratiosAsked: (tasks) => ratiosAsked(tasks, 'output'),
    judge: (context) => judgeOutput(options, regimesOf(context.preset), context),
  });
}

/** What is compared with its expectation in each draw, in words. */
const errorNames: Readonly<Record<Exclude<keyof OutputFinding, 'law'>, string>> = {
  trace: 'trace',
  projection: 'projection on its expectation',
};
const relativeErrors = ['trace', 'projection'] as const;

type OutputDraw = ReturnType<typeof outputDraws>[number];

function outputDraws(context: JudgeContext, regime: Regime) {
  return finishedOf(context.finished, 'output', ({ settings }) => sameRegime(settings, regime));
}

function judgeOutput(options: OutputClaimOptions, regimes: readonly Regime[], context: JudgeContext): ClaimDraft {
  const perRegime = regimes.map((regime) => ({ regime, draws: outputDraws(context, regime) }));
  const ratios = options.offDiagonalVanishes
    ? []
    : context.preset.initialisations.flatMap((initialisation) => {
        const draws = finishedOf(context.finished, 'norm', isUnder(initialisation));
        return ratioEvidence(draws, 'output', initialisationName(initialisation)) ?? [];
      });
  const means = context.preset.initialisations.map((initialisation) =>
    momentEvidence(finishedOf(context.finished, 'moments', isUnder(initialisation)), 'output'),
  );
  const zeroFailures = perRegime.flatMap(({ regime, draws }) => {
    const wrong = draws.filter(({ result }) =>
      result.blocks.some(({ block, vanishes }) => vanishes !== (options.offDiagonalVanishes && block.i !== block.j)),
    );
    return wrong.length === 0
      ? []
      : [
          `${regimeWords(regime)}: in ${wrong.length} draws an output block is zero, or is not, where the theory says otherwise`,
        ];
  });
  const drawn = perRegime.flatMap(({ draws }) => draws);
  const headline = ratios[0]?.headline;
  return {
    quantity: headline?.quantity ?? 'largest entry of the off-diagonal block',
    predicted: headline?.predicted ?? 'exactly 0',
    measured: headline?.measured ?? (zeroFailures.length === 0 ? 'exactly 0' : 'not 0'),
    interval: headline?.interval ?? null,
    measurements: ratios.flatMap(({ measurements }) => measurements),
    spectra: perRegime.flatMap(({ regime, draws }) => outputPanels(regime, draws)),
    distances: perRegime.flatMap(({ regime, draws }) => outputDistances(regime, draws)),
    ratioCurves: ratios.map(({ curve }) => curve),
    sentences: options.offDiagonalVanishes
      ? [zeroSentence(drawn.length, drawn.filter(hasOffDiagonal).length, spectraSetUp(context.preset, true))]
      : ratios.flatMap((ratio) => rateSentences(ratio, normsSetUp(context.preset, ratio.curve.initialisation, true))),
    tests: [
      ...perRegime.flatMap(({ regime, draws }) => outputTests(regime, draws)),
      ...ratios.flatMap(({ tests }) => tests),
      ...means.flatMap(({ tests }) => tests),
    ],
    exactFailures: [...zeroFailures, ...ratios.flatMap(({ exactFailures }) => exactFailures)],
    powers: (testLevel) => [
      ...perRegime.flatMap(({ regime, draws }) => outputPowers(regime, draws, testLevel)),
      ...means.flatMap(({ powers }) => powers(testLevel)),
    ],
    notes: [
      'An output block is m×m with m fixed: given V and W its eigenvalues tend to those of a fixed matrix, and the error falls like $N^{-1/2}$. Given the drawn features nothing is left to predict, so there is no third level.',
      ...ratios.flatMap(({ notes }) => notes),
    ],
    arrays: new Map(),
  };
}

/** Whether an off-diagonal block that was drawn is not zero. */
function hasOffDiagonal({ result }: OutputDraw): boolean {
  return result.blocks.some(({ block, vanishes }) => block.i !== block.j && !vanishes);
}

/** The same draws' relative errors under a wrong claim: their shift over their spread is the effect on a mean test. */
function outputPowers(regime: Regime, draws: readonly OutputDraw[], testLevel: number): PowerAgainst[] {
  const candidates = [0, 1].flatMap((b) =>
    relativeErrors.flatMap((statistic) => {
      const pairs = draws.flatMap(({ result }) => {
        const claims = result.blocks[b]?.claims ?? [];
        const [truth, wrong] = [heldOf(claims, 'stated'), heldOf(claims, varianceOff.id)];
        return truth === undefined || wrong === undefined ? [] : [[truth[statistic], wrong[statistic]] as const];
      });
      if (pairs.length < 6) return [];
      const shift = pairs.reduce((sum, [truth, wrong]) => sum + wrong - truth, 0) / pairs.length;
      const spread = Math.sqrt(pairs.reduce((sum, [truth]) => sum + truth ** 2, 0) / pairs.length);
      return [
        {
          replicates: pairs.length,
          power: (replicates: number): number =>
            powerOfMeanTest({ effect: Math.abs(shift) / spread, replicates, level: testLevel, sides: 2 }),
        },
      ];
    }),
  );
  if (candidates.length === 0) return [];
  return [statedPower(`${varianceOff.label} (${regimeWords(regime)})`, candidates, varianceOff.size)];
}

function outputTests(regime: Regime, draws: readonly OutputDraw[]): TestDraft[] {
  const experiments = [...new Set(draws.map(({ task }) => task.experiment))];
  return [0, 1].flatMap((b) => {
    const alive = draws.filter(({ result }) => result.blocks[b]?.vanishes === false);
    if (alive.length < 6) return [];
    return relativeErrors.map((statistic): TestDraft => {
      const pooled = pooledTests(
        experiments.map((experiment) =>
          meanTest(
            alive
              .filter(({ task }) => task.experiment === experiment)
              .map(({ result }) => statedOf(result.blocks[b]!.claims)[statistic]),
            0,
          ),
        ),
      );
      return {
        ...nameTest(
          regimeWords(regime),
          `${errorNames[statistic]} given V and W`,
          `${b === 0 ? 'diagonal' : 'off-diagonal'} output block`,
        ),
        statistic: `sum of squared normal scores of t-tests over draws, ${counted(pooled.degrees, 'degree')} of freedom`,
        observed: pooled.statistic,
        null: 'expectation given both layers, by cubature',
        pValue: pooled.pValue,
        replicates: 0,
      };
    });
  });
}

function outputDistances(regime: Regime, draws: readonly OutputDraw[]): DistanceSeries[] {
  const shown = draws.filter(({ task }) => task.levels);
  const dimensions = [...new Set(shown.map(({ task }) => task.settings.dimension))].sort((a, b) => a - b);
  const out: DistanceSeries[] = [];
  for (const b of [0, 1]) {
    for (const level of [1, 2] as const) {
      const replicates = dimensions.map((dimension) =>
        shown
          .filter(({ task }) => task.settings.dimension === dimension)
          .flatMap(({ result }) => result.blocks[b]?.levels?.distances[level - 1] ?? []),
      );
      if (dimensions.length < 2 || replicates.some((values) => values.length < 2)) continue;
      const fit = fitExponent({ sizes: dimensions, values: replicates, confidence });
      out.push({
        label: regimeWords(regime),
        model: 'hidden',
        loss: regime.loss,
        layer: 'output',
        block: b === 0 ? 'diagonal' : 'off-diagonal',
        level,
        distance: 'largest eigenvalue error, relative',
        dimensions,
        medians: replicates.map(median),
        replicates,
        exponent: fit.exponent,
        interval: { lower: fit.interval[0], upper: fit.interval[1], level: confidence },
        expected: -0.5,
        logCorrection: false,
      });
    }
  }
  return out;
}

/** The m eigenvalues of one draw beside those of its limit matrix given V and W, each an atom of mass 1/m. */
function outputPanels(regime: Regime, draws: readonly OutputDraw[]): SpectrumPanel[] {
  const largest = Math.max(...draws.map(({ task }) => task.settings.dimension));
  const shown = draws.find(({ task }) => task.levels && task.settings.dimension === largest);
  if (shown === undefined) return [];
  const { settings } = shown.task;
  return shown.result.blocks.flatMap(({ block, eigenvalues, levels }) => {
    if (levels === undefined) return [];
    const predicted = levels.predicted[1];
    return [
      {
        label: `${regimeWords(regime)}, ${block.i === block.j ? 'diagonal' : 'off-diagonal'} output block`,
        model: settings.model,
        loss: settings.loss,
        layer: 'output' as const,
        block: block.i === block.j ? ('diagonal' as const) : ('off-diagonal' as const),
        dimension: settings.width,
        samples: settings.samples,
        classes: settings.classes,
        width: settings.width,
        aspectRatio: settings.dimension / settings.samples,
        initialisation: settings.initialisation,
        activation: settings.activation,
        level: 2 as const,
        eigenvalues: Array.from(eigenvalues),
        draws: 1,
        lawX: [],
        lawDensity: [],
        lawCdf: [],
        atoms: Array.from(predicted, (at) => ({ at, mass: 1 / predicted.length })),
        support: [],
        outliers: { predicted: [], observed: [] },
      },
    ];
  });
}
