/** The explorer in a real browser, served and from disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { renderExplorer, serveExplorer } from '../../../src/explore/index.js';
import { viewOfLaw } from '../../../src/explore/browser/lawOfState.js';
import type { ExplorerServer } from '../../../src/explore/index.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { deepRatios, type DeepRatio } from '../../../theory/deep/index.js';
import { zipfRatios } from '../../../theory/head/index.js';
import { blockLaw } from '../../../theory/models/index.js';
import { softmaxWeights } from '../../../theory/weights/index.js';
import { launchBrowser, watchedPage } from '../../helpers/browserPage.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

let browser: Browser;
let server: ExplorerServer;
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-explorer-'));
beforeAll(async () => {
  server = await serveExplorer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

jest.setTimeout(240000);

const settled = (page: Page): Promise<unknown> => page.waitForSelector('html[data-stale=false]');
/** Numbers of a row of the page's table. */
async function numbersOf(page: Page, row: string): Promise<number[]> {
  const text = await page
    .locator('#numbers tr', { has: page.locator(`th:text-is("${row}")`) })
    .locator('td')
    .innerText();
  return (text.replaceAll('−', '-').match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
}
const open = async (page: Page, hash: string): Promise<void> => {
  await page.goto(`${server.url}#${hash}`);
  await page.waitForSelector('html[data-ready=true]');
  await settled(page);
};
const pixels = async (page: Page): Promise<string> => (await page.locator('#plot').screenshot()).toString('base64');

describe('explorer', () => {
  test('a head under Zipf’s law: sliders and boxes move numbers to those of the library', async () => {
    const { page, complaints, foreignRequests } = await watchedPage(
      browser,
      { viewport: { width: 1200, height: 900 } },
      server.url,
    );
    await open(page, '');
    const shown = async (row: string): Promise<number> =>
      Number(await page.locator('#head-numbers tr', { hasText: row }).locator('td').first().innerText());
    await page.$eval('#head-exponent', (item) => {
      (item as HTMLInputElement).value = '600';
      item.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await page.fill('#head-classes-box', '1000');
    await page.press('#head-classes-box', 'Enter');
    const { t, effectiveClasses } = zipfRatios(1.2, 1000);
    expect(await shown('t = Σoff')).toBeCloseTo(t, 4);
    expect(await shown('C_eff')).toBeCloseTo(effectiveClasses, 2);
    expect(await page.innerText('#head-command')).toBe('limitlaw ratio --zipf 1.2 --classes 1000');
    // What is no number of classes changes nothing.
    await page.fill('#head-classes-box', 'many');
    await page.press('#head-classes-box', 'Enter');
    expect(await page.inputValue('#head-classes-box')).toBe('1000');
    const before = (await page.locator('#head-rows').screenshot()).toString('base64');
    await page.fill('#head-exponent-box', '0.5');
    await page.press('#head-exponent-box', 'Enter');
    expect((await page.locator('#head-rows').screenshot()).toString('base64')).not.toBe(before);
    expect({ complaints, foreignRequests }).toEqual({ complaints: [], foreignRequests: [] });
    await page.close();
  });

  test('a deep network: its table follows C to the library’s numbers, and picture and address with it', async () => {
    const { page, complaints, foreignRequests } = await watchedPage(
      browser,
      { viewport: { width: 1200, height: 900 } },
      server.url,
    );
    await open(page, 'classes=20&deepDepth=2&deepWidth=16');
    const ready = (): Promise<unknown> => page.waitForSelector('#deep[data-stale=false]');
    await ready();
    const picture = async (): Promise<string> => (await page.locator('#deep-plot').screenshot()).toString('base64');
    const before = await picture();
    await page.$eval('#deep-classes', (item) => {
      (item as HTMLInputElement).value = '450';
      item.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await ready();
    const classes = Number(await page.inputValue('#deep-classes-box'));
    const [first, last] = deepRatios({
      ...{ loss: 'mse', dimension: 64, aspectRatio: 1, widths: [16, 16], classes, logitVariance: 1 },
    }) as [DeepRatio, DeepRatio];
    const cells = (await page.locator('#deep-numbers tr').allInnerTexts()).map((row) => row.split('\t').map(Number));
    expect(cells.map((row) => row[1]! / [first, last][row[0]! - 1]!.ratio)).toEqual([
      expect.closeTo(1, 3),
      expect.closeTo(1, 3),
    ]);
    // Far beyond C = n the first layer is at its floor, and the last still falls.
    expect(cells[0]![1]! / cells[0]![4]!).toBeLessThan(1.02);
    expect(cells[1]![4]).toBe(0);
    expect(await picture()).not.toBe(before);
    // Beside what the laws above have in it, which moves on without it.
    expect(new URL(page.url()).hash).toBe(`#classes=20&deepDepth=2&deepWidth=16&deepClasses=${classes}`);
    await page.click('label:has(input[name=loss][value=mse])');
    await settled(page);
    expect(new URL(page.url()).hash).toContain(`loss=mse&classes=20&deepDepth=2`);
    await page.evaluate(() => {
      location.hash = 'deepDepth=5';
    });
    await page.waitForSelector('#deep-numbers tr:nth-child(5)');
    expect(await page.inputValue('#deep-width-box')).toBe('64');
    // Σ(5/n)² of five layers of 64 is 3 %, of 8 it is 195 %.
    await ready();
    expect(await page.innerText('#deep-note')).toBe('');
    await page.fill('#deep-width-box', '8');
    await page.press('#deep-width-box', 'Enter');
    await ready();
    expect(await page.innerText('#deep-note')).toMatch(/not small here/);
    expect({ complaints, foreignRequests }).toEqual({ complaints: [], foreignRequests: [] });
    await page.context().close();
  });

  test('sliders move the law to the value the library gives, and the address follows', async () => {
    const { page, complaints, foreignRequests } = await watchedPage(
      browser,
      { viewport: { width: 1200, height: 900 } },
      server.url,
    );
    await open(page, '');
    const before = await pixels(page);
    for (const [id, value] of [
      ['aspectRatio', 400],
      ['classes', 300],
      ['logitVariance', 400],
    ] as const) {
      await page.$eval(
        `#${id}`,
        (item, position) => {
          (item as HTMLInputElement).value = String(position);
          item.dispatchEvent(new Event('input', { bubbles: true }));
        },
        value,
      );
    }
    await settled(page);
    const boxes = await Promise.all(
      ['aspectRatio', 'classes', 'logitVariance'].map((id) => page.inputValue(`#${id}-box`)),
    );
    const [aspectRatio, classes, logitVariance] = boxes.map(Number) as [number, number, number];
    expect([aspectRatio, classes, logitVariance]).not.toEqual([0.5, 10, 1]);
    const law = generalisedMarchenkoPastur(
      softmaxWeights({ classes, logitVariance, block: 'diagonal', scaling: 'rate' }),
      aspectRatio,
    );
    const named = await page.locator('#numbers th').allInnerTexts();
    const edges = await numbersOf(page, named.includes('edges') ? 'edges' : 'support');
    // Seven digits are printed; the library's law has twice as many nodes.
    expect((edges[0] as number) / (law.support[0]?.[0] as number)).toBeCloseTo(1, 5);
    for (const k of [1, 2, 3])
      expect(((await numbersOf(page, `moment ${k}`))[0] as number) / law.moment(k)).toBeCloseTo(1, 6);
    expect(await pixels(page)).not.toBe(before);
    expect(new URL(page.url()).hash).toContain(`classes=${classes}`);
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
    await page.context().close();
  });

  test('an address opens its state; infinity too: moments 1 and 1 + γ e^{s²} of the lognormal limit', async () => {
    const { page } = await watchedPage(browser);
    await open(page, 'classes=inf&aspectRatio=0.25');
    expect(await page.inputValue('#classes-box')).toBe('∞');
    expect((await numbersOf(page, 'moment 1'))[0]).toBeCloseTo(1, 6);
    expect((await numbersOf(page, 'moment 2'))[0]).toBeCloseTo(1 + 0.25 * Math.E, 5);
    expect(await page.isDisabled('#draw')).toBe(true);
    await page.context().close();
  });

  test('a Hessian drawn in the worker appears over its law', async () => {
    const { page, complaints } = await watchedPage(browser, { viewport: { width: 1200, height: 900 } }, server.url);
    await open(page, 'loss=mse&aspectRatio=0.5&dimension=200&seed=7');
    const before = await pixels(page);
    await page.click('#draw');
    await page.waitForFunction(() => /mean/.test(document.getElementById('drawn')?.textContent ?? ''));
    const [count, samples, , lower, upper, mean] = (
      (await page.locator('#drawn').innerText()).match(/-?\d+(\.\d+)?/g) ?? []
    ).map(Number) as [number, number, number, number, number, number];
    expect([count, samples]).toEqual([200, 400]);
    // White Wishart: mean of eigenvalues 1 with variance 2/(d N), edges (1 ± √½)² within their Tracy–Widom width of
    // about d^{−2/3}; seed fixed, false alarm below 1e-6.
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(2 / (200 * 400)));
    expect(Math.abs(lower - (1 - Math.SQRT1_2) ** 2)).toBeLessThan(0.05);
    expect(Math.abs(upper - (1 + Math.SQRT1_2) ** 2)).toBeLessThan(0.3);
    expect(await pixels(page)).not.toBe(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['blocks=hidden&classes=10&aspectRatio=0.5', 'moment 1'],
    ['blocks=hidden&block=off-diagonal&loss=mse', 'moment 1'],
    ['blocks=output&classes=10', 'moment 1'],
    ['block=off-diagonal&classes=100', 'moment 1'],
  ])('%s: the mean of the drawn eigenvalues is near the first moment of the law', async (hash, row) => {
    const { page, complaints } = await watchedPage(browser, {}, server.url);
    await open(page, `${hash}&dimension=400&seed=3`);
    await page.click('#draw');
    await page.waitForFunction(() => /mean/.test(document.getElementById('drawn')?.textContent ?? ''));
    const drawn = (await page.locator('#drawn').innerText()).replaceAll('−', '-');
    const mean = Number(/mean (-?[\d.]+)/.exec(drawn)?.[1]);
    const predicted = (await numbersOf(page, row))[0] as number;
    // One draw with a fixed seed: the initialisation moves the mean by some per cent; a wrong scale or sign would miss
    // by far more.
    expect(Math.abs(mean / predicted - 1)).toBeLessThan(0.3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('once warm, a closed-form law follows a slider within a frame of 16 ms (median)', async () => {
    const { page } = await watchedPage(browser);
    await open(page, 'classes=10');
    const times = await page.evaluate(async () => {
      const slider = document.getElementById('aspectRatio') as HTMLInputElement;
      const measured: number[] = [];
      for (let k = 0; k < 60; k++) {
        slider.value = String(400 + 5 * k);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        measured.push(Number(/([\d.]+) ms/.exec(document.getElementById('frame')?.textContent ?? '')?.[1]));
      }
      return measured.slice(20).sort((a, b) => a - b);
    });
    expect(times.every(Number.isFinite)).toBe(true);
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(16);
    await page.context().close();
  });

  test('usable on a phone, in the dark, from disk: no sideways scrolling, plot in view beside the controls', async () => {
    const path = join(folder, 'explorer.html');
    writeFileSync(path, renderExplorer());
    const { page, complaints, foreignRequests } = await watchedPage(browser, {
      colorScheme: 'dark',
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(`${pathToFileURL(path).href}#block=off-diagonal`);
    await page.waitForSelector('html[data-ready=true]');
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(22, 24, 28)',
    );
    await page.locator('#dimension').scrollIntoViewIfNeeded();
    const [plot, slider] = await Promise.all(
      ['#plot', '#dimension'].map((selector) => page.locator(selector).boundingBox()),
    );
    expect(plot?.y).toBeGreaterThanOrEqual(-1);
    expect(slider?.height).toBeGreaterThanOrEqual(24);
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
    await page.context().close();
  });

  test('the activation is chosen where the model has one, and the law follows', async () => {
    const { page, complaints } = await watchedPage(browser, {}, server.url);
    await open(page, 'loss=mse&block=off-diagonal&activation=tanh');
    expect(await page.isVisible('#activation-choices')).toBe(false);
    await page.click('label:has(input[name=family][value=hidden])');
    await settled(page);
    expect(await page.isChecked('input[name=activation][value=tanh]')).toBe(true);
    for (const activation of ['tanh', 'softplus'] as const) {
      await page.click(`label:has(input[name=activation][value=${activation}])`);
      await settled(page);
      const { law } = blockLaw({
        ...{ model: 'hidden', layer: 'hidden', loss: 'mse', block: 'off-diagonal', activation },
        ...{ classes: 10, width: 8, aspectRatio: 0.5, logitVariance: 1 },
      });
      // Seven digits are printed.
      for (const k of [1, 2, 3, 4])
        expect(Math.abs((await numbersOf(page, `moment ${k}`))[0]! / law!.moment(k) - 1)).toBeLessThan(5e-7);
      expect(new URL(page.url()).hash).toContain(`activation=${activation}`);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a law that takes long holds nothing up: leave a million classes, and the next state is there', async () => {
    const { page, complaints } = await watchedPage(browser, {}, server.url);
    await page.goto(`${server.url}#blocks=hidden&classes=1000000`);
    await page.waitForSelector('html[data-ready=true][data-stale=true]');
    await page.waitForTimeout(300);
    const started = Date.now();
    await page.evaluate(() => (location.hash = 'blocks=hidden&classes=10'));
    await page.waitForFunction(() => /Given the drawn V/.test(document.getElementById('law-note')?.textContent ?? ''));
    await settled(page);
    // The law left behind takes about ten seconds of a free processor.
    expect(Date.now() - started).toBeLessThan(8000);
    expect((await numbersOf(page, 'moment 1'))[0]).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('the curve comes down to zero at both edges', () => {
    const { x, density, support } = viewOfLaw(
      generalisedMarchenkoPastur(
        softmaxWeights({ classes: 10, logitVariance: 1, block: 'diagonal', scaling: 'rate' }),
        0.5,
      ),
    );
    expect([x[0], x.at(-1)]).toEqual(support[0]);
    expect([density[0], density.at(-1)]).toEqual([0, 0]);
  });

  test('a nonsense address falls back to what is allowed', async () => {
    const { page, complaints } = await watchedPage(browser);
    await open(
      page,
      'classes=-3&aspectRatio=banana&block=sideways&width=1e9&logitVariance=<b>&activation=swish&blocks=hidden',
    );
    expect(await page.inputValue('#classes-box')).toBe('2');
    expect(await page.inputValue('#aspectRatio-box')).toBe('0.5');
    expect(await page.isChecked('input[name=activation][value=relu]')).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a slider goes along the marks of a training that came with the page, or of one that is chosen', async () => {
    const { hidden, wider } = trainedRuns();
    const path = join(folder, 'training.html');
    writeFileSync(path, renderExplorer({ ...hidden, title: '</script><b id="mark">' }));
    const { page, complaints } = await watchedPage(browser, { viewport: { width: 1200, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-ready=true]');
    const seen = () =>
      page.evaluate(() => ({
        name: document.getElementById('mark-name')?.textContent,
        numbers: document.getElementById('mark-numbers')?.textContent,
        map: (document.getElementById('mark-map') as HTMLCanvasElement).toDataURL(),
        spectrum: (document.getElementById('mark-spectrum') as HTMLCanvasElement).toDataURL(),
      }));
    const first = await seen();
    expect(first.name).toBe('step 0 of 20, 0 %');
    await page.fill('#mark', '2');
    const last = await seen();
    expect(last.name).toBe('step 20 of 20, 100 %');
    for (const key of ['numbers', 'map', 'spectrum'] as const) expect(last[key]).not.toBe(first[key]);
    await page.locator('label', { hasText: 'unit by unit' }).click();
    const byUnit = await seen();
    expect(byUnit.map).not.toBe(last.map);
    expect(byUnit.numbers).toBe(last.numbers);
    expect(await page.innerText('#training-title')).toContain('</script><b id="mark">');
    const choose = (name: string, text: string) =>
      page.setInputFiles('#training-file', { name, mimeType: 'application/json', buffer: Buffer.from(text) });
    await choose('other.json', '{"kind":"check"}');
    await page.waitForFunction(() =>
      /other\.json is no results\.json of/.test(document.getElementById('training-note')?.textContent ?? ''),
    );
    await choose('results.json', JSON.stringify(wider));
    await page.waitForFunction(() => /d = 12/.test(document.getElementById('training-title')?.textContent ?? ''));
    expect((await seen()).name).toBe('step 0 of 20, 0 %');
    expect(await page.innerText('#mark-map-note')).toContain('train with --heat-maps');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('the server answers on loopback under a loopback name only, and nothing but the page', async () => {
    const status = (path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status('/', {})).toBe(200);
    expect(await status('/', { host: `localhost:${server.port}` })).toBe(200);
    expect(await status('/', { host: 'example.org' })).toBe(403);
    expect(await status('/../package.json', {})).toBe(404);
    expect(await status('/', {}, 'POST')).toBe(405);
    await expect(serveExplorer({ port: server.port })).rejects.toThrow(/taken/);
    await expect(serveExplorer({ port: 70000 })).rejects.toThrow(/0 to 65535/);
  });
});
