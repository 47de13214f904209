/**
 * The explorer's page: controls to state, state to law and picture within a frame, the worker for what takes longer.
 */
import type { Outlier } from '../../../theory/contracts.js';
import { formatNumber } from '../../../figures/text.js';
import {
  hasCheapWeights,
  lawOfState,
  lawOfWeights,
  needsReadout,
  routeOf,
  scalingOf,
  softmaxWeightsOf,
  unitOf,
  viewOf,
  weightsKey,
} from './lawOfState.js';
import type { LawView, PlainWeights } from './lawOfState.js';
import type { DrawnSpectrum, LawRequest, WorkerAnswer } from './messages.js';
import { commandOf, csvOfLaw, csvOfReadout, readoutFile, snippetOf } from './exports.js';
import { copyText, downloadCsv, downloadPng, showCommand } from './exportSection.js';
import { listInto } from './listInto.js';
import { drawPlot } from './plot.js';
import { isInfinity, logarithmic, sizeText, whole, wholeOrInfinite, type Scale } from './scales.js';
import { hashOfState, hasSetting, limits, samplesOf, stateOfHash } from './state.js';
import type { ExplorerState } from './state.js';
import { deepOfHash, hashOfDeep } from './deepChoice.js';
import { deepChoice, paintDeep, setDeep, startDeep } from './deepSection.js';
import { paintHead, startHead } from './headSection.js';
import { paintTraining, startTraining } from './trainingSection.js';

/** Text of the bundled worker, put here by the build. */
declare const workerSource: string;

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const canvas = element<HTMLCanvasElement>('plot');
const root = document.documentElement;

let state = stateOfHash(location.hash);
let view: LawView | undefined;
let stale = false;
let outliers: readonly Outlier[] = [];
let outlierNote = '…';
let lawNote = '';
let drawn: DrawnSpectrum | undefined;
let frameMilliseconds = 0;

/* Sliders. */

interface Slider extends Scale {
  readonly name: 'aspectRatio' | 'classes' | 'logitVariance' | 'width' | 'dimension';
  readonly text: (value: number) => string;
}

const plain = (value: number): string => String(value);

const sliders: readonly Slider[] = [
  { name: 'aspectRatio', ...logarithmic(limits.aspectRatio, 3), text: plain },
  { name: 'classes', ...wholeOrInfinite(limits.classes), text: sizeText },
  {
    name: 'logitVariance',
    value: (position) =>
      Number(
        (limits.logitVariance[0] + ((limits.logitVariance[1] - limits.logitVariance[0]) * position) / 1000).toFixed(2),
      ),
    position: (value) =>
      (1000 * (value - limits.logitVariance[0])) / (limits.logitVariance[1] - limits.logitVariance[0]),
    text: plain,
  },
  { name: 'width', ...whole(limits.width), text: plain },
  { name: 'dimension', ...whole(limits.dimension), text: plain },
];

/* The worker. One request of a kind counts: the last. */

const workerAddress = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
const startWorker = (): Worker => Object.assign(new Worker(workerAddress), { onmessage: receive });
const latest = new Map<string, { readonly number: number; readonly done: (answer: WorkerAnswer) => void }>();
let requests = 0;
/** Of each kind one request is under way and one may wait: a dragged slider does not queue up work. */
const busy = new Map<string, LawRequest>();
const waiting = new Map<string, LawRequest>();

function ask(kind: LawRequest['kind'], asked: ExplorerState, done: (answer: WorkerAnswer) => void): void {
  const request: LawRequest = { number: ++requests, kind, state: asked };
  latest.set(kind, { number: request.number, done });
  if (busy.has(kind)) waiting.set(kind, request);
  else {
    busy.set(kind, request);
    worker.postMessage(request);
  }
}

function receive({ data: answer }: MessageEvent<WorkerAnswer>): void {
  const kind = answer.kind === 'failure' ? answer.of : answer.kind;
  const next = waiting.get(kind);
  waiting.delete(kind);
  if (next === undefined) busy.delete(kind);
  else {
    busy.set(kind, next);
    worker.postMessage(next);
  }
  const entry = latest.get(kind);
  if (entry?.number === answer.number) entry.done(answer);
}

/** Milliseconds that a request of a state left behind may hold up the others. */
const patience = 700;
let worker = startWorker();

