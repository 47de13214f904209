/** The documentation as a site: built as `npm run site` builds it, every link followed, opened from disk in a browser. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { paperSentences } from '../../src/claims/paperSentences.js';
import { anchorOf, notesOfClaim } from '../../src/report/documentation.js';
import { launchBrowser, watchedPage } from '../helpers/browserPage.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-site-'));
const site = join(folder, 'site');
const addressOf = (page: string): string => pathToFileURL(join(site, page)).href;
const read = (page: string): string => readFileSync(join(site, page), 'utf8');
let browser: Browser;
let built: { status: number | null; stderr: string };
jest.setTimeout(240000);
beforeAll(async () => {
  built = spawnSync(process.execPath, ['scripts/site.mjs', site], { cwd: root, encoding: 'utf8' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Links and sources of the built pages that lead to no file, or to no place in their page. */
function brokenLinks(): string[] {
  const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const places = new Map(pages.map((page) => [page, new Set(valuesOf('id', read(page)))]));
  return pages.flatMap((page) =>
    ['href', 'src']
      .flatMap((attribute) => valuesOf(attribute, read(page)))
      .filter((link) => !/^[a-z]+:/i.test(link))
      .filter((link) => {
        const [path = '', place] = link.split('#').map(decodeURIComponent);
        const target = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(site, target))) return true;
        return place !== undefined && place !== '' && places.get(target)?.has(place) === false;
      })
      .map((link) => `${page}: ${link}`),
  );
}

const valuesOf = (attribute: string, html: string): string[] =>
  [...html.matchAll(new RegExp(`\\b${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value!.replaceAll('&amp;', '&'));

describe('the site', () => {
  test('is built without a warning, and overwrites nothing', () => {
    expect(built).toMatchObject({ status: 0, stderr: '' });
    const again = spawnSync(process.execPath, ['scripts/site.mjs', site], { cwd: root, encoding: 'utf8' });
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('nothing is overwritten');
  });

  test('has a page or a place behind every link, and would name one that had none', () => {
    expect(brokenLinks()).toEqual([]);
    const away = join(folder, 'verdicts.html');
    renameSync(join(site, 'documents', 'verdicts.html'), away);
    const broken = brokenLinks();
    renameSync(away, join(site, 'documents', 'verdicts.html'));
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.every((link) => link.includes('verdicts.html'))).toBe(true);
  });

  test('has each sentence of the paper on the page of the paper', () => {
    const page = readFileSync(join(root, 'docs', 'paper.md'), 'utf8');
    expect(Object.values(paperSentences).filter(({ sentence }) => !page.includes(sentence))).toEqual([]);
  });

  test('has a place for each section that a report names', () => {
    const places = new Set(valuesOf('id', read('documents/paper-notes.html')));
    const named = Object.values(notesOfClaim).flat();
    expect(named.filter((heading) => !places.has(anchorOf(heading)))).toEqual([]);
  });

  test('typesets formulas, and leaves none as its source', () => {
    const notes = read('documents/paper-notes.html');
    expect(notes.match(/<math /g)?.length).toBeGreaterThanOrEqual(18);
    expect(notes).toContain('<i>a</i><sub>n</sub>');
    expect(notes).not.toContain('\\frac');
  });

  test('opens from disk without a complaint or a request, and finds a word of a document and a name of the library', async () => {
    const { page, complaints, foreignRequests } = await watchedPage(browser, {
      viewport: { width: 1200, height: 900 },
    });
    await page.goto(addressOf('index.html'));
    for (const [words, target] of [
      ['undecided', 'documents/verdicts.html'],
      ['softmaxWeights', 'functions/limitlaw_theory.softmaxWeights.html'],
    ] as const) {
      await page.click('#tsd-search-trigger');
      await page.fill('#tsd-search-input', words);
      await page.waitForSelector(`#tsd-search-results a[href*="${target}"]`, { timeout: 30000 });
      await page.keyboard.press('Escape');
    }
    // From disk a browser refuses the file of icons; a script of the page's own has put them into the page itself.
    expect(complaints.filter((complaint) => !complaint.includes('icons.svg#'))).toEqual([]);
    expect(await page.locator('#tsd-search-trigger use').getAttribute('href')).toMatch(/^#/);
    expect(foreignRequests).toEqual([]);
  });

  test.each(['index', 'documents/commands', 'documents/paper-notes', 'documents/paper'])(
    'fits a telephone: %s does not scroll sideways',
    async (name) => {
      const { page } = await watchedPage(browser, { viewport: { width: 375, height: 700 } });
      await page.goto(addressOf(`${name}.html`));
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overhang).toBeLessThanOrEqual(0);
    },
  );
});
