// The benchmark. `npm run bench [-- options]` --tiny one small workload, one round: what the tests run, so that this
// file cannot rot --rounds N alternating runs of each program (3) --workload NAME linear, many-classes, hidden; may be
// repeated (all) --backend NAME wasm, native; may be repeated (wasm, and native where its library is found) --baseline
// FILE another NumPy program with the arguments of test/bench/endToEnd/numpyBaseline.py --out FILE where to write
// (bench/results.json) --kernels-only rates of the kernels, no end-to-end runs --scale-only largest sizes and two
// workers alone, --curves-only the cost of one draw against each of its sizes, --figure-only its picture again: the
// rest of the results file stays as it is. Answers are compared before anything is timed. Times are of whole
// processes, every program on one thread, in turns on one machine; those of one draw are of the draw alone.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawCurves, measureCurves } from './benchCurves.mjs';
import { benchTable, curvesSource } from './benchTable.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    tiny: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    workload: { type: 'string', multiple: true },
    backend: { type: 'string', multiple: true },
    baseline: { type: 'string', default: join(root, 'test/bench/endToEnd/numpyBaseline.py') },
    out: { type: 'string', default: join(root, 'bench/results.json') },
    'kernels-only': { type: 'boolean', default: false },
    'scale-only': { type: 'boolean', default: false },
    'curves-only': { type: 'boolean', default: false },
    'figure-only': { type: 'boolean', default: false },
  },
});

const WORKLOADS = {
  linear: { arguments: ['linear-ce', 1000, 2000, 10, 10], goals: { wasm: 0.6, native: 0.4 } },
  'many-classes': { arguments: ['linear-ce', 1000, 2000, 10000, 4], goals: { wasm: 1.3, native: 0.7 } },
  hidden: { arguments: ['hidden-ce', 1000, 2000, 1000, 10], goals: { wasm: 0.45, native: 0.3 } },
};
const TINY = {
  'tiny linear': { arguments: ['linear-ce', 60, 120, 10, 2], goals: {} },
  'tiny hidden': { arguments: ['hidden-ce', 60, 120, 50, 2], goals: {} },
};
/** Sizes at the far end: [name, arguments, backend]. Two blocks each. */
const LARGE = [
  ['d = 8000', ['linear-ce', 8000, 16000, 10, 1], 'native'],
  ['C = 100 000', ['linear-ce', 1000, 2000, 100000, 1], 'wasm'],
];
const LARGE_TINY = [['tiny', ['linear-ce', 80, 160, 300, 1], 'wasm']];
/** d, N, C, draws. */
const THROUGHPUT = [500, 1000, 10, 64];
const THROUGHPUT_TINY = [40, 80, 10, 4];
/**
 * Of the norm for eigenvalues; absolute for distances, where the baseline groups the weights and stays above the axis.
 */
const TOLERANCES = { eigenvalues: 1e-12, distance: 5e-3 };

const throughputProgram = join(root, 'test/bench/endToEnd/throughput.mjs');
const ours = join(root, 'test/bench/endToEnd/replicates.mjs');
const measure = join(root, 'test/bench/endToEnd/measure.py');
const environment = {
  ...process.env,
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  VECLIB_MAXIMUM_THREADS: '1',
};

