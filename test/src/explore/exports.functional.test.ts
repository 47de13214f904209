/** What the explorer hands out gives elsewhere the numbers that the page shows: in a real browser, from disk. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import ts from 'typescript';
import { renderExplorer } from '../../../src/explore/index.js';
import { formatNumber } from '../../../figures/text.js';
import { blockLaw } from '../../../theory/models/index.js';
import { launchBrowser, watchedPage } from '../../helpers/browserPage.js';
import type { TrainResult } from '../../../figures/trainResult.js';
import { commandOfTraining, missingOfTraining } from '../../../src/explore/browser/trainingCommand.js';
import { trainRequest } from '../../../src/pipeline/train/trainRequest.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-exports-'));
const file = join(folder, 'explorer.html');
let browser: Browser;
beforeAll(async () => {
  writeFileSync(file, renderExplorer());
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'limitlaw'), 'dir');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
jest.setTimeout(240000);

const settled = (page: Page): Promise<unknown> => page.waitForSelector('html[data-ready=true][data-stale=false]');
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** The numbers of a text, those of the page too: "2.76·10⁻⁵". */
const numbersIn = (text: string): number[] =>
  (
    text
      .replaceAll('·10', 'e')
      .replaceAll(/[−⁻]/g, '-')
      .replaceAll(/[⁰¹²³⁴-⁹]/g, (digit) => String(superscripts.indexOf(digit)))
      .match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []
  ).map(Number);
/** Bytes that a click on a button saves, and the name they are saved under. */
async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
const run = (parameters: readonly string[]): string =>
  execFileSync(process.execPath, parameters, { cwd: folder, encoding: 'utf8' });
interface Stated {
  readonly support: readonly (readonly [number, number])[];
  readonly moments: readonly number[];
  readonly eigenvalues?: readonly number[];
}
const outputOf = (command: string): unknown => {
  const [program, ...words] = command.split(' ');
  expect(program).toBe('limitlaw');
  return JSON.parse(run([resolve(root, 'dist/src/cli/limitlaw.js'), ...words, '--json']));
};
const runCommand = (command: string): Stated => outputOf(command) as Stated;
/** Seven digits are shown; an end at 0 is one of rounding. */
const agrees = (found: readonly number[], expected: readonly number[]): boolean => {
  const scale = Math.max(...expected.map(Math.abs));
  return (
    found.length === expected.length &&
    found.every((value, k) => Math.abs(value - expected[k]!) <= 2e-6 * Math.abs(expected[k]!) + 1e-12 * scale)
  );
};

/** What the compiler says of programs. */
function typeErrors(paths: readonly string[]): string[] {
  const found = ts.getPreEmitDiagnostics(
    ts.createProgram(paths, {
      ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext },
      ...{ moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, skipLibCheck: true, noEmit: true },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] },
    }),
  );
  return found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
}

/** What `limitlaw train` plans for the words of a command line, and what a run shows to have been planned. */
const planOf = (command: string): unknown => {
  const words = command.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'(.*)'$/, '$1'));
  expect(words.slice(0, 2)).toEqual(['limitlaw', 'train']);
  const options: Record<string, string | boolean> = {};
  words.forEach((word, k) => {
    if (!word.startsWith('--')) return;
    const next = words[k + 1];
    options[word.slice(2)] = next === undefined || next.startsWith('--') ? true : next;
  });
  const { seed, out: _out, ...settings } = options;
  const { about, training } = trainRequest({ seed: String(seed), options: settings });
  const { freshSamples, spectra, heatMaps } = training!;
  return { ...about, title: undefined, freshSamples, spectra, heatMaps };
};
const planShown = (run: TrainResult): unknown => {
  const { seed, settings, plan, labels, inputs, replicates, freshSamples } = run;
  const spectra = run.runs[0]!.marks.some(({ blocks }) => blocks.some(({ distances }) => distances !== null));
  const about = { title: undefined, seed, settings, plan, labels, inputs, replicates };
  return { ...about, freshSamples, spectra, heatMaps: run.heatMaps.length > 0 };
};