/**
 * A law at a million classes takes seconds. When the page has moved on the worker that computes it is stopped, and what
 * is still wanted asked anew.
 */
function dropStaleWork(): void {
  if ([...busy.values()].every((request) => request.state === state)) return;
  const wanted = [...busy.values(), ...waiting.values()].filter(
    (request) => request.state === state && latest.get(request.kind)?.number === request.number,
  );
  worker.terminate();
  worker = startWorker();
  busy.clear();
  waiting.clear();
  for (const request of wanted) {
    busy.set(request.kind, request);
    worker.postMessage(request);
  }
}

/* Law. */

const weightLaws = new Map<string, PlainWeights>();

function keepWeights(key: string, weights: PlainWeights): void {
  if (weightLaws.size > 60) weightLaws.delete(weightLaws.keys().next().value as string);
  weightLaws.set(key, weights);
}

function showLaw(next: LawView | undefined, note: string): void {
  view = next;
  lawNote = note;
  stale = false;
}

function updateLaw(): void {
  const started = performance.now();
  const route = routeOf(state);
  const asked = state;
  stale = true;
  if (route === 'closed') {
    const found = lawOfState(state);
    showLaw(viewOf(found), found.note ?? '');
  } else if (route === 'softmax') {
    const key = weightsKey(state);
    if (!weightLaws.has(key) && hasCheapWeights(state)) keepWeights(key, softmaxWeightsOf(state));
    const weights = weightLaws.get(key);
    if (weights !== undefined) showLaw(viewOf(lawOfWeights(weights, state.aspectRatio)), '');
    else {
      ask('weights', asked, (answer) => {
        if (answer.kind === 'failure') return fail(answer.message);
        if (answer.kind !== 'weights') return;
        keepWeights(key, answer.weights);
        if (weightsKey(state) === key && routeOf(state) === 'softmax') {
          const begun = performance.now();
          showLaw(viewOf(lawOfWeights(answer.weights, state.aspectRatio)), '');
          frameMilliseconds = performance.now() - begun;
          paint();
        }
      });
    }
  } else {
    ask('law', asked, (answer) => {
      if (answer.kind === 'failure') return fail(answer.message);
      if (answer.kind !== 'law' || asked !== state) return;
      showLaw(answer.view, answer.note);
      frameMilliseconds = performance.now() - started;
      paint();
    });
  }
  frameMilliseconds = performance.now() - started;
}

function updateOutliers(): void {
  outliers = [];
  outlierNote = '…';
  const asked = state;
  ask('outliers', asked, (answer) => {
    if (asked !== state) return;
    if (answer.kind === 'outliers') {
      outliers = answer.outliers;
      outlierNote = answer.note;
    } else outlierNote = answer.kind === 'failure' ? answer.message : '';
    paint();
  });
}

function fail(message: string): void {
  stale = false;
  view = undefined;
  lawNote = message;
  paint();
}

/* Picture and numbers. */

const number = (value: number): string => formatNumber(value, 7);

