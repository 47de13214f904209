// Heads of small language models along their training, several seeds each, beside those of an independent program, one seed: writes
// docs/tables/languageModel.md from what `limitlaw head` says of exports of test/fixtures/languageModel/languageModel.py:
//   python3 languageModel.py package/data RUNS/2048-0 --classes 2048 --dimension 48 --samples 1024 --windows 256 --seed 0
//   limitlaw head RUNS/2048-0/step-30 --counts RUNS/2048-0/counts.npy --out RESULTS/2048-0-step-30
//   node scripts/languageModels.mjs RESULTS        (folders are named CLASSES-SEED-step-STEP)
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { studentTwoSided } from '../dist/simulations/comparisons/index.js';

const [folder] = process.argv.slice(2);
/** PyTorch and NumPy, the N×N sums written out, another 1024 held-out contexts, seed 0; t of the population with its jackknife error. */
const independent = {
  steps: {
    0: { loss: 8.115, scaled: 1.495, t: 0.0007124, error: 0.0000025, whitened: [0.763, 1.225, 0.845], largest: 1.018 },
    30: { loss: 5.568, scaled: 31.04, t: 0.015147, error: 0.00014, whitened: [0.892, 1.406, 0.971], largest: 1.221 },
    100: { loss: 5.301, scaled: 52.66, t: 0.025693, error: 0.00025, whitened: [0.804, 1.464, 0.997], largest: 1.274 },
    300: { loss: 5.066, scaled: 60.06, t: 0.029288, error: 0.00061, whitened: [0.85, 1.457, 1.068], largest: 1.259 },
    1000: { loss: 4.826, scaled: 67.29, t: 0.032735, error: 0.001, whitened: [1.164, 1.58, 1.346], largest: 1.304 },
  },
  // Population, at the start and after 300 steps, and the unigram formula of the training text.
  classes: {
    128: { start: 0.012591, t: 0.079996, unigram: 0.067829 },
    512: { start: 0.0029022, t: 0.04674, unigram: 0.042909 },
    2048: { start: 0.00071236, t: 0.029288, unigram: 0.027362 },
    8192: { start: 0.0001779, t: 0.017868, unigram: 0.014306 },
  },
};

const runs = readdirSync(folder).flatMap((name) => {
  const [, classes, seed, step] = /^(\d+)-(\d+)-step-(\d+)$/.exec(name) ?? [];
  if (step === undefined) return [];
  const result = JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8'));
  return [{ classes: Number(classes), seed: Number(seed), step: Number(step), result }];
});
const of = (classes, step) => runs.filter((run) => run.classes === classes && run.step === step);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

/** p-value of one more seed among those at hand: Student's t with the spread between seeds, that of one more included. */
function placeOf(value, values) {
  const spread = deviation(values) * Math.sqrt(1 + 1 / values.length);
  return studentTwoSided((value - mean(values)) / spread, values.length - 1);
}

const digits = (value, count = 4) => {
  const rounded = Number(value.toPrecision(count));
  return Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
};
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');
const range = (values, count = 3) => `${digits(Math.min(...values), count)} … ${digits(Math.max(...values), count)}`;

const places = [];
const placed = (value, values) => {
  const p = placeOf(value, values);
  places.push(p);
  return digits(p, 2);
};

const alongTraining = Object.entries(independent.steps).map(([step, theirs]) => {
  const found = of(2048, Number(step)).map(({ result }) => result);
  const t = found.map(({ population }) => population.t.value);
  const scaled = found.map(({ sample }) => sample.scaled.value);
  const errors = found.map(({ population }) => population.t.error);
  return [
    step,
    found.length,
    `${digits(mean(t))} (${digits(deviation(t), 2)})`,
    digits(mean(errors), 2),
    `${digits(theirs.t)} ± ${digits(theirs.error, 2)}`,
    placed(theirs.t, t),
    `${digits(mean(scaled))} (${digits(deviation(scaled), 2)})`,
    digits(theirs.scaled),
    placed(theirs.scaled, scaled),
  ];
});

