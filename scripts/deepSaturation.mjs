// Where do the ratios of deep networks stop falling with C? Needs a build. Exponents in C before and after the widths bound them, and
// floors against the width, of networks drawn at seeds of their own; prints docs/tables/deep-saturation.md, in one processor minute:
// `node scripts/deepSaturation.mjs [seed] > docs/tables/deep-saturation.md`.
import { lineThroughMeans, ratioOfMeans } from '../dist/simulations/comparisons/index.js';
import { deepSampler } from '../dist/simulations/deep/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { randomStream } from '../dist/simulations/random/index.js';
import { deepRatios } from '../dist/theory/index.js';

const seed = process.argv[2] ?? '1';
const depth = 3;
const units = 8;
const before = [10, 30, 100, 300];
const after = [300, 1000, 3000, 10_000];
const widths = [32, 64, 128];
const width = 128;
const most = after.at(-1);
const drawsOf = (classes) => (classes > 3000 ? 16 : classes > 300 ? 24 : 60);

const backend = await createBackend('auto');
/** By layer: ratio drawn with its error, and as claimed. */
function layersOf(loss, size, classes) {
  const network = { loss, dimension: size, samples: size, widths: Array(depth).fill(size), classes, logitVariance: 1 };
  const sample = deepSampler(network, units, backend);
  const drawn = Array.from({ length: drawsOf(classes) }, (_, k) =>
    sample(randomStream(`${seed}/saturation/${loss}/${size}/${classes}`, 'deep-network', k)),
  );
  return deepRatios({ ...network, aspectRatio: 1 }).map((claim, k) => ({
    claim,
    ...ratioOfMeans(
      drawn.map((layers) => layers[k].off),
      drawn.map((layers) => layers[k].diagonal),
    ),
  }));
}

const lineOf = (points) => {
  const { slope, interval } = lineThroughMeans(
    points.map(({ size, ratio, standardError, draws }) => ({
      x: Math.log(size),
      mean: Math.log(ratio),
      variance: (standardError / ratio) ** 2,
      degrees: draws - 1,
    })),
    0.95,
  );
  return { slope, interval };
};
const claimedOf = (points) =>
  lineOf(points.map(({ size, claim }) => ({ size, ratio: claim.ratio, standardError: 0, draws: Infinity }))).slope;
const three = (value) => value.toFixed(3).replace('-', '−');
/** Every slope with its place, and whether its interval holds the claimed one. */
const judged = [];
const row = (points, place) => {
  const { slope, interval } = lineOf(points);
  const claimed = claimedOf(points);
  judged.push({ place, holds: interval[0] <= claimed && claimed <= interval[1] });
  return `${three(slope)} [${interval.map(three).join(', ')}] | ${three(claimed)}`;
};

console.log(`# Saturation of deep networks

Slopes of log r against log C in the hidden layers of networks at initialisation, d = N = n = ${width}, L = ${depth}: drawn (95 % interval) and through
\`deepRatios\` at the same C; on either side of where the widths bound the ratios, as no line fits both. ${units} units a layer, ${drawsOf(10)} draws at each C up to 300, ${drawsOf(1000)} up to 3000, ${drawsOf(most)} at
${most}. Made by \`node scripts/deepSaturation.mjs\`, seed ${seed}.

| loss | layer | C = ${before[0]} … ${before.at(-1)} | claimed | C = ${after[0]} … ${most} | claimed |
| --- | --- | --- | --- | --- | --- |`);
const floors = [];
for (const loss of ['mse', 'ce']) {
  const classes = [...new Set([...before, ...after])];
  const drawn = new Map(classes.map((count) => [count, layersOf(loss, width, count)]));
  for (let k = 0; k < depth; k++) {
    const points = (side) => side.map((size) => ({ size, ...drawn.get(size)[k] }));
    const place = (side) => `${loss}, layer ${k + 1}, C = ${side[0]} … ${side.at(-1)}`;
    console.log(`| ${loss} | ${k + 1} | ${row(points(before), place(before))} | ${row(points(after), place(after))} |`);
  }
  const byWidth = widths.map((size) => [size, size === width ? drawn.get(most) : layersOf(loss, size, most)]);
  for (let k = 0; k < depth - 1; k++) {
    const points = byWidth.map(([size, layers]) => ({ size, ...layers[k] }));
    floors.push(
      `| ${loss} | ${k + 1} | ${points.map(({ ratio, standardError, claim }) => `${ratio.toPrecision(3)} ± ${standardError.toPrecision(2)} (${claim.ratio.toPrecision(3)}, ${claim.floor.toPrecision(3)})`).join(' | ')} | ${row(points, `${loss}, layer ${k + 1}, over widths`)} |`,
    );
  }
}
console.log(`
r at C = ${most} against the width of all layers: drawn ± its standard error (claimed at this C, and its floor as C → ∞), and the slope of log r against log n.

| loss | layer | ${widths.map((size) => `n = ${size}`).join(' | ')} | slope | claimed |
| --- | --- | ${widths.map(() => '--- | ').join('')}--- | --- |
${floors.join('\n')}

${judged.filter(({ holds }) => holds).length} of ${judged.length} intervals hold the claimed slope${outside()}.`);

/** Intervals of 95 % leave out a true slope once in twenty. */
function outside() {
  const missed = judged.filter(({ holds }) => !holds).map(({ place }) => place);
  return missed.length === 0 ? '' : `; not: ${missed.join('; ')}`;
}
