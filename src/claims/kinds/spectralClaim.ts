/**
 * A claim about d×d blocks: laws of the diagonal and the off-diagonal block, their norms, and how the ratio of the
 * norms falls with C.
 */
import type { Loss } from '../../../theory/contracts.js';
import { modelTraits, takesSetting, type PaperModel } from '../../../theory/names.js';
import type { DistanceSeries, PaperSentence, SpectrumPanel } from '../../../figures/results.js';
import { initialisationName } from '../../../figures/text.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { CheckTask, LawTask } from '../../draws/check/index.js';
import type { Alternative } from '../alternatives.js';
import type { Preset } from '../presets.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import { defineClaim } from '../claim.js';
import type { Claim, ClaimDraft, JudgeContext, PlanContext } from '../claim.js';
import { distanceSeries } from '../evidence/distanceSeries.js';
import {
  finishedOf,
  isUnder,
  lawTasks,
  meansTasks,
  normTasks,
  outlierTasks,
  panelTasks,
  regimeName,
  regimeWords,
  sameRegime,
  traceTasks,
  weightTasks,
} from '../taskLists.js';
import type { Regime } from '../taskLists.js';
import { dispersionEvidence, lawEvidence, outlierEvidence } from '../evidence/lawEvidence.js';
import type { LawDraw } from '../evidence/lawEvidence.js';
import { momentEvidence, ratiosAsked } from '../evidence/momentEvidence.js';
import { ratioEvidence } from '../evidence/ratioEvidence.js';
import type { RatioEvidence } from '../evidence/ratioEvidence.js';
import { limitSentence, normsSetUp, rateSentences, spectraSetUp, zeroSentence } from '../evidence/staticSentences.js';
import { spectrumPanel } from '../evidence/spectrumPanel.js';
import { weightEvidence } from '../evidence/weightEvidence.js';
import type { WeightDraw } from '../evidence/weightEvidence.js';

export interface SpectralClaimOptions extends Pick<Claim, 'id' | 'title' | 'statement' | 'formula'> {
  readonly model: PaperModel;
  readonly loss: Loss;
  /** Numbers of classes at which spectra are drawn. */
  classesOf(preset: Preset): readonly number[];
  readonly alternatives: readonly Alternative[];
  /**
   * Aspect ratios at which spectra are drawn for figures, besides the preset's; with them go panels at every dimension.
   */
  readonly shownAspectRatios: readonly number[];
  /** Draw weights alone as well, because a wrong number changes their law little. */
  readonly weighWeights: boolean;
  /** The theory says that the off-diagonal block is zero, exactly. */
  readonly offDiagonalVanishes: boolean;
}

export function spectralClaim(options: SpectralClaimOptions): Claim {
  const { id, title, statement, formula } = options;
  return defineClaim({
    id,
    title,
    statement,
    formula,
    plan: (context) => planOf(options, context),
    ratiosAsked: (tasks) => ratiosAsked(tasks, modelTraits[options.model].weightedLayer),
    judge: (context) => judgeSpectra(options, context),
  });
}

function regimesOf({ model, loss, classesOf }: SpectralClaimOptions, preset: Preset): Regime[] {
  return preset.initialisations.flatMap((initialisation) =>
    classesOf(preset).map((classes) => ({ model, loss, initialisation, classes })),
  );
}

function planOf(options: SpectralClaimOptions, context: PlanContext): CheckTask[] {
  const { model, loss, offDiagonalVanishes } = options;
  const regimes = regimesOf(options, context.preset);
  const everywhere = context.preset.initialisations.map((initialisation) => ({ model, loss, initialisation }));
  return [
    ...regimes.flatMap((regime) => lawTasks(context, regime, options.alternatives)),
    ...(context.withoutAlternatives === true
      ? []
      : regimes.flatMap((regime) => panelTasks(context, regime, options.shownAspectRatios))),
    ...(options.weighWeights
      ? regimes.flatMap((regime) => weightTasks(context, regime, smallAlternatives(options)))
      : []),
    ...regimes
      .slice(0, 1)
      .flatMap((regime) => [
        ...traceTasks(context, regime),
        ...(offDiagonalVanishes ? [] : outlierTasks(context, regime)),
      ]),
    // Of blocks that are zero there is no ratio.
    ...(offDiagonalVanishes
      ? []
      : everywhere.flatMap((regime) => normTasks(context, regime, modelTraits[model].weightedLayer))),
    ...(offDiagonalVanishes ? [] : everywhere.flatMap((regime) => meansTasks(context, regime))),
  ];
}

/** The errors in whose direction weights are tested by themselves: those that may be small. */
function smallAlternatives({ alternatives }: SpectralClaimOptions): readonly Alternative[] {
  return alternatives.filter(({ seenBy, size }) => seenBy === 'weights' && size !== undefined);
}

