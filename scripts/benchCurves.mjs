// What one draw costs, against each of its sizes: for `npm run bench -- --curves-only`. A draw is inputs, layers, weights
// of a diagonal and an off-diagonal block, and all eigenvalues of both; no law is solved. Seconds of processor inside
// the process, after one draw that is not counted, the programs in turns, so that start, compilation and neighbours count
// for little. Figure: docs/pictures/cost-curves.svg.
import { writeFileSync } from 'node:fs';

/** Draws whose time is counted take about as long as this together, on a processor of today. */
const SECONDS_A_PROCESS = 0.6;
const MOST_DRAWS = 40;
/** Multiply-adds above which a setting is drawn once by each program. */
const LONG = 2e11;

const linear = (d, n, classes) => ({ kind: 'linear-ce', d, n, classes, width: 8 });
/** A curve: what changes, and the sizes from which its exponent is fitted. */
export const CURVES = [
  {
    name: 'dimension',
    from: 1000,
    points: [125, 250, 500, 1000, 2000, 4000, 8000].map((d) => ({ at: d, ...linear(d, 2 * d, 10) })),
  },
  {
    name: 'samples over dimension',
    from: 2,
    points: [0.5, 1, 2, 4, 8].map((ratio) => ({ at: ratio, ...linear(500, 500 * ratio, 10) })),
  },
  {
    name: 'classes',
    from: 1000,
    points: [10, 100, 1000, 10_000, 100_000].map((classes) => ({ at: classes, ...linear(500, 1000, classes) })),
  },
  {
    name: 'width',
    from: 64,
    points: [8, 16, 32, 64, 128, 256].map((width) => ({
      at: width,
      kind: 'hidden-ce',
      d: 500,
      n: 1000,
      classes: 1000,
      width,
    })),
  },
];
/** Settings beside the curves that a goal names; goals are ratios to NumPy. */
export const SINGLE = [
  { name: 'd = 1000', ...linear(1000, 2000, 10), goals: { wasm: 1.7, native: 0.9 } },
  { name: 'd = 4000', ...linear(4000, 8000, 10), goals: { wasm: 1, native: 0.5 } },
  { name: 'C = 10 000', ...linear(1000, 2000, 10_000), goals: {} },
  // NumPy's logits are of double precision.
  { name: 'C = 10 000, single', ...linear(1000, 2000, 10_000), logitPrecision: 'single', goals: { wasm: 1.2 } },
  {
    name: 'hidden, m = 256',
    ...{ kind: 'hidden-ce', d: 500, n: 1000, classes: 1000, width: 256 },
    goals: { wasm: 0.9 },
  },
];
const TINY_CURVES = [
  { name: 'dimension', from: 30, points: [30, 60].map((d) => ({ at: d, ...linear(d, 2 * d, 10) })) },
];
const TINY_SINGLE = [{ name: 'tiny', ...linear(40, 80, 10), goals: {} }];

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const significant = (x) => Number(x.toPrecision(3));
const describe = ({ kind, d, n, classes, width, logitPrecision }) =>
  `${kind}, d = ${d}, N = ${n}, C = ${classes}${kind === 'hidden-ce' ? `, m = ${width}` : ''}${logitPrecision === undefined ? '' : `, logits ${logitPrecision}`}`;

/** Multiply-adds of a draw, roughly: how many draws a process should time. */
const work = ({ d, n, classes, width, kind }) =>
  2 * d * d * n + (8 / 3) * d ** 3 + 2 * classes * n * (kind === 'hidden-ce' ? 2 * width : d);

/** Slope of log seconds on log size by least squares, over the points from `from` on. */
export function exponentOf(points, from, program) {
  const used = points
    .filter(({ at, seconds }) => at >= from && seconds[program] !== undefined)
    .map(({ at, seconds }) => [Math.log(at), Math.log(seconds[program])]);
  if (used.length < 2) return undefined;
  const mean = (k) => used.reduce((sum, pair) => sum + pair[k], 0) / used.length;
  const [x, y] = [mean(0), mean(1)];
  const [xy, xx] = used.reduce(([a, b], [u, v]) => [a + (u - x) * (v - y), b + (u - x) ** 2], [0, 0]);
  return Number((xy / xx).toFixed(2));
}

/**
 * Single settings and curves, each setting measured once, the cheapest first. `programs` maps a name to the command that
 * times the draws of one setting.
 */
export function measureCurves({ programs, tiny, rounds, run }) {
  const [singles, wanted] = tiny ? [TINY_SINGLE, TINY_CURVES] : [SINGLE, CURVES];
  const settings = new Map(
    [...singles, ...wanted.flatMap(({ points }) => points)].map((each) => [describe(each), each]),
  );
  const found = new Map(
    [...settings]
      .toSorted(([, a], [, b]) => work(a) - work(b))
      .map(([name, setting]) => [name, timeDraws(setting, { programs, rounds: tiny ? 1 : rounds, run })]),
  );
  const single = singles.map((setting) => ({ ...setting, ...found.get(describe(setting)) }));
  const curves = wanted.map(({ name, from, points }) => {
    const measured = points.map((point) => ({ ...point, ...found.get(describe(point)) }));
    const exponents = Object.fromEntries(
      Object.keys(programs).map((program) => [program, exponentOf(measured, from, program)]),
    );
    console.log(`${name}: exponents from ${from} on ${JSON.stringify(exponents)}`);
    return { name, from, points: measured, exponents };
  });
  return { single, curves };
}

/** Medians over rounds of each process's median, and of the ratios to NumPy in the same round. */
function timeDraws(setting, { programs, rounds, run }) {
  const draws = Math.max(1, Math.min(MOST_DRAWS, Math.round((SECONDS_A_PROCESS * 1e10) / work(setting))));
  // Compiling takes a tenth of a second: of many, it is nothing, and they are drawn once.
  const replicates = work(setting) > LONG ? 1 : draws + 1;
  const turns = work(setting) > LONG ? 1 : rounds;
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, command] of Object.entries(programs)) {
      const [program, ...args] = command(setting, replicates);
      times[name].push(median(JSON.parse(run(program, args).stdout.trim().split('\n').at(-1)).processor));
    }
  }
  const ours = Object.entries(times).filter(([name]) => name !== 'numpy');
  const row = {
    seconds: Object.fromEntries(Object.entries(times).map(([name, values]) => [name, significant(median(values))])),
    ratios:
      times.numpy &&
      Object.fromEntries(
        ours.map(([name, values]) => [name, significant(median(values.map((time, turn) => time / times.numpy[turn])))]),
      ),
    draws: turns * draws,
  };
  console.log(
    `one draw, ${describe(setting)}: ${Object.entries(row.seconds)
      .map(([name, time]) => `${name} ${time} s${row.ratios?.[name] ? ` (${row.ratios[name]})` : ''}`)
      .join(', ')}`,
  );
  return row;
}

/** docs/pictures/cost-curves.svg, where there is a browser to draw it. */
export async function drawCurves({ curves }, source, path) {
  const { costFigure, findBrowser, openImageRenderer } = await import('../dist/figures/index.js');
  const browser = findBrowser({ environment: process.env, platform: process.platform });
  if (browser === undefined) return false;
  const renderer = await openImageRenderer(browser);
  try {
    const svg = await renderer.svg(costFigure(curves, source), {});
    // A hundredth of a pixel is enough.
    writeFileSync(
      path,
      svg.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100)),
    );
  } finally {
    await renderer.close();
  }
  return true;
}
