// Are the ratios of deep networks right? Needs a build. Draws of networks at initialisation against `deepRatios`, with seeds of
// their own; prints docs/tables/deep.md, in 2 processor minutes: `node scripts/deepRatios.mjs [seed] > docs/tables/deep.md`.
import { chiSquareUpperQuantile, ratioOfMeans } from '../dist/simulations/comparisons/index.js';
import { deepSampler } from '../dist/simulations/deep/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { randomStream } from '../dist/simulations/random/index.js';
import { deepRatios } from '../dist/theory/index.js';

const seed = process.argv[2] ?? '1';
const units = 16;
const square = (size, depth) => ({ dimension: size, samples: size, widths: Array(depth).fill(size) });

const settings = [
  // Sizes at which another program drew and claimed the same.
  ...[2, 3, 4].flatMap((depth) => [10, 100].map((classes) => ({ ...square(192, depth), classes, draws: 40 }))),
  ...[10, 30, 300, 1000].map((classes) => ({ ...square(64, 3), classes, draws: classes > 100 ? 150 : 400 })),
  { dimension: 48, samples: 192, widths: [48, 96], classes: 20, draws: 300 },
  { dimension: 96, samples: 64, widths: [128, 48, 64], classes: 50, draws: 300 },
  { dimension: 64, samples: 64, widths: [32, 96, 64], classes: 100, draws: 400 },
  { dimension: 64, samples: 128, widths: [64], classes: 30, draws: 400 },
  { dimension: 128, samples: 64, widths: [64, 64], classes: 200, draws: 200 },
  { ...square(48, 4), classes: 30, draws: 500 },
  { ...square(128, 2), classes: 300, draws: 100 },
  // Convergence in the width.
  { ...square(128, 3), classes: 30, draws: 150 },
  { ...square(256, 3), classes: 30, draws: 60 },
  { ...square(512, 3), classes: 30, draws: 16, losses: ['ce'] },
].flatMap(({ losses = ['mse', 'ce'], ...setting }) => losses.map((loss) => ({ ...setting, loss, logitVariance: 1 })));

const backend = await createBackend('wasm');
const rows = settings.flatMap((setting, index) => {
  const { dimension, samples, widths, draws } = setting;
  const sample = deepSampler(setting, Math.min(units, ...widths), backend);
  const drawn = Array.from({ length: draws }, (_, k) => sample(randomStream(`${seed}/${index}`, 'deep-network', k)));
  const claimed = deepRatios({ ...setting, aspectRatio: dimension / samples });
  return claimed.map((claim, k) => {
    const { ratio, standardError } = ratioOfMeans(
      drawn.map((layers) => layers[k].off),
      drawn.map((layers) => layers[k].diagonal),
    );
    return {
      ...setting,
      ...claim,
      drawn: ratio,
      standardError,
      z: (ratio - claim.ratio) / Math.hypot(standardError, claim.error),
      strict: (ratio - claim.ratio) / standardError,
      withoutNext: (ratio - claim.leading) / standardError,
      depth: widths.length,
    };
  });
});

const squares = (chosen, key) => chosen.reduce((sum, row) => sum + row[key] ** 2, 0).toFixed(1);
const range = (count) =>
  `${chiSquareUpperQuantile(0.975, count).toFixed(1)} to ${chiSquareUpperQuantile(0.025, count).toFixed(1)}`;
const places = [
  ['first layer', rows.filter(({ layer }) => layer === 1)],
  ['last layer of several', rows.filter(({ layer, depth }) => layer === depth && depth > 1)],
  ['second of three or four', rows.filter(({ layer, depth }) => layer === 2 && depth > 2)],
];
const convergence = [64, 128, 256, 512];
/** Of networks of three layers, d = N = n, at C = 30. */
function overClaimed(loss, layer, size) {
  const found = rows.find(
    (row) =>
      row.loss === loss &&
      row.layer === layer &&
      row.classes === 30 &&
      row.depth === 3 &&
      [row.dimension, row.samples, ...row.widths].every((each) => each === size),
  );
  if (found === undefined) return '';
  const over = (claim) => `${(found.drawn / claim).toFixed(3)} ± ${(found.standardError / claim).toFixed(3)}`;
  return `${over(found.ratio)}, ${over(found.leading)}`;
}
console.log(`# Ratios of deep networks

C·r of the hidden layers' blocks at initialisation: drawn (± its standard error), as \`deepRatios\` says with the size of what that leaves out, without
the terms of order 1/width, and the floor C·r would have from the widths alone. ${settings.length} settings, ${units} units a layer; z = difference over both errors. Made by
\`node scripts/deepRatios.mjs\`, seed ${seed}. Layers of one setting share their draws: sums of z² are over one layer of each setting.

| | settings | Σz² | without what is left out | without 1/width | 95 % of χ² |
| --- | --- | --- | --- | --- | --- |
${places
  .map(
    ([name, chosen]) =>
      `| ${name} | ${chosen.length} | ${squares(chosen, 'z')} | ${squares(chosen, 'strict')} | ${squares(chosen, 'withoutNext')} | ${range(chosen.length)} |`,
  )
  .join('\n')}

Drawn over claimed, and over claimed without the terms of order 1/width, at C = 30, L = 3, d = N = n: within errors of 1 as soon as n is large.

| loss | layer | ${convergence.map((size) => `n = ${size}`).join(' | ')} |
| --- | --- | ${convergence.map(() => '--- |').join(' ')}
${['mse', 'ce'].flatMap((loss) => [1, 2, 3].map((layer) => `| ${loss} | ${layer} | ${convergence.map((size) => overClaimed(loss, layer, size)).join(' | ')} |`)).join('\n')}

| loss | d, N | widths | C | draws | layer | drawn | claimed | leading | floor | z |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |`);
for (const row of rows) {
  const {
    loss,
    dimension,
    samples,
    widths,
    classes,
    draws,
    layer,
    drawn,
    standardError,
    ratio,
    error,
    leading,
    floor,
    z,
  } = row;
  const times = (value, digits) => (classes * value).toPrecision(digits);
  console.log(
    `| ${loss} | ${dimension}, ${samples} | ${widths.join(', ')} | ${classes} | ${draws} | ${layer} | ${times(drawn, 4)} ± ${times(standardError, 2)} | ${times(ratio, 4)} ± ${times(error, 2)} | ${times(leading, 4)} | ${floor === 0 ? 'none' : times(floor, 4)} | ${z.toFixed(2)} |`,
  );
}
