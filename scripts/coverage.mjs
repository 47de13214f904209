// Coverage of every interval that the program prints: docs/tables/coverage.md. Needs a build.
// `node scripts/coverage.mjs [--runs 1000] [--study NAME,NAME] [--pools FOLDER] [--out docs/tables/coverage.md]`
// For each interval, a pool of draws by the program's own tasks at about half the sizes of preset quick; runs of as many
// draws as stated are taken from it (disjoint where it is large enough, else at random without replacement), the
// program's own functions state their intervals, and those that hold the true value are counted. About ten minutes of one
// core; a folder given by --pools keeps the draws for the next time.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { binomialLowerTail, clopperPearsonInterval, ratioInterval } from '../dist/simulations/comparisons/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { randomStream } from '../dist/simulations/random/index.js';
import { crossLayerRatio } from '../dist/src/claims/crossLayer.js';
import { claims } from '../dist/src/claims/index.js';
import { distanceSeries } from '../dist/src/claims/evidence/distanceSeries.js';
import { ratioEvidence } from '../dist/src/claims/evidence/ratioEvidence.js';
import { statedOf, unperturbed } from '../dist/src/draws/perturbation.js';
import { presets } from '../dist/src/claims/presets.js';
import { createEnvironment } from '../dist/src/draws/environment.js';
import { performTask } from '../dist/src/draws/check/index.js';
import { summariseSweep, sweepRow } from '../dist/src/pipeline/sweep/summariseSweep.js';
import { performSweepTask } from '../dist/src/draws/sweep/sweepTask.js';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    study: { type: 'string' },
    pools: { type: 'string' },
    out: { type: 'string', default: 'docs/tables/coverage.md' },
  },
});
const runs = Number(options.runs);
const seed = 'coverage';

/** Tasks of one claim at a preset of its own. */
const planned = (id, sizes, kind) =>
  claims[id]
    .plan({ preset: { ...presets.quick, ...sizes }, seed, perturbation: unperturbed, withoutAlternatives: true })
    .filter((task) => task.kind === kind);

/** Draws of one experiment after another, as the program would have finished them. */
const paired = ({ tasks, results }) =>
  tasks.flatMap((list, k) => list.map((task, i) => ({ task, result: results[k][i] })));

const fromMeasurement = ({ quantity, predicted, measured, interval }) =>
  interval === null ? [] : [{ name: quantity, value: measured, truth: predicted, interval }];

const normStudy = (id, layer, pool, classes = [4, 16, 64], name = `${id} ratios`) => ({
  name,
  draws: 20,
  truth: 'exact expectation',
  tasks: planned(id, { norms: { dimension: 128, aspectRatio: 0.5, classes, draws: pool } }, 'norm'),
  state: (sample) => ratioEvidence(paired(sample), layer, id).measurements.flatMap(fromMeasurement),
});

/** The interval that a ratio averaged over the layers would have. */
const averageStudy = (id, pool, classes, isShown = () => true) => ({
  ...normStudy(id, undefined, pool, classes),
  withheld: true,
  truth: 'pool',
  state: ({ tasks, results }) =>
    results.flatMap((list, k) => {
      const count = tasks[k][0].settings.classes;
      if (!isShown(count)) return [];
      const { ratio, interval } = ratioInterval({
        numerators: list.map(({ offDiagonal }) => offDiagonal),
        denominators: list.map(({ diagonal }) => diagonal),
      });
      const name = `r at C = ${count}, averaged over the layers`;
      return [{ name, value: ratio, interval: { lower: interval[0], upper: interval[1] } }];
    }),
});

const fromSeries = ({ block, level, exponent, interval }) => ({
  name: `exponent of d, ${block} block, level ${level}`,
  value: exponent,
  interval,
});