const besideDiagonal = Object.entries(independent.steps).flatMap(([step, theirs]) => {
  const found = of(2048, Number(step)).flatMap(({ result }) => (result.whitened === null ? [] : [result]));
  if (found.length === 0) return [];
  const energies = found.map(({ whitened, classes }) => whitened.energy.value * classes);
  const errors = found.map(({ whitened, classes }) => whitened.energy.error * classes);
  const their = mean(theirs.whitened);
  return [
    [
      step,
      found.length,
      energies.map((value, k) => `${digits(value, 3)} ± ${digits(errors[k], 2)}`).join(', '),
      `${digits(their, 3)} ± ${digits(deviation(theirs.whitened) / Math.sqrt(3), 2)}`,
      range(
        found.map(({ spectrum }) => spectrum.largest.value),
        5,
      ),
      theirs.largest,
    ],
  ];
});

const overClasses = Object.entries(independent.classes).flatMap(([classes, theirs]) => {
  const [start, later] = [0, 300].map((step) => of(Number(classes), step).map(({ result }) => result));
  if (start.length < 2 || later.length < 2) return [];
  const t = [start, later].map((found) => found.map(({ population }) => population.t.value));
  return [
    [
      classes,
      t[0].length,
      `${digits(mean(t[0]))} (${digits(deviation(t[0]), 2)})`,
      digits(theirs.start),
      placed(theirs.start, t[0]),
      t[1].length,
      `${digits(mean(t[1]))} (${digits(deviation(t[1]), 2)})`,
      digits(theirs.t),
      placed(theirs.t, t[1]),
      digits(later[0].unigram.targets.t),
      digits(theirs.unigram),
    ],
  ];
});
/** Slope of log t over log C by least squares, of the means over seeds. */
const exponent = (column) => {
  const points = overClasses.map((cells) => [Math.log(Number(cells[0])), Math.log(parseFloat(cells[column]))]);
  const [x, y] = [0, 1].map((k) => mean(points.map((point) => point[k])));
  const sum = (product) => points.reduce((total, point) => total + product(point), 0);
  return (sum(([a, b]) => (a - x) * (b - y)) / sum(([a]) => (a - x) ** 2)).toFixed(3);
};

const least = Math.min(...places);
const text = `# Heads of small language models

Moby Dick, D = 48, five tokens of context, RMSNorm before an untied head, AdamW with batches of 256 contexts, N = 1024 held-out positions. This program on exports of
\`test/fixtures/languageModel/languageModel.py\` with several seeds, 4 positions each of 256 sequences, beside an independent program (PyTorch; sums over pairs
written out) with one seed and 1024 single contexts. A mean over seeds has their standard deviation in brackets. p: where the independent value lies among the seeds, by Student's t
with the spread between them (one more seed would lie so far out with this probability). Of ${places.length} such values the least is ${digits(least, 2)}, ${digits(least * places.length, 2)} after
Bonferroni's correction: ${least * places.length > 0.05 ? 'none differs by more than one seed from another' : 'some differ by more than one seed from another'}. The jackknife error is that of the text
for one model; seeds differ by several times as much. Made by \`node scripts/languageModels.mjs\`.

## Along training, C = 2048

${table(['step', 'seeds', 't, population', 'its jackknife error', 'independent', 'p', 'C² r, these positions', 'independent', 'p'], alongTraining)}

## Beside the block diagonal, C = 2048

C times the off-diagonal energy of D^{−1/2} H D^{−1/2} a token, seed by seed with the error over eight probes, beside the mean of three; and the largest eigenvalue.

${table(['step', 'seeds', 'C · energy', 'independent', 'largest eigenvalue', 'independent'], besideDiagonal)}

## Over C, at the start and after 300 steps

${table(['C', 'seeds', 't, start', 'independent', 'p', 'seeds', 't, step 300', 'independent', 'p', 'unigram formula', 'independent'], overClasses)}

Exponents of t in C: ${exponent(2)} at the start, ${exponent(6)} after 300 steps; the independent program has ${exponent(3)} and ${exponent(7)}.
`;
writeFileSync(fileURLToPath(new URL('../docs/tables/languageModel.md', import.meta.url)), text);
