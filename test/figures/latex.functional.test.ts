/** Captions as LaTeX: pdflatex reads every one of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { figuresOf } from '../../figures/index.js';
import { captionTex } from '../../figures/render/caption.js';
import { literal } from '../../figures/text.js';
import { syntheticRun } from '../helpers/syntheticRun.js';
import { trainedRuns } from '../helpers/trainedRuns.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-latex-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasLatex = spawnSync('pdflatex', ['--version'], { stdio: 'ignore' }).status === 0;

/** What pdflatex says of a paper of these floats: its status, and the lines of its errors. */
function compiled(floats: readonly string[]): { readonly status: number | null; readonly errors: readonly string[] } {
  const paper = [
    '\\documentclass[twocolumn]{article}',
    // The pictures themselves are not at issue.
    '\\newcommand{\\includegraphics}[2][]{\\fbox{#2}}',
    '\\begin{document}',
    // LaTeX holds 18 floats at most.
    ...floats.map((float) => `${float}\\clearpage`),
    '\\end{document}',
  ].join('\n');
  writeFileSync(join(folder, 'paper.tex'), paper);
  const { status, stdout } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, errors: stdout.split('\n').filter((line) => line.startsWith('!')) };
}

(hasLatex ? test : test.skip)(
  `captions compile, hostile words in them too${hasLatex ? '' : ' (skipped: there is no pdflatex; Debian has it in texlive-latex-base)'}`,
  () => {
    const { hidden, wider, linear } = trainedRuns();
    const hostile = '}\\end{figure} \\undefined $x_{ % # & ~ ^ Σ ᵀ √ Łukasz ǅ 中 \u2028 ‖';
    const run = { ...syntheticRun(), seed: hostile };
    const figures = [run, [hidden, wider], [linear]]
      .flatMap((results) => figuresOf(results).map(({ build }) => build()))
      .filter((figure) => figure !== undefined);
    expect(figures.length).toBeGreaterThan(20);
    const floats = [
      ...figures.map((figure) => captionTex(figure)),
      captionTex({ ...figures[0]!, caption: `Of ${literal(hostile)}.`, source: `${hostile}\n\\undefined` }),
    ];
    expect(compiled(floats)).toEqual({ status: 0, errors: [] });
    // And a caption that is not escaped does not.
    expect(compiled([floats[0]!.replace('\\caption{', '\\caption{100% ')]).status).toBe(1);
  },
);