/** Draws of one regime, by what they are for. */
interface RegimeDraws {
  readonly regime: Regime;
  readonly draws: readonly LawDraw[];
  readonly shown: readonly LawDraw[];
  readonly weighed: readonly WeightDraw[];
}

function judgeSpectra(options: SpectralClaimOptions, { preset, finished, seed }: JudgeContext): ClaimDraft {
  const { alternatives, shownAspectRatios, offDiagonalVanishes } = options;
  const layer = modelTraits[options.model].weightedLayer;
  const drawnFor = (purpose: LawTask['purpose']): LawDraw[] =>
    finishedOf(finished, 'law', (task) => task.purpose === purpose);
  const regimes = regimesOf(options, preset).map((regime): RegimeDraws => {
    const isOwn = ({ task }: { task: { settings: DrawSettings } }): boolean => sameRegime(task.settings, regime);
    return {
      regime,
      draws: drawnFor('law').filter(isOwn),
      shown: drawnFor('panel').filter(isOwn),
      weighed: finishedOf(finished, 'weights').filter(isOwn),
    };
  });
  const ratios = offDiagonalVanishes
    ? []
    : preset.initialisations.flatMap((initialisation) => {
        const draws = finishedOf(finished, 'norm', isUnder(initialisation));
        return ratioEvidence(draws, layer, initialisationName(initialisation)) ?? [];
      });
  const means = preset.initialisations.map((initialisation) =>
    momentEvidence(finishedOf(finished, 'moments', isUnder(initialisation)), layer),
  );
  const evidence = regimes.map(({ regime, draws }) => lawEvidence(draws, regime, alternatives, seed));
  const weights = regimes.map(({ regime, weighed }) =>
    weightEvidence(weighed, regimeWords(regime), smallAlternatives(options)),
  );
  const zeroFailures = regimes.flatMap(({ regime, draws }) => vanishingFailures(options, regime, draws));
  const headline = ratios[0]?.headline;
  const distances = regimes.flatMap(({ regime, draws }) => distanceSeries(draws, regimeWords(regime)));
  return {
    quantity: headline?.quantity ?? 'largest |weight| of the off-diagonal block',
    predicted: headline?.predicted ?? 'exactly 0',
    measured: headline?.measured ?? (zeroFailures.length === 0 ? 'exactly 0' : 'not 0'),
    interval: headline?.interval ?? null,
    measurements: [
      ...ratios.flatMap(({ measurements }) => measurements),
      ...regimes.flatMap(({ regime, draws }) => outlierRows(regime, draws)),
    ],
    spectra: regimes.flatMap(({ regime, draws, shown }) => panels(regime, draws, shown, shownAspectRatios.length > 0)),
    distances,
    sentences: sentencesOf(options, preset, { regimes, ratios, distances }),
    ratioCurves: ratios.map(({ curve }) => curve),
    tests: [
      ...evidence.flatMap(({ tests }) => tests),
      ...weights.flatMap(({ tests }) => tests),
      ...outlierEvidence(drawnFor('outliers')),
      ...dispersionEvidence(finishedOf(finished, 'traces')),
      ...ratios.flatMap(({ tests }) => tests),
      ...means.flatMap(({ tests }) => tests),
    ],
    exactFailures: [
      ...evidence.flatMap(({ exactFailures }) => exactFailures),
      ...zeroFailures,
      ...ratios.flatMap((ratio) => ratio.exactFailures),
    ],
    powers: (testLevel) => strongest([...evidence, ...weights, ...means].flatMap(({ powers }) => powers(testLevel))),
    notes: [couplingNote(regimes.flatMap(({ draws }) => draws)), shownNote, ...ratios.flatMap(({ notes }) => notes)],
    arrays: new Map(regimes.flatMap(arraysOf)),
  };
}

/** What the paper says of these blocks. */
function sentencesOf(
  { model, offDiagonalVanishes }: SpectralClaimOptions,
  preset: Preset,
  found: {
    readonly regimes: readonly RegimeDraws[];
    readonly ratios: readonly RatioEvidence[];
    readonly distances: readonly DistanceSeries[];
  },
): PaperSentence[] {
  const isHidden = takesSetting(model, 'width');
  const drawn = found.regimes.flatMap(({ draws }) => draws);
  const zero = drawn.filter(({ result }) =>
    result.blocks.some(({ block, vanishes }) => block.i !== block.j && vanishes),
  );
  return [
    limitSentence(found.distances, spectraSetUp(preset, isHidden)),
    ...(offDiagonalVanishes
      ? [zeroSentence(drawn.length, drawn.length - zero.length, spectraSetUp(preset, isHidden))]
      : found.ratios.flatMap((ratio) =>
          rateSentences(ratio, normsSetUp(preset, ratio.curve.initialisation, isHidden)),
        )),
  ];
}

