import { themes } from '../../figures/palette.js';
import { readAsset } from '../../figures/render/assets.js';
import { escapeJson } from '../../figures/render/markup.js';
import { baseStyle } from '../../figures/render/page/htmlPage.js';
import type { TrainResult } from '../../figures/trainResult.js';
import { activationNames, activations } from '../../theory/names.js';
import { choices, lossChoices, slider, takenText } from './controls.js';
import { deepSection, deepStyle } from './deepMarkup.js';
import { blockFamilies } from './browser/state.js';

const style = `
body{max-width:80rem;padding-top:1rem}
header{display:flex;justify-content:space-between;gap:1rem;align-items:flex-start}
.layout{display:grid;grid-template:"controls view" auto "controls figures" 1fr/minmax(17rem,21rem) minmax(0,1fr);gap:.6rem 1.5rem;align-items:start}
.controls{grid-area:controls}.view{grid-area:view}.figures{grid-area:figures}.training{border-top:1px solid var(--line);padding-top:1rem;margin-top:1rem}
.marks{display:grid;grid-template-columns:minmax(14rem,22rem) minmax(14rem,26rem) minmax(0,1fr);gap:1rem 1.5rem;align-items:start;margin-top:.6rem}
.marks th{white-space:normal}.marks td{white-space:nowrap}
#mark-map{width:100%;height:auto;aspect-ratio:1;image-rendering:pixelated}canvas[hidden]{display:none}
.options{display:flex;flex-wrap:wrap;gap:0 1.5rem}
fieldset{border:0;margin:0 0 .9rem;padding:0}legend{font-weight:600;font-size:.9rem;padding:0;margin-bottom:.2rem}
.choices{display:flex;flex-wrap:wrap;gap:.35rem}
.choices label{border:1px solid var(--line);border-radius:6px;padding:.25rem .6rem;cursor:pointer;font-size:.92rem}
.choices label:has(input:checked){background:var(--blue);border-color:var(--blue);color:var(--paper)}
.choices label:has(input:focus-visible){outline:3px solid var(--vermillion);outline-offset:2px}
.choices input{position:absolute;opacity:0;width:1px;height:1px}
.slider{display:grid;grid-template-columns:1fr 5.2rem;gap:.1rem .6rem;align-items:center;margin-bottom:.7rem}
.slider label{grid-column:1/-1;font-size:.92rem}.slider label small{color:var(--muted)}
input[type=range]{width:100%;min-height:1.8rem;accent-color:var(--blue);margin:0}
input[type=text]{font:inherit;color:var(--ink);background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.2rem .4rem;width:100%}
canvas{width:100%;height:clamp(16rem,52vh,30rem);display:block;touch-action:pan-y}
.buttons{display:flex;gap:.5rem;flex-wrap:wrap;align-items:center;margin:.4rem 0}
button.main{background:var(--blue);border-color:var(--blue);color:var(--paper)}button:disabled{opacity:.45;cursor:not-allowed}
.quiet{color:var(--muted);font-size:.9rem;min-height:1.4em;margin:.2rem 0;overflow-wrap:anywhere}
.taken{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem;font-size:.86rem;margin:.3rem 0}.taken span{white-space:nowrap}.figures h2{margin:1.2rem 0 .2rem}h3{font-size:.95rem;margin:.8rem 0 0}
table{margin-top:.6rem}td{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.legend{display:flex;gap:1rem;flex-wrap:wrap;font-size:.86rem;color:var(--muted)}.legend span::before{content:"";display:inline-block;width:1.1rem;height:.55rem;margin-right:.35rem;vertical-align:middle}
.legend .law::before{height:2px;background:var(--blue)}.legend .drawn::before{background:var(--bar)}.legend .atom::before{height:2px;background:var(--purple)}.legend .outlier::before{border-top:2px dashed var(--vermillion);height:0}
@media (max-width:56rem){.layout{grid-template:"view" auto "controls" auto "figures" auto/minmax(0,1fr)}.marks{grid-template-columns:minmax(0,1fr)}.view{position:sticky;top:0;background:var(--paper);z-index:1;border-bottom:1px solid var(--line)}.view .legend{display:none}canvas{height:clamp(11rem,32vh,18rem)}}
@media (max-height:32rem){.view{position:static!important}}
`;

const exportSection = `<h2>Take it along</h2>
<div class="buttons"><button id="save-png" type="button">Picture, PNG</button><button id="save-csv" type="button">Numbers, CSV</button><button id="save-readout" type="button" hidden>V, CSV</button></div>
<p class="quiet" id="export-note"></p>
${takenText('command', 'On the command line')}
${takenText('snippet', 'With the library')}
<p class="quiet" id="export-status" role="status"></p>
<p class="quiet">They state the limit: outliers that the page shows for N samples may differ. The address of this page keeps its setting.</p>`;

const policy =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'";

const headSection = `<section class="training" aria-label="A head under Zipf's law">
<h2>A head that predicts word frequencies</h2>
<p class="quiet">Predictions that are the same for every input, q ∝ rank<sup>−α</sup>, as a language model learns them first: the ratio of squared norms then follows from q alone, whatever the features. At initialisation features of one length and s² = 1 are taken, N = ∞.</p>
<div class="marks">
<div role="group" aria-label="Head">
${slider('head-exponent', 'α', 'exponent of Zipf’s law')}
${slider('head-classes', 'classes', 'C, to 10⁷')}
${slider('head-dimension', 'dimension', 'D, of the features at initialisation')}
</div>
<div><canvas id="head-rows" role="img" aria-label="Ratio of a row against its rank"></canvas><p class="legend" aria-hidden="true"><span class="law">Σ<sub>j≠i</sub>‖H<sub>ij</sub>‖²/‖H<sub>ii</sub>‖² of a row</span><span class="outlier">1/C_eff</span><span class="atom">1/C</span></p></div>
<table><tbody id="head-numbers"></tbody></table>
</div>
<h3>On the command line</h3><pre id="head-command" class="taken" tabindex="0" role="region" aria-label="On the command line, a head"></pre>
</section>`;