const lawStudy = (id, pool) => ({
  name: `${id} distances`,
  draws: [16, 12, 8],
  truth: 'pool',
  tasks: planned(id, { dimensions: [32, 64, 128], draws: [pool, pool, pool] }, 'law')
    .filter(({ purpose }) => purpose === 'law')
    .map((task) => ({
      ...task,
      nulls: 0,
      band: 0,
      keepWeights: false,
      claimed: [{ ...statedOf(task.claimed), levels: true, weights: false }],
    })),
  keep: ({ blocks }) => ({
    blocks: blocks.map(({ block, vanishes, claims: findings }) => ({
      block,
      vanishes,
      claims: findings.map(({ law, distances }) => ({ law, distances })),
    })),
  }),
  state: (sample) => distanceSeries(paired(sample), id).map(fromSeries),
});

const outputStudy = (id, pool) => ({
  name: `${id} distances`,
  draws: [16, 12, 8],
  truth: 'pool',
  tasks: planned(id, { dimensions: [32, 64, 128], draws: [pool, pool, pool] }, 'output'),
  state: (sample) => {
    const finished = paired(sample).map(({ task, result }) => ({ task, result: { kind: 'output', ...result } }));
    const context = { preset: presets.quick, seed, perturbation: unperturbed, finished };
    return claims[id].judge(context).distances.map(fromSeries);
  },
});

const crossStudy = (pool) => ({
  name: 'cross-layer ratios',
  draws: 12,
  truth: 'exact expectation',
  tasks: planned('cross-layer', { cross: { dimension: 48, classes: [8, 32], draws: pool } }, 'cross'),
  state: ({ tasks, results }) =>
    tasks.flatMap((list, k) =>
      fromMeasurement(crossLayerRatio(list.map((task, i) => ({ task, result: results[k][i] })))),
    ),
});

/** Exponents of d for each law and block, and of the typical ratio where no law is compared. */
const sweepExponents = ({ tasks, results }, { points, lists, compare }) => {
  const rows = results.flatMap((list, k) =>
    [0, 1].map((b) => {
      const { dimension, classes } = points[k];
      return sweepRow(
        tasks[k][0].point,
        { d: dimension, C: classes },
        list.map((blocks) => ({ blocks })),
        b,
      );
    }),
  );
  const { groups, ratios } = summariseSweep(rows, lists, 0.01);
  const exponents = groups.flatMap(({ block, comparisons }) =>
    comparisons.flatMap(({ name: law, exponent }) =>
      exponent === null ? [] : [{ name: `exponent of d, ${block}, ${law}`, value: exponent.value, interval: exponent }],
    ),
  );
  const slopes = ratios.flatMap(({ exponent }) =>
    exponent === null || compare.length > 0
      ? []
      : [
          {
            name: `exponent of the typical ratio against ${exponent.against}`,
            value: exponent.value,
            interval: exponent,
          },
        ],
  );
  return [...exponents, ...slopes];
};

const sweepStudy = ({ name, points, pool, compare, lists, model = 'linear', loss = 'ce' }) => {
  const layer = model === 'linear' ? 'output' : 'hidden';
  return {
    name,
    draws: 20,
    truth: 'pool',
    tasks: points.flatMap(({ dimension, classes }, point) =>
      Array.from({ length: pool }, (_, replicate) => ({
        kind: 'sweep',
        experiment: `${name} ${point}`,
        point,
        replicate,
        seed: `${seed}, ${name}`,
        nulls: 0,
        expression: undefined,
        layers: undefined,
        settings: {
          model,
          loss,
          activation: 'relu',
          initialisation: 'lecun',
          dimension,
          samples: 2 * dimension,
          classes,
          width: 8,
        },
        inputs: { distribution: 'gaussian' },
        claimedClasses: classes,
        blocks: [`${layer}-diagonal`, `${layer}-off-diagonal`],
        compare,
      })),
    ),
    state: (drawn) => sweepExponents(drawn, { points, lists, compare }),
    keep: ({ blocks }) => blocks,
  };
};

