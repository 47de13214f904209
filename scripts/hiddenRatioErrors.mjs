// Are the errors of the hidden cross-entropy ratio meant? Needs a build. Each setting at half the default effort against 20
// times that: z = difference / hypot(errors). Prints the rows of a Markdown table: C·r twice, the error in per cent, z, and
// the processor seconds of the shorter run.
// `node scripts/hiddenRatioErrors.mjs [part/parts]`; docs/tables/hidden-ratio-errors.md is its output.
import { frobeniusRatio } from '../dist/theory/index.js';

const [part, parts] = (process.argv[2] ?? '1/1').split('/').map(Number);
const settings = [];
const add = (activations, choices, widths, counts) => {
  for (const choice of choices)
    for (const width of widths)
      for (const classes of counts)
        for (const activation of activations) settings.push({ activation, ...choice, width, classes });
};
const all = ['relu', 'gelu', 'tanh'];
add(all, [{ initialisation: 'lecun' }], [3, 6], [10, 100, 1e4, 1e6]);
add(all, [{ initialisation: 'pytorch' }], [4], [10, 200, 1e4]);
add(['relu', 'gelu'], [{ logitVariance: 0.5 }], [3], [10, 1000, 1e5]);
add(all, [{ initialisation: 'he' }], [8], [10, 1000]);
add(all, [{ initialisation: 'he' }], [3], [2, 100]);
add(['relu', 'gelu'], [{ initialisation: 'he' }], [4], [1e4]);

const effort = 1e8;
for (const [index, setting] of settings.entries()) {
  if (index % parts !== part - 1) continue;
  const at = (factor) =>
    frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'hidden',
      aspectRatio: 0.5,
      ...setting,
      effort: factor * effort,
    });
  const start = process.cpuUsage().user;
  const quick = at(1);
  const seconds = (process.cpuUsage().user - start) / 1e6;
  const long = at(20);
  const { classes } = setting;
  const initialisation = setting.initialisation ?? `variance ${setting.logitVariance}`;
  const z = (quick.ratio - long.ratio) / Math.hypot(quick.ratioError, long.ratioError);
  const show = ({ ratio, ratioError }) =>
    `${(classes * ratio).toPrecision(6)} ± ${(classes * ratioError).toPrecision(2)}`;
  console.log(
    `| ${setting.activation} | ${initialisation} | ${setting.width} | ${classes} | ${show(quick)} | ${((100 * quick.ratioError) / quick.ratio).toFixed(2)} | ${show(long)} | ${z.toFixed(2)} | ${seconds.toFixed(2)} |`,
  );
}
