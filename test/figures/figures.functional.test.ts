/** Figures as files, through a real browser. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { figuresOf, openImageRenderer, renderFigures, requireBrowser } from '../../figures/index.js';
import { launchBrowser, watchedPage } from '../helpers/browserPage.js';
import { syntheticRun } from '../helpers/syntheticRun.js';
import { trainedRuns } from '../helpers/trainedRuns.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-figures-'));
const program = fileURLToPath(new URL('../../dist/src/cli/limitlaw.js', import.meta.url));
const browserChoice = { environment: process.env, platform: process.platform };
let browser: Browser;
jest.setTimeout(240000);
beforeAll(async () => {
  browser = await launchBrowser();
  await renderFigures({
    results: syntheticRun(),
    ids: ['ratio-against-classes', 'hidden-blocks-by-classes'],
    formats: ['html', 'svg', 'png', 'pdf'],
    outputDirectory: folder,
    browser: browserChoice,
    width: 1344,
  });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = (name: string): Buffer => readFileSync(join(folder, name));

/** The text of all compressed streams of a PDF, and the file itself. */
function pdfText(file: Buffer): string {
  const parts = [file.toString('latin1')];
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    const begin = file[at + 6] === 13 ? at + 8 : at + 7;
    try {
      parts.push(inflateSync(file.subarray(begin, file.indexOf('endstream', begin))).toString('latin1'));
    } catch {
      // Not a deflated stream.
    }
  }
  return parts.join('\n');
}

