/** The report in a real browser. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { RunResults } from '../../../figures/results.js';
import { renderReport } from '../../../src/report/index.js';
import { launchBrowser, watchedPage } from '../../helpers/browserPage.js';
import type { WatchedPage } from '../../helpers/browserPage.js';
import { syntheticRun } from '../../helpers/syntheticRun.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-report-'));
const path = join(folder, 'report.html');
const address = pathToFileURL(path).href;
const results = syntheticRun();
let browser: Browser;
/** One page for the tests that only read: opened once, because it unpacks a large library. */
let desk: WatchedPage;
jest.setTimeout(240000);
beforeAll(async () => {
  writeFileSync(path, renderReport(results));
  browser = await launchBrowser();
  desk = await watchedPage(browser, { viewport: { width: 1200, height: 900 } });
  await desk.page.goto(address);
  await desk.page.waitForSelector('html[data-ready=true]');
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('report', () => {
  test('is under 8 MB', () => {
    expect(statSync(path).size).toBeLessThan(8e6);
  });

  test('opens from disk without a complaint or a request; summary first, figures drawn, formulas typeset', async () => {
    const { page, complaints, foreignRequests } = desk;
    const sections = await page.$$eval('main > *', (items) => items.map((item) => item.id || item.className));
    expect(sections[0]).toBe('summary');
    expect(sections).toEqual(expect.arrayContaining(results.claims.map((claim) => `claim-${claim.id}`)));
    expect(await page.$$eval('#summary tbody tr', (rows) => rows.length)).toBe(results.claims.length);
    await page.locator('[data-figure=linear-ce-ratio]').scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-figure=linear-ce-ratio][data-drawn] .main-svg');
    const fractionHeight = await page.$eval(
      '#claim-linear-ce .formula mfrac',
      (item) => item.getBoundingClientRect().height,
    );
    expect(fractionHeight).toBeGreaterThan(20);
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
  });

  test('every link of the contents leads somewhere; links and folds work from the keyboard', async () => {
    const { page } = desk;
    await page.evaluate(() => window.scrollTo(0, 0));
    const dead = await page.$$eval('a[href^="#"]', (links) =>
      links
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => document.getElementById(href.slice(1)) === null),
    );
    expect(dead).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    const evidence = page.locator('#claim-linear-ce details.evidence');
    expect(await evidence.evaluate((item) => (item as HTMLDetailsElement).open)).toBe(false);
    await evidence.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await evidence.evaluate((item) => (item as HTMLDetailsElement).open)).toBe(true);
    expect(await evidence.locator('td .void').first().innerText()).toContain('0.99991 void');
    const [voidColour, otherColour] = await Promise.all(
      ['td .void', 'td.number'].map((selector) =>
        evidence
          .locator(selector)
          .first()
          .evaluate((item) => getComputedStyle(item).color),
      ),
    );
    expect(voidColour).not.toBe(otherColour);
    const folds = page.locator('details');
    const opened = (): Promise<number> => page.locator('details[open]').count();
    const button = page.locator('#fold-button');
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await opened()).toBe(await folds.count());
    expect(await button.innerText()).toBe('close all folds');
    await page.keyboard.press('Enter');
    expect(await opened()).toBe(0);
    await page.locator('#claim-output-ce details.evidence summary').click();
  });

  test('a place holds the room of its figure before it is drawn: nothing moves, and figures far away are drawn on the way there', async () => {
    const { page, complaints } = await watchedPage(browser, { viewport: { width: 1000, height: 700 } });
    await page.goto(address);
    await page.waitForSelector('html[data-unpacked=true]', { state: 'attached' });
    const tops = (): Promise<number[]> =>
      page.$$eval('section', (items) =>
        items.map((item) => Math.round(item.getBoundingClientRect().top + window.scrollY)),
      );
    const before = await tops();
    expect(await page.$$eval('[data-figure]:not([data-drawn])', (items) => items.length)).toBeGreaterThan(3);
    for (const figure of await page.locator('main > section > figure [data-figure]').all()) {
      await figure.scrollIntoViewIfNeeded();
      await figure.locator('.main-svg').first().waitFor();
    }
    expect(await tops()).toEqual(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a claim that disagrees shows its evidence unfolded, the rejected test marked', async () => {
    const evidence = desk.page.locator('#claim-output-ce details.evidence');
    expect(await evidence.evaluate((item) => (item as HTMLDetailsElement).open)).toBe(true);
    expect(await evidence.locator('tr.rejected').count()).toBe(1);
  });

  test('dark scheme and narrow screen: dark figures, no sideways scrolling, every number in view with its name', async () => {
    const { page, complaints } = await watchedPage(browser, {
      colorScheme: 'dark',
      viewport: { width: 360, height: 740 },
    });
    await page.goto(address);
    await page.waitForSelector('html[data-ready=true]');
    await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => (fold.open = true)));
    const cells = page.locator('#summary tbody td, details.numbers tbody td, details.evidence tbody td');
    const outside = await cells.evaluateAll((items) =>
      items
        .filter((item) => item.getBoundingClientRect().right > 360 || item.getBoundingClientRect().width === 0)
        .map((item) => item.textContent),
    );
    expect(await cells.count()).toBeGreaterThan(60);
    expect(outside).toEqual([]);
    const measured = page.locator('#summary td:has-text("[")').first();
    expect(await measured.evaluate((item) => getComputedStyle(item, '::before').content)).toContain('measured');
    // What the screen shows as lines is heard as the table that it is.
    const table = page.getByRole('table', { name: 'Summary of all claims' });
    expect(await table.getByRole('row').count()).toBe(results.claims.length + 1);
    expect(await table.getByRole('columnheader').count()).toBe(4);
    expect(await table.getByRole('rowheader').count()).toBe(results.claims.length);
    await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => (fold.open = false)));
    await page.locator('[data-figure=linear-ce-ratio]').scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-figure=linear-ce-ratio][data-drawn=dark]');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('prints what is in view: figures in the light theme, closed folds left out and said so; then the dark theme is back', async () => {
    const { page } = desk;
    await page.emulateMedia({ colorScheme: 'dark' });
    const before = await page.$$eval('details', (items) => items.map((item) => item.open));
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('[data-figure]'))
        .filter((item) => item.closest('details:not([open])') === null)
        .every((item) => item.getAttribute('data-drawn') === 'light'),
    );
    expect(await page.locator('[data-figure][data-drawn=light]').count()).toBeGreaterThanOrEqual(results.claims.length);
    expect(await page.$$eval('details', (items) => items.map((item) => item.open))).toEqual(before);
    expect(before).toContain(true);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('details:not([open])').first().isVisible()).toBe(false);
    expect(await page.locator('details[open]').first().isVisible()).toBe(true);
    expect(await page.locator('#summary .print').innerText()).toContain('Closed folds are not printed');
    expect(await page.locator('#claim-linear-ce .print').innerText()).toBe(
      'Folded: 3 tests, 2 numbers, 1 table, 7 figures.',
    );
    await page.emulateMedia({ media: null, colorScheme: 'dark' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.waitForSelector('[data-figure=linear-ce-ratio][data-drawn=dark]');
  });

  test('six claims print on five pages', async () => {
    const { page } = await watchedPage(browser);
    await page.goto(address);
    await page.waitForSelector('html[data-unpacked=true]', { state: 'attached' });
    const printed = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    expect(printed.match(/\/Type\s*\/Page\b(?!s)/g)!.length).toBeLessThanOrEqual(5);
    await page.context().close();
  });

  test('text from a results file is text', async () => {
    const spiked = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    const claims = results.claims.slice(0, 1).map((claim) => ({
      ...claim,
      id: 'a"><b>',
      title: spiked,
      statement: spiked,
      reason: spiked,
      formula: spiked,
      quantity: spiked,
      measured: spiked,
      notes: [spiked],
      evidence: claim.evidence.map((evidence, k) => ({
        ...evidence,
        name: spiked,
        label: spiked,
        ...(k === 0 ? { where: spiked } : { says: spiked }),
        seed: spiked,
        null: spiked,
      })),
      powers: [{ alternative: spiked, power: 1, drawsNeeded: 1, smallestSeen: null, sentence: spiked }],
      sentences: [
        {
          ...{ sentence: spiked, source: spiked, setUp: spiked, holds: spiked, mark: 'refuted' as const },
          grounds: [
            {
              ...{ quantity: spiked, measured: 1, interval: null, said: spiked, mark: 'refuted' as const },
              range: { lower: null, upper: null },
            },
          ],
        },
      ],
      tables: [{ title: spiked, columns: [spiked], rows: [[spiked]] }],
    }));
    const hostile: RunResults = {
      ...results,
      title: spiked,
      seed: spiked,
      version: spiked,
      settings: { [spiked]: spiked },
      notes: [spiked],
      claims,
    };
    const hostilePath = join(folder, 'hostile.html');
    writeFileSync(hostilePath, renderReport(hostile));
    const { page, complaints } = await watchedPage(browser);
    await page.goto(pathToFileURL(hostilePath).href);
    await page.waitForSelector('html[data-ready=true]');
    expect(await page.title()).toBe(spiked);
    expect(await page.$$eval('img', (images) => images.length)).toBe(0);
    expect(await page.locator('h1').innerText()).toBe(spiked);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
