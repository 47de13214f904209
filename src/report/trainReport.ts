import type { PaperFigure } from '../../figures/figure.js';
import { escapeHtml, textHtml } from '../../figures/render/markup.js';
import { figurePlace, htmlPage } from '../../figures/render/page/htmlPage.js';
import type { SettingValue } from '../../figures/results.js';
import { formatNumber } from '../../figures/text.js';
import { trainingFigures } from '../../figures/training/index.js';
import { setUpOf } from '../../figures/training/trainingParts.js';
import type { ColumnName, Estimate, MarkSummary, TrainResult } from '../../figures/trainResult.js';
import { relativeError, statementText } from './exactStatements.js';
import { reportStyle } from './style.js';
import { number, pairsTable, scrolling, verdictBadge } from './tables.js';

/** What is known of a run beside its results. */
export interface TrainReportFacts {
  /** ISO 8601. */
  readonly created: string;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, SettingValue>>;
}

/** In the order of the table; those that no mark has are left out. */
const columns: readonly (readonly [ColumnName, string])[] = [
  ['loss', 'loss'],
  ['accuracy', 'accuracy'],
  ['residualPower', '$\\lVert r \\rVert^2/N$'],
  ['residualPart', '$\\lVert R \\rVert^2$'],
  ['curvaturePart', '$\\lVert K \\rVert^2$'],
  ['cross', '$\\lVert R + K \\rVert^2$'],
  ['residualShare', '$\\lVert R \\rVert^2 / \\lVert R + K \\rVert^2$'],
  ['crossShare', 'cross share'],
  ['hiddenRatio', '$C r_{ww}$'],
  ['outputRatio', '$C^2 r_{vv}$'],
  ['residualRatio', '$\\rho$'],
  ['residualScore', '$z_R$'],
  ['traceScore', '$z_1$'],
];

const titles = { train: 'Training data', fresh: 'Fresh data' } as const;

const estimateText = ({ mean, standardError }: Estimate): string =>
  `${formatNumber(mean, 4)}${standardError === null ? '' : ` (${formatNumber(standardError, 2)})`}`;

function marksTable(rows: readonly MarkSummary[], title: string): string {
  if (rows.length === 0) return '';
  const shown = columns.filter(([name]) => rows.some((row) => row.columns[name] !== undefined));
  const head = ['step', '%', ...shown.map(([, text]) => text)]
    .map((text) => `<th scope="col" class="number">${textHtml(text)}</th>`)
    .join('');
  const body = rows.map(({ step, share, columns: values }) => {
    const cells = shown.map(([name]) => (values[name] === undefined ? '—' : estimateText(values[name])));
    const percent = share === null ? '' : String(Math.round(100 * share));
    return `<tr>${[String(step), percent, ...cells].map(number).join('')}</tr>`;
  });
  return `<h3>${title}</h3>${scrolling(`Marks on ${title.toLowerCase()}`, `<table class="marks"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`)}`;
}

const replicateNote = ({ replicates }: TrainResult): string =>
  replicates > 1 ? `<p class="small">Means over ${replicates} trainings, in brackets their standard errors.</p>` : '';

