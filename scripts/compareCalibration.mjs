// False alarms of every test of `limitlaw compare` on true spectra: writes docs/tables/compare-calibration.md.
// Usage: npm run build && node scripts/compareCalibration.mjs [--out FILE] [--sizes 20,40,100] [--runs 1000]
// [--settings REGEX]
//
// 1000 true spectra for each setting, drawn as matrices from streams of their own. A set of 199 null draws serves 10 of
// them where the hypothesis is the same, which widens the standard deviation of a rate by at most 3 %; where the aspect
// ratio is fitted every spectrum has its own. About 10 minutes on one core.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareSpectrum } from '../dist/src/pipeline/compare/compare.js';
import { pooledSpectrum } from '../dist/src/pipeline/compare/givenSpectrum.js';
import { clopperPearsonInterval } from '../dist/simulations/comparisons/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { randomStream } from '../dist/simulations/random/index.js';
import { discreteMeasure } from '../dist/theory/measures/index.js';

const SHARED = 10;
const LEVELS = [0.05, 0.01];
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/tables/compare-calibration.md' },
    sizes: { type: 'string', default: '20,40,100' },
    runs: { type: 'string', default: '1000' },
    settings: { type: 'string', default: '.' },
  },
});
const sizes = options.sizes.split(',').map(Number);
const RUNS = Number(options.runs);
const chosen = new RegExp(options.settings);
const backend = await createBackend('wasm');
const workspaces = new Map();

function draw(stream, dimension, weights) {
  const key = `${dimension} ${weights.length}`;
  if (!workspaces.has(key)) workspaces.set(key, backend.createWorkspace(dimension, weights.length));
  const workspace = workspaces.get(key);
  workspace.drawInputs(stream);
  return workspace.eigenvalues(weights).slice();
}

const ones = (count) => new Float64Array(count).fill(1);
const lognormal = (stream, count) => Float64Array.from({ length: count }, () => Math.exp(0.7 * stream.normal()));
const signed = (stream, count) => Float64Array.from({ length: count }, () => 0.3 + stream.normal());
const gates = (stream, count) => Float64Array.from({ length: count }, () => (stream.uniform() < 0.5 ? 0 : 1));
const one = discreteMeasure([1]);

/** `options` may draw: it is called once for each set of null draws; `weights` once for each matrix. */
const settings = [
  { name: 'weights 1, d/N = 1/2', ratio: 0.5, options: () => ({ weights: one, aspectRatio: 0.5 }), weights: ones },
  { name: 'weights 1, d/N = 2', ratio: 2, options: () => ({ weights: one, aspectRatio: 2 }), weights: ones },
  {
    name: 'weights 1, scale fitted, d/N = 1/2',
    ratio: 0.5,
    options: () => ({ aspectRatio: 0.5 }),
    weights: ones,
    normalised: true,
  },
  { name: 'weights 1, scale and aspect ratio fitted', ratio: 0.5, options: () => ({}), weights: ones, shared: 1 },
  {
    name: 'gates 0 and 1 stated, d/N = 1/2',
    ratio: 0.5,
    options: () => ({ weights: discreteMeasure([0, 1], [0.5, 0.5]), aspectRatio: 0.5 }),
    weights: (count, stream) => gates(stream, count),
  },
  { name: 'lognormal weights given, directions out, d/N = 1/2', ratio: 0.5, given: lognormal, rank: 1 },
  { name: 'weights of both signs given, d/N = 1/2', ratio: 0.5, given: signed, rank: 0 },
  { name: 'the same, three draws together', ratio: 0.5, given: signed, rank: 0, draws: 3 },
];

