/** The part of the page that looks along a training: one that came with the page, or that is dropped on it. */
import { colourScale, logRange } from '../../../figures/heatMapParts.js';
import { formatNumber } from '../../../figures/text.js';
import type { TrainResult } from '../../../figures/trainResult.js';
import { csvOfMark } from './exports.js';
import { copyText, downloadCsv, downloadPng } from './exportSection.js';
import { drawHeatMap } from './heatMapCanvas.js';
import { listInto } from './listInto.js';
import { drawPlot } from './plot.js';
import { commandOfTraining, figuresCommandOfTraining, missingOfTraining } from './trainingCommand.js';
import { trainingOf, viewOfTraining, type MarkChoice, type TrainingView } from './trainingView.js';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const checked = (name: string): string =>
  document.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value ?? '';

let run: TrainResult | undefined;

function choice(): MarkChoice {
  return {
    index: Number(element<HTMLInputElement>('mark').value),
    data: checked('mark-data') === 'fresh' ? 'fresh' : 'train',
    readoutOrder: checked('readout') === 'unit' ? 'unit' : 'class',
  };
}

export function paintTraining(): void {
  if (run === undefined) return;
  const { name, values, map, eigenvalues, law } = viewOfTraining(run, choice());
  element('mark-name').textContent = name;
  element('mark').setAttribute('aria-valuetext', name);
  listInto(
    element('mark-numbers'),
    values.map(([quantity, value, text]) => [quantity, text ?? formatNumber(value, 4)]),
  );
  const canvas = element<HTMLCanvasElement>('mark-map');
  canvas.hidden = map === undefined;
  element<HTMLButtonElement>('save-map').disabled = map === undefined;
  element('mark-map-note').textContent =
    map === undefined
      ? run.heatMaps.length === 0
        ? 'The run has no heat maps: train with --heat-maps.'
        : 'This mark has no such heat map.'
      : `|H| on the training data, ${map.readoutOrder === 'class' ? 'rows of w, then of v class by class' : 'rows of w, then V unit by unit'}; largest entry ${map.largest.toPrecision(3)}.`;
  if (map !== undefined) {
    const range = logRange(run.heatMaps.filter(({ readoutOrder }) => readoutOrder === map.readoutOrder));
    drawHeatMap(
      canvas,
      map,
      checked('map-scale') === 'common' ? { kind: 'common', range } : { kind: 'own' },
      colourScale,
    );
    canvas.setAttribute('aria-label', `Heat map of the Hessian at ${name}`);
  }
  const spectrum = element<HTMLCanvasElement>('mark-spectrum');
  spectrum.hidden = eigenvalues.length === 0;
  element<HTMLButtonElement>('save-spectrum').disabled = spectrum.hidden;
  if (!spectrum.hidden) {
    drawPlot(spectrum, { view: law, outliers: [], eigenvalues, axisTitle: 'eigenvalue of √N R', stale: false });
    spectrum.setAttribute('aria-label', `Spectrum of the residual part at ${name}, beside its law at initialisation`);
  }
}

function show(found: TrainResult): void {
  run = found;
  const slider = element<HTMLInputElement>('mark');
  const { steps, setUp } = viewOfTraining(found, { index: 0, data: 'train', readoutOrder: 'class' });
  slider.max = String(Math.max(0, steps.length - 1));
  slider.value = '0';
  element('training-title').textContent = `${found.title}: ${setUp}`;
  element('training-note').textContent = '';
  element('training-command').textContent = `${commandOfTraining(found)}\n${figuresCommandOfTraining}\n`;
  element('training-command-note').textContent = missingOfTraining(found);
  element('training-body').hidden = false;
  paintTraining();
}

/** @param text of a results.json */
function read(text: string, name: string): void {
  let isShown = false;
  try {
    const found = trainingOf(JSON.parse(text));
    if (found !== undefined) show(found);
    isShown = found !== undefined;
  } catch {
    // JSON that does not parse, or a training with a part missing: said below.
  }
  if (!isShown)
    element('training-note').textContent = `${name} is no results.json of 'limitlaw train': choose another file.`;
}

const readFile = async (file: File | undefined): Promise<void> => {
  if (file !== undefined) read(await file.text(), file.name);
};

function startExports(): void {
  /** Of the mark that is looked at. */
  const onClick = (id: string, save: (view: TrainingView, name: string) => void): void =>
    element(id).addEventListener('click', () => {
      if (run === undefined) return;
      const view = viewOfTraining(run, choice());
      save(view, `limitlaw-step-${view.step}`);
    });
  element('copy-training-command').addEventListener('click', () => {
    const note = element('training-command-note');
    void copyText(element('training-command'), (said) => {
      note.textContent = `${run === undefined ? '' : missingOfTraining(run)} ${said}`.trim();
    });
  });
  onClick('save-map', (_view, name) => downloadPng(`${name}-hessian.png`, element('mark-map'), 800));
  onClick('save-spectrum', ({ data }, name) => downloadPng(`${name}-${data}.png`, element('mark-spectrum')));
  onClick('save-mark', (view, name) => downloadCsv(`${name}-${view.data}.csv`, csvOfMark(view)));
}

export function startTraining(): void {
  startExports();
  const file = element<HTMLInputElement>('training-file');
  file.addEventListener('change', () => void readFile(file.files?.[0]));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    void readFile(event.dataTransfer?.files[0]);
  });
  for (const input of Array.from(document.querySelectorAll('#training-body input')))
    input.addEventListener('input', paintTraining);
  const embedded = document.getElementById('training-data')?.textContent ?? '';
  if (embedded !== '') read(embedded, 'The embedded run');
}