const run = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args.map(String), {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${error ?? stderr}`);
  return { stdout, stderr };
};
const lastLine = (text) => JSON.parse(text.trim().split('\n').at(-1));
const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const significant = (x) => Number(x.toPrecision(3));

const { createBackend, describeBackends } = await import('../dist/simulations/linalg/index.js');
const described = await describeBackends();
const backends =
  options.backend ?? ['wasm', 'native'].filter((name) => described.find((b) => b.name === name)?.available);
const python = spawnSync(
  'python3',
  ['-c', 'import sys, numpy, scipy; print(numpy.__version__, scipy.__version__, sys.executable)'],
  { encoding: 'utf8' },
);
const hasNumpy = python.status === 0;
/** The interpreter itself, not a launcher that would add its own time. */
const [numpyVersion, scipyVersion, interpreter] = hasNumpy ? python.stdout.trim().split(' ') : [];

const machine = {
  processor: cpus()[0]?.model.trim(),
  threads: availableParallelism(),
  system: `${platform()} ${release()} ${arch()}`,
  node: process.versions.node,
};
/** Whether the results file keeps what is not measured this time. */
const addsToFile = options['scale-only'] || options['curves-only'] || options['figure-only'];
const results = addsToFile
  ? JSON.parse(readFileSync(options.out, 'utf8'))
  : {
      machine,
      /**
       * Of the last minute, at the start: above the number of threads other programs were at work, and wall times mean
       * little.
       */
      loadAverage: significant(loadavg()[0]),
      environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('OPENBLAS_'))),
      numpy: hasNumpy ? `NumPy ${numpyVersion}, SciPy ${scipyVersion}` : undefined,
      backends: Object.fromEntries(described.map(({ name, description }) => [name, description])),
      kernels: await kernelRates(),
      endToEnd: [],
    };
if (!addsToFile)
  for (const [name, { rate, unit, share }] of Object.entries(results.kernels)) {
    console.log(
      `${name.padEnd(34)} ${String(rate).padStart(8)} ${unit}${share === undefined ? '' : `  ${(100 * share).toFixed(0)} % of the limit`}`,
    );
  }

if (results.loadAverage > results.machine.threads)
  console.log(`load average ${results.loadAverage}: this machine is busy, trust ratios of processor times only`);

const endToEndWanted = !options['kernels-only'] && !addsToFile;
if (endToEndWanted) {
  if (!hasNumpy) console.log('python3 with NumPy and SciPy is not here: no baseline, no ratios');
  const chosen = options.tiny
    ? TINY
    : Object.fromEntries(
        Object.entries(WORKLOADS).filter(([name]) => !options.workload || options.workload.includes(name)),
      );
  for (const [name, workload] of Object.entries(chosen)) results.endToEnd.push(endToEnd(name, workload));
}
if (!options.tiny && endToEndWanted && hasNumpy) {
  // Laws against the same method in NumPy: distribution functions at 1000 points, the whole law built each time.
  results.laws = run(process.execPath, [join(root, 'test/bench/runLaws.mjs')])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const row of results.laws) console.log(JSON.stringify(row));
}
if ((endToEndWanted && !options.workload) || options['scale-only']) results.scale = scale();
if ((endToEndWanted && !options.workload) || options['curves-only']) results.oneDraw = oneDraw();
mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
console.log(`written to ${options.out}`);
const isQuoted = resolve(options.out) === join(root, 'bench/results.json');
if (isQuoted && results.oneDraw) {
  const picture = join(root, 'docs', 'pictures', 'cost-curves.svg');
  const isDrawn = await drawCurves(results.oneDraw, curvesSource(results.oneDraw), picture);
  console.log(isDrawn ? `drawn in ${picture}` : 'no browser here: the picture of the curves stays as it is');
}
if (isQuoted && hasNumpy && results.scale && results.laws) {
  const path = join(root, 'docs', 'speed.md');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(
      /(<!-- speed -->\n)[^]*?(<!-- \/speed -->)/,
      (_, before, after) => `${before}\n${benchTable(results)}\n${after}`,
    ),
  );
  console.log('docs/speed.md quotes it');
}

/** One workload: answers first, then every program in turn, `rounds` times. */
function endToEnd(name, { arguments: args, goals }) {
  const rounds = options.tiny ? 1 : Number(options.rounds ?? 3);
  const answers = hasNumpy
    ? Object.fromEntries(backends.map((backend) => [backend, compareAnswers(args, backend)]))
    : undefined;
  const programs = Object.fromEntries(backends.map((backend) => [backend, [process.execPath, ours, ...args, backend]]));
  if (hasNumpy) programs.numpy = [interpreter, options.baseline, ...args];
  const times = Object.fromEntries(Object.keys(programs).map((program) => [program, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [program, command] of Object.entries(programs)) {
      times[program].push(hasNumpy ? lastLine(run(interpreter, [measure, ...command]).stderr) : timeOnly(command));
    }
  }
  const summary = Object.fromEntries(
    Object.entries(times).map(([program, runs]) => [
      program,
      {
        wallSeconds: significant(median(runs.map(({ wall }) => wall))),
        cpuSeconds: hasNumpy ? significant(median(runs.map(({ cpu }) => cpu))) : undefined,
        peakMegabytes: hasNumpy ? Math.round(Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 2 ** 20) : undefined,
      },
    ]),
  );
  const ratios = hasNumpy
    ? Object.fromEntries(
        backends.map((backend) => [
          backend,
          {
            wall: significant(summary[backend].wallSeconds / summary.numpy.wallSeconds),
            cpu: significant(summary[backend].cpuSeconds / summary.numpy.cpuSeconds),
            goal: goals[backend],
          },
        ]),
      )
    : undefined;
  console.log(`\n${name}: ${args.join(' ')} (medians of ${rounds})`);
  for (const [program, { wallSeconds, cpuSeconds, peakMegabytes }] of Object.entries(summary)) {
    const ratio = ratios?.[program];
    console.log(
      `  ${program.padEnd(8)} ${wallSeconds.toFixed(2).padStart(7)} s wall${cpuSeconds === undefined ? '' : `, ${cpuSeconds.toFixed(2)} s processor, ${peakMegabytes} MB`}` +
        (ratio
          ? `; ratio ${ratio.wall.toFixed(2)} (processor ${ratio.cpu.toFixed(2)})${ratio.goal ? `, goal ${ratio.goal}` : ''}`
          : ''),
    );
  }
  return { name, arguments: args, rounds, answers, programs: summary, ratios, runs: times };
}

/** The largest sizes, one run each, and the pool with one worker and with two, in turn. */
function scale() {
  const large = (options.tiny ? LARGE_TINY : LARGE).flatMap(([name, args, backend]) => {
    if (!backends.includes(backend)) return [];
    const command = [process.execPath, ours, ...args, backend];
    const { stdout, stderr } = hasNumpy ? run(interpreter, [measure, ...command]) : run(command[0], command.slice(1));
    const { seconds } = lastLine(stdout);
    const peak = hasNumpy ? lastLine(stderr) : undefined;
    const row = {
      name,
      arguments: args,
      backend,
      wallSeconds: significant(peak?.wall ?? seconds.draw + seconds.eigenvalues + seconds.distance),
      peakMegabytes: peak && Math.round(peak.peakBytes / 2 ** 20),
    };
    console.log(
      `\n${name} (${args.join(' ')}, both blocks, ${backend}): ${row.wallSeconds} s${peak ? `, at most ${row.peakMegabytes} MB` : ''}`,
    );
    return [row];
  });
  const args = options.tiny ? THROUGHPUT_TINY : THROUGHPUT;
  const rates = { 1: [], 2: [] };
  const digests = new Set();
  for (let round = 0; round < (options.tiny ? 1 : 3); round += 1) {
    for (const workers of [1, 2]) {
      const { drawsPerSecond, digest } = lastLine(run(process.execPath, [throughputProgram, ...args, workers]).stdout);
      rates[workers].push(drawsPerSecond);
      digests.add(digest);
    }
  }
  if (digests.size !== 1) throw new Error('the answers depend on the number of workers');
  const throughput = {
    arguments: args,
    drawsPerSecond: { 1: significant(median(rates[1])), 2: significant(median(rates[2])) },
    ratio: significant(median(rates[2]) / median(rates[1])),
  };
  console.log(
    `two workers against one (d, N, C, draws = ${args.join(', ')}): ${throughput.drawsPerSecond[2]} against ${throughput.drawsPerSecond[1]} draws a second, ${throughput.ratio} times`,
  );
  return { machine, loadAverage: significant(loadavg()[0]), large, throughput };
}

/** One draw against each of its sizes, by every backend and by NumPy. */
function oneDraw() {
  const positionals = ({ kind, d, n, classes }, replicates) => [kind, d, n, classes, replicates];
  const programs = Object.fromEntries(
    backends.map((backend) => [
      backend,
      (setting, replicates) => [
        ...[process.execPath, ours, ...positionals(setting, replicates), backend],
        ...['--width', setting.width, '--draws-only'],
        ...(setting.logitPrecision === undefined ? [] : ['--logit-precision', setting.logitPrecision]),
      ],
    ]),
  );
  if (hasNumpy) {
    programs.numpy = (setting, replicates) => [
      ...[interpreter, join(root, 'test/bench/endToEnd/numpyBaseline.py'), '--draws-only'],
      ...[...positionals(setting, replicates), setting.width],
    ];
  }
  const rounds = options.tiny ? 1 : Number(options.rounds ?? 3);
  const compared = options.tiny
    ? Object.values(TINY)
    : [WORKLOADS.linear, { arguments: ['hidden-ce', 500, 1000, 1000] }];
  const answers = hasNumpy
    ? compared.flatMap(({ arguments: args }) =>
        backends.map((backend) => ({ arguments: args.slice(0, 4), backend, ...compareAnswers(args, backend) })),
      )
    : undefined;
  const measured = measureCurves({ programs, tiny: options.tiny, rounds, run });
  return {
    machine,
    loadAverage: significant(loadavg()[0]),
    native: described.find(({ name }) => name === 'native')?.description,
    numpy: hasNumpy ? `NumPy ${numpyVersion}, ${numpyKernels()}` : undefined,
    answers,
    ...measured,
  };
}

/** What NumPy says of its own linear algebra: library and kernels chosen on this machine. */
function numpyKernels() {
  const { stdout } = run(interpreter, [join(root, 'test/bench/endToEnd/numpyKernels.py')]);
  return stdout.trim();
}

/** Eigenvalues and distances of the first replicate, again by NumPy from the same inputs and weights. */
function compareAnswers(args, backend) {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-bench-'));
  try {
    const { distances } = lastLine(run(process.execPath, [ours, ...args.slice(0, 4), 1, backend, folder]).stdout);
    const { blocks } = lastLine(
      run(interpreter, [join(root, 'test/bench/endToEnd/numpyBaseline.py'), '--verify', folder, args[1], args[2]])
        .stdout,
    );
    const eigenvalueError = Math.max(...blocks.map((block) => block.eigenvalueError));
    const distanceGap = Math.max(...blocks.map(({ distance }, i) => Math.abs(distance - distances[i])));
    if (!(eigenvalueError < TOLERANCES.eigenvalues && distanceGap < TOLERANCES.distance)) {
      throw new Error(
        `${backend}: answers disagree with NumPy: eigenvalues by ${eigenvalueError} of the norm, distances by ${distanceGap}`,
      );
    }
    return { eigenvalueError, distanceGap };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeOnly([command, ...args]) {
  const started = performance.now();
  run(command, args);
  return { wall: (performance.now() - started) / 1000 };
}

/** Best of several runs of each kernel in processor time; the limit is a loop of multiply-adds on registers alone. */
async function kernelRates() {
  const { instantiate, kernelModule } = await import('../dist/simulations/linalg/wasm/kernelModule.js');
  const { randomStream } = await import('../dist/simulations/random/index.js');
  await createBackend('wasm');
  const d = options.tiny ? 200 : 1000;
  const n = 2 * d;
  const repeats = options.tiny ? 2 : 7;
  const seconds = (work) => {
    let best = Infinity;
    for (let i = 0; i < repeats; i += 1) {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1e6);
    }
    return best;
  };
  const { kernels } = instantiate(kernelModule().module, 0);
  const limit = 40e7 / seconds(() => kernels.peakRate(1e7)) / 1e9;
  const rates = { 'limit (wasm, registers only)': { rate: significant(limit), unit: 'GFLOP/s' } };
  const stream = randomStream('benchmark', 'kernels', 0);
  const normals = new Float64Array(1e6);
  rates['normal draws'] = {
    rate: significant((1e9 * seconds(() => stream.fillNormals(normals))) / normals.length),
    unit: 'ns each',
  };
  for (const name of backends) {
    const backend = await createBackend(name);
    const workspace = backend.createWorkspace(d, n);
    workspace.drawInputs(stream);
    const weights = new Float64Array(n);
    stream.fillNormals(weights);
    const matrix = workspace.weightedGram(weights);
    const classes = options.tiny ? 96 : 1920;
    const tile = (_start, out) => out.fill(1e-3);
    const fresh = (flops, work) => {
      const rate = flops / seconds(work) / 1e9;
      return {
        rate: significant(rate),
        unit: 'GFLOP/s',
        share: name === 'wasm' ? significant(rate / limit) : undefined,
      };
    };
    // Floating-point operations that the algorithm needs: a lower triangle d²N, a tridiagonalisation 4d³/3, a product
    // 2CdN.
    rates[`${name}: weighted Gram`] = fresh(d * d * n, () => workspace.squaredFrobeniusNorms([weights]));
    rates[`${name}: eigenvalues of a matrix`] = fresh((4 / 3) * d ** 3, () => backend.symmetricEigenvalues(matrix, d));
    rates[`${name}: logits and softmax`] = fresh(2 * classes * d * n, () =>
      workspace.softmaxOfClasses(tile, classes, [0]),
    );
  }
  return rates;
}
