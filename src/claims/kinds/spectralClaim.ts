/**
 * A claim about d×d blocks: laws of the diagonal and the off-diagonal block, their norms, and how the ratio of the
 * norms falls with C.
 */
import type { Loss, Model } from '../../../theory/contracts.js';
import { modelTraits } from '../../../theory/names.js';
import type { SpectrumPanel } from '../../../figures/results.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { unperturbed } from '../../draws/perturbation.js';
import type { Perturbation } from '../../draws/perturbation.js';
import type { ClaimedPart } from '../../draws/check/index.js';
import type { Preset } from '../presets.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import type { Claim, ClaimDraft } from '../claim.js';
import { distanceSeries } from '../evidence/distanceSeries.js';
import {
  alone,
  finishedOf,
  lawTasks,
  meansTasks,
  normTasks,
  outlierTasks,
  panelTasks,
  regimeName,
  sameRegime,
  servesPurpose,
  traceTasks,
  weightTasks,
} from '../taskLists.js';
import type { LawPurpose, Regime } from '../taskLists.js';
import { dispersionEvidence, lawEvidence, outlierEvidence } from '../evidence/lawEvidence.js';
import type { LawDraw, TraceDraw } from '../evidence/lawEvidence.js';
import { momentEvidence } from '../evidence/momentEvidence.js';
import type { MomentEvidence } from '../evidence/momentEvidence.js';
import { ratioEvidence } from '../evidence/ratioEvidence.js';
import type { RatioEvidence } from '../evidence/ratioEvidence.js';
import { spectrumPanel } from '../evidence/spectrumPanel.js';
import { weightEvidence } from '../evidence/weightEvidence.js';
import type { WeightDraw } from '../evidence/weightEvidence.js';

export interface Alternative {
  readonly label: string;
  /** Relative size of the error; absent where there is none. */
  readonly size?: number;
  readonly perturbation: Perturbation;
  /** Which statement can see it: the law given the drawn weights, or the law of the weights. */
  readonly seenBy: 'spectrum' | 'weights';
}

export const aspectRatioOff: Alternative = {
  label: 'aspect ratio 5 % too large',
  size: 0.05,
  perturbation: { ...unperturbed, aspectRatio: 1.05 },
  seenBy: 'spectrum',
};

export const logitVarianceOff: Alternative = {
  label: 'logit variance 10 % too large',
  size: 0.1,
  perturbation: { ...unperturbed, logitVariance: 1.1 },
  seenBy: 'weights',
};

export const activationOff: Alternative = {
  label: 'ReLU taken for tanh',
  perturbation: { ...unperturbed, activation: 'tanh' },
  seenBy: 'weights',
};

export interface SpectralClaimOptions extends Pick<Claim, 'id' | 'title' | 'statement' | 'formula'> {
  readonly model: Model;
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
  const { id, title, statement, formula, model, loss, offDiagonalVanishes } = options;
  const layer = modelTraits[model].weightedLayer;
  const regimesOf = (preset: Preset): Regime[] =>
    preset.initialisations.flatMap((initialisation) =>
      options.classesOf(preset).map((classes) => ({ model, loss, initialisation, classes })),
    );
  const parts = options.alternatives.map(({ perturbation, seenBy }): ClaimedPart => ({
    perturbation,
    distances: false,
    levels: false,
    statistics: seenBy === 'spectrum',
    weights: seenBy === 'weights',
  }));
  const weighed = sizedWeightAlternatives(options);
  return {
    id,
    title,
    statement,
    formula,
    plan: (context) => [
      ...regimesOf(context.preset).flatMap((regime) => lawTasks(context, regime, alone(context) ? [] : parts)),
      ...(context.withoutAlternatives === true
        ? []
        : regimesOf(context.preset).flatMap((regime) => panelTasks(context, regime, options.shownAspectRatios))),
      ...(options.weighWeights
        ? regimesOf(context.preset).flatMap((regime) =>
            weightTasks(
              context,
              regime,
              weighed.map(({ perturbation }) => perturbation),
            ),
          )
        : []),
      ...regimesOf(context.preset)
        .slice(0, 1)
        .flatMap((regime) => [
          ...traceTasks(context, regime),
          ...(offDiagonalVanishes ? [] : outlierTasks(context, regime)),
        ]),
      ...(offDiagonalVanishes
        ? []
        : context.preset.initialisations.flatMap((initialisation) =>
            normTasks(context, { model, loss, initialisation }, layer),
          )),
      ...(offDiagonalVanishes
        ? []
        : context.preset.initialisations.flatMap((initialisation) =>
            meansTasks(context, { model, loss, initialisation }),
          )),
    ],
    judge: (context) => {
      const drawnFor = (purpose: LawPurpose, keep: (settings: DrawSettings) => boolean = () => true): LawDraw[] =>
        finishedOf(context.finished, 'law', (task) => servesPurpose(task, purpose) && keep(task.settings));
      const regimes = regimesOf(context.preset).map((regime) => ({
        regime,
        draws: drawnFor('law', (settings) => sameRegime(settings, regime)),
        shown: drawnFor('panel', (settings) => sameRegime(settings, regime)),
        weighed: finishedOf(context.finished, 'weights', ({ settings }) => sameRegime(settings, regime)),
      }));
      const ratios = offDiagonalVanishes
        ? []
        : context.preset.initialisations.flatMap((initialisation) => {
            const draws = finishedOf(
              context.finished,
              'norm',
              ({ settings }) => settings.initialisation === initialisation,
            );
            const evidence =
              draws.length === 0 ? undefined : ratioEvidence(draws, layer, `${id} under ${initialisation}`);
            return evidence === undefined ? [] : [evidence];
          });
      const means = context.preset.initialisations.map((initialisation) =>
        momentEvidence(
          finishedOf(context.finished, 'moments', ({ settings }) => settings.initialisation === initialisation),
          layer,
        ),
      );
      const single = {
        outlying: drawnFor('outliers'),
        traced: finishedOf(context.finished, 'traces'),
        seed: context.seed,
      };
      return combine(options, regimes, ratios, means, single);
    },
  };
}

