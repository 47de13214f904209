import type { PaperFigure } from '../../figures/figure.js';
import type { RunResults } from '../../figures/results.js';
import { claimSection } from './claimSection.js';
import { agreement, readingGuide } from './guide.js';
import { instant, reportPage, settingsSection } from './page.js';
import type { ReportParts } from './page.js';
import { paperHeading, paperSection, saysPaper } from './paperSentences.js';
import { summaryTable, tally } from './summary.js';
import { typeset } from './typeset.js';
import { wholeRun } from './wholeRun.js';

function factsOf({ preset, seed, version, backend, created, seconds }: RunResults): string[] {
  return [
    `preset ${preset}`,
    `seed ${seed}`,
    `limitlaw ${version}`,
    `${backend} backend`,
    ...(created === undefined ? [] : [instant(created)]),
    ...(seconds === undefined ? [] : [`${Math.round(seconds)} s`]),
  ];
}

function summaryOf(results: RunResults): string {
  const { claims, notes = [] } = results;
  const verdicts =
    claims.length === 0
      ? '<p class="lead">No claim is judged in this run.</p>'
      : `<p class="lead">${tally(results)}</p><p class="remark">${agreement}</p>${summaryTable(results)}${readingGuide()}`;
  return `${verdicts}${notes.map((note) => `<p class="statement remark">${typeset(note)}</p>`).join('')}`;
}

/**
 * The report of a run as one HTML page: verdicts first, then each claim with its number and its figure, and all that
 * they rest on in folds. All text is escaped; formulas are MathML.
 */
export function renderReport(results: RunResults): string {
  const figures: Record<string, PaperFigure> = {};
  const claims = results.claims.map((claim) => {
    const section = claimSection(claim, results);
    Object.assign(figures, section.figures);
    return { id: `claim-${claim.id}`, heading: claim.title, html: section.html, whole: true };
  });
  const whole = wholeRun(results);
  const { preset, seed, settings, backend, machine } = results;
  const sections: ReportParts['sections'] = [
    ...(saysPaper(results) ? [{ id: 'paper', heading: paperHeading, html: paperSection(results) }] : []),
    ...claims,
    ...whole.sections,
    settingsSection({ preset, seed, ...settings }, machine === undefined ? undefined : { backend, ...machine }),
  ];
  return reportPage({
    title: results.title ?? 'Limit laws of the Hessian, checked',
    facts: factsOf(results),
    summary: summaryOf(results),
    sections,
    figures: { ...figures, ...whole.figures },
  });
}