const states = [
  ['linear', 'block=off-diagonal&classes=17&aspectRatio=0.3&logitVariance=1.4'],
  ['smooth', 'blocks=hidden&loss=mse&block=off-diagonal&activation=tanh&width=5'],
  ['infinite', 'classes=inf&blocks=hidden&aspectRatio=2'],
  ['matrix', 'blocks=output&loss=mse&width=6'],
  ['given', 'blocks=hidden&classes=6&width=4&seed=5'],
  ['givenMatrix', 'blocks=output&block=off-diagonal&classes=6&width=4&seed=5'],
] as const;

describe('exports of the explorer', () => {
  test('command line and snippet give the numbers of the page; the snippets type-check', async () => {
    const { page, complaints, foreignRequests } = await watchedPage(browser);
    const snippets: string[] = [];
    for (const [name, hash] of states) {
      await page.goto('about:blank');
      await page.goto(`${pathToFileURL(file).href}#${hash}`);
      await settled(page);
      if (await page.isVisible('#save-readout')) {
        const { name: saving, bytes } = await saved(page, '#save-readout');
        writeFileSync(join(folder, saving), bytes);
      }
      const text = await page.innerText('#numbers');
      const shown = (row: string): number[] =>
        numbersIn(new RegExp(`^${row}\\t(.*)$`, 'm').exec(text)?.[1]?.replaceAll(/\S+ at/g, '') ?? '');
      const moments = [1, 2, 3, 4].flatMap((k) => shown(`moment ${k}`));
      const command = await page.innerText('#command');
      const stated = runCommand(command);
      const path = join(folder, `${name}.ts`);
      const source = (await page.locator('#snippet').textContent())!;
      snippets.push(path);
      writeFileSync(path, source);
      writeFileSync(join(folder, `${name}.mjs`), source);
      const printed = numbersIn(run([`${name}.mjs`]));
      if (stated.eigenvalues === undefined) {
        expect([name, agrees(shown('(?:support|edges)').slice(0, 2), stated.support.flat())]).toEqual([name, true]);
        expect([name, agrees(moments, stated.moments)]).toEqual([name, true]);
        expect([name, agrees(printed.slice(0, 2), stated.support.flat())]).toEqual([name, true]);
        expect([name, agrees(printed.slice(-4), stated.moments)]).toEqual([name, true]);
        // The same command at a d/N 1 % larger is told from it.
        if (name !== 'linear') continue;
        const other = command.replace(/(--aspect-ratio )(\S+)/, (_all, option, value) => `${option}${1.01 * value}`);
        expect([name, agrees(moments, runCommand(other).moments)]).toEqual([name, false]);
      } else {
        // The page's atoms; equal ones are listed one by one.
        expect([name, agrees(shown('atoms'), stated.eigenvalues)]).toEqual([name, true]);
        expect([name, agrees(printed, stated.eigenvalues)]).toEqual([name, true]);
      }
    }
    expect(typeErrors(snippets)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
    await page.context().close();
  });

  test('CSV holds the law and the drawn eigenvalues in full; PNG is the picture', async () => {
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${pathToFileURL(file).href}#loss=mse&aspectRatio=2&dimension=60`);
    await settled(page);
    await page.click('#draw');
    await page.waitForFunction(() => /mean/.test(document.getElementById('drawn')?.textContent ?? ''));
    const { name, bytes } = await saved(page, '#save-csv');
    const [head, ...lines] = bytes.toString('utf8').trim().split('\n');
    expect([name, head]).toEqual(['limitlaw.csv', 'quantity,x,value,eigenvalues are']);
    const rows = lines.map((line) => line.split(','));
    const valuesOf = (quantity: string) =>
      rows.filter(([first]) => first === quantity).map(([, x, value]) => [Number(x), Number(value)] as const);
    const { law } = blockLaw({
      ...{ model: 'linear', layer: 'output', loss: 'mse', block: 'diagonal', classes: 10, aspectRatio: 2 },
    });
    // Marčenko–Pastur at d/N = 2: half of the mass at 0, moments 1 and 1 + γ.
    expect(valuesOf('atom')).toEqual([[0, 0.5]]);
    expect(valuesOf('moment')[1]![1]).toBeCloseTo(3, 12);
    const density = valuesOf('density');
    expect(density.length).toBeGreaterThan(200);
    for (const [x, value] of density.slice(1, -1)) expect(value / law!.density(x)).toBeCloseTo(1, 12);
    const drawn = valuesOf('eigenvalue').map(([, value]) => value);
    expect(drawn).toHaveLength(60);
    const [count, , , , , mean] = numbersIn(await page.innerText('#drawn')) as [number, ...number[]];
    expect(count).toBe(60);
    expect(drawn.reduce((sum, value) => sum + value, 0) / 60 / mean!).toBeCloseTo(1, 6);
    expect(rows.every((row) => row[3] === 'λ')).toBe(true);
    const picture = await saved(page, '#save-png');
    expect(picture.name).toBe('limitlaw.png');
    // Width and height in the header of a PNG.
    expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG');
    const canvas = await page.$eval('#plot', (item) => [
      (item as HTMLCanvasElement).width,
      (item as HTMLCanvasElement).height,
    ]);
    expect([picture.bytes.readUInt32BE(16), picture.bytes.readUInt32BE(20)]).toEqual(canvas);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a training as a command: other models, batches, one mark, inputs with a file, networks from elsewhere', () => {
    const { linear, wider } = trainedRuns();
    const planned = (
      change: Partial<TrainResult>,
      plan: Partial<NonNullable<TrainResult['plan']>> = {},
    ): TrainResult => ({
      ...wider,
      ...change,
      plan: { ...wider.plan!, ...plan },
    });
    const runs = [
      linear,
      planned({}, { optimiser: 'sgd', batch: 32, marks: [20] }),
      planned({ seed: "it's", inputs: { distribution: 'clusters', components: 12, noise: 0.05 }, labels: 'clusters' }),
    ];
    for (const run of runs.filter(({ seed }) => !seed.includes("'")))
      expect(planOf(commandOfTraining(run))).toEqual(planShown(run));
    const clusters = commandOfTraining(runs[2]!);
    expect(clusters).toContain(`--inputs '{distribution: "clusters", components: 12, noise: 0.05}' --labels clusters`);
    expect(clusters).toContain("--seed 'it'\\''s'");
    expect(planOf(clusters.replace("'it'\\''s'", 'its'))).toEqual({ ...(planShown(runs[2]!) as object), seed: 'its' });
    const data = planned({ inputs: { distribution: 'data', file: 'x.npy' }, labels: 'file' });
    expect(missingOfTraining(data)).toMatch(/Add --labels-file/);
    expect(missingOfTraining(wider)).toBe('');
    const elsewhere = { ...wider, plan: null, seed: '', inputs: { checkpoints: 'my run' } };
    expect(commandOfTraining(elsewhere)).toMatch(
      /^limitlaw train --checkpoints 'my run' --labels random --spectra --out/,
    );
  });

  test('of a mark of a training: numbers, spectrum and pictures', async () => {
    const { hidden } = trainedRuns();
    const path = join(folder, 'training.html');
    writeFileSync(path, renderExplorer(hidden));
    const { page, complaints } = await watchedPage(browser);
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-ready=true]');
    await page.fill('#mark', '1');
    const { name, bytes } = await saved(page, '#save-mark');
    expect(name).toBe('limitlaw-step-10-train.csv');
    const rows = bytes.toString('utf8').trim().split('\n');
    const mark = hidden.runs[0]!.marks.find(({ step, data }) => step === 10 && data === 'train')!;
    expect(rows[0]).toBe('quantity,x,value,eigenvalues are,step,data');
    expect(rows).toContain(`loss,,${mark.loss},√N R,10,train`);
    expect(rows).toContain(`‖R‖²,,${mark.cross!.residual},√N R,10,train`);
    expect(rows.some((row) => row.startsWith('"off/diagonal, hidden layer",,'))).toBe(true);
    const eigenvalues = rows.flatMap((row) => (row.startsWith('eigenvalue,') ? [Number(row.split(',')[2])] : []));
    // ‖R‖² is half the sum of squares of R's eigenvalues.
    const squares = eigenvalues.reduce((sum, value) => sum + value * value, 0);
    expect(squares / 2 / hidden.settings.samples / mark.cross!.residual).toBeCloseTo(1, 4);
    // The command line plans the training that the page shows, and that of a step less is told from it.
    const [command, figures] = (await page.locator('#training-command').textContent())!.trim().split('\n');
    expect(figures).toBe('limitlaw figures --from training');
    expect(planOf(command!)).toEqual(planShown(hidden));
    expect(planOf(command!.replace('--steps 20', '--steps 21'))).not.toEqual(planShown(hidden));
    const map = hidden.heatMaps.find(({ step, readoutOrder }) => step === 10 && readoutOrder === 'class')!;
    const picture = await saved(page, '#save-map');
    expect(picture.name).toBe('limitlaw-step-10-hessian.png');
    expect(picture.bytes.readUInt32BE(16)).toBe(Math.floor(800 / map.columns) * map.columns);
    expect((await saved(page, '#save-spectrum')).name).toBe('limitlaw-step-10-train.png');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** Of deep networks, with the first control that is moved by hand. */
const networks = [
  ['squared', 'deepDepth=4&deepWidth=20&deepClasses=250&deepDimension=50', '5'],
  ['entropy', 'deepLoss=ce&deepDepth=2&deepWidth=32&deepAspectRatio=0.5', '3'],
  ['unbounded', 'classes=17&deepDepth=2&deepClasses=inf', '3'],
] as const;

describe('a deep network of the explorer', () => {
  test.each(networks)('%s: command line, snippet and CSV give the numbers of the page', async (name, hash, depth) => {
    const { page, complaints, foreignRequests } = await watchedPage(browser);
    await page.goto(`${pathToFileURL(file).href}#${hash}`);
    await page.waitForSelector('#deep[data-stale=false]');
    await page.fill('#deep-depth-box', depth);
    await page.press('#deep-depth-box', 'Enter');
    await page.waitForSelector('#deep[data-stale=false]');
    expect(new URL(page.url()).hash).toContain(depth === '3' ? hash.split('&')[0] : `deepDepth=${depth}`);
    const cells = (await page.locator('#deep-numbers tr').allInnerTexts()).map((row) => row.split('\t'));
    // Without what is left out, which the command line states as a number of r.
    const shown = cells.map((row) =>
      row
        .filter((_, k) => k !== 2)
        .join(' ')
        .replaceAll('∞', 'Infinity'),
    );
    const rounded = (values: readonly unknown[]): string =>
      values
        .map((value) => formatNumber(value === 'inf' ? Infinity : Number(value), 4).replace('∞', 'Infinity'))
        .join(' ');
    const command = await page.innerText('#deep-command');
    interface Row {
      readonly [column: string]: number | string;
    }
    const stated = (text: string): string[] =>
      (outputOf(text) as { rows: Row[] }).rows.map(({ layer, ratio, scaled, floor, effectiveOutputs }) =>
        rounded([layer, ratio, scaled, floor, effectiveOutputs]),
      );
    expect(stated(command)).toHaveLength(Number(depth));
    expect(shown).toEqual(stated(command));
    // The same command at a width of one more is told from it.
    expect(shown).not.toEqual(stated(command.replace(/(--width )(\d+)/, (_all, option, n) => `${option}${+n + 1}`)));
    const source = (await page.locator('#deep-snippet').textContent())!;
    const path = join(folder, `deep-${name}.ts`);
    writeFileSync(path, source);
    writeFileSync(join(folder, `deep-${name}.mjs`), source);
    expect(typeErrors([path])).toEqual([]);
    const printed = run([`deep-${name}.mjs`])
      .trim()
      .split('\n');
    expect(printed.map((line) => rounded(line.split(' ')))).toEqual(shown);
    const { name: saving, bytes } = await saved(page, '#save-deep-csv');
    expect(saving).toBe('limitlaw-deep.csv');
    const classes = await page.inputValue('#deep-classes-box');
    const rows = bytes
      .toString('utf8')
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    const chosen = rows.filter((row) => row[1] === classes.replace('∞', 'Infinity'));
    expect(chosen.map((row) => rounded([0, 2, 4, 6, 7].map((k) => row[k])))).toEqual(shown);
    // Eight more points of each layer's curve.
    expect(rows).toHaveLength(1 + 9 * Number(depth));
    const picture = await saved(page, '#save-deep-png');
    expect([picture.name, picture.bytes.subarray(1, 4).toString()]).toEqual(['limitlaw-deep.png', 'PNG']);
    expect(picture.bytes.readUInt32BE(16)).toBe(
      await page.$eval('#deep-plot', (item) => (item as HTMLCanvasElement).width),
    );
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
    await page.context().close();
  });
});