/** The errors in whose direction weights are tested by themselves: those that may be small. */
function sizedWeightAlternatives({ alternatives }: SpectralClaimOptions): readonly Alternative[] {
  return alternatives.filter(({ seenBy, size }) => seenBy === 'weights' && size !== undefined);
}

function combine(
  options: SpectralClaimOptions,
  regimes: readonly {
    regime: Regime;
    draws: readonly LawDraw[];
    shown: readonly LawDraw[];
    weighed: readonly WeightDraw[];
  }[],
  ratios: readonly RatioEvidence[],
  means: readonly MomentEvidence[],
  single: { outlying: readonly LawDraw[]; traced: readonly TraceDraw[]; seed: string },
): ClaimDraft {
  const indexed = options.alternatives.map(({ label, size }, k) => ({ label, size, index: k + 1 }));
  const evidence = regimes.map(({ regime, draws }) => lawEvidence(draws, regimeName(regime), indexed, single.seed));
  const weightIndexed = sizedWeightAlternatives(options).map(({ label, size }, k) => ({ label, size, index: k + 1 }));
  const weights = regimes.map(({ regime, weighed }) => weightEvidence(weighed, regimeName(regime), weightIndexed));
  const zeroFailures = regimes.flatMap(({ regime, draws }) => vanishingFailures(options, regime, draws));
  const arrays = new Map<string, { data: Float64Array; shape: number[] }>();
  for (const { regime, draws } of regimes) {
    for (const { task, result } of draws) {
      if (!task.keepWeights || task.band === 0) continue;
      for (const { block, eigenvalues, weights } of result.blocks) {
        const name = `${regimeName(regime).replaceAll('/', '_').replaceAll('=', '')}_d${task.settings.dimension}_block${block.i}${block.j}`;
        arrays.set(`${name}_eigenvalues`, { data: eigenvalues, shape: [eigenvalues.length] });
        if (weights !== undefined) arrays.set(`${name}_weights`, { data: weights, shape: [weights.length] });
      }
    }
  }
  const headline = ratios[0]?.headline;
  return {
    quantity: headline?.quantity ?? 'largest |weight| of the off-diagonal block',
    predicted: headline?.predicted ?? 'exactly 0',
    measured: headline?.measured ?? (zeroFailures.length === 0 ? 'exactly 0' : 'not 0'),
    interval: headline?.interval ?? null,
    measurements: [
      ...ratios.flatMap(({ measurements }) => measurements),
      ...regimes.flatMap(({ regime, draws }) => outlierRows(regime, draws)),
    ],
    spectra: regimes.flatMap(({ regime, draws, shown }) =>
      panels(regime, draws, shown, options.shownAspectRatios.length > 0),
    ),
    distances: regimes.flatMap(({ regime, draws }) => distanceSeries(draws, regimeName(regime))),
    ratioCurves: ratios.map(({ curve }) => curve),
    tests: [
      ...evidence.flatMap(({ tests }) => tests),
      ...weights.flatMap(({ tests }) => tests),
      ...outlierEvidence(single.outlying),
      ...dispersionEvidence(single.traced),
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
    arrays,
  };
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
        spectrumPanel(group, index, `${regimeName(regime)}, ${index === 0 ? 'diagonal' : 'off-diagonal'} block`) ?? [],
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
    : [`${regimeName(regime)}: in ${wrong.length} draws a block is zero, or is not, where the theory says otherwise`];
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
        quantity: `outliers of ${regimeName(regime)}, ${b === 0 ? 'diagonal' : 'off-diagonal'} block, over ${draws.length} draws`,
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
