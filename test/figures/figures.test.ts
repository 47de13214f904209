import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { paperFigures, renderFigures, resolveColours, themes } from '../../figures/index.js';
import type { PaperFigure, SpectrumPanel } from '../../figures/index.js';
import { seriesColours } from '../../figures/palette.js';
import { findBrowser, requireBrowser } from '../../figures/render/browser.js';
import { captionTex } from '../../figures/render/caption.js';
import { escapeTex, formulaHtml, textHtml } from '../../figures/render/markup.js';
import { continuousHistogram, tabulatedQuantile } from '../../figures/spectrumParts.js';
import { formatNumber, formatPValue, plotlyText } from '../../figures/text.js';
import { UsageError } from '../../theory/errors.js';
import { syntheticRun } from '../helpers/syntheticRun.js';

const results = syntheticRun();
const figureById = (id: string): PaperFigure => {
  const figure = paperFigures.find((definition) => definition.id === id)?.build(results);
  if (figure === undefined) throw new Error(`no figure ${id}`);
  return figure;
};
const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(strings)
      : value !== null && typeof value === 'object'
        ? Object.values(value).flatMap(strings)
        : [];

/** Relative luminance and contrast as WCAG 2.1 defines them. */
function contrast(first: string, second: string): number {
  const luminance = (hex: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [luminance(first), luminance(second)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe('phase diagrams', () => {
  test('each verdict has a colour and a sign of its own: a law right in the limit is not drawn as one that agrees', () => {
    const map = {
      id: 'v',
      label: 'v',
      xName: 'a',
      yName: 'b',
      x: [1, 2],
      y: [1, 2],
      values: [
        [1, 0.5],
        [0, -1],
      ],
      quantity: 'verdict',
      kind: 'verdict' as const,
    };
    const figure = paperFigures.find(({ id }) => id === 'phase-diagram')!.build({ ...results, phaseMaps: [map] })!;
    const [heat, ...signs] = figure.data as {
      z: number[][];
      colorscale: [number, string][];
      colorbar: { ticktext: string[] };
      x: number[];
      y: number[];
      marker: { symbol: string };
    }[];
    expect(heat!.z).toEqual([
      [3, 2],
      [1, 0],
    ]);
    expect(new Set(heat!.colorscale.map(([, colour]) => colour)).size).toBe(4);
    expect(heat!.colorbar.ticktext).toHaveLength(4);
    const signAt = (x: number, y: number) =>
      signs.find((trace) => trace.x.some((value, k) => value === x && trace.y[k] === y))?.marker.symbol;
    expect([signAt(0, 0), signAt(1, 0), signAt(0, 1), signAt(1, 1)]).toEqual(['circle', 'circle-open', undefined, 'x']);
  });
});

describe('heat maps', () => {
  test('one that does not hold what its sides say is refused, before anything of that size is made', () => {
    const build = paperFigures.find(({ id }) => id === 'hessian-heat-maps')!.build;
    const [map, ...others] = results.heatMaps!;
    expect(() => build({ ...results, heatMaps: [{ ...map!, rows: 1e9 }, ...others] })).toThrow(
      /a heat map of 1000000000 by \d+ must hold as many values, it holds/,
    );
  });
});

describe('palette', () => {
  test.each(['light', 'dark'] as const)('%s: text has contrast 4.5, lines 3 (WCAG 2.1, 1.4.3 and 1.4.11)', (name) => {
    const theme = themes[name];
    for (const text of ['ink', 'muted'] as const)
      expect(contrast(theme[text], theme.paper)).toBeGreaterThanOrEqual(4.5);
    for (const line of seriesColours)
      expect([line, contrast(theme[line.slice(1) as 'blue'], theme.paper) >= 3]).toEqual([line, true]);
  });

  test('names become colours, also in the style of a span; other text stays', () => {
    expect(
      resolveColours(
        { a: '@blue', b: ['@ink', 'me@blue.org', '@nothing'], c: '<span style="color:@green">x</span>' },
        'light',
      ),
    ).toEqual({
      a: themes.light.blue,
      b: [themes.light.ink, 'me@blue.org', '@nothing'],
      c: `<span style="color:${themes.light.green}">x</span>`,
    });
  });

  test('no figure names a colour of its own outside the palette, but for the scale of heat maps', () => {
    for (const definition of paperFigures) {
      const figure = definition.build(results);
      if (figure === undefined) continue;
      const unresolved = strings(resolveColours({ data: figure.data, layout: figure.layout }, 'dark')).filter((text) =>
        /^@|color:@/.test(text),
      );
      expect(unresolved).toEqual([]);
    }
  });
});

describe('figures from saved results', () => {
  test('every figure of the list can be drawn from the synthetic run, except the one it has no data for', () => {
    const missing = paperFigures
      .filter((definition) => definition.build(results) === undefined)
      .map((definition) => definition.id);
    expect(missing).toEqual(['spectra-by-classes']);
    expect(paperFigures.length).toBe(16);
  });

  test('ids are unique, and sizes are columns of a two-column paper: 3.5 in or 7.16 in at 96 pixels an inch', () => {
    const built = paperFigures.map((definition) => definition.build(results)).filter((figure) => figure !== undefined);
    expect(new Set(built.map((figure) => figure.id)).size).toBe(built.length);
    for (const figure of built) {
      expect(figure.layout.width).toBe(figure.column === 'double' ? 688 : 336);
      expect(figure.layout.height).toBeLessThan(9.5 * 96);
    }
  });

  test('captions have two sentences at most; preset, seed and settings stand beside them', () => {
    for (const definition of paperFigures) {
      const figure = definition.build(results);
      if (figure === undefined) continue;
      // A full stop that ends a sentence: before a capital, or at the end.
      const sentences = figure.caption.match(/\.(?= [A-Z$]|$)/g)?.length ?? 0;
      expect([figure.id, sentences, sentences === 1 || sentences === 2]).toEqual([figure.id, sentences, true]);
      for (const fact of ['preset quick', 'Seed: synthetic.', 'dimensions']) expect(figure.source).toContain(fact);
    }
  });

  test('a histogram holds every eigenvalue that is neither an exact zero nor an outlier', () => {
    const panels = results.claims.flatMap((claim) => claim.spectra);
    const withAtom = panels.find((panel) => panel.atoms.length > 0);
    const withOutlier = panels.find((panel) => panel.outliers.observed.length > 0);
    for (const panel of [withAtom, withOutlier]) {
      if (panel === undefined) throw new Error('the fixture lost a panel');
      const alone = Object.fromEntries(
        Object.entries(panel).filter(([key]) => key !== 'histogram'),
      ) as unknown as SpectrumPanel;
      const { counts, total, edges } = continuousHistogram(alone);
      const zeros = panel.atoms.length > 0 ? panel.eigenvalues.filter((value) => value === 0).length : 0;
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
        panel.eigenvalues.length - zeros - panel.outliers.observed.length,
      );
      expect(total).toBe(panel.eigenvalues.length);
      expect(edges.length).toBe(counts.length + 1);
    }
  });

  test('tabulated quantiles invert the distribution function of MP(1/2), between its edges (1 ± √½)²', () => {
    // Median of MP(1/2): 0.83046588 by scipy.integrate.quad of its density and scipy.optimize.brentq, 1e-12.
    const panel = results.claims[0]?.spectra[0];
    if (panel === undefined) throw new Error('the fixture lost a panel');
    expect(panel.aspectRatio).toBe(0.5);
    expect(tabulatedQuantile(panel, 0.5)).toBeCloseTo(0.83046588, 3);
    expect(tabulatedQuantile(panel, 0)).toBeCloseTo((1 - Math.SQRT1_2) ** 2, 5);
    expect(tabulatedQuantile(panel, 1)).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 3);
  });

  test('an atom outside the table takes its share of the quantiles', () => {
    const panel = results.claims
      .flatMap((claim) => claim.spectra)
      .find((candidate) => candidate.atoms.some((atom) => atom.at === 0 && atom.mass > 0.4));
    if (panel === undefined) throw new Error('the fixture lost its atom');
    expect(tabulatedQuantile(panel, 0.25)).toBe(0);
    expect(tabulatedQuantile(panel, 0.75)).toBeGreaterThan(0);
  });

  test('a law of atoms alone has the quantiles of its atoms, in whatever order they stand', () => {
    const panel = results.claims.flatMap((claim) => claim.spectra)[0]!;
    const atoms = [
      { at: 2, mass: 0.25 },
      { at: -1, mass: 0.5 },
      { at: 3, mass: 0.25 },
    ];
    const atomic = { ...panel, lawX: [], lawDensity: [], lawCdf: [], atoms };
    expect([0.1, 0.5, 0.6, 0.75, 0.9, 1].map((p) => tabulatedQuantile(atomic, p))).toEqual([-1, -1, 2, 2, 3, 3]);
  });

  test('the second panel of a ratio is C^rate times the first', () => {
    const figure = figureById('ratio-against-classes');
    const drawn = figure.data.filter((trace) => trace['name'] === 'drawn') as unknown as { x: number[]; y: number[] }[];
    const curves = results.claims.flatMap((claim) => claim.ratioCurves);
    curves.forEach((curve, k) => {
      const [upper, lower] = [drawn[2 * k], drawn[2 * k + 1]];
      expect(upper?.y).toEqual(curve.measured);
      lower?.y.forEach((value, i) =>
        expect(value).toBeCloseTo((curve.measured[i] as number) * (curve.classes[i] as number) ** curve.rate, 10),
      );
    });
  });

  test('predicted and observed outliers are both marked', () => {
    const figure = figureById('spectrum-detail');
    const at = (name: string): unknown[] =>
      figure.data.filter((trace) => trace['name'] === name).flatMap((trace) => trace['x'] as unknown[]);
    const panels = results.claims
      .filter((claim) => ['linear-ce', 'hidden-ce'].includes(claim.id))
      .flatMap((claim) => claim.spectra)
      .filter((panel) => panel.outliers.predicted.length > 0);
    expect(panels.length).toBeGreaterThan(0);
    expect(at('predicted outliers')).toContain(-0.033);
    expect(at('observed outliers').length).toBeGreaterThanOrEqual(2);
  });

  test('a block of a few eigenvalues, whose law is atoms alone, is drawn as two rows of ticks', () => {
    const [claim] = results.claims;
    const [panel] = claim?.spectra ?? [];
    if (claim === undefined || panel === undefined) throw new Error('the fixture lost a panel');
    const small: SpectrumPanel = {
      ...panel,
      support: [],
      lawX: [],
      lawDensity: [],
      lawCdf: [],
      eigenvalues: [0.3, 0.4, 1.6],
      atoms: [
        { at: 0.34, mass: 2 / 3 },
        { at: 1.5, mass: 1 / 3 },
      ],
    };
    const figure = paperFigures
      .find((definition) => definition.id === 'spectra')
      ?.build({ ...results, claims: [{ ...claim, spectra: [small] }] });
    const ticks = (name: string): unknown =>
      figure?.data
        .filter((trace) => trace['name'] === name)
        .flatMap((trace) => (trace['x'] as (number | null)[]).filter((x) => x !== null));
    expect(ticks('law')).toEqual([0.34, 0.34, 1.5, 1.5]);
    expect(ticks('single eigenvalues')).toEqual([0.3, 0.3, 0.4, 0.4, 1.6, 1.6]);
  });

  test('an interval that runs away does not decide the axis', () => {
    const claims = results.claims.map((claim) => ({
      ...claim,
      ratioCurves: claim.ratioCurves.map((curve) => ({
        ...curve,
        intervals: curve.intervals.map((interval, i) =>
          interval !== null && i === 3 ? { ...interval, upper: 1e8 } : interval,
        ),
      })),
    }));
    const layout = paperFigures
      .find((definition) => definition.id === 'ratio-against-classes')
      ?.build({ ...results, claims })?.layout as unknown as Record<string, { range: number[] }>;
    expect(layout['yaxis']?.range[1]).toBeLessThan(1);
    expect(layout['yaxis2']?.range[1]).toBeLessThan(10);
  });

  test('a ratio without an interval is drawn as a point, and the caption says why', () => {
    const claims = results.claims.map((claim) => ({
      ...claim,
      ratioCurves: claim.ratioCurves.map((curve) => ({ ...curve, intervals: curve.intervals.map(() => null) })),
    }));
    const figure = paperFigures
      .find((definition) => definition.id === 'ratio-against-classes')
      ?.build({ ...results, claims });
    const drawn = figure?.data.filter((trace) => trace['name'] === 'drawn') ?? [];
    expect(drawn.length).toBeGreaterThan(0);
    for (const trace of drawn) expect(trace['error_y']).toBeUndefined();
    expect(figure?.caption).toContain('heavy tails');
    expect(figureById('ratio-against-classes').caption).not.toContain('heavy tails');
  });

  test('with two initialisations the figures of a paper still fit a page', () => {
    const twice = results.claims.map((claim) => ({
      ...claim,
      ratioCurves: [
        ...claim.ratioCurves,
        ...claim.ratioCurves.map((curve) => ({ ...curve, initialisation: 'pytorch' as const })),
      ],
      distances: [
        ...claim.distances.map((series) => ({ ...series, label: 'lecun' })),
        ...claim.distances.map((series) => ({ ...series, label: 'pytorch' })),
      ],
    }));
    for (const id of ['ratio-against-classes', 'distance-against-dimension']) {
      const figure = paperFigures.find((definition) => definition.id === id)?.build({ ...results, claims: twice });
      expect(figure?.layout.height).toBeLessThan(9.5 * 96);
      expect(JSON.stringify(figure?.data)).toBe(JSON.stringify(figureById(id).data));
    }
  });

  test('markup in a label is shown, not obeyed', () => {
    const spiked = {
      ...results,
      lawFamilies: (results.lawFamilies ?? []).map((family) => ({
        ...family,
        label: '<a href="https://example.org">x</a>',
      })),
    };
    const figure = paperFigures.find((definition) => definition.id === 'laws-by-classes')?.build(spiked);
    expect(JSON.stringify(figure?.layout)).not.toContain('<a href');
    expect(JSON.stringify(figure?.layout)).toContain('&lt;a href');
    expect(plotlyText('a < b & c > d')).toBe('a &lt; b &amp; c &gt; d');
  });
});

describe('text', () => {
  test('numbers: true minus signs, powers of ten, never a p-value of zero', () => {
    expect(formatNumber(-0.123456)).toBe('−0.123');
    expect(formatNumber(1.5e-7)).toBe('1.5·10⁻⁷');
    expect(formatNumber(1e6)).toBe('1·10⁶');
    expect(formatNumber(Infinity)).toBe('∞');
    expect(formatNumber(0)).toBe('0');
    expect(formatPValue(0)).toBe('< 10⁻¹⁵');
    expect(formatPValue(0.99991)).toBe('0.99991');
  });

  test('captions become LaTeX whose special characters are harmless', () => {
    expect(escapeTex('50% of a_b & {c} \\ $')).toBe('50\\% of a\\_b \\& \\{c\\} \\textbackslash{} \\$');
    const tex = captionTex(figureById('phase-diagram'));
    expect(tex).toContain('\\begin{figure}[t]');
    expect(tex).toContain('\\includegraphics[width=3.5in]{phase-diagram}');
    expect(tex).toContain('\\label{fig:phase-diagram}');
    expect(tex).toMatch(/^% .*user = <b>not bold<\/b>/m);
    expect(escapeTex('<b>Δ ≤ 10⁻² of Łukasz Žák, 中')).toBe(
      "\\textless{}b\\textgreater{}$\\Delta$ $\\le$ 10$^{-}$$^{2}$ of \\L{}ukasz \\v{Z}\\'{a}k, [U+4E2D]",
    );
    expect(captionTex(figureById('spectra'))).toContain('\\begin{figure*}[t]');
  });

  test.each([
    ['$\\input{x}$', '\\$\\textbackslash{}input\\{x\\}\\$', '$\\input{x}$'],
    ['a$', 'a\\$', 'a$'],
    ['\\$', '\\textbackslash{}\\$', '\\$'],
    [
      '}\\end{figure}\n\n\\write18{id}',
      '\\}\\textbackslash{}end\\{figure\\}  \\textbackslash{}write18\\{id\\}',
      '}\\end{figure}',
    ],
    ['<b>$x$', '\\textless{}b\\textgreater{}\\$x\\$', '&lt;b&gt;$x$'],
  ])('a seed %j reaches the settings of a figure as text, in LaTeX and in HTML', (seed, tex, html) => {
    expect(escapeTex(seed)).toBe(tex);
    const hostile = { ...results, seed, preset: seed, settings: { ...results.settings, formula: seed } };
    for (const definition of paperFigures) {
      const figure = definition.build(hostile);
      if (figure === undefined) continue;
      const clean = definition.build(results)!;
      // In LaTeX the settings are a comment, of which nothing leaves a line of its own.
      const lines = captionTex(figure).split('\n');
      const begin = lines.findIndex((line) => !line.startsWith('% '));
      expect(lines.slice(0, begin).join(' ').replaceAll('% ', '')).toContain(
        `Seed: ${seed.replaceAll(/\s+/g, ' ')}. Drawn`,
      );
      expect(lines.slice(begin)).toEqual(
        captionTex(clean)
          .split('\n')
          .filter((line) => !line.startsWith('%')),
      );
      const page = textHtml(figure.source);
      expect(page).toContain(`Seed: ${html}`);
      expect(page.split('<math').length).toBe(1);
    }
  });
  test.each([
    '\\input{x}',
    '\\write18{id}',
    '\\include{x}',
    '\\openin5=x',
    '\\csname input\\endcsname{x}',
    '\\catcode64=0',
  ])('a formula %j of a results file that is no mathematics is passed on as text', (formula) => {
    const hostile = captionTex({ ...figureById('spectra'), caption: `of $${formula}$ and $C$` });
    expect(hostile).toContain(`of ${escapeTex(`$${formula}$`)} and $C$`);
  });

  test('formulas become MathML; unreadable ones their escaped source; text around them is escaped', () => {
    expect(formulaHtml('\\frac{1}{N}')).toMatch(/^<math[^>]*>.*<mfrac>/s);
    expect(formulaHtml('\\frac{<script>')).toBe('<code>\\frac{&lt;script&gt;</code>');
    expect(textHtml('a < b: $x$')).toMatch(/^a &lt; b: <math/);
    expect(textHtml('costs 5 $ < 6')).toBe('costs 5 $ &lt; 6');
  });
});

describe('browser', () => {
  test('the one asked for is used or refused, the option before the environment', () => {
    expect(findBrowser({ path: process.execPath })).toBe(process.execPath);
    expect(findBrowser({ environment: { LIMITLAW_BROWSER: process.execPath } })).toBe(process.execPath);
    expect(() => findBrowser({ path: '/no/such/browser' })).toThrow(UsageError);
    expect(() => findBrowser({ environment: { LIMITLAW_BROWSER: '/no/such/browser' } })).toThrow(
      /LIMITLAW_BROWSER.*\/no\/such\/browser/,
    );
  });

  test('none: a message with the line that installs one', () => {
    // A platform without usual places, and an empty PATH.
    expect(findBrowser({ platform: 'nowhere', environment: {} })).toBeUndefined();
    expect(() => requireBrowser({ platform: 'nowhere' }, 'PDF')).toThrow(
      /PDF needs Chrome or Chromium.*sudo apt-get install chromium.*LIMITLAW_BROWSER/s,
    );
    expect(() => requireBrowser({ platform: 'win32' }, 'PDF')).toThrow(/winget/);
  });
});

describe('renderFigures without a browser', () => {
  let folder = '';
  const fresh = (): string => (folder = mkdtempSync(join(tmpdir(), 'limitlaw-figures-')));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('writes HTML and a caption, and refuses to write over them', async () => {
    const outputDirectory = join(fresh(), 'new');
    const options = { results, ids: ['calibration'], formats: ['html'] as const, outputDirectory };
    const { files } = await renderFigures(options);
    expect(files.map((file) => file.slice(outputDirectory.length + 1))).toEqual([
      'calibration.html',
      'calibration.tex',
      'calibration.csv',
    ]);
    expect(readFileSync(files[0] as string, 'utf8')).toContain('<!doctype html>');
    writeFileSync(files[1] as string, 'mine');
    await expect(renderFigures(options)).rejects.toThrow(/exists.*nothing was written/s);
    expect(readFileSync(files[1] as string, 'utf8')).toBe('mine');
    await renderFigures({ ...options, overwrite: true });
    expect(readFileSync(files[1] as string, 'utf8')).toContain('\\caption');
  });

  test('asked for a PDF and without a browser it still writes HTML, then says how to get one', async () => {
    const outputDirectory = fresh();
    const attempt = renderFigures({
      results,
      ids: ['calibration'],
      formats: ['pdf'],
      outputDirectory,
      browser: { platform: 'nowhere', environment: {} },
    });
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(/HTML is in .*apt-get install chromium/s);
    expect(readdirSync(outputDirectory).sort()).toEqual(['calibration.csv', 'calibration.html', 'calibration.tex']);
  });

  test.each([
    [{ width: 1e9 }, /--width 1000000000: a side of a png must have from 1 to 16384 pixels/],
    [{ scale: 1e-9 }, /--scale 1e-9: .* this would be 0 by 0/],
  ])('a png no browser can draw is refused before anything is written: %j', async (size, message) => {
    const outputDirectory = fresh();
    await expect(
      renderFigures({ results, ids: ['calibration'], formats: ['png'], outputDirectory, ...size }),
    ).rejects.toThrow(message);
    expect(readdirSync(outputDirectory)).toEqual([]);
  });

  test('a panel is of one figure, and a column one of two: refused before anything is written', async () => {
    const outputDirectory = fresh();
    const refused = (more: object) =>
      expect(renderFigures({ results, formats: ['html'], outputDirectory, ...more })).rejects;
    await refused({ style: { panel: '1' } }).toThrow(/--panel is of one figure, and --only names none/);
    await refused({ style: { panel: '1' }, ids: ['spectra', 'support'] }).toThrow(/--only names 2/);
    await refused({ style: { panel: '99' }, ids: ['spectra'] }).toThrow(
      /--panel must be the number or name of one panel/,
    );
    await refused({ style: { column: 'triple' } }).toThrow(/--column must be one of single, double, got 'triple'/);
    expect(readdirSync(outputDirectory)).toEqual([]);
  });

  test('unknown ids and formats, and figures without data, are usage errors; figures without data are skipped when none was named', async () => {
    const outputDirectory = fresh();
    await expect(renderFigures({ results, ids: ['nope'], formats: ['html'], outputDirectory })).rejects.toThrow(
      /no figure 'nope'.*ratio-against-classes/s,
    );
    await expect(renderFigures({ results, formats: ['gif' as 'png'], outputDirectory })).rejects.toThrow(
      /no format 'gif'/,
    );
    await expect(
      renderFigures({ results, ids: ['spectra-by-classes'], formats: ['html'], outputDirectory }),
    ).rejects.toThrow(/nothing to draw; it needs spectra/);
    const bare = { ...results, claims: [], heatMaps: [], lawFamilies: [], supportCurves: [], phaseMaps: [] };
    const { files, skipped } = await renderFigures({ results: bare, formats: ['html'], outputDirectory });
    expect(files.length).toBe(6);
    expect(skipped.length).toBe(paperFigures.length - 2);
  });
});