function spectrumOf(setting, dimension, stream, given) {
  const samples = Math.round(dimension / setting.ratio);
  const spectra = Array.from({ length: setting.draws ?? 1 }, (_, r) => {
    const values = draw(stream, dimension, given === undefined ? setting.weights(samples, stream) : given[r]);
    // A fitted scale makes the hypothesis that of every multiple: at mean 1 the null draws can be shared.
    if (!setting.normalised) return values;
    const mean = values.reduce((a, b) => a + b) / dimension;
    return values.map((value) => value / mean);
  });
  return {
    eigenvalues: pooledSpectrum(spectra),
    spectra,
    roundoff: 2 ** -52,
    rank: setting.rank ?? 0,
    description: '',
  };
}

/** Rejections at each level: of every test alone, and of any after Holm. */
function measure(setting, dimension) {
  const counts = new Map();
  const shared = setting.shared ?? SHARED;
  const label = `compare calibration: ${setting.name}`;
  for (let run = 0; run < RUNS; run++) {
    const group = Math.floor(run / shared);
    if (run % shared === 0) {
      const stream = randomStream(`weights ${dimension}`, label, group);
      setting.tables = new Map();
      setting.drawn = setting.given
        ? Array.from({ length: setting.draws ?? 1 }, () => setting.given(stream, Math.round(dimension / setting.ratio)))
        : undefined;
    }
    const spectrum = spectrumOf(setting, dimension, randomStream(`truth ${dimension}`, label, run), setting.drawn);
    const { tests, reason } = compareSpectrum(
      spectrum,
      {
        ...(setting.drawn ? { drawnWeights: setting.drawn } : setting.options()),
        nullReplicates: 199,
        level: 0.01,
        seed: `calibration ${dimension} ${group}`,
        nullTables: setting.tables,
        measuresPower: false,
      },
      backend,
    );
    const smallest = {
      id: 'any, after Holm',
      pValue: Math.min(1, tests.length * Math.min(...tests.map((test) => test.pValue))),
    };
    const exact = { id: 'exact statements', pValue: reason.startsWith('An exact') ? 0 : 1 };
    for (const { id, pValue } of [...tests, smallest, exact]) {
      const entry = counts.get(id) ?? { runs: 0, rejections: LEVELS.map(() => 0) };
      entry.runs++;
      LEVELS.forEach((level, k) => (entry.rejections[k] += pValue <= level ? 1 : 0));
      counts.set(id, entry);
    }
  }
  return counts;
}

const cpu = process.cpuUsage();
const rows = [];
let cells = 0;
const outside = [0, 0];
for (const setting of settings.filter(({ name }) => chosen.test(name))) {
  for (const dimension of sizes) {
    for (const [id, { runs, rejections }] of measure(setting, dimension)) {
      const cellsOfRow = LEVELS.map((level, k) => {
        const [low, high] = clopperPearsonInterval(rejections[k], runs, 0.95);
        const conservative = id === 'any, after Holm' || id === 'exact statements';
        cells++;
        if (low > level) outside[0]++;
        if (high < level && !conservative && runs === RUNS) outside[1]++;
        return `${rejections[k]} of ${runs}: ${low.toFixed(4)} … ${high.toFixed(4)}${low > level ? ' (above)' : ''}`;
      });
      rows.push(`| ${setting.name} | ${dimension} | ${id} | ${cellsOfRow.join(' | ')} |`);
      console.error(rows.at(-1));
    }
  }
}
const { user, system } = process.cpuUsage(cpu);
writeFileSync(
  options.out,
  `# False alarms of \`limitlaw compare\`

Rejections of ${RUNS} true spectra for each setting and size, and their 95 % binomial intervals (Clopper and Pearson), by
\`scripts/compareCalibration.mjs\`. Each test alone at levels 0.05 and 0.01; "any, after Holm" is the chance that a true
spectrum is said to disagree at that level. The test \`within\` has fewer runs where only some laws have gaps.

Of ${cells} cells ${outside[0]} have their whole interval above the level and ${outside[1]} below it (Holm's rows, which may be
conservative, left out), where chance alone makes about ${Math.round(0.025 * cells)} each.

| hypothesis | d | test | level 0.05 | level 0.01 |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
);
console.error(`${Math.round((user + system) / 1e6)} s of processor time`);