const fourClasses = [4, 8, 16, 32].map((classes) => ({ dimension: 48, classes }));
const studies = [
  normStudy('linear-ce', 'output', 2000, [4, 16, 64, 256]),
  normStudy('hidden-mse', 'hidden', 2000, [4, 16, 64, 256]),
  normStudy('hidden-ce', 'hidden', 2400),
  normStudy('output-ce', 'output', 2400),
  normStudy('hidden-ce', 'hidden', 500, [4, 256], 'hidden-ce ratios to C = 256'),
  normStudy('output-ce', 'output', 600, [4, 256], 'output-ce ratios to C = 256'),
  crossStudy(1200),
  lawStudy('linear-mse', 400),
  lawStudy('linear-ce', 200),
  lawStudy('hidden-mse', 1200),
  lawStudy('hidden-ce', 100),
  outputStudy('output-mse', 2400),
  outputStudy('output-ce', 200),
  sweepStudy({
    name: 'sweep distances',
    points: [24, 48, 96].map((dimension) => ({ dimension, classes: 5 })),
    pool: 1200,
    compare: ['law', 'weights'],
    lists: ['d'],
  }),
  sweepStudy({ name: 'sweep ratios', points: fourClasses, pool: 2400, compare: [], lists: ['d', 'C'] }),
  sweepStudy({
    name: 'sweep ratios of hidden mse',
    model: 'hidden',
    loss: 'mse',
    points: fourClasses,
    pool: 2400,
    compare: [],
    lists: ['d', 'C'],
  }),
  sweepStudy({
    name: 'sweep ratios of hidden ce',
    model: 'hidden',
    points: fourClasses,
    pool: 2400,
    compare: [],
    lists: ['d', 'C'],
  }),
  averageStudy('linear-ce', 2000, [4, 16, 64, 256], (count) => count > 16),
  averageStudy('hidden-mse', 2000, [4, 16, 64, 256]),
  averageStudy('hidden-ce', 2400),
  averageStudy('output-ce', 2400),
];

const environment = createEnvironment(await createBackend('wasm'));

/** Shared by studies of the same name. */
const pools = new Map();

/** Tasks and results of a study, one list for each experiment. */
async function poolOf({ name, tasks, keep = (result) => result }) {
  if (pools.has(name)) return pools.get(name);
  const experiments = [...new Set(tasks.map(({ experiment }) => experiment))];
  const lists = experiments.map((own) => tasks.filter(({ experiment }) => experiment === own));
  const file = options.pools === undefined ? undefined : join(options.pools, `${name.replaceAll(' ', '-')}.json`);
  const known = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const results = [];
  let drawn = 0;
  for (const list of lists) {
    const own = (known[list[0].experiment] ?? []).slice(0, list.length);
    for (const task of list.slice(own.length)) {
      const result =
        task.kind === 'sweep' ? await performSweepTask(task, environment) : await performTask(task, environment);
      own.push(keep(result));
      drawn++;
    }
    results.push(own);
  }
  if (file !== undefined && drawn > 0) {
    mkdirSync(options.pools, { recursive: true });
    writeFileSync(file, JSON.stringify(Object.fromEntries(lists.map((list, k) => [list[0].experiment, results[k]]))));
  }
  pools.set(name, { tasks: lists, results });
  return pools.get(name);
}

/** n of the pool's draws for run `run`. */
function picksOf(size, n, run, stream) {
  if (size >= runs * n) return Array.from({ length: n }, (_, i) => run * n + i);
  const picks = new Set();
  while (picks.size < n) picks.add(stream.integer(size));
  return [...picks];
}

async function coverageOf(study) {
  const pool = await poolOf(study);
  const truths = study.truth === 'pool' ? study.state(pool) : undefined;
  const rows = new Map();
  for (let run = 0; run < runs; run++) {
    const stream = randomStream(seed, study.name, run);
    const picks = pool.results.map((list, k) =>
      picksOf(list.length, Array.isArray(study.draws) ? study.draws[k] : study.draws, run, stream),
    );
    const sample = {
      tasks: pool.tasks.map((list, k) => picks[k].map((i) => list[i])),
      results: pool.results.map((list, k) => picks[k].map((i) => list[i])),
    };
    study.state(sample).forEach(({ name, interval, truth: known }, index) => {
      const truth = known ?? truths[index].value;
      const row = rows.get(name) ?? { below: 0, above: 0 };
      if (truth < interval.lower) row.above++;
      if (truth > interval.upper) row.below++;
      rows.set(name, row);
    });
  }
  return [...rows].map(([name, { below, above }]) => {
    const covered = runs - below - above;
    const [lower, upper] = clopperPearsonInterval(covered, runs, 0.99);
    const draws = Array.isArray(study.draws) ? study.draws.join(', ') : study.draws;
    return {
      study,
      name,
      draws,
      pool: pool.results[0].length,
      covered,
      below,
      above,
      holds: lower <= 0.95 && 0.95 <= upper,
    };
  });
}

