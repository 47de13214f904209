/** What the reports of a check and of a training have in common. */
import type { PaperFigure } from '../../figures/figure.js';
import { escapeHtml } from '../../figures/render/markup.js';
import { htmlPage } from '../../figures/render/page/htmlPage.js';
import type { SettingValue } from '../../figures/results.js';
import { fold } from './fold.js';
import { pairsTable } from './pairs.js';
import { reportStyle } from './style.js';

export interface PageSection {
  readonly id: string;
  readonly heading: string;
  /** What stands below the heading. */
  readonly html: string;
}

export interface ReportParts {
  readonly title: string;
  /** What fixes the run, each in a few words. */
  readonly facts: readonly string[];
  readonly summary: string;
  /** In their order; `whole` says that the section brings its own element and heading. */
  readonly sections: readonly (PageSection & { readonly whole?: boolean })[];
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

/** What is known of a run beside its results. */
export interface RunFacts {
  /** ISO 8601. */
  readonly created: string;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, SettingValue>>;
}

/** "2026-01-02T03:04:05Z". */
export const instant = (iso: string): string => iso.replace(/\.\d+Z$/, 'Z');

export const settingsSection = (
  settings: Readonly<Record<string, SettingValue>>,
  machine: Readonly<Record<string, SettingValue>> | undefined,
): PageSection => ({
  id: 'settings',
  heading: 'Settings and machine',
  html: `${pairsTable(settings)}${machine === undefined ? '' : fold('Machine', pairsTable(machine))}`,
});

/** The page: opens from disk, asks no network for anything, prints. */
export function reportPage({ title, facts, summary, sections, figures }: ReportParts): string {
  const contents = sections.map(
    ({ id, heading }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(heading)}</a></li>`,
  );
  const bodies = sections.map(({ id, heading, html, whole = false }) =>
    whole ? html : `<section class="claim" id="${escapeHtml(id)}"><h2>${escapeHtml(heading)}</h2>${html}</section>`,
  );
  const body = `<a class="skip" href="#summary">Skip to the summary</a>
<header class="top"><div><h1>${escapeHtml(title)}</h1><p class="meta">${facts.map(escapeHtml).join(' · ')}</p></div><div class="screen"><button id="fold-button" type="button">open all folds</button> <button id="theme-button" type="button">light / dark</button></div></header>
<main>
<section id="summary" aria-label="Summary">${summary}<p class="print remark">Closed folds are not printed: open them in report.html, or read results.json beside it.</p></section>
<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${contents.join('')}</ol></nav>
${bodies.join('\n')}
</main>`;
  return htmlPage({ title, body, style: reportStyle, figures });
}
