/** The part of the page about deep networks. Ratios come from a worker of its own, one number of classes after the other. */
import type { DeepRatio } from '../../../theory/deep/index.js';
import { formatNumber } from '../../../figures/text.js';
import { csvOfDeep, commandOfDeep, snippetOfDeep } from './deepExports.js';
import {
  deepLimits,
  deepNumber,
  deepNumbers,
  firstDeep,
  networkOf,
  type DeepChoice,
  type DeepNumber,
} from './deepChoice.js';
import { curveClasses, type DeepPoint } from './deepCurves.js';
import { drawDeep, layerColour } from './deepPlot.js';
import { copyText, downloadCsv, downloadPng, showCommand } from './exportSection.js';
import type { WorkerAnswer, WorkerRequest } from './messages.js';
import { logarithmic, sizeText, whole, wholeLogarithmic, wholeOrInfinite, type Scale } from './scales.js';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const scales: Readonly<Record<DeepNumber, Scale>> = {
  depth: whole(deepLimits.depth),
  width: wholeLogarithmic(deepLimits.width),
  classes: wholeOrInfinite(deepLimits.classes),
  dimension: wholeLogarithmic(deepLimits.dimension),
  aspectRatio: logarithmic(deepLimits.aspectRatio, 3),
};

let choice: DeepChoice = firstDeep;
let failure = '';
/** Ratios of the network looked at, by C. */
let known = new Map<number, readonly DeepRatio[]>();

/** All but C, on which the curves do not depend. */
const keyOf = (network: DeepChoice): string => JSON.stringify({ ...network, classes: 0 });

const pointAt = (classes: number): DeepPoint | undefined => {
  const layers = known.get(classes);
  return layers && { classes, layers };
};
const pointsOf = (counts: readonly number[]): DeepPoint[] => counts.flatMap((classes) => pointAt(classes) ?? []);
/** The first that is still to be computed: the table's, then the ends of the curves, which show the most. */
const wanted = (): number | undefined =>
  failure === '' ? [choice.classes, 2, 1e6, ...curveClasses].find((classes) => !known.has(classes)) : undefined;

let worker: Worker;
let isBusy = false;

function askNext(): void {
  const classes = wanted();
  if (isBusy || classes === undefined) return;
  isBusy = true;
  const asked = { ...choice, classes };
  worker.onmessage = ({ data: answer }: MessageEvent<WorkerAnswer>) => {
    isBusy = false;
    if (keyOf(asked) === keyOf(choice)) {
      if (answer.kind === 'deep') known.set(classes, answer.layers);
      else if (answer.kind === 'failure') failure = answer.message;
      paintResults();
    }
    askNext();
  };
  worker.postMessage({ number: 0, kind: 'deep', network: networkOf(asked) } satisfies WorkerRequest);
}

const columns = ({ layer, ratio, error, scaled, floor, effectiveOutputs }: DeepRatio): string[] => [
  String(layer),
  formatNumber(ratio, 4),
  ratio > 0 ? `${formatNumber((100 * error) / ratio, 2)} %` : '',
  formatNumber(scaled, 4),
  formatNumber(floor, 4),
  formatNumber(effectiveOutputs, 4),
];

function rowOf(ratios: DeepRatio): HTMLTableRowElement {
  const row = document.createElement('tr');
  const [name, ...cells] = columns(ratios);
  const head = Object.assign(document.createElement('th'), { scope: 'row', textContent: name });
  head.style.color = `var(--${layerColour(ratios.layer)})`;
  row.append(head, ...cells.map((textContent) => Object.assign(document.createElement('td'), { textContent })));
  return row;
}

/** Share of r, left out, from which its digits say little. */
const doubtful = 0.2;

const doubtOf = (point: DeepPoint | undefined): string =>
  point?.layers.some(({ ratio, error }) => error > doubtful * ratio)
    ? 'What is left out is not small here: take wider layers, or fewer.'
    : '';