/** Of the binomial interval of a rate: no draws are needed. */
function exactCoverage(rate, trials, confidence) {
  let coverage = 0;
  for (let k = 0; k <= trials; k++) {
    const [lower, upper] = clopperPearsonInterval(k, trials, confidence);
    if (lower <= rate && rate <= upper)
      coverage += binomialLowerTail(k, trials, rate) - (k === 0 ? 0 : binomialLowerTail(k - 1, trials, rate));
  }
  return coverage;
}

const table = (rows) =>
  [
    '| of | interval | draws a run | pool | true value | covered | below, above | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ study, name, draws, pool, covered, below, above, holds }) =>
        `| ${study.name} | ${name} | ${draws} | ${pool} | ${study.truth === 'pool' ? 'pool' : 'exact'} | ${(covered / runs).toFixed(3)} | ${below}, ${above} | ${holds ? '' : 'not 0.95'} |`,
    ),
  ].join('\n');

/** Written after each study: an interrupted run leaves what it measured. */
function writeTable(rows) {
  const [stated, withheld] = [false, true].map((flag) =>
    rows.filter(({ study }) => (study.withheld ?? false) === flag),
  );
  const range = clopperPearsonInterval(Math.round(0.95 * runs), runs, 0.99)
    .map((value) => value.toFixed(3))
    .join(' to ');
  writeFileSync(
    options.out,
    `# Coverage of printed intervals

Share of ${runs} runs in which a 95 % interval holds the true value; by chance alone ${range} (99 %). Made by
\`node scripts/coverage.mjs\`, seed ${seed}: draws by the program's own tasks at half the sizes of preset quick (ratios
d = 128, N = 256; cross-layer d = 48; spectra d = 32, 64, 128; sweep ratios d = 48), half its draws a run, intervals by
the program's own functions.

- *pool*: draws at each setting; runs take theirs from it, at random without replacement where it is smaller than all
  runs together.
- *true value*: *exact*, the expectation that stands beside the interval (given V and W of the draws of the run, or at
  this d and N); *pool*, the same estimator over the whole pool.
- *below, above*: runs whose interval lies wholly below or above it.

## Stated intervals

${table(stated)}

The ${stated.length} shares: mean ${(stated.reduce((sum, { covered }) => sum + covered / runs, 0) / stated.length).toFixed(4)}, ${stated.filter(({ holds }) => !holds).length} outside the range of chance.

Binomial intervals of the rates of a calibration (Clopper and Pearson, 99 %, 400 runs) never cover less than they say:
${[0.01, 0.05, 0.5].map((rate) => `${exactCoverage(rate, 400, 0.99).toFixed(4)} at a rate of ${rate}`).join(', ')}, summed exactly.

## Withheld intervals

What the same formula would cover where tails are too heavy: averages over the layers of a hidden model, and a linear
model whose draws are worth fewer than 200 samples. These ratios are printed without an interval.

${table(withheld)}
`,
  );
}

const rows = [];
for (const study of studies.filter(({ name }) => options.study?.split(',').includes(name) ?? true)) {
  const started = performance.now();
  const found = await coverageOf(study);
  rows.push(...found);
  for (const { name, covered, holds } of found)
    console.error(`${study.name}: ${name}: ${covered / runs}${holds ? '' : ' !'}`);
  console.error(`${study.name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  writeTable(rows);
}