function paint(): void {
  const unit = unitOf(state);
  const scaling = scalingOf(state);
  drawPlot(canvas, {
    view,
    outliers,
    eigenvalues: drawn?.eigenvalues,
    axisTitle: `eigenvalue${scaling.label === 'λ' ? '' : ` × ${scaling.label.replace('·λ', '')}`}${unit === '' ? '' : `, ${unit}`}`,
    stale,
  });
  const rows: (readonly [string, string])[] = [];
  if (view !== undefined) {
    // An edge at 0 comes out as a rounding error.
    const size = Math.max(...view.support.flat().map(Math.abs));
    const edge = (value: number): string => number(Math.abs(value) < 1e-14 * size ? 0 : value);
    const shown = view.support.slice(0, 3).map(([lower, upper]) => `[${edge(lower)}, ${edge(upper)}]`);
    if (view.hiddenMass === 0 && view.support.length <= 3)
      rows.push(['support', shown.length === 0 ? 'none: atoms only' : shown.join(' ∪ ')]);
    else
      rows.push(
        [
          'edges',
          `${number((view.support[0] as readonly [number, number])[0])} to ${number((view.support.at(-1) as readonly [number, number])[1])} (${view.support.length === 1 ? 'one interval' : `${view.support.length} intervals`})`,
        ],
        [`${number(100 * (1 - view.hiddenMass))} % within`, `[${number(view.window[0])}, ${number(view.window[1])}]`],
      );
    rows.push([
      'atoms',
      view.atoms.length === 0
        ? 'none'
        : view.atoms.map((atom) => `${number(atom.mass)} at ${number(atom.at)}`).join('; '),
    ]);
    view.moments.forEach((moment, k) => rows.push([`moment ${k + 1}`, number(moment)]));
    rows.push([
      'outliers',
      outlierNote === '…'
        ? '…'
        : `${outliers.length === 0 ? 'none predicted' : outliers.map((outlier) => `${number(outlier.at)}${outlier.multiplicity > 1 ? ` (×${outlier.multiplicity})` : ''}`).join('; ')}${outlierNote === '' ? '' : ` — ${outlierNote}`}`,
    ]);
  }
  listInto(element('numbers'), rows);
  element('law-note').textContent = lawNote;
  element('frame').textContent = stale
    ? 'computing…'
    : view === undefined
      ? ''
      : `law in ${frameMilliseconds.toFixed(1)} ms`;
  canvas.setAttribute(
    'aria-label',
    view === undefined
      ? 'No law to draw'
      : `Density of the law; ${rows.map(([name, value]) => `${name} ${value}`).join('; ')}`,
  );
  showExports();
  root.dataset['stale'] = String(stale || outlierNote === '…');
}

/* Exports. */

/** Entries of V that the page is willing to write. */
const largestReadout = 250_000;

function showExports(): void {
  const ready = view !== undefined && !stale && outlierNote !== '…';
  for (const id of ['save-png', 'save-csv']) element<HTMLButtonElement>(id).disabled = !ready;
  const given = needsReadout(state);
  const tooLarge = state.classes * state.width > largestReadout;
  element('save-readout').hidden = !given;
  element<HTMLButtonElement>('save-readout').disabled = tooLarge;
  element('export-note').hidden = !given;
  element('export-note').textContent = !given
    ? ''
    : tooLarge
      ? 'The law is given V, which is too large to write here: lower C or m.'
      : `The law is given V: save ${readoutFile} first, where they run.`;
  showCommand(element('command'), commandOf(state));
  element('snippet').textContent = snippetOf(state);
}

const sayExport = (message: string): void => {
  element('export-status').textContent = message;
};
element('save-png').addEventListener('click', () => downloadPng('limitlaw.png', canvas));
element('save-csv').addEventListener('click', () => {
  if (view !== undefined) downloadCsv('limitlaw.csv', csvOfLaw(state, view, outliers, drawn?.eigenvalues));
});
element('save-readout').addEventListener('click', () => {
  const asked = state;
  ask('readout', asked, (answer) => {
    if (answer.kind === 'readout') downloadCsv(readoutFile, csvOfReadout(answer.readout, asked));
    else if (answer.kind === 'failure') sayExport(answer.message);
  });
});
for (const id of ['command', 'snippet'])
  element(`copy-${id}`).addEventListener('click', () => void copyText(element(id), sayExport));

function paintAll(): void {
  paint();
  paintTraining();
  paintHead();
  paintDeep();
}

/* Controls. */

const choices = ['family', 'loss', 'block', 'activation'] as const;

/** Multiply-adds that the page is willing to spend on a drawn Hessian. */
const largestDraw = 2e10;

function drawingObstacle(): string {
  if (state.classes === Infinity) return 'Choose a finite C to draw a Hessian.';
  const work =
    samplesOf(state) * (routeOf(state) === 'softmax' ? state.dimension * state.classes : state.width * state.classes) +
    samplesOf(state) * state.dimension ** 2;
  if (work > largestDraw || samplesOf(state) * state.dimension * 8 > 1e9)
    return 'Too large to draw here: lower d or C, or raise the aspect ratio.';
  return '';
}