/** Eigenvalues and weights of the draws that are shown, for files of their own. */
function arraysOf({ regime, draws }: RegimeDraws): [string, { data: Float64Array; shape: number[] }][] {
  const file = regimeName(regime).replaceAll('/', '_').replaceAll('=', '');
  const shown = draws.filter(({ task }) => task.keepWeights && task.band > 0);
  return shown.flatMap(({ task, result }) =>
    result.blocks.flatMap(({ block, ...arrays }) =>
      (['eigenvalues', 'weights'] as const).flatMap((kind) => {
        const data = arrays[kind];
        const name = `${file}_d${task.settings.dimension}_block${block.i}${block.j}_${kind}`;
        return data === undefined
          ? []
          : [[name, { data, shape: [data.length] }] as [string, { data: Float64Array; shape: number[] }]];
      }),
    ),
  );
}

/**
 * The largest dimension of the preset first; where more is shown, every smaller one and the other aspect ratios after
 * it.
 */
function panels(
  regime: Regime,
  draws: readonly LawDraw[],
  shown: readonly LawDraw[],
  everyDimension: boolean,
): SpectrumPanel[] {
  const dimensions = [...new Set(draws.map(({ task }) => task.settings.dimension))].sort((a, b) => b - a);
  const groups = dimensions
    .slice(0, everyDimension ? undefined : 1)
    .map((dimension) => draws.filter(({ task }) => task.settings.dimension === dimension));
  for (const experiment of new Set(shown.map(({ task }) => task.experiment)))
    groups.push(shown.filter(({ task }) => task.experiment === experiment));
  return groups.flatMap((group) =>
    [0, 1].flatMap(
      (index) =>
        spectrumPanel(group, index, `${regimeWords(regime)}, ${index === 0 ? 'diagonal' : 'off-diagonal'} block`) ?? [],
    ),
  );
}

/** One row for each alternative: of the tests that can see it, the one that sees it best. */
function strongest(powers: readonly PowerAgainst[]): PowerAgainst[] {
  const best = new Map<string, PowerAgainst>();
  for (const row of powers) {
    const known = best.get(row.alternative);
    if (known === undefined || row.power > known.power) best.set(row.alternative, row);
  }
  return [...best.values()];
}

function vanishingFailures(
  { offDiagonalVanishes }: SpectralClaimOptions,
  regime: Regime,
  draws: readonly LawDraw[],
): string[] {
  if (!offDiagonalVanishes) return [];
  const wrong = draws.filter(({ result }) =>
    result.blocks.some(({ block, vanishes }) => vanishes !== (block.i !== block.j)),
  );
  return wrong.length === 0
    ? []
    : [`${regimeWords(regime)}: in ${wrong.length} draws a block is zero, or is not, where the theory says otherwise`];
}

function outlierRows(regime: Regime, draws: readonly LawDraw[]) {
  const blockCount = draws[0]?.result.blocks.length ?? 0;
  return Array.from({ length: blockCount }, (_, b) => {
    const findings = draws.map(({ result }) => result.blocks[b]!.outliers);
    const total = (count: (finding: (typeof findings)[number]) => number) =>
      findings.reduce((sum, finding) => sum + count(finding), 0);
    const predicted = total((finding) => finding.predicted.reduce((sum, { multiplicity }) => sum + multiplicity, 0));
    const measured = total(({ matched }) => matched.length);
    const missing = total((finding) => finding.missing);
    const unexplained = total((finding) => finding.unexplained.length);
    if (predicted + measured + missing + unexplained === 0) return [];
    const merged = predicted - measured - missing;
    return [
      {
        quantity: `outliers of the ${b === 0 ? 'diagonal' : 'off-diagonal'} block at ${regimeWords(regime)}, over ${draws.length} draws`,
        predicted,
        measured,
        interval: null,
        judged: false as const,
        note: `${missing} predicted and not found, ${unexplained} found and not predicted${merged === 0 ? '' : `, ${merged} predicted too near the bulk to be told from it`}`,
      },
    ];
  }).flat();
}

const shownNote =
  'Shown, not judged: distances and exponents at levels 1 and 2, spectra at other aspect ratios, and which single eigenvalues count as outliers.';

function couplingNote(draws: readonly LawDraw[]): string {
  const couplings = draws.flatMap(({ result }) => result.blocks.flatMap(({ coupling }) => coupling ?? []));
  const informative = couplings.filter((coupling) => coupling.informative);
  const broken = couplings.filter(({ holds }) => !holds).length;
  if (informative.length === 0) return 'The coupling bound 2k/d is at least 1 at these sizes and says nothing.';
  const tightest = Math.max(...informative.map(({ distance, bound }) => distance / bound));
  return `Exact coupling sup |F_H − F_twin| ≤ 2k/d: broken in ${broken} of ${informative.length} blocks; the largest distance is ${tightest.toFixed(2)} of the bound.`;
}