/** Each statement once: how often it was held against a network, and the worst that was seen. */
function exactTable({ runs }: TrainResult): string {
  const all = runs.flatMap(({ marks }) => marks.flatMap(({ exact }) => exact));
  const ids = [...new Set(all.map(({ id }) => id))].sort();
  const rows = ids.map((id) => {
    const own = all.filter((statement) => statement.id === id);
    const broken = own.filter(({ holds }) => !holds).length;
    const worst = Math.max(...own.map(relativeError));
    const outcome = broken === 0 ? 'holds' : `${broken} broken`;
    return `<tr${broken === 0 ? '' : ' class="rejected"'}><td>${escapeHtml(id)}</td><td>${textHtml(statementText(id))}</td>${number(String(own.length))}${number(formatNumber(worst, 2))}<td>${outcome}</td></tr>`;
  });
  return scrolling(
    'Exact statements',
    `<table><thead><tr><th scope="col">id</th><th scope="col">statement</th><th scope="col" class="number">held against</th><th scope="col" class="number">worst relative error</th><th scope="col">outcome</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

/** At most so many are written out; results.json has all. */
const mostBroken = 20;

function brokenTable({ broken }: TrainResult): string {
  if (broken.length === 0) return '';
  const rows = broken
    .slice(0, mostBroken)
    .map(
      ({ id, unit, replicate, step, data, left, right, relation }) =>
        `<tr class="rejected"><td>${escapeHtml(id)}</td>${number(String(step))}<td>${escapeHtml(titles[data].toLowerCase())}</td>${number(unit === null ? '—' : String(unit))}${number(String(replicate))}${number(formatNumber(left, 8))}<td>${relation === 'equal' ? '=' : '≤'}</td>${number(formatNumber(right, 8))}</tr>`,
    );
  return `<h3>Broken</h3>${scrolling('Broken statements', `<table><thead><tr><th scope="col">id</th><th scope="col" class="number">step</th><th scope="col">data</th><th scope="col" class="number">unit</th><th scope="col" class="number">replicate</th><th scope="col" class="number">left</th><th scope="col">must be</th><th scope="col" class="number">right</th></tr></thead><tbody>${rows.join('')}</tbody></table>`)}${broken.length > mostBroken ? `<p class="small">${broken.length - mostBroken} more in results.json.</p>` : ''}`;
}

function remarks({ deadUnits, failures, notes, interrupted }: TrainResult): string {
  const lines = [
    ...(interrupted ? ['The run was interrupted: what it had is shown.'] : []),
    ...failures.map(({ replicate, message }) => `Replicate ${replicate} stopped: ${message}.`),
    ...deadUnits.map(
      ({ units, step, data, replicate }) =>
        `No sample of the ${titles[data].toLowerCase()} opens ${units.length === 1 ? 'unit' : 'units'} ${units.join(', ')} at step ${step} (replicate ${replicate}): left out of ratios, kept in sums.`,
    ),
    ...notes,
  ];
  return lines.map((line) => `<p class="statement">${escapeHtml(line)}</p>`).join('');
}

interface DrawnFigures {
  readonly figures: Readonly<Record<string, PaperFigure>>;
  readonly html: string;
}

function figuresOfRun(results: TrainResult): DrawnFigures {
  const built = trainingFigures.map((definition) => ({ definition, figure: definition.build([results]) }));
  const drawn = built.map(({ figure }) => figure).filter((figure) => figure !== undefined);
  const places = drawn.map(
    (figure) =>
      `<h3>${escapeHtml(figure.title)}</h3>${figurePlace(figure.id, figure, textHtml(figure.caption.replace(/ Settings of the run:.*$/s, '')))}`,
  );
  const missing = built
    .filter(({ figure }) => figure === undefined)
    .map(({ definition: { title, needs } }) => `<li>${escapeHtml(title)}: it needs ${escapeHtml(needs)}.</li>`);
  const left = missing.length === 0 ? '' : `<h3>Left out</h3><ul class="small">${missing.join('')}</ul>`;
  return {
    figures: Object.fromEntries(drawn.map((figure) => [figure.id, figure])),
    html: `${places.join('')}${left}`,
  };
}

function settingsSection(results: TrainResult, { machine }: TrainReportFacts): string {
  const { settings, plan, labels, inputs, seed, replicates, freshSamples, backend } = results;
  const said: Record<string, SettingValue> = {
    ...settings,
    ...(plan === null ? {} : { ...plan, marks: plan.marks }),
    labels,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs: ${name}`, String(value)])),
    replicates,
    'fresh samples at a mark': freshSamples,
    ...(plan === null ? {} : { seed }),
  };
  return `<section class="claim" id="settings"><h2>Settings and machine</h2>${pairsTable(said)}<h3>Machine</h3>${pairsTable({ backend, ...machine })}</section>`;
}

/** The report of a training as one HTML page: opens from disk, asks no network for anything, prints. */
export function renderTrainReport(results: TrainResult, facts: TrainReportFacts): string {
  const { title, seed, version, backend, verdict, statements, broken, plan, summary } = results;
  const { figures, html } = figuresOfRun(results);
  const meta = [
    ...(plan === null ? [] : [`seed ${seed}`]),
    `limitlaw ${version}`,
    `${backend} backend`,
    facts.created.replace(/\.\d+Z$/, 'Z'),
    `${Math.round(facts.seconds)} s`,
  ];
  const lead =
    broken.length === 0
      ? `All ${statements} exact statements hold, up to rounding.`
      : `${broken.length} of ${statements} exact statements are broken.`;
  const contents = [
    ['marks', 'What was seen at the marks'],
    ['exact', 'Exact statements'],
    ['figures', 'Figures'],
    ['settings', 'Settings and machine'],
  ] as const;
  const body = `<a class="skip" href="#marks">Skip to the marks</a>
<header class="top"><div><h1>${escapeHtml(title)}</h1><p class="meta">${meta.map(escapeHtml).join(' · ')}</p></div><button id="theme-button" class="screen" type="button">light / dark</button></header>
<main>
<section id="summary" aria-label="Summary"><p class="lead">${verdictBadge(verdict)} ${lead}</p><p class="statement">${escapeHtml(setUpOf(results))}.</p>${remarks(results)}</section>
<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${contents.map(([id, heading]) => `<li><a href="#${id}">${heading}</a></li>`).join('')}</ol></nav>
<section class="claim" id="marks"><h2>What was seen at the marks</h2>${(['train', 'fresh'] as const)
    .map((data) =>
      marksTable(
        summary.filter((row) => row.data === data),
        titles[data],
      ),
    )
    .join('')}${replicateNote(results)}</section>
<section class="claim" id="exact"><h2>Exact statements</h2><p class="statement">What must hold of any network on any data, up to rounding.</p>${exactTable(results)}${brokenTable(results)}</section>
<section class="claim" id="figures"><h2>Figures</h2>${html}</section>
${settingsSection(results, facts)}
</main>`;
  return htmlPage({ title, body, style: reportStyle, figures });
}