function paintResults(): void {
  const chosen = pointAt(choice.classes);
  const stale = wanted() !== undefined;
  if (chosen !== undefined) element('deep-numbers').replaceChildren(...chosen.layers.map(rowOf));
  else if (failure !== '') element('deep-numbers').replaceChildren();
  element('deep-note').textContent = failure !== '' ? failure : stale ? 'computing…' : doubtOf(chosen);
  const canvas = element<HTMLCanvasElement>('deep-plot');
  drawDeep(canvas, choice, pointsOf(curveClasses), chosen);
  const spoken = chosen?.layers.map(
    ({ layer, ratio, floor }) => `layer ${layer} ${formatNumber(ratio)}, floor ${formatNumber(floor)}`,
  );
  canvas.setAttribute(
    'aria-label',
    `Ratio of every layer against C${spoken === undefined ? '' : `; at C = ${sizeText(choice.classes)}: ${spoken.join('; ')}`}`,
  );
  for (const id of ['save-deep-png', 'save-deep-csv'])
    element<HTMLButtonElement>(id).disabled = stale || failure !== '';
  element('deep').dataset['stale'] = String(stale);
}

function paintControls(): void {
  for (const name of deepNumbers) {
    const input = element<HTMLInputElement>(`deep-${name}`);
    if (document.activeElement !== input) input.value = String(Math.round(scales[name].position(choice[name])));
    input.setAttribute('aria-valuetext', sizeText(choice[name]));
    const box = element<HTMLInputElement>(`deep-${name}-box`);
    if (document.activeElement !== box) box.value = sizeText(choice[name]);
  }
  for (const input of Array.from(document.querySelectorAll<HTMLInputElement>('input[name=deep-loss]')))
    input.checked = input.value === choice.loss;
  showCommand(element('deep-command'), commandOfDeep(choice));
  element('deep-snippet').textContent = snippetOfDeep(choice);
  element('deep-status').textContent = '';
}

export function paintDeep(): void {
  paintControls();
  paintResults();
}

export const deepChoice = (): DeepChoice => choice;

export function setDeep(next: DeepChoice): void {
  if (keyOf(next) !== keyOf(choice)) known = new Map();
  failure = '';
  choice = next;
  paintDeep();
  askNext();
}

/** @param onChange after a control was moved: the address follows */
export function startDeep(first: DeepChoice, startWorker: () => Worker, onChange: () => void): void {
  worker = startWorker();
  const change = (changed: Partial<DeepChoice>): void => {
    setDeep({ ...choice, ...changed });
    onChange();
  };
  for (const name of deepNumbers) {
    const input = element<HTMLInputElement>(`deep-${name}`);
    input.addEventListener('input', () => change({ [name]: scales[name].value(Number(input.value)) }));
    const box = element<HTMLInputElement>(`deep-${name}-box`);
    box.addEventListener('change', () => {
      change({ [name]: deepNumber(name, box.value) ?? choice[name] });
      box.value = sizeText(choice[name]);
    });
  }
  for (const input of Array.from(document.querySelectorAll<HTMLInputElement>('input[name=deep-loss]')))
    input.addEventListener('change', () => change({ loss: input.value as DeepChoice['loss'] }));
  element('save-deep-png').addEventListener('click', () =>
    downloadPng('limitlaw-deep.png', element<HTMLCanvasElement>('deep-plot')),
  );
  element('save-deep-csv').addEventListener('click', () => {
    const counts = [...new Set([...curveClasses, choice.classes])].sort((a, b) => a - b);
    downloadCsv('limitlaw-deep.csv', csvOfDeep(pointsOf(counts)));
  });
  const say = (message: string): void => {
    element('deep-status').textContent = message;
  };
  for (const id of ['deep-command', 'deep-snippet'])
    element(`copy-${id}`).addEventListener('click', () => void copyText(element(id), say));
  setDeep(first);
}