describe('figure files', () => {
  test('SVG: exact size in pixels at 96 an inch, text as text, nothing from elsewhere', () => {
    const svg = read('ratio-against-classes.svg').toString('utf8');
    const head = svg.slice(svg.indexOf('<svg'), svg.indexOf('>', svg.indexOf('<svg')));
    expect(head).toMatch(/width="688"/);
    expect(svg).toContain('theory at each C');
    const references = [...svg.matchAll(/(?:href|src)="([^"]+)"/g)]
      .map((match) => match[1] as string)
      .filter((url) => !/^(#|data:)/.test(url));
    expect(references).toEqual([]);
  });

  test('PNG: the width asked for', () => {
    const png = read('ratio-against-classes.png');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1344);
  });

  test('PDF: one page of 7.16 inches (516 points), its fonts embedded, its text selectable', () => {
    const text = pdfText(read('ratio-against-classes.pdf'));
    const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(text);
    expect(Number(box?.[1])).toBe(516);
    expect(text.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBe(1);
    expect(text).toContain('/FontFile2');
    expect(text).toContain('/ToUnicode');
  });

  test('a table of shares keeps its cells in a vector file: one number in each, no two in one place', async () => {
    const power = ['linear-mse', 'linear-ce'].flatMap((claim) =>
      ['semicircle', 'uniform law'].map((alternative, i) => ({
        test: 'all',
        claim,
        alternative,
        sizes: [1],
        unit: 'shape',
        power: [0.25 + 0.5 * i],
        runs: 40,
        smallestDetected: null,
      })),
    );
    const outputDirectory = join(folder, 'table');
    await renderFigures({
      results: { ...syntheticRun(), calibration: { level: 0.05, falseAlarms: [], power } },
      ids: ['power'],
      formats: ['svg'],
      outputDirectory,
      browser: browserChoice,
    });
    const svg = readFileSync(join(outputDirectory, 'power.svg'), 'utf8');
    const labels = [...svg.matchAll(/<g class="heatmap-label"><text([^>]*)>0\.(?:25|75)</g)].map(
      ([, tag]) => `${/ x="([^"]+)"/.exec(tag as string)?.[1]} ${/ y="([^"]+)"/.exec(tag as string)?.[1]}`,
    );
    expect(labels).toHaveLength(4);
    expect(new Set(labels).size).toBe(4);
  });

  test('the same results are the same bytes of SVG, in another process and after other figures', () => {
    const run = join(folder, 'run');
    mkdirSync(run);
    writeFileSync(join(run, 'results.json'), JSON.stringify(syntheticRun()));
    const out = join(folder, 'again');
    const words = ['--only', 'hidden-blocks-by-classes,ratio-against-classes', '--format', 'svg', '--out', out];
    const { status } = spawnSync(process.execPath, [program, 'figures', '--from', run, ...words]);
    const [maps, again] = ['hidden-blocks-by-classes.svg', 'ratio-against-classes.svg'].map((name) =>
      readFileSync(join(out, name)),
    ) as [Buffer, Buffer];
    expect([status, maps.equals(read('hidden-blocks-by-classes.svg'))]).toEqual([0, true]);
    // Here it was drawn first, there second.
    expect(again.equals(read('ratio-against-classes.svg'))).toBe(true);
    expect(again.includes('id="clip')).toBe(true);
  });

  test('a PDF is below 200 kB, of ten maps of noise too, and of thousands of draws', async () => {
    const { hidden } = trainedRuns();
    const noise = (n: number): number => 10 ** -(3 * Math.abs(Math.sin(n * n + 1)));
    const heatMaps = Array.from({ length: 5 }, (_, k) => ({
      ...hidden.heatMaps[0]!,
      step: 50 * k,
      rows: 144,
      columns: 144,
      values: Array.from({ length: 144 * 144 }, (__, i) => noise(i + 30000 * k)),
    }));
    const run = syntheticRun();
    const claims = run.claims.map((claim) => ({
      ...claim,
      distances: claim.distances.map((series) => ({
        ...series,
        replicates: series.medians.map((median, d) =>
          Array.from({ length: 100 }, (_, i) => 3 * median * noise(100 * d + i)),
        ),
      })),
    }));
    const figures = [
      ...figuresOf([{ ...hidden, heatMaps }]).filter(({ id }) => id === 'training-heat-maps'),
      ...figuresOf({ ...run, claims }).filter(({ id }) => id === 'distance-against-dimension'),
    ];
    expect(figures.length).toBe(2);
    const renderer = await openImageRenderer(requireBrowser(browserChoice, 'this test'));
    for (const { id, build } of figures) {
      const { length } = await renderer.pdf(build()!);
      expect([id, length > 20e3, length < 200e3]).toEqual([id, true, true]);
    }
    await renderer.close();
  });

  test('one panel in one column and in a type of its own', async () => {
    const outputDirectory = join(folder, 'panel');
    const { files } = await renderFigures({
      results: syntheticRun(),
      ids: ['ratio-against-classes'],
      style: { panel: '2', column: 'single', font: 'DejaVu Serif' },
      formats: ['svg'],
      outputDirectory,
      browser: browserChoice,
    });
    const [svg, tex] = files.slice(0, 2).map((file) => readFileSync(file, 'utf8')) as [string, string];
    expect(basename(files[0]!)).toBe('ratio-against-classes-linear-ce-lecun-c-2-r.svg');
    expect(svg).toContain('width="336"');
    expect(svg).toContain('DejaVu Serif');
    expect(tex).toContain('\\includegraphics[width=3.5in]{ratio-against-classes-linear-ce-lecun-c-2-r}');
  });

  test('a heat map stays an image inside a vector page', () => {
    expect(read('hidden-blocks-by-classes.svg').toString('utf8')).toMatch(/<image[^>]+data:image\/png/);
    expect(pdfText(read('hidden-blocks-by-classes.pdf'))).toContain('/Subtype /Image');
  });

  test.each(['light', 'dark'] as const)(
    'HTML opens from disk, asks nobody for anything, follows a %s scheme',
    async (colorScheme) => {
      const { page, complaints, foreignRequests } = await watchedPage(browser, {
        colorScheme,
        viewport: { width: 900, height: 700 },
      });
      await page.goto(pathToFileURL(join(folder, 'ratio-against-classes.html')).href);
      await page.waitForSelector(`[data-drawn=${colorScheme}] .main-svg`);
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 28)');
      await page.click('#theme-button');
      await page.waitForSelector(`[data-drawn=${colorScheme === 'light' ? 'dark' : 'light'}]`);
      expect(complaints).toEqual([]);
      expect(foreignRequests).toEqual([]);
      await page.context().close();
    },
  );
});
