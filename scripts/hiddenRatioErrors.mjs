// Are the errors of the hidden cross-entropy ratio meant? Needs a build. Each setting at default effort against 20 times
// the effort: z = difference / hypot(errors). Prints a Markdown table and Σz² with its 95 % χ² interval.
// `node scripts/hiddenRatioErrors.mjs [part/parts]`; docs/tables/hidden-ratio-errors.md is its output.
import { frobeniusRatio } from '../dist/theory/index.js';

const [part, parts] = (process.argv[2] ?? '1/1').split('/').map(Number);
const settings = [];
for (const activation of ['relu', 'gelu', 'tanh'])
  for (const initialisation of ['lecun', 'he', 'pytorch'])
    for (const [width, counts] of [
      [3, [10, 200, 1e4, 1e6]],
      [8, [10, 1000]],
    ])
      for (const classes of counts) settings.push({ activation, initialisation, width, classes });

const effort = 1e8;
for (const [index, setting] of settings.entries()) {
  if (index % parts !== part - 1) continue;
  const at = (factor) =>
    frobeniusRatio({ model: 'hidden', loss: 'ce', layer: 'hidden', aspectRatio: 0.5, ...setting, effort: factor * effort });
  const start = process.cpuUsage().user;
  const quick = at(1);
  const seconds = (process.cpuUsage().user - start) / 1e6;
  const long = at(20);
  const { classes } = setting;
  const z = (quick.ratio - long.ratio) / Math.hypot(quick.ratioError, long.ratioError);
  const show = ({ ratio, ratioError }) => `${(classes * ratio).toPrecision(6)} ± ${(classes * ratioError).toPrecision(2)}`;
  console.log(
    `| ${setting.activation} | ${setting.initialisation} | ${setting.width} | ${classes} | ${show(quick)} | ${((100 * quick.ratioError) / quick.ratio).toFixed(2)} | ${show(long)} | ${z.toFixed(2)} | ${seconds.toFixed(2)} |`,
  );
}