const trainingSection = `<section class="training" aria-label="A training">
<h2>Along a training</h2>
<p class="quiet" id="training-title">Of a run of limitlaw train: choose its results.json, or drop it on this page.</p>
<p><input type="file" id="training-file" accept=".json,application/json" aria-label="results.json of a training"> <span class="quiet" id="training-note" role="status"></span></p>
<div id="training-body" hidden>
<div class="slider"><label for="mark">mark <small id="mark-name"></small></label><input type="range" id="mark" min="0" max="0" step="1" value="0"></div>
<div class="options">
${choices(
  'mark-data',
  'Numbers and spectrum',
  [
    ['train', 'training data'],
    ['fresh', 'fresh data'],
  ],
  'train',
)}
${choices(
  'readout',
  'Readout',
  [
    ['class', 'class by class'],
    ['unit', 'unit by unit'],
  ],
  'class',
)}
${choices(
  'map-scale',
  'Colours',
  [
    ['own', 'to a hundredth of the largest entry'],
    ['common', 'one scale for all marks'],
  ],
  'own',
)}
</div>
<div class="marks">
<div><canvas id="mark-map" role="img" aria-label="Heat map of the Hessian"></canvas><p class="quiet" id="mark-map-note"></p></div>
<div><canvas id="mark-spectrum" role="img" aria-label="Spectrum of the residual part"></canvas><p class="quiet">Line: the law at initialisation, where one is known.</p></div>
<table><tbody id="mark-numbers"></tbody></table>
</div>
<h3 id="training-command-title">This training, and its figures, on the command line</h3>
<pre id="training-command" class="taken" tabindex="0" role="region" aria-labelledby="training-command-title"></pre>
<div class="buttons"><button id="copy-training-command" type="button" aria-describedby="training-command-title">Copy</button></div>
<p class="quiet" id="training-command-note" role="status"></p>
<div class="buttons"><button id="save-map" type="button">Heat map, PNG</button><button id="save-spectrum" type="button">Spectrum, PNG</button><button id="save-mark" type="button">Numbers of this mark, CSV</button></div>
</div>
</section>`;

/** What the page does not show of a training stays out of it. */
const hidden = new Set(['exact', 'residualSpectrum', 'norms', 'lowest', 'summary', 'broken']);
const shown = (key: string, value: unknown): unknown => (hidden.has(key) ? [] : value);

/**
 * The explorer as one HTML file: laws, edges, atoms, outliers and moments recomputed in the page by the same code as
 * here; draws a Hessian in a worker with the embedded kernels. Opens from disk, asks no network for anything, keeps its
 * state in the address. With a training, whose marks it looks along, the page carries what it shows of it.
 */
export function renderExplorer(training?: TrainResult): string {
  return `<!doctype html>
<html lang="en" data-theme="auto" data-stale="true">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="${themes.light.paper}">
<link rel="icon" href="data:,">
<title>limitlaw explorer</title>
<style>${baseStyle}${style}${deepStyle}</style>
</head>
<body>
<header><div><h1>Limit laws of Hessian blocks</h1></div><button id="theme-button" type="button">light / dark</button></header>
<main>
<div class="layout">
<form class="controls" aria-label="Setting">
${choices(
  'family',
  'Blocks',
  Object.entries(blockFamilies).map(([name, { label }]) => [name, label]),
)}
${lossChoices('loss')}
${choices('block', 'Which block', [
  ['diagonal', 'diagonal'],
  ['off-diagonal', 'off-diagonal'],
])}
${choices(
  'activation',
  'Activation',
  activationNames.map((name) => [name, activations[name].label]),
)}
${slider('aspectRatio', 'aspect ratio', 'd/N')}
${slider('classes', 'classes', 'C, to 10⁶ and ∞')}
${slider('logitVariance', 's²', 'variance of V × fan-in')}
${slider('width', 'width', 'm, hidden units')}
${slider('dimension', 'dimension', 'd of a drawn Hessian')}
</form>
<section class="view" aria-label="Law">
<canvas id="plot" role="img" aria-label="Density of the law"></canvas>
<p class="legend" aria-hidden="true"><span class="law">law</span><span class="drawn">drawn eigenvalues</span><span class="atom">atom, with its mass</span><span class="outlier">predicted outlier</span></p>
<div class="buttons"><button id="draw" class="main" type="button">Draw a Hessian</button><button id="again" type="button">Next seed</button><span class="quiet" id="sizes"></span></div>
<p class="quiet" id="drawn" role="status"></p>
<p class="quiet" id="law-note"></p>
</section>
<section class="figures" aria-label="Numbers">
<table><tbody id="numbers"></tbody></table>
<p class="quiet" id="frame"></p>
${exportSection}
</section>
</div>
${headSection}
${deepSection}
${trainingSection}
</main>
${training === undefined ? '' : `<script type="application/json" id="training-data">${escapeJson(JSON.stringify(training, shown))}</script>`}
<script>${readAsset('explorer.js').toString('utf8')}</script>
</body>
</html>
`;
}