function showControls(): void {
  for (const name of choices) {
    for (const input of Array.from(document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)))
      input.checked = input.value === state[name];
  }
  for (const slider of sliders) {
    const input = element<HTMLInputElement>(slider.name);
    if (document.activeElement !== input) input.value = String(Math.round(slider.position(state[slider.name])));
    input.setAttribute('aria-valuetext', slider.text(state[slider.name]));
    const box = element<HTMLInputElement>(`${slider.name}-box`);
    if (document.activeElement !== box) box.value = slider.text(state[slider.name]);
  }
  element<HTMLInputElement>('width').disabled = element<HTMLInputElement>('width-box').disabled = !hasSetting(
    state,
    'width',
  );
  element('activation-choices').hidden = !hasSetting(state, 'activation');
  const obstacle = drawingObstacle();
  element<HTMLButtonElement>('draw').disabled = obstacle !== '';
  element('sizes').textContent =
    obstacle === '' ? `d = ${state.dimension}, N = ${samplesOf(state)}, seed ${state.seed}` : obstacle;
}

let scheduled = 0;
let outlierTimer = 0;
let staleTimer = 0;

/** Of all that is looked at, without the #. */
const address = (): string => [hashOfState(state), hashOfDeep(deepChoice())].filter((part) => part !== '').join('&');
const writeAddress = (): void => history.replaceState(null, '', `#${address()}`);

function setState(next: ExplorerState, keepAddress = false): void {
  state = next;
  drawn = undefined;
  element('drawn').textContent = '';
  sayExport('');
  showControls();
  if (!keepAddress) writeAddress();
  root.dataset['stale'] = 'true';
  cancelAnimationFrame(scheduled);
  scheduled = requestAnimationFrame(() => {
    updateLaw();
    paint();
  });
  outliers = [];
  outlierNote = '…';
  clearTimeout(outlierTimer);
  outlierTimer = window.setTimeout(updateOutliers, 150);
  clearTimeout(staleTimer);
  staleTimer = window.setTimeout(dropStaleWork, patience);
}

for (const name of choices) {
  for (const input of Array.from(document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`))) {
    input.addEventListener('change', () => setState({ ...state, [name]: input.value }));
  }
}
for (const slider of sliders) {
  const input = element<HTMLInputElement>(slider.name);
  input.addEventListener('input', () => setState({ ...state, [slider.name]: slider.value(Number(input.value)) }));
  const box = element<HTMLInputElement>(`${slider.name}-box`);
  box.addEventListener('change', () => {
    const text = box.value.trim();
    const infinite = slider.name === 'classes' && isInfinity(text);
    const typed = stateOfHash(
      new URLSearchParams({
        ...Object.fromEntries(new URLSearchParams(hashOfState(state))),
        [slider.name]: infinite ? 'inf' : text,
      }).toString(),
    );
    setState(typed);
    box.value = slider.text(state[slider.name]);
  });
}

document.querySelector('form')?.addEventListener('submit', (event) => event.preventDefault());
element('draw').addEventListener('click', () => {
  const asked = state;
  const button = element<HTMLButtonElement>('draw');
  button.disabled = true;
  element('drawn').textContent = 'drawing…';
  ask('draw', asked, (answer) => {
    showControls();
    if (asked !== state) return;
    if (answer.kind === 'failure') element('drawn').textContent = answer.message;
    else if (answer.kind === 'draw') {
      drawn = answer.drawn;
      const { eigenvalues, samples, milliseconds } = drawn;
      element('drawn').textContent =
        `${eigenvalues.length} eigenvalues, N = ${samples}, ${Math.round(milliseconds)} ms: from ${number(eigenvalues[0] as number)} to ${number(eigenvalues.at(-1) as number)}, mean ${number(eigenvalues.reduce((sum, value) => sum + value, 0) / eigenvalues.length)}`;
    }
    paint();
  });
});
element('again').addEventListener('click', () =>
  setState({
    ...state,
    seed: /^\d{1,9}$/.test(state.seed) ? String(Number(state.seed) + 1) : `${state.seed.slice(0, 60)}+1`,
  }),
);
element('theme-button').addEventListener('click', () => {
  const dark =
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset['theme'] = dark ? 'light' : 'dark';
  paintAll();
});
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintAll);
window.addEventListener('resize', paintAll);
window.addEventListener('hashchange', () => {
  if (`#${address()}` === location.hash) return;
  setState(stateOfHash(location.hash), true);
  setDeep(deepOfHash(location.hash));
});

showControls();
updateLaw();
paint();
startTraining();
startHead();
startDeep(deepOfHash(location.hash), () => new Worker(workerAddress), writeAddress);
outlierTimer = window.setTimeout(updateOutliers, 0);
root.dataset['ready'] = 'true';
