import type { PaperFigure } from '../../figures/figure.js';
import { escapeHtml, textHtml } from '../../figures/render/markup.js';
import { figurePlace } from '../../figures/render/page/htmlPage.js';
import type { SettingValue } from '../../figures/results.js';
import { counted } from '../../figures/text.js';
import { trainingFigures } from '../../figures/training/index.js';
import { setUpOf } from '../../figures/training/trainingParts.js';
import type { TrainResult } from '../../figures/trainResult.js';
import { badge } from './badge.js';
import { fold } from './fold.js';
import { instant, reportPage, settingsSection } from './page.js';
import { typeset } from './typeset.js';
import { brokenTable, dataTitles, exactTable, marksTable } from './trainTables.js';

/** What is known of a run beside its results. */
export interface TrainReportFacts {
  /** ISO 8601. */
  readonly created: string;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, SettingValue>>;
}

const replicateNote = ({ replicates }: TrainResult): string =>
  replicates > 1
    ? `<p class="remark">Means over ${replicates} trainings, below them in brackets their standard errors.</p>`
    : '';

function remarks({ deadUnits, failures, notes, interrupted }: TrainResult): string {
  const lines = [
    ...(interrupted ? ['The run was interrupted: what it had is shown.'] : []),
    ...failures.map(({ replicate, message }) => `Replicate ${replicate} stopped: ${message}.`),
    ...deadUnits.map(
      ({ units, step, data, replicate }) =>
        `No sample of the ${dataTitles[data].toLowerCase()} opens ${units.length === 1 ? 'unit' : 'units'} ${units.join(', ')} at step ${step} (replicate ${replicate}): left out of ratios, kept in sums.`,
    ),
    ...notes,
  ];
  return lines.map((line) => `<p class="statement">${escapeHtml(line)}</p>`).join('');
}

interface DrawnFigures {
  readonly figures: Readonly<Record<string, PaperFigure>>;
  readonly html: string;
}

/** The first in view, the others folded, and what those that are left out would need. */
function figuresOfRun(results: TrainResult): DrawnFigures {
  const built = trainingFigures.map((definition) => ({ definition, figure: definition.build([results]) }));
  const drawn = built.flatMap(({ figure }) => figure ?? []);
  const places = drawn.map(
    (figure) => `<h3>${escapeHtml(figure.title)}</h3>${figurePlace(figure.id, figure, textHtml(figure.caption))}`,
  );
  const missing = built
    .filter(({ figure }) => figure === undefined)
    .map(({ definition: { title, needs } }) => `<li>${escapeHtml(title)}: it needs ${escapeHtml(needs)}.</li>`);
  const [first = '', ...others] = places;
  return {
    figures: Object.fromEntries(drawn.map((figure) => [figure.id, figure])),
    html: [
      first,
      fold(counted(others.length, 'more figure'), others.join('')),
      fold(
        `Left out: ${counted(missing.length, 'figure')}`,
        missing.length === 0 ? '' : `<ul>${missing.join('')}</ul>`,
      ),
    ].join(''),
  };
}

function settingsOf(results: TrainResult): Readonly<Record<string, SettingValue>> {
  const { settings, plan, labels, inputs, seed, replicates, freshSamples } = results;
  return {
    ...settings,
    ...(plan === null ? {} : { ...plan, marks: plan.marks }),
    labels,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs: ${name}`, String(value)])),
    replicates,
    'fresh samples at a mark': freshSamples,
    ...(plan === null ? {} : { seed }),
  };
}

/** The report of a training as one HTML page: what holds, what was seen at the marks, its figures, the rest in folds. */
export function renderTrainReport(results: TrainResult, { created, seconds, machine }: TrainReportFacts): string {
  const { title, seed, version, backend, verdict, statements, broken, plan, summary } = results;
  const { figures, html } = figuresOfRun(results);
  const lead =
    broken.length === 0
      ? `All ${counted(statements, 'exact statement holds', 'exact statements hold')}, up to rounding.`
      : `${broken.length} of ${counted(statements, 'exact statement')} ${broken.length === 1 ? 'is' : 'are'} broken.`;
  const marks = (['train', 'fresh'] as const).map((data) =>
    marksTable(
      summary.filter((row) => row.data === data),
      data,
    ),
  );
  return reportPage({
    title,
    facts: [
      ...(plan === null ? [] : [`seed ${seed}`]),
      `limitlaw ${version}`,
      `${backend} backend`,
      instant(created),
      `${Math.round(seconds)} s`,
    ],
    summary: `<p class="lead">${badge(verdict)} ${lead}</p><p class="statement">${typeset(setUpOf(results))}.</p>${remarks(results)}`,
    sections: [
      { id: 'marks', heading: 'What was seen at the marks', html: `${marks.join('')}${replicateNote(results)}` },
      {
        id: 'exact',
        heading: 'Exact statements',
        html: `<p class="statement">What must hold of any network on any data, up to rounding.</p>${brokenTable(results)}${fold('Each of them', exactTable(results), { open: broken.length > 0 })}`,
      },
      { id: 'figures', heading: 'Figures', html },
      settingsSection(settingsOf(results), { backend, ...machine }),
    ],
    figures,
  });
}
